-- name: RevisionInsert :exec
INSERT INTO incident_revisions (incident_id, version, at, author, action, reason, document)
VALUES (@incident_id, @version, @at, @author, @action, sqlc.narg('reason'), @document);

-- name: RevisionList :many
SELECT version, at, author, action, reason, document
  FROM incident_revisions
 WHERE incident_id = @incident_id
 ORDER BY version DESC;
