-- name: IdempotencyKeyClaim :execrows
-- Takes a key for the running transaction. While another transaction holds it,
-- this waits for that one; afterwards nothing is taken, unless what is there is
-- older than it is kept.
INSERT INTO idempotency_keys (api_key_id, key, request_hash, created_at)
VALUES (@api_key_id, @key, @request_hash, @created_at)
    ON CONFLICT (api_key_id, key) DO UPDATE
   SET request_hash = excluded.request_hash, result = NULL, created_at = excluded.created_at
 WHERE idempotency_keys.created_at < @expired_before;

-- name: IdempotencyKeyResult :one
SELECT request_hash, result FROM idempotency_keys WHERE api_key_id = @api_key_id AND key = @key;

-- name: IdempotencyKeyRelease :exec
-- Gives back a key that the running transaction has taken and kept nothing for.
DELETE FROM idempotency_keys WHERE api_key_id = @api_key_id AND key = @key AND result IS NULL;

-- name: IdempotencyKeyKeep :exec
UPDATE idempotency_keys SET result = @result WHERE api_key_id = @api_key_id AND key = @key;

-- name: IdempotencyKeysExpire :exec
-- A few at a time, with each new one.
DELETE FROM idempotency_keys
 WHERE (api_key_id, key) IN (
    SELECT k.api_key_id, k.key FROM idempotency_keys AS k
     WHERE k.created_at < @expired_before
     ORDER BY k.created_at
     LIMIT 10
       FOR UPDATE SKIP LOCKED);
