-- name: PromiseList :many
-- A page of promises, those due first before others, those without a due date
-- last. Dates bound when the promise was made, or broken where only that is recorded.
SELECT
    p.incident_id,
    p.id,
    i.slug AS incident_slug,
    i.title AS incident_title,
    a.slug AS actor_slug,
    a.name AS actor_name,
    a.kind AS actor_kind,
    a.sector AS actor_sector,
    p.kind,
    p.status,
    coalesce(p.spoken_by, '')::text AS spoken_by,
    p.date,
    p.date_precision,
    p.due,
    p.due_precision,
    coalesce(p.summary, '')::text AS summary,
    p.via_unnamed_source,
    CASE
        WHEN p.outcome IS NOT NULL THEN p.outcome
        WHEN p.due_last < @today::date THEN 'overdue'
        ELSE 'open'
    END::text AS state,
    coalesce(p.settled_by, '00000000-0000-0000-0000-000000000000')::uuid AS settled_by,
    p.settled,
    p.settled_precision
  FROM promises AS p
  JOIN incidents_matching(@filter::jsonb) AS i ON i.id = p.incident_id
  JOIN actors AS a ON a.id = p.actor_id
 WHERE (sqlc.narg('from')::date IS NULL OR p.date >= sqlc.narg('from'))
   AND (sqlc.narg('to')::date IS NULL OR p.date <= sqlc.narg('to'))
   AND (cardinality(@actor_ids::uuid[]) = 0 OR p.actor_id = ANY (@actor_ids))
   AND (cardinality(@kinds::text[]) = 0 OR a.kind = ANY (@kinds::actor_kind[]))
   AND (cardinality(@sectors::text[]) = 0 OR a.sector = ANY (@sectors::sector[]))
   AND (cardinality(@responses::text[]) = 0 OR p.kind = ANY (@responses::response_kind[]))
   AND (cardinality(@states::text[]) = 0 OR CASE
        WHEN p.outcome IS NOT NULL THEN p.outcome
        WHEN p.due_last < @today THEN 'overdue'
        ELSE 'open'
    END = ANY (@states))
   AND (NOT @after::boolean OR (p.due_key, p.incident_id, p.id) > (cast(@after_due::text AS date), @after_incident::uuid, @after_id::uuid))
 ORDER BY p.due_key, p.incident_id, p.id
 LIMIT @most;

-- name: PromiseCounts :many
-- How many promises are in which state, of at most so many.
WITH matching AS MATERIALIZED (
    SELECT CASE
            WHEN p.outcome IS NOT NULL THEN p.outcome
            WHEN p.due_last < @today::date THEN 'overdue'
            ELSE 'open'
        END AS state
      FROM promises AS p
      JOIN incidents_matching(@filter::jsonb) AS i ON i.id = p.incident_id
      JOIN actors AS a ON a.id = p.actor_id
     WHERE (sqlc.narg('from')::date IS NULL OR p.date >= sqlc.narg('from'))
       AND (sqlc.narg('to')::date IS NULL OR p.date <= sqlc.narg('to'))
       AND (cardinality(@actor_ids::uuid[]) = 0 OR p.actor_id = ANY (@actor_ids))
       AND (cardinality(@kinds::text[]) = 0 OR a.kind = ANY (@kinds::actor_kind[]))
       AND (cardinality(@sectors::text[]) = 0 OR a.sector = ANY (@sectors::sector[]))
       AND (cardinality(@responses::text[]) = 0 OR p.kind = ANY (@responses::response_kind[]))
     ORDER BY p.due_key, p.incident_id, p.id
     LIMIT @most
)
SELECT state::text AS state, count(*) AS promises FROM matching GROUP BY state ORDER BY state;
