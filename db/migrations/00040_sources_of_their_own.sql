-- Which sources are public although no published incident names them.

-- +goose Up
-- Those that an editor has entered for themselves, such as an article that gave no
-- incident, and those that a published incident named once. What only a draft named
-- does not become public when the draft names it no more.
ALTER TABLE sources ADD COLUMN standalone boolean NOT NULL DEFAULT false;

UPDATE sources AS s SET standalone = true
 WHERE s.no_incident_reason IS NOT NULL
    OR NOT EXISTS (SELECT FROM incident_sources AS x WHERE x.source_id = s.id)
   AND s.id NOT IN (
        -- An incident that names a source no more has more versions than one.
        SELECT (named ->> 'id')::uuid
          FROM incidents AS i
          JOIN incident_revisions AS r ON r.incident_id = i.id
         CROSS JOIN LATERAL json_array_elements(
            CASE json_typeof(r.document -> 'sources') WHEN 'array' THEN r.document -> 'sources' END) AS t (named)
         WHERE i.version > 1 AND named ->> 'id' IS NOT NULL
         GROUP BY 1
        HAVING NOT bool_or(r.document ->> 'publication' = 'published'));

-- Whether everybody may read a source. One of a retracted incident is not read by
-- itself either.
-- +goose StatementBegin
CREATE FUNCTION source_is_public(source uuid, standalone boolean) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT EXISTS (SELECT FROM incident_sources AS x JOIN incidents AS i ON i.id = x.incident_id
                    WHERE x.source_id = source AND i.publication = 'published')
        OR standalone AND NOT EXISTS (
            SELECT FROM incident_sources AS x JOIN incidents AS i ON i.id = x.incident_id
             WHERE x.source_id = source AND i.publication = 'retracted' AND i.first_published_at IS NOT NULL)
$$;
-- +goose StatementEnd

-- +goose Down
DROP FUNCTION source_is_public;
ALTER TABLE sources DROP COLUMN standalone;
