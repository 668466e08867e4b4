-- The one place that says what each filter of the lists and reports means.
-- The planner inlines it (SQL, STABLE, a single SELECT), and under a custom
-- plan an absent filter folds away, so that the indexes serve as if each
-- combination had a query of its own.

-- +goose Up
-- +goose StatementBegin
-- The strings of a JSON array, null for null.
CREATE FUNCTION json_texts(list jsonb) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT coalesce(array_agg(value), '{}') FROM jsonb_array_elements_text(list) AS t (value)
$$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE FUNCTION incidents_matching(filter jsonb) RETURNS SETOF incidents LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT i.*
      FROM incidents AS i
     WHERE CASE
               WHEN filter->'publication' IS NULL AND filter->'certainty' IS NULL THEN i.listed
               ELSE i.publication = ANY (coalesce(json_texts(filter->'publication'), '{published}')::publication[])
                    AND i.certainty = ANY (coalesce(json_texts(filter->'certainty'), '{confirmed,suspected}')::certainty[])
           END
       AND (filter->'ids' IS NULL OR i.id = ANY (json_texts(filter->'ids')::uuid[]))
       AND (filter->>'q' IS NULL OR i.search @@ websearch_to_tsquery('english', filter->>'q'))
       AND (filter->'category' IS NULL OR i.category = ANY (json_texts(filter->'category')::category[]))
       AND (filter->'vector' IS NULL OR i.vectors && json_texts(filter->'vector')::vector[])
       AND (filter->'data_class' IS NULL OR i.data_classes && json_texts(filter->'data_class')::data_class[])
       AND (filter->'payment_method' IS NULL OR i.payment_methods && json_texts(filter->'payment_method')::payment_method[])
       AND (filter->>'payment' IS NULL OR i.payment = (filter->>'payment')::boolean)
       AND (filter->>'unanswered' IS NULL OR i.unanswered = (filter->>'unanswered')::boolean)
       AND (filter->>'contested' IS NULL OR i.contested = (filter->>'contested')::boolean)
       AND (filter->'unit' IS NULL OR i.victims_unit = ANY (json_texts(filter->'unit')::unit[]))
       AND (filter->'support' IS NULL OR i.victims_support = ANY (json_texts(filter->'support')::support[]))
       AND (filter->'country' IS NULL OR i.countries && json_texts(filter->'country'))
       AND (filter->'tag' IS NULL OR i.tags && json_texts(filter->'tag'))
       AND (filter->>'min_victims' IS NULL OR i.victims >= (filter->>'min_victims')::bigint)
       AND (filter->>'max_victims' IS NULL OR i.victims <= (filter->>'max_victims')::bigint)
       AND (filter->>'updated_since' IS NULL OR i.updated_at >= (filter->>'updated_since')::timestamptz)
       AND (filter->>'from' IS NULL OR CASE filter->>'date'
               WHEN 'occurred' THEN coalesce(i.occurred_from, i.occurred_to)
               WHEN 'discovered' THEN i.discovered
               ELSE i.disclosed
           END >= (filter->>'from')::date)
       AND (filter->>'to' IS NULL OR CASE filter->>'date'
               WHEN 'occurred' THEN coalesce(i.occurred_from, i.occurred_to)
               WHEN 'discovered' THEN i.discovered
               ELSE i.disclosed
           END <= (filter->>'to')::date)
       AND (filter->'actor' IS NULL AND filter->'role' IS NULL OR EXISTS (
               SELECT FROM incident_participants AS p
                WHERE p.incident_id = i.id
                  AND (filter->'actor' IS NULL OR p.actor_id = ANY (json_texts(filter->'actor')::uuid[]))
                  AND (filter->'role' IS NULL OR p.role = ANY (json_texts(filter->'role')::role[]))))
       AND (filter->'sector' IS NULL AND filter->'actor_kind' IS NULL OR EXISTS (
               SELECT FROM incident_participants AS p JOIN actors AS a ON a.id = p.actor_id
                WHERE p.incident_id = i.id AND p.role IN ('victim', 'affected_platform')
                  AND (filter->'sector' IS NULL OR a.sector = ANY (json_texts(filter->'sector')::sector[]))
                  AND (filter->'actor_kind' IS NULL OR a.kind = ANY (json_texts(filter->'actor_kind')::actor_kind[]))))
       AND (filter->'response' IS NULL OR EXISTS (
               SELECT FROM responses AS r
                WHERE r.incident_id = i.id AND r.kind = ANY (json_texts(filter->'response')::response_kind[])))
$$;
-- +goose StatementEnd

-- +goose StatementBegin
-- Whether an actor is named in what everybody may read. A function, so that a
-- list asks it for the few rows that it shows, and the planner does not turn it
-- into a join over all incidents.
CREATE FUNCTION actor_is_public(actor uuid) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT EXISTS (SELECT FROM incident_participants AS p JOIN incidents AS i ON i.id = p.incident_id
                    WHERE p.actor_id = actor AND i.publication = 'published')
        OR EXISTS (SELECT FROM counts AS c JOIN incidents AS i ON i.id = c.incident_id
                    WHERE c.claimed_by = actor AND i.publication = 'published')
        OR EXISTS (SELECT FROM losses AS l JOIN incidents AS i ON i.id = l.incident_id
                    WHERE l.claimed_by = actor AND i.publication = 'published')
$$;
-- +goose StatementEnd

-- +goose Down
DROP FUNCTION actor_is_public;
DROP FUNCTION incidents_matching;
DROP FUNCTION json_texts;
