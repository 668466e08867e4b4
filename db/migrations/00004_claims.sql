-- Claims: what a source says of an incident. A figure is stored as the bounds
-- that its qualifier sets, so that a qualifier always fits its figures.

-- +goose Up
CREATE TABLE counts (
    incident_id uuid NOT NULL,
    id uuid NOT NULL,
    ordinal integer NOT NULL,
    unit unit NOT NULL,
    qualifier qualifier NOT NULL,
    low bigint,
    high bigint,
    claimed_by uuid, -- null: the source itself
    as_of date,
    as_of_precision date_precision,
    supersedes uuid,
    headline boolean NOT NULL,
    CONSTRAINT counts_pkey PRIMARY KEY (incident_id, id),
    CONSTRAINT counts_incident_id_fkey FOREIGN KEY (incident_id) REFERENCES incidents (id),
    CONSTRAINT counts_claimed_by_fkey FOREIGN KEY (claimed_by) REFERENCES actors (id),
    CONSTRAINT counts_supersedes_fkey FOREIGN KEY (incident_id, supersedes) REFERENCES counts (incident_id, id)
        DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT counts_not_superseding_itself CHECK (supersedes <> id),
    CONSTRAINT counts_not_negative CHECK (low >= 0 AND high >= 0),
    CONSTRAINT counts_low_not_above_high CHECK (low <= high),
    CONSTRAINT counts_qualifier_fits CHECK (CASE
        WHEN qualifier IN ('exact', 'about') THEN low IS NOT NULL AND high IS NOT NULL AND low = high
        WHEN qualifier IN ('at_least', 'more_than') THEN low IS NOT NULL AND high IS NULL
        WHEN qualifier IN ('at_most', 'less_than') THEN low IS NULL AND high IS NOT NULL
        WHEN qualifier = 'between' THEN low IS NOT NULL AND high IS NOT NULL
        ELSE low IS NULL AND high IS NULL
    END),
    CONSTRAINT counts_as_of_partial CHECK (is_partial_date(as_of, as_of_precision))
);
CREATE UNIQUE INDEX counts_one_headline ON counts (incident_id) WHERE headline;
CREATE INDEX counts_claimed_by ON counts (claimed_by) WHERE claimed_by IS NOT NULL;

CREATE TABLE losses (
    incident_id uuid NOT NULL,
    id uuid NOT NULL,
    ordinal integer NOT NULL,
    kind loss_kind NOT NULL,
    scope loss_scope NOT NULL,
    qualifier qualifier NOT NULL,
    low numeric,
    high numeric,
    currency text,
    converted_amount numeric,
    converted_currency text,
    claimed_by uuid,
    CONSTRAINT losses_pkey PRIMARY KEY (incident_id, id),
    CONSTRAINT losses_incident_id_fkey FOREIGN KEY (incident_id) REFERENCES incidents (id),
    CONSTRAINT losses_claimed_by_fkey FOREIGN KEY (claimed_by) REFERENCES actors (id),
    CONSTRAINT losses_not_negative CHECK (low >= 0 AND high >= 0 AND converted_amount >= 0),
    CONSTRAINT losses_finite CHECK (low < 'Infinity' AND high < 'Infinity' AND converted_amount < 'Infinity'),
    CONSTRAINT losses_low_not_above_high CHECK (low <= high),
    CONSTRAINT losses_qualifier_fits CHECK (CASE
        WHEN qualifier IN ('exact', 'about') THEN low IS NOT NULL AND high IS NOT NULL AND low = high
        WHEN qualifier IN ('at_least', 'more_than') THEN low IS NOT NULL AND high IS NULL
        WHEN qualifier IN ('at_most', 'less_than') THEN low IS NULL AND high IS NOT NULL
        WHEN qualifier = 'between' THEN low IS NOT NULL AND high IS NOT NULL
        ELSE low IS NULL AND high IS NULL
    END),
    CONSTRAINT losses_currency_form CHECK (currency ~ '^[A-Z0-9]{2,10}$' AND converted_currency ~ '^[A-Z0-9]{2,10}$'),
    CONSTRAINT losses_currency_with_figure CHECK (num_nonnulls(low, high) = 0 OR currency IS NOT NULL),
    CONSTRAINT losses_converted_whole CHECK (num_nonnulls(converted_amount, converted_currency) IN (0, 2))
);
CREATE INDEX losses_claimed_by ON losses (claimed_by) WHERE claimed_by IS NOT NULL;

CREATE TABLE attributions (
    incident_id uuid NOT NULL,
    id uuid NOT NULL,
    ordinal integer NOT NULL,
    accused uuid NOT NULL,
    claimant uuid, -- null: the source itself
    basis attribution_basis NOT NULL,
    confidence confidence NOT NULL,
    stated date,
    stated_precision date_precision,
    CONSTRAINT attributions_pkey PRIMARY KEY (incident_id, id),
    CONSTRAINT attributions_incident_id_fkey FOREIGN KEY (incident_id) REFERENCES incidents (id),
    CONSTRAINT attributions_accused_fkey FOREIGN KEY (accused) REFERENCES actors (id),
    CONSTRAINT attributions_claimant_fkey FOREIGN KEY (claimant) REFERENCES actors (id),
    CONSTRAINT attributions_stated_partial CHECK (is_partial_date(stated, stated_precision))
);
CREATE INDEX attributions_accused ON attributions (accused);
CREATE INDEX attributions_claimant ON attributions (claimant) WHERE claimant IS NOT NULL;

CREATE TABLE responses (
    incident_id uuid NOT NULL,
    id uuid NOT NULL,
    ordinal integer NOT NULL,
    actor_id uuid NOT NULL,
    spoken_by text,
    kind response_kind NOT NULL,
    status response_status NOT NULL,
    date date,
    date_precision date_precision,
    due date,
    due_precision date_precision,
    fulfils uuid, -- the promise that it keeps or breaks
    answers uuid, -- the attribution that it denies
    summary text,
    via_unnamed_source boolean NOT NULL,
    CONSTRAINT responses_pkey PRIMARY KEY (incident_id, id),
    CONSTRAINT responses_incident_id_fkey FOREIGN KEY (incident_id) REFERENCES incidents (id),
    CONSTRAINT responses_actor_id_fkey FOREIGN KEY (actor_id) REFERENCES actors (id),
    CONSTRAINT responses_fulfils_fkey FOREIGN KEY (incident_id, fulfils) REFERENCES responses (incident_id, id)
        DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT responses_answers_fkey FOREIGN KEY (incident_id, answers) REFERENCES attributions (incident_id, id)
        DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT responses_not_fulfilling_itself CHECK (fulfils <> id),
    CONSTRAINT responses_only_denials_answer CHECK (answers IS NULL OR kind IN ('denial', 'scope_denial')),
    CONSTRAINT responses_only_delivery_fulfils CHECK (fulfils IS NULL OR status IN ('done', 'broken')),
    CONSTRAINT responses_only_promises_are_due CHECK (due IS NULL OR status <> 'stated'),
    CONSTRAINT responses_date_partial CHECK (is_partial_date(date, date_precision)),
    CONSTRAINT responses_due_partial CHECK (is_partial_date(due, due_precision))
);
CREATE INDEX responses_actor ON responses (actor_id, incident_id);
CREATE INDEX responses_kind ON responses (kind, incident_id);
CREATE INDEX responses_date ON responses (date) WHERE date IS NOT NULL;
CREATE INDEX responses_promised ON responses (due) WHERE status = 'promised';

-- Evidence belongs to exactly one claim of the same incident, and its source is
-- one of the incident's sources: the incident is part of every key here.
CREATE TABLE evidence (
    incident_id uuid NOT NULL,
    id uuid NOT NULL,
    ordinal integer NOT NULL,
    source_id uuid NOT NULL,
    count_id uuid,
    loss_id uuid,
    attribution_id uuid,
    response_id uuid,
    quote text,
    quote_start integer, -- Unicode code points of the source's text, 0-based,
    quote_end integer,   -- half-open
    CONSTRAINT evidence_pkey PRIMARY KEY (incident_id, id),
    CONSTRAINT evidence_source_fkey FOREIGN KEY (incident_id, source_id)
        REFERENCES incident_sources (incident_id, source_id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT evidence_count_fkey FOREIGN KEY (incident_id, count_id)
        REFERENCES counts (incident_id, id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT evidence_loss_fkey FOREIGN KEY (incident_id, loss_id)
        REFERENCES losses (incident_id, id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT evidence_attribution_fkey FOREIGN KEY (incident_id, attribution_id)
        REFERENCES attributions (incident_id, id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT evidence_response_fkey FOREIGN KEY (incident_id, response_id)
        REFERENCES responses (incident_id, id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT evidence_of_one_claim CHECK (num_nonnulls(count_id, loss_id, attribution_id, response_id) = 1),
    CONSTRAINT evidence_quote_placed CHECK (num_nonnulls(quote, quote_start, quote_end) IN (0, 3)),
    CONSTRAINT evidence_quote_spans CHECK (quote_start >= 0 AND quote_end > quote_start AND quote_end - quote_start = char_length(quote))
);
CREATE INDEX evidence_source ON evidence (source_id, incident_id);

-- The quotes of a redacted source: its text is gone, they stay, and an edit of
-- an incident that holds one of them may store it again.
CREATE TABLE redacted_quotes (
    source_id uuid NOT NULL,
    quote_start integer NOT NULL,
    quote_end integer NOT NULL,
    quote text NOT NULL,
    CONSTRAINT redacted_quotes_pkey PRIMARY KEY (source_id, quote_start, quote_end),
    CONSTRAINT redacted_quotes_source_id_fkey FOREIGN KEY (source_id) REFERENCES sources (id)
);

-- +goose StatementBegin
-- A quote that does not stand in its source's text at its position cannot be stored.
CREATE FUNCTION evidence_quote_stands() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    source record;
BEGIN
    SELECT coalesce(s.title, s.url, left(s.text, 60), s.id::text) AS name, s.text IS NULL AS without_text,
           CASE WHEN NEW.quote_end > NEW.quote_start THEN substr(s.text, NEW.quote_start + 1, NEW.quote_end - NEW.quote_start) END AS passage,
           s.redacted_at
      INTO source FROM sources AS s WHERE s.id = NEW.source_id;
    IF source.passage = NEW.quote THEN
        RETURN NEW;
    END IF;
    IF source.redacted_at IS NOT NULL AND EXISTS (
        SELECT FROM redacted_quotes AS r
         WHERE r.source_id = NEW.source_id AND r.quote_start = NEW.quote_start
           AND r.quote_end = NEW.quote_end AND r.quote = NEW.quote) THEN
        RETURN NEW;
    END IF;
    IF source.without_text THEN
        RAISE EXCEPTION 'the text of source % (%) is not held, so nothing can be quoted from it', NEW.source_id, source.name
            USING ERRCODE = 'check_violation', CONSTRAINT = 'evidence_quote_stands', TABLE = 'evidence';
    END IF;
    RAISE EXCEPTION 'the quote does not stand in source % (%) at position %', NEW.source_id, source.name, NEW.quote_start
        USING ERRCODE = 'check_violation', CONSTRAINT = 'evidence_quote_stands', TABLE = 'evidence';
END $$;
-- +goose StatementEnd

CREATE TRIGGER evidence_quote_stands BEFORE INSERT OR UPDATE ON evidence
    FOR EACH ROW WHEN (NEW.quote IS NOT NULL) EXECUTE FUNCTION evidence_quote_stands();

-- +goose StatementBegin
-- Redaction takes a text away and keeps what was quoted from it.
CREATE FUNCTION sources_keep_quotes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO redacted_quotes (source_id, quote_start, quote_end, quote)
    SELECT DISTINCT OLD.id, quote_start, quote_end, quote FROM evidence
     WHERE source_id = OLD.id AND quote IS NOT NULL
        ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
-- +goose StatementEnd

CREATE TRIGGER sources_keep_quotes AFTER UPDATE ON sources
    FOR EACH ROW WHEN (OLD.redacted_at IS NULL AND NEW.redacted_at IS NOT NULL) EXECUTE FUNCTION sources_keep_quotes();

-- +goose Down
DROP TRIGGER sources_keep_quotes ON sources;
DROP FUNCTION sources_keep_quotes;
DROP TABLE redacted_quotes;
DROP TABLE evidence;
DROP FUNCTION evidence_quote_stands;
DROP TABLE responses;
DROP TABLE attributions;
DROP TABLE losses;
DROP TABLE counts;
