\set n random(30, :scale - 1)
\set t :start + :n * :step
SELECT l.id, l.victims_desc::text AS sort_key, l.card, coalesce((SELECT p.others FROM possible_duplicates AS p WHERE p.incident_id = l.id), 0)::integer AS possible_duplicates FROM (SELECT i.id, i.victims_desc, i.card FROM incidents AS i WHERE i.listed AND (i.victims_desc, i.id) < (-1, (lpad(to_hex(:t::bigint), 12, '0') || '70008000000000000000')::uuid) ORDER BY i.victims_desc DESC, i.id DESC LIMIT 1001) AS l LIMIT 21;
