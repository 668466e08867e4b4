-- +goose Up
-- +goose StatementBegin
-- About how many incidents match, as the planner thinks (EXPLAIN wants the
-- function volatile, though it writes nothing): for a word of every
-- tenth incident, asking that takes a hundredth of reading the index.
CREATE FUNCTION estimated_matches(query tsquery) RETURNS bigint LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    plan json;
BEGIN
    EXECUTE format('EXPLAIN (FORMAT JSON) SELECT FROM incidents WHERE search @@ %L::tsquery', query) INTO plan;
    RETURN (plan->0->'Plan'->>'Plan Rows')::bigint;
END $$;
-- +goose StatementEnd

-- +goose Down
DROP FUNCTION estimated_matches;
