-- How many published incidents may be the same as one, undecided: lists show it
-- with every item, and so it is counted when it changes. It has a table of its
-- own, without those that have none: a row of incidents is wide, and has many
-- indexes.

-- +goose Up
CREATE TABLE possible_duplicates (
    incident_id uuid NOT NULL,
    others integer NOT NULL,
    CONSTRAINT possible_duplicates_pkey PRIMARY KEY (incident_id),
    CONSTRAINT possible_duplicates_some CHECK (others > 0)
);

-- +goose StatementBegin
CREATE FUNCTION count_possible_duplicates(ids uuid[]) RETURNS void LANGUAGE sql AS $$
    WITH counted AS MATERIALIZED (
        SELECT l.id, count(o.id)::integer AS others
          FROM (SELECT DISTINCT unnest(ids) AS id) AS l
          LEFT JOIN LATERAL (
                SELECT d.second_id AS id FROM duplicates AS d WHERE d.first_id = l.id AND d.state = 'open'
                 UNION ALL
                SELECT d.first_id FROM duplicates AS d WHERE d.second_id = l.id AND d.state = 'open') AS other ON true
          LEFT JOIN incidents AS o ON o.id = other.id AND o.publication = 'published'
         GROUP BY l.id
    ), gone AS (
        DELETE FROM possible_duplicates AS p USING counted AS c WHERE p.incident_id = c.id AND c.others = 0
    )
    -- In one order, so that two writers cannot wait for each other.
    INSERT INTO possible_duplicates AS p (incident_id, others)
    SELECT id, others FROM counted WHERE others > 0 ORDER BY id
        ON CONFLICT (incident_id) DO UPDATE SET others = excluded.others WHERE p.others <> excluded.others
$$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE FUNCTION duplicates_were_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM count_possible_duplicates(ARRAY(SELECT first_id FROM added UNION SELECT second_id FROM added));
    RETURN NULL;
END $$;
-- +goose StatementEnd

CREATE TRIGGER duplicates_added AFTER INSERT ON duplicates
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION duplicates_were_added();

-- +goose StatementBegin
CREATE FUNCTION duplicate_was_decided() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM count_possible_duplicates(ARRAY[NEW.first_id, NEW.second_id]);
    RETURN NULL;
END $$;
-- +goose StatementEnd

CREATE TRIGGER duplicates_decided AFTER UPDATE OF state ON duplicates
    FOR EACH ROW WHEN (OLD.state <> NEW.state) EXECUTE FUNCTION duplicate_was_decided();

-- +goose StatementBegin
CREATE FUNCTION incident_came_or_went() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM count_possible_duplicates(ARRAY(
        SELECT second_id FROM duplicates WHERE first_id = NEW.id
         UNION
        SELECT first_id FROM duplicates WHERE second_id = NEW.id));
    RETURN NULL;
END $$;
-- +goose StatementEnd

-- Those that it may be the same as count it, or no longer do.
CREATE TRIGGER incidents_came_or_went AFTER UPDATE OF publication ON incidents
    FOR EACH ROW WHEN ((OLD.publication = 'published') <> (NEW.publication = 'published')) EXECUTE FUNCTION incident_came_or_went();

SELECT count_possible_duplicates(ARRAY(SELECT first_id FROM duplicates UNION SELECT second_id FROM duplicates));

-- +goose Down
DROP TRIGGER incidents_came_or_went ON incidents;
DROP FUNCTION incident_came_or_went;
DROP TRIGGER duplicates_decided ON duplicates;
DROP FUNCTION duplicate_was_decided;
DROP TRIGGER duplicates_added ON duplicates;
DROP FUNCTION duplicates_were_added;
DROP FUNCTION count_possible_duplicates;
DROP TABLE possible_duplicates;
