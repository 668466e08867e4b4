-- The lists that everybody reads, without a filter. IncidentList can do the same
-- and more, and costs ten times as much: it is planned anew each time. The inner
-- limit tells the planner that few rows are wanted; the outer one is how many.

-- name: IncidentsByVictims :many
SELECT l.id, l.victims_desc::text AS sort_key, l.card,
       coalesce((SELECT p.others FROM possible_duplicates AS p WHERE p.incident_id = l.id), 0)::integer AS possible_duplicates
  FROM (SELECT i.id, i.victims_desc, i.card
          FROM incidents AS i
         WHERE i.listed AND (i.victims_desc, i.id) < (@after_number::bigint, @after_id::uuid)
         ORDER BY i.victims_desc DESC, i.id DESC
         LIMIT 1001) AS l
 LIMIT @most;

-- name: IncidentsByVictimsLow :many
SELECT l.id, l.victims_low_desc::text AS sort_key, l.card,
       coalesce((SELECT p.others FROM possible_duplicates AS p WHERE p.incident_id = l.id), 0)::integer AS possible_duplicates
  FROM (SELECT i.id, i.victims_low_desc, i.card
          FROM incidents AS i
         WHERE i.listed AND (i.victims_low_desc, i.id) < (@after_number::bigint, @after_id::uuid)
         ORDER BY i.victims_low_desc DESC, i.id DESC
         LIMIT 1001) AS l
 LIMIT @most;

-- name: IncidentsByDisclosed :many
SELECT l.id, l.disclosed_desc::text AS sort_key, l.card,
       coalesce((SELECT p.others FROM possible_duplicates AS p WHERE p.incident_id = l.id), 0)::integer AS possible_duplicates
  FROM (SELECT i.id, i.disclosed_desc, i.card
          FROM incidents AS i
         WHERE i.listed AND (i.disclosed_desc, i.id) < (cast(@after_date::text AS date), @after_id::uuid)
         ORDER BY i.disclosed_desc DESC, i.id DESC
         LIMIT 1001) AS l
 LIMIT @most;

-- name: IncidentsByUpdated :many
SELECT l.id, (extract(epoch FROM l.updated_at) * 1000000)::bigint::text AS sort_key, l.card,
       coalesce((SELECT p.others FROM possible_duplicates AS p WHERE p.incident_id = l.id), 0)::integer AS possible_duplicates
  FROM (SELECT i.id, i.updated_at, i.card
          FROM incidents AS i
         WHERE i.listed AND (i.updated_at, i.id) < (@after_time::timestamptz, @after_id::uuid)
         ORDER BY i.updated_at DESC, i.id DESC
         LIMIT 1001) AS l
 LIMIT @most;
