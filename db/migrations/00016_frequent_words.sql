-- +goose Up
-- +goose StatementBegin
-- The words that PostgreSQL's statistics know as those of most incidents, null
-- without statistics. It says that it is immutable, and is not quite: a plan that
-- is kept has the words in it, and is made anew when the statistics are.
CREATE FUNCTION frequent_words() RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT array_to_tsvector(most_common_elems::text::text[])
      FROM pg_stats
     WHERE schemaname = current_schema AND tablename = 'incidents' AND attname = 'search'
$$;
-- +goose StatementEnd

-- +goose Down
DROP FUNCTION frequent_words;
