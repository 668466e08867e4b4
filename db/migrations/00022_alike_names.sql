-- Misspelt incidents are found by the beginnings of their titles' words and by what
-- their organisations are called. Trigrams of all titles took half a second at a
-- million incidents, and every write paid for them.

-- +goose Up
DROP INDEX incidents_title_trgm;
CREATE INDEX actor_names_alike ON actor_names USING gin (key gin_trgm_ops);

-- +goose Down
DROP INDEX actor_names_alike;
CREATE INDEX incidents_title_trgm ON incidents USING gin (title gin_trgm_ops);
