-- The text of a source may be replaced by one in which everything stands that is
-- quoted from it: a wrong text would else stay for ever.

-- +goose Up
-- +goose StatementBegin
-- A stored text is not just taken out; it can be redacted, and then never comes back.
CREATE OR REPLACE FUNCTION sources_text_is_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.redacted_at IS NOT NULL AND (NEW.text IS NOT NULL OR NEW.redacted_at IS NULL) THEN
        RAISE EXCEPTION 'source % is redacted: its text cannot be stored again', OLD.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'sources_text_fixed', TABLE = 'sources';
    END IF;
    IF OLD.text IS NOT NULL AND NEW.text IS NULL AND NEW.redacted_at IS NULL THEN
        RAISE EXCEPTION 'source % has its text already: a stored text is not taken out', OLD.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'sources_text_fixed', TABLE = 'sources';
    END IF;
    RETURN NEW;
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
-- Looked at when the transaction ends, since the quotes move after the text.
CREATE FUNCTION sources_quotes_stand() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM evidence AS e JOIN sources AS s ON s.id = e.source_id
         WHERE e.source_id = NEW.id AND e.quote IS NOT NULL AND s.text IS NOT NULL
           AND substr(s.text, e.quote_start + 1, e.quote_end - e.quote_start) <> e.quote) THEN
        RAISE EXCEPTION 'what is quoted from source % does not stand in its new text', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'evidence_quote_stands', TABLE = 'evidence';
    END IF;
    RETURN NULL;
END $$;
-- +goose StatementEnd

CREATE CONSTRAINT TRIGGER sources_quotes_stand AFTER UPDATE ON sources DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (OLD.text <> NEW.text) EXECUTE FUNCTION sources_quotes_stand();

-- +goose Down
DROP TRIGGER sources_quotes_stand ON sources;
DROP FUNCTION sources_quotes_stand;
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION sources_text_is_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.redacted_at IS NOT NULL AND (NEW.text IS NOT NULL OR NEW.redacted_at IS NULL) THEN
        RAISE EXCEPTION 'source % is redacted: its text cannot be stored again', OLD.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'sources_text_fixed', TABLE = 'sources';
    END IF;
    IF OLD.text IS NOT NULL AND NEW.text IS DISTINCT FROM OLD.text
        AND NOT (NEW.text IS NULL AND NEW.redacted_at IS NOT NULL) THEN
        RAISE EXCEPTION 'source % has its text already: a stored text does not change', OLD.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'sources_text_fixed', TABLE = 'sources';
    END IF;
    RETURN NEW;
END $$;
-- +goose StatementEnd
