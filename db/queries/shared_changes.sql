-- name: SharedChangeInsert :exec
INSERT INTO shared_changes (id, actor_id, source_id, at, author, action, reason, before, after, merged)
VALUES (@id, sqlc.narg('actor_id'), sqlc.narg('source_id'), @at, @author, @action, sqlc.narg('reason'), sqlc.narg('before'), @after, sqlc.narg('merged'));

-- name: ActorChanges :many
-- The changes of an actor, and of those that were merged into it, the latest first,
-- with whose they were.
SELECT sqlc.embed(c), a.slug
  FROM shared_changes AS c
  JOIN actors AS a ON a.id = c.actor_id
 WHERE c.actor_id IN (
        SELECT @actor_id::uuid
         UNION
        SELECT id FROM actors WHERE merged_into = @actor_id)
   AND c.id < @before_id::uuid
 ORDER BY c.id DESC
 LIMIT @most;

-- name: SourceChanges :many
SELECT *
  FROM shared_changes
 WHERE source_id = @source_id::uuid
   AND id < @before_id::uuid
 ORDER BY id DESC
 LIMIT @most;

-- name: BackupChanges :many
-- The changes of some actors or sources, those of each in their order.
SELECT *
  FROM shared_changes
 WHERE actor_id = ANY (@actor_ids::uuid[]) OR source_id = ANY (@source_ids::uuid[])
 ORDER BY id;
