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
 ORDER BY dimension, keyed.value NULLS LAST, victims_unit NULLS LAST;

-- name: ResponseActors :many
-- How each organisation answered: everyone breached, also without a response,
-- and everyone who answered. Dates bound the responses, not the incidents. A
-- broken promise that is recorded alone is one that was made, as in the register.
--
-- What is known of an actor in an incident is put together by grouping, and not by
-- joins: how many match is guessed before, and a join that was planned for a few
-- takes minutes for some ten thousand.
WITH matching AS MATERIALIZED (
    SELECT i.id, CASE i.disclosed_precision WHEN 'day' THEN i.disclosed END AS disclosed
      FROM incidents_matching(@filter::jsonb) AS i
), answers AS MATERIALIZED (
    SELECT
        r.actor_id,
        r.incident_id,
        coalesce(r.fulfils, r.id) AS promise,
        r.fulfils IS NULL AS begins,
        r.status,
        r.due,
        r.due_precision,
        CASE r.date_precision WHEN 'day' THEN r.date - m.disclosed END AS days,
        (sqlc.narg('from')::date IS NULL OR r.date >= sqlc.narg('from'))
            AND (sqlc.narg('to')::date IS NULL OR r.date <= sqlc.narg('to')) AS within
      FROM matching AS m
      JOIN responses AS r ON r.incident_id = m.id
), promises AS ( -- each with what became of it
    SELECT
        actor_id,
        incident_id,
        bool_or(status = 'done') AS kept,
        bool_or(status = 'broken') AS broken,
        max(due + CASE due_precision WHEN 'year' THEN interval '1 year' WHEN 'month' THEN interval '1 month' ELSE interval '1 day' END) AS over
      FROM answers
     WHERE status IN ('promised', 'broken') OR NOT begins
     GROUP BY actor_id, incident_id, promise
    HAVING bool_or(begins AND within)
), facts AS (
    SELECT
        p.actor_id,
        p.incident_id,
        true AS breached,
        0 AS answers,
        0 AS responses,
        NULL::integer AS days,
        0 AS promised,
        0 AS kept,
        0 AS broken,
        0 AS overdue
      FROM matching AS m
      JOIN incident_participants AS p ON p.incident_id = m.id
     WHERE p.role IN ('victim', 'affected_platform')
     UNION ALL
    SELECT actor_id, incident_id, false, 1, within::integer, CASE WHEN within THEN days END, 0, 0, 0, 0 FROM answers
     UNION ALL
    SELECT
        actor_id, incident_id, false, 0, 0, NULL, 1, kept::integer, (broken AND NOT kept)::integer,
        (over <= @today::date AND NOT kept AND NOT broken)::integer
      FROM promises
), involved AS (
    SELECT
        actor_id,
        bool_or(breached) AS breached,
        sum(answers) AS answers,
        sum(responses) AS responses,
        min(days) AS days,
        sum(promised) AS promised,
        sum(kept) AS kept,
        sum(broken) AS broken,
        sum(overdue) AS overdue
      FROM facts
     GROUP BY actor_id, incident_id
    HAVING bool_or(breached) OR sum(responses) > 0
), counted AS (
    SELECT
        actor_id,
        count(*) AS incidents,
        sum(responses)::bigint AS responses,
        count(*) FILTER (WHERE breached AND answers = 0) AS unanswered,
        sum(promised)::bigint AS promised,
        sum(kept)::bigint AS kept,
        sum(broken)::bigint AS broken,
        coalesce(sum(overdue), 0)::bigint AS overdue,
        count(days) FILTER (WHERE breached) AS measured,
        coalesce(percentile_cont(0.5) WITHIN GROUP (ORDER BY days) FILTER (WHERE breached), 0)::double precision AS median_days
      FROM involved
     GROUP BY actor_id
)
SELECT
    a.slug,
    a.name,
    a.kind,
    a.sector,
    c.incidents,
    c.responses,
    c.unanswered,
    c.promised,
    c.kept,
    c.broken,
    c.overdue,
    c.measured,
    c.median_days
  FROM counted AS c
  JOIN actors AS a ON a.id = c.actor_id
 WHERE (cardinality(@actor_ids::uuid[]) = 0 OR a.id = ANY (@actor_ids))
   AND (cardinality(@kinds::text[]) = 0 OR a.kind = ANY (@kinds::actor_kind[]))
   AND (cardinality(@sectors::text[]) = 0 OR a.sector = ANY (@sectors::sector[]))
   AND (NOT @after::boolean
        OR (c.incidents, c.responses) < (@after_incidents::bigint, @after_responses::bigint)
        OR (c.incidents, c.responses) = (@after_incidents, @after_responses) AND a.slug > @after_slug::text)
 ORDER BY c.incidents DESC, c.responses DESC, a.slug
 LIMIT @most;

-- name: ResponseTotals :many
-- How many incidents there are, and with them how many responses of each kind: of each
-- of the actors of a page, and of all others together ('' as the slug). One row
-- without a kind is about incidents without any.
WITH matching AS MATERIALIZED (
    SELECT i.id, i.unanswered FROM incidents_matching(@filter::jsonb) AS i
), totals AS (
    SELECT count(*) AS incidents, count(*) FILTER (WHERE unanswered) AS unanswered FROM matching
), kinds AS (
    SELECT
        r.kind,
        CASE WHEN a.slug = ANY (@page::text[]) THEN a.slug ELSE '' END AS slug,
        count(*) FILTER (WHERE (sqlc.narg('from')::date IS NULL OR r.date >= sqlc.narg('from'))
                           AND (sqlc.narg('to')::date IS NULL OR r.date <= sqlc.narg('to'))) AS responses,
        count(*) FILTER (WHERE r.date IS NULL) AS undated
      FROM matching AS m
      JOIN responses AS r ON r.incident_id = m.id
      JOIN actors AS a ON a.id = r.actor_id
     WHERE (cardinality(@actor_ids::uuid[]) = 0 OR a.id = ANY (@actor_ids))
       AND (cardinality(@kinds::text[]) = 0 OR a.kind = ANY (@kinds::actor_kind[]))
       AND (cardinality(@sectors::text[]) = 0 OR a.sector = ANY (@sectors::sector[]))
     GROUP BY 1, 2
)
SELECT
    t.incidents,
    t.unanswered,
    k.kind,
    coalesce(k.slug, '')::text AS slug,
    coalesce(k.responses, 0)::bigint AS responses,
    coalesce(k.undated, 0)::bigint AS undated
  FROM totals AS t
  LEFT JOIN kinds AS k ON true
 ORDER BY k.kind, k.slug;
