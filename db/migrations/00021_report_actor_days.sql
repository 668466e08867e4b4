-- How many first responses of an actor took so many days, and from which day on how
-- many of its promises are overdue: a narrow row for each, to which is added. In
-- arrays of the actor's row all of them were written anew for each incident of it.

-- +goose Up
CREATE TABLE report_actor_days (
    payment boolean NOT NULL, -- of incidents about payments
    slug text NOT NULL,
    what text NOT NULL,
    day integer NOT NULL, -- answered: after so many days; overdue: from that day on, counted from 1970-01-01
    n integer NOT NULL,
    CONSTRAINT report_actor_days_pkey PRIMARY KEY (payment, slug, what, day),
    CONSTRAINT report_actor_days_what_known CHECK (what IN ('answered', 'overdue')),
    CONSTRAINT report_actor_days_not_negative CHECK (n >= 0)
);

INSERT INTO report_actor_days (payment, slug, what, day, n)
SELECT r.payment, r.slug, 'answered', d.day, d.n
  FROM report_actors AS r
 CROSS JOIN LATERAL unnest(r.days, r.days_n) AS d (day, n)
 UNION ALL
SELECT r.payment, r.slug, 'overdue', d.day - date '1970-01-01', d.n - lag(d.n, 1, 0::bigint) OVER (PARTITION BY r.payment, r.slug ORDER BY d.day)
  FROM report_actors AS r
 CROSS JOIN LATERAL unnest(r.overdue_from, r.overdue_n) AS d (day, n);

ALTER TABLE report_actors
    DROP COLUMN days,
    DROP COLUMN days_n,
    DROP COLUMN measured,
    DROP COLUMN median_days,
    DROP COLUMN overdue_from,
    DROP COLUMN overdue_n,
    ADD CONSTRAINT report_actors_not_negative CHECK (incidents >= 0 AND responses >= 0 AND unanswered >= 0
        AND promised >= 0 AND kept >= 0 AND broken >= 0); -- it went with the columns

-- +goose Down
ALTER TABLE report_actors
    ADD COLUMN days integer[],
    ADD COLUMN days_n bigint[],
    ADD COLUMN measured bigint,
    ADD COLUMN median_days double precision,
    ADD COLUMN overdue_from date[],
    ADD COLUMN overdue_n bigint[];

UPDATE report_actors AS r SET
    days = a.days,
    days_n = a.days_n,
    measured = a.measured,
    median_days = coalesce(a.median_days, 0),
    overdue_from = o.days,
    overdue_n = o.days_n
  FROM report_actors AS of
 CROSS JOIN LATERAL (
    SELECT coalesce(array_agg(d.day ORDER BY d.day), '{}') AS days, coalesce(array_agg(d.n::bigint ORDER BY d.day), '{}') AS days_n, coalesce(sum(d.n), 0) AS measured,
           (SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY e.day)
              FROM report_actor_days AS e
             CROSS JOIN generate_series(1, e.n)
             WHERE e.payment = of.payment AND e.slug = of.slug AND e.what = 'answered') AS median_days
      FROM report_actor_days AS d
     WHERE d.payment = of.payment AND d.slug = of.slug AND d.what = 'answered') AS a
 CROSS JOIN LATERAL (
    SELECT coalesce(array_agg(d.day + date '1970-01-01' ORDER BY d.day), '{}') AS days, coalesce(array_agg(d.upto ORDER BY d.day), '{}') AS days_n
      FROM (SELECT e.day, sum(e.n) OVER (ORDER BY e.day) AS upto
              FROM report_actor_days AS e
             WHERE e.payment = of.payment AND e.slug = of.slug AND e.what = 'overdue') AS d) AS o
 WHERE r.payment = of.payment AND r.slug = of.slug;

ALTER TABLE report_actors
    ALTER COLUMN days SET NOT NULL,
    ALTER COLUMN days_n SET NOT NULL,
    ALTER COLUMN measured SET NOT NULL,
    ALTER COLUMN median_days SET NOT NULL,
    ALTER COLUMN overdue_from SET NOT NULL,
    ALTER COLUMN overdue_n SET NOT NULL,
    DROP CONSTRAINT report_actors_not_negative,
    ADD CONSTRAINT report_actors_not_negative CHECK (incidents >= 0 AND responses >= 0 AND unanswered >= 0
        AND promised >= 0 AND kept >= 0 AND broken >= 0 AND measured >= 0);
DROP TABLE report_actor_days;
