\set g random_gaussian(0, 20000, 3)
\set v int(exp(9 + 7.8 * (:g - 10000) / 10000.0))
SELECT l.id, l.victims_desc::text AS sort_key, l.card, coalesce((SELECT p.others FROM possible_duplicates AS p WHERE p.incident_id = l.id), 0)::integer AS possible_duplicates FROM (SELECT i.id, i.victims_desc, i.card FROM incidents AS i WHERE i.listed AND (i.victims_desc, i.id) < (:v, 'ffffffff-ffff-ffff-ffff-ffffffffffff') ORDER BY i.victims_desc DESC, i.id DESC LIMIT 1001) AS l LIMIT 21;
