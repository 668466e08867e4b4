-- name: ActorChangeInsert :exec
INSERT INTO actor_changes (id, actor_id, at, author, action, reason, before, after, merged)
VALUES (@id, @actor_id, @at, @author, @action, sqlc.narg('reason'), sqlc.narg('before'), @after, sqlc.narg('merged'));

-- name: ActorChanges :many
-- The changes of an actor, and of those that were merged into it, the latest first,
-- with whose they were.
SELECT sqlc.embed(c), a.slug
  FROM actor_changes AS c
  JOIN actors AS a ON a.id = c.actor_id
 WHERE c.actor_id IN (
        SELECT @actor_id::uuid
         UNION
        SELECT id FROM actors WHERE merged_into = @actor_id)
   AND c.id < @before_id::uuid
 ORDER BY c.id DESC
 LIMIT @most;

-- name: BackupActorChanges :many
SELECT id, actor_id, at, author, action, reason, before, after, merged
  FROM actor_changes
 WHERE actor_id = ANY (@actor_ids::uuid[])
 ORDER BY actor_id, id;
