-- Each of a phrase's words may be common where the phrase is not. Taken for common, it
-- was looked for in all incidents in the order of their victims: 5 s and more at a
-- million. By the index of words those that have all its words are looked at alone.

-- +goose Up
-- +goose StatementBegin
-- About how many incidents match, as the planner thinks (EXPLAIN wants the
-- function volatile, though it writes nothing): for a word of every
-- tenth incident, asking that takes a hundredth of reading the index. Of a word
-- that is not among the most frequent the planner says that it is in 5 of 1,000
-- incidents at most (DEFAULT_TS_MATCH_SEL), which is no knowledge: then it is 0.
CREATE OR REPLACE FUNCTION estimated_matches(query tsquery) RETURNS bigint LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    plan json;
    matching float8;
BEGIN
    EXECUTE format('EXPLAIN (FORMAT JSON) SELECT FROM incidents WHERE search @@ %L::tsquery', query) INTO plan;
    matching := (plan->0->'Plan'->>'Plan Rows')::float8;
    EXECUTE 'EXPLAIN (FORMAT JSON) SELECT FROM incidents' INTO plan;
    IF matching <= 1 + 0.005 * numnode(query) * (plan->0->'Plan'->>'Plan Rows')::float8 THEN
        RETURN 0;
    END IF;
    -- PostgreSQL knows how often words occur, and not how often one follows another:
    -- up to 100,000 incidents that have all of them are looked at.
    RETURN CASE WHEN query::text ~ '<(-|[0-9]+)>' THEN matching / 20 ELSE matching END::bigint;
END $$;
-- +goose StatementEnd

-- +goose Down
-- +goose StatementBegin
-- About how many incidents match, as the planner thinks (EXPLAIN wants the
-- function volatile, though it writes nothing): for a word of every
-- tenth incident, asking that takes a hundredth of reading the index. Of a word
-- that is not among the most frequent the planner says that it is in 5 of 1,000
-- incidents at most (DEFAULT_TS_MATCH_SEL), which is no knowledge: then it is 0.
CREATE OR REPLACE FUNCTION estimated_matches(query tsquery) RETURNS bigint LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    plan json;
    matching float8;
BEGIN
    EXECUTE format('EXPLAIN (FORMAT JSON) SELECT FROM incidents WHERE search @@ %L::tsquery', query) INTO plan;
    matching := (plan->0->'Plan'->>'Plan Rows')::float8;
    EXECUTE 'EXPLAIN (FORMAT JSON) SELECT FROM incidents' INTO plan;
    IF matching <= 1 + 0.005 * numnode(query) * (plan->0->'Plan'->>'Plan Rows')::float8 THEN
        RETURN 0;
    END IF;
    RETURN matching::bigint;
END $$;
-- +goose StatementEnd
