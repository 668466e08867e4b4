-- What searches, filters by rare terms and the report of promises need.

-- +goose Up
-- One index for every list of terms that can be filtered by, together or alone:
-- where a term is rare, a list starts from here.
DROP INDEX incidents_tags;
CREATE INDEX incidents_terms ON incidents USING gin (tags, countries, vectors, data_classes, payment_methods);

-- +goose StatementBegin
-- Any word of a search, for showing where they stand: no phrases, no exclusions,
-- and nothing where only exclusions are asked for. No word has a space in it.
CREATE FUNCTION any_word(query tsquery) RETURNS tsquery LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT CASE
        WHEN querytree(query) IN ('', 'T') THEN ''::tsquery
        ELSE regexp_replace(querytree(query), ' (&|<->|<[0-9]+>) ', ' | ', 'g')::tsquery
    END
$$;
-- +goose StatementEnd

-- Promises, and what became of them as far as it is recorded: kept, broken, or
-- null. A response that is recorded as broken without naming its promise stands
-- for that promise. Where several responses name one promise, a delivery counts
-- more than a failure, and the first delivery most.
CREATE VIEW promises AS
SELECT
    r.incident_id,
    r.id,
    r.actor_id,
    r.kind,
    r.spoken_by,
    r.date,
    r.date_precision,
    r.due,
    r.due_precision,
    r.summary,
    r.via_unnamed_source,
    r.status,
    coalesce(r.due, 'infinity'::date) AS due_key,
    (r.due + CASE r.due_precision
        WHEN 'year' THEN interval '1 year'
        WHEN 'month' THEN interval '1 month'
        ELSE interval '1 day'
    END)::date - 1 AS due_last,
    CASE
        WHEN r.status = 'broken' OR settled.status = 'broken' THEN 'broken'
        WHEN settled.status = 'done' THEN 'kept'
    END AS outcome,
    settled.id AS settled_by,
    settled.date AS settled,
    settled.date_precision AS settled_precision
  FROM responses AS r
  LEFT JOIN LATERAL (
    SELECT o.id, o.status, o.date, o.date_precision
      FROM responses AS o
     WHERE o.incident_id = r.incident_id AND o.fulfils = r.id AND r.status = 'promised'
     ORDER BY (o.status = 'done') DESC, o.date, o.id
     LIMIT 1) AS settled ON true
 WHERE r.status = 'promised' OR r.status = 'broken' AND r.fulfils IS NULL;

DROP INDEX responses_promised;
CREATE INDEX responses_promises ON responses (coalesce(due, 'infinity'::date), incident_id, id)
    WHERE status = 'promised' OR status = 'broken' AND fulfils IS NULL;

-- +goose Down
DROP INDEX responses_promises;
CREATE INDEX responses_promised ON responses (due) WHERE status = 'promised';
DROP VIEW promises;
DROP FUNCTION any_word;
DROP INDEX incidents_terms;
CREATE INDEX incidents_tags ON incidents USING gin (tags);
