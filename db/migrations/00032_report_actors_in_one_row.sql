-- An actor's sums over all incidents and over those about payments stand in one row,
-- as nearly every incident changes both: half of the rows, and of what is written.

-- +goose Up
ALTER TABLE report_actors RENAME TO former_report_actors;
ALTER TABLE former_report_actors DROP CONSTRAINT report_actors_pkey;
DROP INDEX report_actors_ranking;

CREATE TABLE report_actors (
    slug text NOT NULL,
    incidents bigint NOT NULL,
    responses bigint NOT NULL,
    unanswered bigint NOT NULL,
    promised bigint NOT NULL,
    kept bigint NOT NULL,
    broken bigint NOT NULL,
    kinds json NOT NULL, -- how many responses of each kind
    -- Of these, those of incidents about payments.
    payment_incidents bigint NOT NULL,
    payment_responses bigint NOT NULL,
    payment_unanswered bigint NOT NULL,
    payment_promised bigint NOT NULL,
    payment_kept bigint NOT NULL,
    payment_broken bigint NOT NULL,
    payment_kinds json NOT NULL,
    CONSTRAINT report_actors_pkey PRIMARY KEY (slug),
    CONSTRAINT report_actors_add_up CHECK (
        payment_incidents BETWEEN 0 AND incidents AND payment_responses BETWEEN 0 AND responses
        AND payment_unanswered BETWEEN 0 AND unanswered AND payment_promised BETWEEN 0 AND promised
        AND payment_kept BETWEEN 0 AND kept AND payment_broken BETWEEN 0 AND broken)
);

INSERT INTO report_actors
SELECT a.slug, a.incidents, a.responses, a.unanswered, a.promised, a.kept, a.broken, a.kinds,
       coalesce(p.incidents, 0), coalesce(p.responses, 0), coalesce(p.unanswered, 0),
       coalesce(p.promised, 0), coalesce(p.kept, 0), coalesce(p.broken, 0), coalesce(p.kinds, '{}')
  FROM former_report_actors AS a
  LEFT JOIN former_report_actors AS p ON p.payment AND p.slug = a.slug
 WHERE NOT a.payment
 ORDER BY a.slug;
DROP TABLE former_report_actors;

-- The rankings, with their directions turned so that a page begins with one row
-- comparison.
CREATE INDEX report_actors_ranking ON report_actors ((-incidents), (-responses), slug);
CREATE INDEX report_actors_payment_ranking ON report_actors ((-payment_incidents), (-payment_responses), slug) WHERE payment_incidents > 0;

ALTER TABLE report_actor_days RENAME TO former_report_actor_days;
ALTER TABLE former_report_actor_days DROP CONSTRAINT report_actor_days_pkey;

CREATE TABLE report_actor_days (
    slug text NOT NULL,
    what text NOT NULL,
    day integer NOT NULL, -- answered: after so many days; overdue: from that day on, counted from 1970-01-01
    n integer NOT NULL,
    payment_n integer NOT NULL, -- of these, those of incidents about payments
    CONSTRAINT report_actor_days_pkey PRIMARY KEY (slug, what, day),
    CONSTRAINT report_actor_days_what_known CHECK (what IN ('answered', 'overdue')),
    CONSTRAINT report_actor_days_add_up CHECK (payment_n BETWEEN 0 AND n)
);

INSERT INTO report_actor_days (slug, what, day, n, payment_n)
SELECT a.slug, a.what, a.day, a.n, coalesce(p.n, 0)
  FROM former_report_actor_days AS a
  LEFT JOIN former_report_actor_days AS p ON p.payment AND p.slug = a.slug AND p.what = a.what AND p.day = a.day
 WHERE NOT a.payment
 ORDER BY a.slug, a.what, a.day;
DROP TABLE former_report_actor_days;

-- +goose Down
ALTER TABLE report_actors RENAME TO latter_report_actors;
ALTER TABLE latter_report_actors DROP CONSTRAINT report_actors_pkey;
DROP INDEX report_actors_ranking;
DROP INDEX report_actors_payment_ranking;

CREATE TABLE report_actors (
    payment boolean NOT NULL,
    slug text NOT NULL,
    incidents bigint NOT NULL,
    responses bigint NOT NULL,
    unanswered bigint NOT NULL,
    promised bigint NOT NULL,
    kept bigint NOT NULL,
    broken bigint NOT NULL,
    kinds json NOT NULL,
    CONSTRAINT report_actors_pkey PRIMARY KEY (payment, slug),
    CONSTRAINT report_actors_not_negative CHECK (incidents >= 0 AND responses >= 0 AND unanswered >= 0
        AND promised >= 0 AND kept >= 0 AND broken >= 0)
);

INSERT INTO report_actors
SELECT false, slug, incidents, responses, unanswered, promised, kept, broken, kinds
  FROM latter_report_actors
 UNION ALL
SELECT true, slug, payment_incidents, payment_responses, payment_unanswered, payment_promised, payment_kept, payment_broken, payment_kinds
  FROM latter_report_actors
 WHERE payment_incidents > 0;
CREATE INDEX report_actors_ranking ON report_actors (payment, (-incidents), (-responses), slug);
DROP TABLE latter_report_actors;

ALTER TABLE report_actor_days RENAME TO latter_report_actor_days;
ALTER TABLE latter_report_actor_days DROP CONSTRAINT report_actor_days_pkey;

CREATE TABLE report_actor_days (
    payment boolean NOT NULL,
    slug text NOT NULL,
    what text NOT NULL,
    day integer NOT NULL,
    n integer NOT NULL,
    CONSTRAINT report_actor_days_pkey PRIMARY KEY (payment, slug, what, day),
    CONSTRAINT report_actor_days_what_known CHECK (what IN ('answered', 'overdue')),
    CONSTRAINT report_actor_days_not_negative CHECK (n >= 0)
);

INSERT INTO report_actor_days (payment, slug, what, day, n)
SELECT false, slug, what, day, n FROM latter_report_actor_days
 UNION ALL
SELECT true, slug, what, day, payment_n FROM latter_report_actor_days WHERE payment_n > 0;
DROP TABLE latter_report_actor_days;
