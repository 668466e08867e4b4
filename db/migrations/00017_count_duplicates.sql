-- Counting possible duplicates looks pairs up by their ids whatever PostgreSQL
-- knows of the table: while it has no statistics, as during the first import, it
-- would read the whole index of open pairs for each incident, were that a
-- condition.

-- +goose Up
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

-- +goose Down
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION count_possible_duplicates(ids uuid[]) RETURNS void LANGUAGE sql AS $$
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
