-- What a search looks in, apart from where it is gathered: an import gathers the
-- names and texts of many incidents at once.

-- +goose Up
-- +goose StatementBegin
CREATE FUNCTION search_of(title text, summary text, names text, texts text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT setweight(to_tsvector('english', left(title, 1000)), 'A')
        || setweight(to_tsvector('english', left(coalesce(names, ''), 14000)), 'B')
        || setweight(to_tsvector('english', left(summary, 10000)), 'C')
        || setweight(to_tsvector('english', left(coalesce(texts, ''), 95000)), 'D')
$$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE OR REPLACE FUNCTION incident_search(title text, summary text, actor_ids uuid[], source_ids uuid[]) RETURNS tsvector
    LANGUAGE sql STABLE AS $$
    SELECT search_of(title, summary,
        (SELECT string_agg(n.name, ' / ' ORDER BY n.key) FROM actor_names AS n WHERE n.actor_id = ANY (actor_ids)),
        (SELECT string_agg(left(concat_ws(' ', s.title, s.publisher, s.text), 95000 / greatest(cardinality(source_ids), 1)), ' / ' ORDER BY s.id)
           FROM sources AS s WHERE s.id = ANY (source_ids)))
$$;
-- +goose StatementEnd

-- +goose Down
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION incident_search(title text, summary text, actor_ids uuid[], source_ids uuid[]) RETURNS tsvector
    LANGUAGE sql STABLE AS $$
    SELECT setweight(to_tsvector('english', left(title, 1000)), 'A')
        || setweight(to_tsvector('english', left(coalesce(
            (SELECT string_agg(n.name, ' / ' ORDER BY n.key) FROM actor_names AS n WHERE n.actor_id = ANY (actor_ids)), ''), 14000)), 'B')
        || setweight(to_tsvector('english', left(summary, 10000)), 'C')
        || setweight(to_tsvector('english', left(coalesce(
            (SELECT string_agg(left(concat_ws(' ', s.title, s.publisher, s.text), 95000 / greatest(cardinality(source_ids), 1)), ' / ' ORDER BY s.id)
               FROM sources AS s WHERE s.id = ANY (source_ids)), ''), 95000)), 'D')
$$;
-- +goose StatementEnd
DROP FUNCTION search_of;
