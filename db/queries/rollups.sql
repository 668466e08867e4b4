-- name: ReportState :one
-- Whether the sums of the reports are there, and how many writes they lack, as
-- far as that is counted.
SELECT complete, (SELECT count(*) FROM (SELECT FROM report_changes LIMIT @most) AS c) AS behind FROM report_state;

-- name: ReportCompleteSet :exec
UPDATE report_state SET complete = @complete WHERE complete <> @complete;

-- name: ReportChangesDelete :exec
DELETE FROM report_changes;

-- name: ReportTotalsDelete :exec
DELETE FROM report_totals;

-- name: ReportActorsDelete :exec
DELETE FROM report_actors;

-- name: ReportTotalsAdd :exec
-- Adds to sums that are there, which may be to take away.
UPDATE report_totals AS t SET
    n = t.n + r.n,
    counted = t.counted + r.counted,
    bounded_below = t.bounded_below + r.bounded_below,
    bounded_above = t.bounded_above + r.bounded_above,
    stated = t.stated + r.stated,
    low = t.low + r.low,
    high = t.high + r.high
  FROM json_populate_recordset(NULL::report_totals, @rows::json) AS r
 WHERE t.payment = r.payment AND t.dimension = r.dimension AND t.value = r.value AND t.unit IS NOT DISTINCT FROM r.unit;

-- name: ReportTotalsInsert :exec
-- Inserts those that are not there. Run before ReportTotalsAdd, it would count
-- them twice.
INSERT INTO report_totals (
    payment,
    dimension,
    value,
    unit,
    n,
    counted,
    bounded_below,
    bounded_above,
    stated,
    low,
    high
)
SELECT
    r.payment,
    r.dimension,
    r.value,
    r.unit,
    r.n,
    r.counted,
    r.bounded_below,
    r.bounded_above,
    r.stated,
    r.low,
    r.high
  FROM json_populate_recordset(NULL::report_totals, @rows::json) AS r
 WHERE NOT EXISTS (
    SELECT FROM report_totals AS t
     WHERE t.payment = r.payment AND t.dimension = r.dimension AND t.value = r.value AND t.unit IS NOT DISTINCT FROM r.unit);

-- name: ReportTotalsTidy :exec
DELETE FROM report_totals WHERE n = 0;

-- name: ReportActorsNamed :many
SELECT * FROM report_actors WHERE slug = ANY (@slugs::text[]) ORDER BY slug;

-- name: ReportActorsPut :exec
INSERT INTO report_actors
SELECT
    unnest(@slugs::text[]),
    unnest(@incidents::bigint[]),
    unnest(@responses::bigint[]),
    unnest(@unanswered::bigint[]),
    unnest(@promised::bigint[]),
    unnest(@kept::bigint[]),
    unnest(@broken::bigint[]),
    unnest(@kinds::text[])::json,
    unnest(@payment_incidents::bigint[]),
    unnest(@payment_responses::bigint[]),
    unnest(@payment_unanswered::bigint[]),
    unnest(@payment_promised::bigint[]),
    unnest(@payment_kept::bigint[]),
    unnest(@payment_broken::bigint[]),
    unnest(@payment_kinds::text[])::json
    ON CONFLICT ON CONSTRAINT report_actors_pkey DO UPDATE SET
    incidents = excluded.incidents,
    responses = excluded.responses,
    unanswered = excluded.unanswered,
    promised = excluded.promised,
    kept = excluded.kept,
    broken = excluded.broken,
    kinds = excluded.kinds,
    payment_incidents = excluded.payment_incidents,
    payment_responses = excluded.payment_responses,
    payment_unanswered = excluded.payment_unanswered,
    payment_promised = excluded.payment_promised,
    payment_kept = excluded.payment_kept,
    payment_broken = excluded.payment_broken,
    payment_kinds = excluded.payment_kinds;

-- name: ReportActorsDrop :exec
DELETE FROM report_actors WHERE slug = ANY (@slugs::text[]);

-- name: ReportActorDaysDelete :exec
DELETE FROM report_actor_days;

-- name: ReportActorDaysAdd :exec
INSERT INTO report_actor_days AS d (slug, what, day, n, payment_n)
SELECT unnest(@slugs::text[]), unnest(@whats::text[]), unnest(@days::integer[]), unnest(@ns::integer[]), unnest(@payment_ns::integer[])
    ON CONFLICT ON CONSTRAINT report_actor_days_pkey DO UPDATE SET n = d.n + excluded.n, payment_n = d.payment_n + excluded.payment_n;

-- name: ReportActorDaysChange :exec
-- Adds to what is there, which may be to take away; of a row that it leaves at 0,
-- ReportActorDaysTidy gets rid.
UPDATE report_actor_days AS d SET n = d.n + t.n, payment_n = d.payment_n + t.payment_n
  FROM (SELECT unnest(@slugs::text[]) AS slug, unnest(@whats::text[]) AS what, unnest(@days::integer[]) AS day,
               unnest(@ns::integer[]) AS n, unnest(@payment_ns::integer[]) AS payment_n) AS t
 WHERE d.slug = t.slug AND d.what = t.what AND d.day = t.day;

-- name: ReportActorDaysTidy :exec
DELETE FROM report_actor_days AS d
 USING (SELECT unnest(@slugs::text[]) AS slug, unnest(@whats::text[]) AS what, unnest(@days::integer[]) AS day) AS t
 WHERE d.slug = t.slug AND d.what = t.what AND d.day = t.day AND d.n = 0;

-- name: RolledBreachTotals :many
-- BreachTotals out of the sums.
SELECT
    dimension,
    value,
    unit AS victims_unit,
    n AS incidents,
    counted,
    bounded_below,
    bounded_above,
    least(stated, 9223372036854775807)::bigint AS stated,
    least(low, 9223372036854775807)::bigint AS low,
    least(high, 9223372036854775807)::bigint AS high
  FROM report_totals
 WHERE payment = @payment AND dimension IN ('all', 'category', 'vector', 'year')
 ORDER BY dimension, nullif(value, '') NULLS LAST, unit NULLS LAST;

-- name: RolledYearsByCategory :many
SELECT
    split_part(value, ' ', 1)::text AS year,
    split_part(value, ' ', 2)::category AS category,
    n AS incidents
  FROM report_totals
 WHERE payment = @payment AND dimension = 'happened'
 ORDER BY 1, 2;

-- name: RolledResponseTotals :many
-- ResponseTotals out of the sums.
SELECT dimension, value, sum(n)::bigint AS n
  FROM report_totals
 WHERE payment = @payment AND dimension IN ('all', 'unanswered', 'undated', 'response')
 GROUP BY dimension, value
 ORDER BY dimension, value;

-- name: RolledResponseActors :many
-- ResponseActors out of the sums: over all incidents, or over those about payments.
-- The median is percentile_cont(0.5): the mean of the two in the middle.
WITH page AS MATERIALIZED (
    (SELECT a.slug, a.name, a.kind, a.sector, r.incidents, r.responses, r.unanswered, r.kinds, r.promised, r.kept, r.broken
       FROM report_actors AS r
       JOIN actors AS a ON a.slug = r.slug
      WHERE NOT @payment::boolean
        AND (NOT @after::boolean OR (-r.incidents, -r.responses, r.slug) > (0 - @after_incidents::bigint, 0 - @after_responses::bigint, @after_slug::text))
      ORDER BY -r.incidents, -r.responses, r.slug
      LIMIT @most)
     UNION ALL
    (SELECT a.slug, a.name, a.kind, a.sector, r.payment_incidents, r.payment_responses, r.payment_unanswered, r.payment_kinds,
            r.payment_promised, r.payment_kept, r.payment_broken
       FROM report_actors AS r
       JOIN actors AS a ON a.slug = r.slug
      WHERE @payment AND r.payment_incidents > 0
        AND (NOT @after OR (-r.payment_incidents, -r.payment_responses, r.slug) > (0 - @after_incidents, 0 - @after_responses, @after_slug))
      ORDER BY -r.payment_incidents, -r.payment_responses, r.slug
      LIMIT @most)
)
SELECT
    p.slug,
    p.name,
    p.kind,
    p.sector,
    p.incidents,
    p.responses,
    p.unanswered,
    p.kinds AS by_kind,
    p.promised,
    p.kept,
    p.broken,
    (SELECT coalesce(sum(CASE WHEN @payment THEN d.payment_n ELSE d.n END), 0)
       FROM report_actor_days AS d
      WHERE d.slug = p.slug AND d.what = 'overdue' AND d.day <= @today::integer)::bigint AS overdue,
    coalesce(f.measured, 0)::bigint AS measured,
    coalesce(f.median_days, 0)::double precision AS median_days
  FROM page AS p
 CROSS JOIN LATERAL (
    SELECT max(d.measured) AS measured,
           (min(d.day) FILTER (WHERE d.upto > (d.measured - 1) / 2) + min(d.day) FILTER (WHERE d.upto > d.measured / 2)) / 2.0 AS median_days
      FROM (SELECT e.day, sum(e.n) OVER (ORDER BY e.day) AS upto, sum(e.n) OVER () AS measured
              FROM (SELECT day, CASE WHEN @payment THEN payment_n ELSE n END AS n
                      FROM report_actor_days
                     WHERE slug = p.slug AND what = 'answered') AS e
             WHERE e.n > 0) AS d) AS f
 ORDER BY -p.incidents, -p.responses, p.slug;
