\set n random(30, :scale - 1)
\set t :start + :n * :step
SELECT id, card, victims_desc FROM incidents WHERE listed AND (victims_desc, id) < (-1, (lpad(to_hex(:t::bigint), 12, '0') || '70008000000000000000')::uuid) ORDER BY victims_desc DESC, id DESC LIMIT 21;
