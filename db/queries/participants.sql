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

-- name: ExternalRefHolders :many
-- The other incidents that carry any of these numbers of other registers.
SELECT i.id, i.slug, x.scheme, x.ref_id
  FROM (SELECT unnest(@schemes::text[]) AS scheme, unnest(@ref_ids::text[]) AS ref_id, generate_subscripts(@schemes, 1) AS place) AS r
  JOIN external_refs AS x ON x.scheme = r.scheme AND x.ref_id = r.ref_id
  JOIN incidents AS i ON i.id = x.incident_id
 WHERE i.id <> @except_id::uuid
 ORDER BY r.place, i.id;
