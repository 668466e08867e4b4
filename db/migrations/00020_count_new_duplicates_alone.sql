-- New pairs of possible duplicates are added to what was counted, instead of
-- counting all pairs of their incidents anew: an import adds to the same incidents
-- batch after batch.

-- +goose Up
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION duplicates_were_added() RETURNS trigger LANGUAGE plpgsql
    SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET plan_cache_mode = force_generic_plan
AS $$
BEGIN
    -- In one order, so that two writers cannot wait for each other. It takes each
    -- pair for open, and each incident for published, and holds the numbers.
    INSERT INTO possible_duplicates AS p (incident_id, others)
    SELECT e.id, count(*) FROM (SELECT first_id AS id FROM added UNION ALL SELECT second_id FROM added) AS e GROUP BY e.id ORDER BY e.id
        ON CONFLICT (incident_id) DO UPDATE SET others = p.others + excluded.others;

    -- Held, an incident can no longer come or go unseen.
    IF EXISTS (SELECT FROM added WHERE state <> 'open')
       OR EXISTS (SELECT FROM (SELECT first_id AS id FROM added UNION SELECT second_id FROM added) AS e
                    JOIN incidents AS i ON i.id = e.id
                   WHERE i.publication <> 'published') THEN
        PERFORM count_possible_duplicates(ARRAY(SELECT first_id FROM added UNION SELECT second_id FROM added));
    END IF;
    RETURN NULL;
END $$;
-- +goose StatementEnd

-- +goose Down
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION duplicates_were_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM count_possible_duplicates(ARRAY(SELECT first_id FROM added UNION SELECT second_id FROM added));
    RETURN NULL;
END $$;
-- +goose StatementEnd
