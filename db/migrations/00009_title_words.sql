-- The words of titles, by which a new incident's likely duplicates are looked
-- for when it is logged. Trigrams find more, and cost more than a write may.

-- +goose Up
-- Every write reads it too, and so finds no list of what is yet to be sorted in.
CREATE INDEX incidents_title_words ON incidents USING gin (to_tsvector('simple', title)) WITH (fastupdate = off);

-- +goose StatementBegin
-- In which part of the titles a frequent word stands, as far as ANALYZE has
-- counted.
CREATE FUNCTION title_word_parts() RETURNS TABLE (word text, part real) LANGUAGE sql STABLE AS $$
    SELECT t.word, t.part
      FROM (SELECT unnest(most_common_elems::text::text[]) AS word, unnest(most_common_elem_freqs) AS part
              FROM pg_stats
             WHERE schemaname = current_schema() AND tablename = 'incidents_title_words') AS t
     WHERE t.word IS NOT NULL
$$;
-- +goose StatementEnd

-- +goose Down
DROP FUNCTION title_word_parts;
DROP INDEX incidents_title_words;
