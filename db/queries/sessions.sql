-- name: SessionInsert :exec
INSERT INTO sessions (token_sha256, api_key_id, created_at, expires_at)
VALUES (@token_sha256, @api_key_id, @created_at, @expires_at);

-- name: SessionKey :one
-- The key of a session that has not ended, whatever has become of the key.
SELECT k.id, k.name, k.role, k.expires_at, k.revoked_at
  FROM sessions AS s
  JOIN api_keys AS k ON k.id = s.api_key_id
 WHERE s.token_sha256 = @token_sha256 AND s.expires_at > @now;

-- name: SessionDelete :exec
DELETE FROM sessions WHERE token_sha256 = @token_sha256;

-- name: SessionsExpiredDelete :exec
DELETE FROM sessions WHERE expires_at <= @now;

-- name: SessionsOldestDelete :exec
-- Leaves a key so many of its newest sessions.
DELETE FROM sessions
 WHERE token_sha256 IN (
    SELECT s.token_sha256
      FROM sessions AS s
     WHERE s.api_key_id = @api_key_id
     ORDER BY s.created_at DESC, s.token_sha256
    OFFSET @most::integer);
