-- What is searched in an incident is gathered by plans that a connection makes
-- once, and by keys. A function in SQL is read and planned anew by every statement
-- that calls it, which took as long as to carry it out.

-- +goose Up
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION incident_search(title text, summary text, actor_ids uuid[], source_ids uuid[]) RETURNS tsvector
    LANGUAGE plpgsql STABLE SET enable_seqscan = off SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    RETURN search_of(title, summary,
        (SELECT string_agg(n.name, ' / ' ORDER BY n.key) FROM actor_names AS n WHERE n.actor_id = ANY (actor_ids)),
        (SELECT string_agg(left(concat_ws(' ', s.title, s.publisher, s.text), 95000 / greatest(cardinality(source_ids), 1)), ' / ' ORDER BY s.id)
           FROM sources AS s WHERE s.id = ANY (source_ids)));
END $$;
-- +goose StatementEnd

-- +goose Down
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION incident_search(title text, summary text, actor_ids uuid[], source_ids uuid[]) RETURNS tsvector
    LANGUAGE sql STABLE AS $$
    SELECT search_of(title, summary,
        (SELECT string_agg(n.name, ' / ' ORDER BY n.key) FROM actor_names AS n WHERE n.actor_id = ANY (actor_ids)),
        (SELECT string_agg(left(concat_ws(' ', s.title, s.publisher, s.text), 95000 / greatest(cardinality(source_ids), 1)), ' / ' ORDER BY s.id)
           FROM sources AS s WHERE s.id = ANY (source_ids)))
$$;
-- +goose StatementEnd
