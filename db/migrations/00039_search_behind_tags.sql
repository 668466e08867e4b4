-- PostgreSQL takes what stands between < and > for a tag of HTML, and after <script>
-- or <style> reads nothing until that ends. Our texts are plain: one that says that a
-- <script> was injected was found by none of the words behind it.

-- +goose Up
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION search_of(title text, summary text, names text, texts text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT setweight(to_tsvector('english', replace(left(title, 1000), '<', ' ')), 'A')
        || setweight(to_tsvector('english', replace(left(coalesce(names, ''), 14000), '<', ' ')), 'B')
        || setweight(to_tsvector('english', replace(left(summary, 10000), '<', ' ')), 'C')
        || setweight(to_tsvector('english', replace(left(coalesce(texts, ''), 95000), '<', ' ')), 'D')
$$;
-- +goose StatementEnd

UPDATE incidents AS i
   SET search = incident_search(i.title, i.summary,
        (SELECT array_agg(DISTINCT p.actor_id) FROM incident_participants AS p WHERE p.incident_id = i.id),
        (SELECT array_agg(s.source_id) FROM incident_sources AS s WHERE s.incident_id = i.id))
 WHERE i.title LIKE '%<%' OR i.summary LIKE '%<%'
    OR i.id IN (SELECT x.incident_id FROM incident_sources AS x JOIN sources AS s ON s.id = x.source_id
                 WHERE concat_ws(' ', s.title, s.publisher, s.text) LIKE '%<%')
    OR i.id IN (SELECT p.incident_id FROM incident_participants AS p JOIN actor_names AS n ON n.actor_id = p.actor_id WHERE n.name LIKE '%<%');

-- +goose Down
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION search_of(title text, summary text, names text, texts text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT setweight(to_tsvector('english', left(title, 1000)), 'A')
        || setweight(to_tsvector('english', left(coalesce(names, ''), 14000)), 'B')
        || setweight(to_tsvector('english', left(summary, 10000)), 'C')
        || setweight(to_tsvector('english', left(coalesce(texts, ''), 95000)), 'D')
$$;
-- +goose StatementEnd
