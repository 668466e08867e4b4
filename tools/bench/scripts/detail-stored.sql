\set n random(0, :scale - 1)
\set t :start + :n * :step
SELECT id, slug, document, etag, publication FROM incidents WHERE id = (lpad(to_hex(:t::bigint), 12, '0') || '70008000' || lpad(to_hex(:n::bigint), 12, '0'))::uuid;
