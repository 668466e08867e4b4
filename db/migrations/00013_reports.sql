-- The reports over everything, kept as sums: whoever opens one reads a few rows
-- instead of all incidents.

-- +goose Up
-- What was written of incidents since the sums were last brought up to date:
-- which one, and the document that the write replaced. A queue that is taken out
-- whole, so that no index is needed.
CREATE TABLE report_changes (
    seq bigint GENERATED ALWAYS AS IDENTITY, -- in the order of the writes of one incident
    incident_id uuid NOT NULL,
    before json -- null: it is new
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);

-- +goose StatementBegin
CREATE FUNCTION incidents_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO report_changes (incident_id) SELECT id FROM added;
    RETURN NULL;
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE FUNCTION incidents_replaced() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO report_changes (incident_id, before) VALUES (OLD.id, OLD.document);
    RETURN NULL;
END $$;
-- +goose StatementEnd

-- The etag changes with every change of the document's bytes, also when nobody
-- wrote the incident and it was only rendered anew.
CREATE TRIGGER incidents_added AFTER INSERT ON incidents
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION incidents_added();
CREATE TRIGGER incidents_replaced AFTER UPDATE ON incidents
    FOR EACH ROW WHEN (OLD.etag <> NEW.etag) EXECUTE FUNCTION incidents_replaced();
CREATE TRIGGER incidents_removed AFTER DELETE ON incidents
    FOR EACH ROW EXECUTE FUNCTION incidents_replaced();

-- Every sum is kept for all listed incidents and for those about payments.
CREATE TABLE report_totals (
    payment boolean NOT NULL, -- of those about payments
    dimension text NOT NULL,
    value text NOT NULL, -- '' is no year; of happened, the year and the category
    unit unit, -- null: without a count
    n bigint NOT NULL, -- incidents; of the dimensions undated and response, responses
    counted bigint NOT NULL,
    bounded_below bigint NOT NULL,
    bounded_above bigint NOT NULL,
    stated numeric NOT NULL,
    low numeric NOT NULL,
    high numeric NOT NULL,
    CONSTRAINT report_totals_key UNIQUE NULLS NOT DISTINCT (payment, dimension, value, unit),
    CONSTRAINT report_totals_dimension_known CHECK (dimension IN
        ('all', 'year', 'category', 'vector', 'happened', 'unanswered', 'undated', 'response')),
    CONSTRAINT report_totals_not_negative CHECK (n >= 0 AND counted >= 0 AND bounded_below >= 0 AND bounded_above >= 0
        AND stated >= 0 AND low >= 0 AND high >= 0)
);

CREATE TABLE report_actors (
    payment boolean NOT NULL,
    slug text NOT NULL,
    incidents bigint NOT NULL,
    responses bigint NOT NULL,
    unanswered bigint NOT NULL,
    promised bigint NOT NULL,
    kept bigint NOT NULL,
    broken bigint NOT NULL,
    kinds json NOT NULL, -- how many responses of each kind
    -- How many first responses took so many days; the days ascend.
    days integer[] NOT NULL,
    days_n bigint[] NOT NULL,
    measured bigint NOT NULL,
    median_days double precision NOT NULL,
    -- How many promises are overdue from that day on, the earlier ones included;
    -- the days ascend.
    overdue_from date[] NOT NULL,
    overdue_n bigint[] NOT NULL,
    CONSTRAINT report_actors_pkey PRIMARY KEY (payment, slug),
    CONSTRAINT report_actors_not_negative CHECK (incidents >= 0 AND responses >= 0 AND unanswered >= 0
        AND promised >= 0 AND kept >= 0 AND broken >= 0 AND measured >= 0)
);
-- The ranking, with its directions turned so that a page begins with one row
-- comparison.
CREATE INDEX report_actors_ranking ON report_actors (payment, (-incidents), (-responses), slug);

-- Whether the sums are there. Who changes them locks this table.
CREATE TABLE report_state (
    id boolean NOT NULL DEFAULT true,
    complete boolean NOT NULL,
    CONSTRAINT report_state_pkey PRIMARY KEY (id),
    CONSTRAINT report_state_one_row CHECK (id)
);
INSERT INTO report_state (complete) SELECT NOT EXISTS (SELECT FROM incidents);

-- +goose Down
DROP TABLE report_state;
DROP TABLE report_actors;
DROP TABLE report_totals;
DROP TRIGGER incidents_removed ON incidents;
DROP TRIGGER incidents_replaced ON incidents;
DROP TRIGGER incidents_added ON incidents;
DROP FUNCTION incidents_replaced;
DROP FUNCTION incidents_added;
DROP TABLE report_changes;
