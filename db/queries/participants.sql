-- name: ParticipantInsert :exec
INSERT INTO incident_participants (incident_id, actor_id, role, ordinal)
VALUES (@incident_id, @actor_id, @role, @ordinal);

-- name: ParticipantRows :many
SELECT incident_id, actor_id, role
  FROM incident_participants
 WHERE incident_id = ANY (@incident_ids::uuid[])
 ORDER BY incident_id, ordinal;

-- name: ParticipantsDelete :exec
DELETE FROM incident_participants WHERE incident_id = @incident_id;

-- name: IncidentSourceInsert :exec
INSERT INTO incident_sources (incident_id, source_id, ordinal)
VALUES (@incident_id, @source_id, @ordinal);

-- name: IncidentSourcesDelete :exec
DELETE FROM incident_sources WHERE incident_id = @incident_id;

-- name: ExternalRefInsert :exec
INSERT INTO external_refs (incident_id, scheme, ref_id, ordinal)
VALUES (@incident_id, @scheme, @ref_id, @ordinal);

-- name: ExternalRefRows :many
SELECT incident_id, scheme, ref_id
  FROM external_refs
 WHERE incident_id = ANY (@incident_ids::uuid[])
 ORDER BY incident_id, ordinal;

-- name: ExternalRefsDelete :exec
DELETE FROM external_refs WHERE incident_id = @incident_id;

-- name: ExternalRefHolder :one
-- The incident that carries a number of another register.
SELECT i.id, i.slug, i.publication
  FROM external_refs AS x
  JOIN incidents AS i ON i.id = x.incident_id
 WHERE x.scheme = @scheme AND x.ref_id = @ref_id
 ORDER BY i.id
 LIMIT 1;
