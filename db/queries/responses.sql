-- name: ResponseList :many
-- A page of responses, the latest first, those without a date last; of one day, those
-- in the newest incident first, and these in its order. Dates bound the responses, not
-- their incidents.
WITH page AS MATERIALIZED (
    SELECT
        r.incident_id,
        r.id,
        coalesce(r.date, '-infinity'::date) AS sort_key,
        i.slug,
        i.title,
        i.disclosed,
        i.disclosed_precision
      FROM responses AS r
      JOIN incidents_matching(@filter::jsonb) AS i ON i.id = r.incident_id
      JOIN actors AS a ON a.id = r.actor_id
     WHERE (sqlc.narg('from')::date IS NULL OR coalesce(r.date, '-infinity'::date) >= sqlc.narg('from'))
       AND (sqlc.narg('to')::date IS NULL OR r.date IS NOT NULL AND coalesce(r.date, '-infinity'::date) <= sqlc.narg('to'))
       AND (cardinality(@actor_ids::uuid[]) = 0 OR r.actor_id = ANY (@actor_ids))
       AND (cardinality(@actor_kinds::text[]) = 0 OR a.kind = ANY (@actor_kinds::actor_kind[]))
       AND (cardinality(@sectors::text[]) = 0 OR a.sector = ANY (@sectors::sector[]))
       AND (cardinality(@kinds::text[]) = 0 OR r.kind = ANY (@kinds::response_kind[]))
       AND (cardinality(@statuses::text[]) = 0 OR r.status = ANY (@statuses::response_status[]))
       AND (NOT @after::boolean
            OR (coalesce(r.date, '-infinity'::date), r.incident_id) <= (cast(@after_date::text AS date), @after_incident::uuid)
                AND ((coalesce(r.date, '-infinity'::date), r.incident_id) < (cast(@after_date AS date), @after_incident) OR r.id > @after_id::uuid))
     ORDER BY coalesce(r.date, '-infinity'::date) DESC, r.incident_id DESC, r.id
     LIMIT @most
)
SELECT
    g.slug AS incident_slug,
    g.title AS incident_title,
    g.disclosed,
    g.disclosed_precision,
    r.incident_id,
    r.id,
    r.kind,
    r.status,
    coalesce(r.spoken_by, '')::text AS spoken_by,
    r.date,
    r.date_precision,
    r.due,
    r.due_precision,
    r.fulfils,
    r.answers,
    coalesce(r.summary, '')::text AS summary,
    r.via_unnamed_source,
    a.id AS actor_id,
    a.slug AS actor_slug,
    a.name AS actor_name,
    a.kind AS actor_kind,
    a.sector AS actor_sector,
    ARRAY (
        SELECT p.role
          FROM incident_participants AS p
         WHERE p.incident_id = r.incident_id AND p.actor_id = r.actor_id
         ORDER BY p.role)::role[] AS roles,
    CASE
        WHEN p.id IS NULL THEN ''
        WHEN p.outcome IS NOT NULL THEN p.outcome
        WHEN p.due_last < @today::date THEN 'overdue'
        ELSE 'open'
    END::text AS promise,
    t.accused AS accused_id,
    coalesce(d.slug, '') AS accused_slug,
    coalesce(d.name, '') AS accused_name,
    coalesce(d.kind, 'other') AS accused_kind,
    coalesce(d.sector, 'unknown') AS accused_sector,
    t.claimant AS claimant_id,
    coalesce(c.slug, '') AS claimant_slug,
    coalesce(c.name, '') AS claimant_name,
    coalesce(c.kind, 'other') AS claimant_kind,
    coalesce(c.sector, 'unknown') AS claimant_sector
  FROM page AS g
  JOIN responses AS r ON r.incident_id = g.incident_id AND r.id = g.id
  JOIN actors AS a ON a.id = r.actor_id
  LEFT JOIN promises AS p ON p.incident_id = g.incident_id AND p.id = g.id
  LEFT JOIN attributions AS t ON t.incident_id = g.incident_id AND t.id = r.answers
  LEFT JOIN actors AS d ON d.id = t.accused
  LEFT JOIN actors AS c ON c.id = t.claimant
 ORDER BY g.sort_key DESC, g.incident_id DESC, g.id;

-- name: ResponseCounts :many
-- How many responses there are of which kind, whatever the kinds asked for; of the
-- latest, at most so many.
WITH matching AS MATERIALIZED (
    SELECT r.kind
      FROM responses AS r
      JOIN incidents_matching(@filter::jsonb) AS i ON i.id = r.incident_id
      JOIN actors AS a ON a.id = r.actor_id
     WHERE (sqlc.narg('from')::date IS NULL OR coalesce(r.date, '-infinity'::date) >= sqlc.narg('from'))
       AND (sqlc.narg('to')::date IS NULL OR r.date IS NOT NULL AND coalesce(r.date, '-infinity'::date) <= sqlc.narg('to'))
       AND (cardinality(@actor_ids::uuid[]) = 0 OR r.actor_id = ANY (@actor_ids))
       AND (cardinality(@actor_kinds::text[]) = 0 OR a.kind = ANY (@actor_kinds::actor_kind[]))
       AND (cardinality(@sectors::text[]) = 0 OR a.sector = ANY (@sectors::sector[]))
       AND (cardinality(@statuses::text[]) = 0 OR r.status = ANY (@statuses::response_status[]))
     ORDER BY coalesce(r.date, '-infinity'::date) DESC, r.incident_id DESC, r.id
     LIMIT @most
)
SELECT kind, count(*) AS responses FROM matching GROUP BY kind ORDER BY kind;

-- name: ResponseSizes :many
-- About how many bytes the evidence of each response has.
SELECT
    e.incident_id,
    e.response_id,
    sum(200 + coalesce(octet_length(e.quote), 0) + coalesce(octet_length(s.url), 0) + coalesce(octet_length(s.title), 0)
        + coalesce(octet_length(s.publisher), 0))::bigint AS size
  FROM evidence AS e
  JOIN sources AS s ON s.id = e.source_id
 WHERE e.incident_id = ANY (@incident_ids::uuid[]) AND e.response_id = ANY (@response_ids::uuid[])
 GROUP BY e.incident_id, e.response_id
 ORDER BY e.incident_id, e.response_id;

-- name: ResponseEvidence :many
SELECT
    e.incident_id,
    e.response_id,
    e.quote,
    e.quote_start,
    e.quote_end,
    s.id AS source_id,
    s.url,
    s.title,
    s.publisher
  FROM evidence AS e
  JOIN sources AS s ON s.id = e.source_id
 WHERE e.incident_id = ANY (@incident_ids::uuid[]) AND e.response_id = ANY (@response_ids::uuid[])
 ORDER BY e.incident_id, e.ordinal, e.id;
