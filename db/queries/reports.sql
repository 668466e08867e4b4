-- name: BreachTotals :many
-- What the matching incidents add up to, by year, category, vector and unit.
-- Units are never added together: each row is of one unit, or of the incidents
-- without a count. Sums stop at the largest 64-bit number. The year is that of
-- the date that the filter is about; where that is not known, of another one.
WITH matching AS (
    SELECT
        extract(year FROM coalesce(
            CASE @filter::jsonb->>'date'
                WHEN 'occurred' THEN coalesce(i.occurred_from, i.occurred_to)
                WHEN 'discovered' THEN i.discovered
            END,
            i.disclosed,
            i.occurred_from,
            i.occurred_to,
            i.discovered
        ))::integer::text AS year,
        i.category,
        i.vectors,
        i.victims_unit,
        i.victims,
        i.victims_low,
        i.victims_high
      FROM incidents_matching(@filter::jsonb) AS i
), keyed AS (
    SELECT 'year' AS dimension, year AS value, victims_unit, victims, victims_low, victims_high FROM matching
     UNION ALL
    SELECT 'category', category::text, victims_unit, victims, victims_low, victims_high FROM matching
     UNION ALL
    SELECT 'vector', v::text, victims_unit, victims, victims_low, victims_high FROM matching, unnest(vectors) AS v
     UNION ALL
    SELECT 'all', '', victims_unit, victims, victims_low, victims_high FROM matching
)
SELECT
    dimension::text AS dimension,
    coalesce(value, '')::text AS value, -- '' is no year
    victims_unit,
    count(*) AS incidents,
    count(victims) AS counted,
    count(victims_low) AS bounded_below,
    count(victims_high) AS bounded_above,
    least(coalesce(sum(victims), 0), 9223372036854775807)::bigint AS stated,
    least(coalesce(sum(victims_low), 0), 9223372036854775807)::bigint AS low,
    least(coalesce(sum(victims_high), 0), 9223372036854775807)::bigint AS high
  FROM keyed
 GROUP BY dimension, value, victims_unit
 ORDER BY dimension, value NULLS LAST, victims_unit NULLS LAST;

-- name: ResponseTotals :one
SELECT
    count(*) AS incidents,
    count(*) FILTER (WHERE i.unanswered) AS unanswered,
    coalesce(sum((SELECT count(*)
       FROM responses AS r
       JOIN actors AS a ON a.id = r.actor_id
      WHERE r.incident_id = i.id AND r.date IS NULL
        AND (cardinality(@actor_ids::uuid[]) = 0 OR a.id = ANY (@actor_ids))
        AND (cardinality(@kinds::text[]) = 0 OR a.kind = ANY (@kinds::actor_kind[]))
        AND (cardinality(@sectors::text[]) = 0 OR a.sector = ANY (@sectors::sector[])))), 0)::bigint AS undated
  FROM incidents_matching(@filter::jsonb) AS i;

-- name: ResponseActors :many
-- How each organisation answered: everyone breached, also without a response,
-- and everyone who answered. Dates bound the responses, not the incidents. A
-- broken promise that is recorded alone is one that was made, as in the register.
WITH matching AS MATERIALIZED (
    SELECT i.id, i.disclosed, i.disclosed_precision FROM incidents_matching(@filter::jsonb) AS i
), answers AS MATERIALIZED (
    SELECT r.incident_id, r.id, r.actor_id, r.kind, r.status, r.date, r.date_precision, r.due, r.due_precision,
        r.status = 'broken' AND r.fulfils IS NULL AS alone,
        (sqlc.narg('from')::date IS NULL OR r.date >= sqlc.narg('from'))
            AND (sqlc.narg('to')::date IS NULL OR r.date <= sqlc.narg('to')) AS within
      FROM responses AS r
      JOIN matching AS m ON m.id = r.incident_id
), involved AS (
    SELECT p.actor_id, p.incident_id
      FROM incident_participants AS p
      JOIN matching AS m ON m.id = p.incident_id
     WHERE p.role IN ('victim', 'affected_platform')
     UNION
    SELECT actor_id, incident_id FROM answers WHERE within
), breached AS (
    SELECT
        p.actor_id,
        p.incident_id,
        min(first.date - m.disclosed) FILTER (WHERE m.disclosed_precision = 'day') AS days,
        NOT EXISTS (SELECT FROM answers AS s WHERE s.incident_id = p.incident_id AND s.actor_id = p.actor_id) AS silent
      FROM (SELECT DISTINCT actor_id, incident_id FROM incident_participants WHERE role IN ('victim', 'affected_platform')) AS p
      JOIN matching AS m ON m.id = p.incident_id
      LEFT JOIN answers AS first ON first.incident_id = p.incident_id AND first.actor_id = p.actor_id
       AND first.date_precision = 'day' AND first.within
     GROUP BY p.actor_id, p.incident_id
), silence AS (
    SELECT
        actor_id,
        count(*) FILTER (WHERE silent) AS unanswered,
        count(days) AS measured,
        percentile_cont(0.5) WITHIN GROUP (ORDER BY days) AS median_days
      FROM breached
     GROUP BY actor_id
), kinds AS (
    SELECT actor_id, json_object_agg(kind, n ORDER BY kind) AS by_kind
      FROM (SELECT actor_id, kind, count(*) AS n FROM answers WHERE within GROUP BY actor_id, kind) AS k
     GROUP BY actor_id
), promises AS (
    SELECT
        s.actor_id,
        count(*) AS responses,
        count(*) FILTER (WHERE s.status = 'promised' OR s.alone) AS promised,
        count(*) FILTER (WHERE s.status = 'promised' AND f.status = 'done') AS kept,
        count(*) FILTER (WHERE s.status = 'promised' AND f.status = 'broken' OR s.alone) AS broken,
        count(*) FILTER (WHERE s.status = 'promised' AND f.status IS NULL
            AND (s.due + CASE s.due_precision WHEN 'year' THEN interval '1 year' WHEN 'month' THEN interval '1 month' ELSE interval '1 day' END)
                <= @today::date) AS overdue
      FROM answers AS s
      LEFT JOIN LATERAL (
        SELECT o.status FROM responses AS o
         WHERE o.incident_id = s.incident_id AND o.fulfils = s.id
         ORDER BY (o.status = 'done') DESC LIMIT 1) AS f ON true
     WHERE s.within
     GROUP BY s.actor_id
), counted AS (
    SELECT actor_id, count(*) AS incidents FROM involved GROUP BY actor_id
), ranked AS (
    SELECT c.actor_id, c.incidents, coalesce(p.responses, 0) AS responses, a.slug, a.name, a.kind, a.sector
      FROM counted AS c
      JOIN actors AS a ON a.id = c.actor_id
      LEFT JOIN promises AS p ON p.actor_id = c.actor_id
     WHERE (cardinality(@actor_ids::uuid[]) = 0 OR a.id = ANY (@actor_ids))
       AND (cardinality(@kinds::text[]) = 0 OR a.kind = ANY (@kinds::actor_kind[]))
       AND (cardinality(@sectors::text[]) = 0 OR a.sector = ANY (@sectors::sector[]))
)
SELECT
    r.slug,
    r.name,
    r.kind,
    r.sector,
    r.incidents,
    r.responses::bigint AS responses,
    coalesce(s.unanswered, 0)::bigint AS unanswered,
    coalesce(k.by_kind, '{}')::json AS by_kind,
    coalesce(p.promised, 0)::bigint AS promised,
    coalesce(p.kept, 0)::bigint AS kept,
    coalesce(p.broken, 0)::bigint AS broken,
    coalesce(p.overdue, 0)::bigint AS overdue,
    coalesce(s.measured, 0)::bigint AS measured,
    coalesce(s.median_days, 0)::double precision AS median_days
  FROM ranked AS r
  LEFT JOIN silence AS s ON s.actor_id = r.actor_id
  LEFT JOIN kinds AS k ON k.actor_id = r.actor_id
  LEFT JOIN promises AS p ON p.actor_id = r.actor_id
 WHERE NOT @after::boolean
    OR (r.incidents, r.responses) < (@after_incidents::bigint, @after_responses::bigint)
    OR (r.incidents, r.responses) = (@after_incidents, @after_responses) AND r.slug > @after_slug::text
 ORDER BY r.incidents DESC, r.responses DESC, r.slug
 LIMIT @most;

-- name: ResponseKinds :many
SELECT r.kind, count(*) AS responses
  FROM responses AS r
  JOIN incidents_matching(@filter::jsonb) AS i ON i.id = r.incident_id
  JOIN actors AS a ON a.id = r.actor_id
 WHERE (sqlc.narg('from')::date IS NULL OR r.date >= sqlc.narg('from'))
   AND (sqlc.narg('to')::date IS NULL OR r.date <= sqlc.narg('to'))
   AND (cardinality(@actor_ids::uuid[]) = 0 OR a.id = ANY (@actor_ids))
   AND (cardinality(@kinds::text[]) = 0 OR a.kind = ANY (@kinds::actor_kind[]))
   AND (cardinality(@sectors::text[]) = 0 OR a.sector = ANY (@sectors::sector[]))
 GROUP BY r.kind
 ORDER BY r.kind;
