-- name: APIKeyInsert :exec
INSERT INTO api_keys (id, name, role, hash, created_at, expires_at)
VALUES (@id, @name, @role, @hash, @created_at, sqlc.narg('expires_at'));

-- name: APIKeyByHash :one
SELECT id, name, role, expires_at, revoked_at FROM api_keys WHERE hash = @hash;

-- name: APIKeyUsed :exec
-- Notes the last use, at most once a minute: a write a request would be one too many.
UPDATE api_keys SET last_used_at = now()
 WHERE id = @id AND (last_used_at IS NULL OR last_used_at < now() - interval '1 minute');

-- name: APIKeyList :many
SELECT id, name, role, created_at, expires_at, revoked_at, last_used_at FROM api_keys ORDER BY created_at, id;

-- name: APIKeyRevoke :execrows
UPDATE api_keys SET revoked_at = now() WHERE id = @id AND revoked_at IS NULL;
