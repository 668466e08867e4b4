-- Which versions of an incident's history are public.

-- +goose Up
-- +goose StatementBegin
-- Those that were public as they were written: published, or merged while they
-- were. (A draft that is merged was never published; nor was what a retracted
-- incident said meanwhile, even if it is published again.)
CREATE FUNCTION version_is_public(incident uuid, number integer, state text) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT CASE state
        WHEN 'published' THEN true
        WHEN 'merged' THEN coalesce((
            SELECT r.document ->> 'publication' = 'published'
              FROM incident_revisions AS r
             WHERE r.incident_id = incident AND r.version < number AND r.document ->> 'publication' <> 'merged'
             ORDER BY r.version DESC
             LIMIT 1), false)
        ELSE false
    END
$$;
-- +goose StatementEnd

-- +goose Down
DROP FUNCTION version_is_public;
