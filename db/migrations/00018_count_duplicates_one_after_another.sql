-- Possible duplicates are counted while their numbers are held: of two writers
-- that add a pair of one incident each, the later counts the pair of the earlier.
-- They are looked up by their ids whatever PostgreSQL knows of the tables: as it
-- takes an incident for one of many pairs, it would read all incidents instead.

-- +goose Up
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION count_possible_duplicates(ids uuid[]) RETURNS void LANGUAGE plpgsql
    SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET plan_cache_mode = force_generic_plan
AS $$
BEGIN
    -- In one order, so that two writers cannot wait for each other. It writes
    -- those that are missing, and holds the others as they are.
    INSERT INTO possible_duplicates AS p (incident_id, others)
    SELECT DISTINCT unnest(ids), 1 ORDER BY 1
        ON CONFLICT (incident_id) DO UPDATE SET others = p.others WHERE false;

    WITH counted AS MATERIALIZED (
        SELECT l.id, count(o.id) FILTER (WHERE other.state = 'open' AND o.publication = 'published')::integer AS others
          FROM (SELECT DISTINCT unnest(ids) AS id) AS l
          LEFT JOIN LATERAL (
                SELECT d.second_id AS id, d.state FROM duplicates AS d WHERE d.first_id = l.id
                 UNION ALL
                SELECT d.first_id, d.state FROM duplicates AS d WHERE d.second_id = l.id) AS other ON true
          LEFT JOIN incidents AS o ON o.id = other.id
         GROUP BY l.id
    ), gone AS (
        DELETE FROM possible_duplicates AS p USING counted AS c WHERE p.incident_id = c.id AND c.others = 0
    )
    UPDATE possible_duplicates AS p SET others = c.others
      FROM counted AS c
     WHERE p.incident_id = c.id AND c.others > 0 AND p.others <> c.others;
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE OR REPLACE FUNCTION incident_came_or_went() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM count_possible_duplicates(ARRAY[NEW.id]); -- which waits for those that are adding a pair of it
    PERFORM count_possible_duplicates(ARRAY(
        SELECT second_id FROM duplicates WHERE first_id = NEW.id
         UNION
        SELECT first_id FROM duplicates WHERE second_id = NEW.id));
    RETURN NULL;
END $$;
-- +goose StatementEnd

-- What was counted before may lack a pair.
SELECT count_possible_duplicates(ARRAY(
    SELECT first_id FROM duplicates UNION SELECT second_id FROM duplicates UNION SELECT incident_id FROM possible_duplicates));

-- +goose Down
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION incident_came_or_went() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM count_possible_duplicates(ARRAY(
        SELECT second_id FROM duplicates WHERE first_id = NEW.id
         UNION
        SELECT first_id FROM duplicates WHERE second_id = NEW.id));
    RETURN NULL;
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE OR REPLACE FUNCTION count_possible_duplicates(ids uuid[]) RETURNS void LANGUAGE sql AS $$
    WITH counted AS MATERIALIZED (
        SELECT l.id, count(o.id) FILTER (WHERE other.state = 'open' AND o.publication = 'published')::integer AS others
          FROM (SELECT DISTINCT unnest(ids) AS id) AS l
          LEFT JOIN LATERAL (
                SELECT d.second_id AS id, d.state FROM duplicates AS d WHERE d.first_id = l.id
                 UNION ALL
                SELECT d.first_id, d.state FROM duplicates AS d WHERE d.second_id = l.id) AS other ON true
          LEFT JOIN incidents AS o ON o.id = other.id
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
