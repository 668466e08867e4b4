-- name: ActorPairs :many
-- Pairs of actors of which two names differ in their legal form alone, those in most
-- incidents first. Of many with one name each is paired with the next five, which
-- bounds the pairs by the number of names.
WITH named AS (
    SELECT DISTINCT stem, actor_id FROM actor_names
), shared AS (
    SELECT stem FROM named GROUP BY stem HAVING count(*) > 1
), pairs AS (
    SELECT DISTINCT
        n.actor_id AS first_id,
        unnest(array_agg(n.actor_id) OVER (
            PARTITION BY n.stem ORDER BY n.actor_id ROWS BETWEEN 1 FOLLOWING AND 5 FOLLOWING)) AS second_id
      FROM named AS n
      JOIN shared AS s ON s.stem = n.stem
), counted AS (
    SELECT
        p.first_id,
        p.second_id,
        (SELECT count(DISTINCT x.incident_id) FROM incident_participants AS x JOIN incidents AS i ON i.id = x.incident_id
          WHERE x.actor_id = p.first_id AND i.listed) AS first_incidents,
        (SELECT count(DISTINCT x.incident_id) FROM incident_participants AS x JOIN incidents AS i ON i.id = x.incident_id
          WHERE x.actor_id = p.second_id AND i.listed) AS second_incidents
      FROM pairs AS p
     WHERE NOT EXISTS (SELECT FROM actors_apart AS a WHERE a.first_id = p.first_id AND a.second_id = p.second_id)
       AND (@any_publication::boolean OR actor_is_public(p.first_id) AND actor_is_public(p.second_id))
)
SELECT
    c.first_id::uuid AS first_id,
    c.second_id::uuid AS second_id,
    c.first_incidents::bigint AS first_incidents,
    c.second_incidents::bigint AS second_incidents
  FROM counted AS c
 WHERE NOT @after::boolean
    OR (c.first_incidents + c.second_incidents, c.first_id, c.second_id) < (@after_incidents::bigint, @after_first::uuid, @after_second::uuid)
 ORDER BY c.first_incidents + c.second_incidents DESC, c.first_id DESC, c.second_id DESC
 LIMIT @most;

-- name: ActorsAlike :many
-- The actors of which a name is one of this actor's in another legal form (1), or is
-- spelt like it (less), but for those that were said to be others.
WITH own AS MATERIALIZED (
    SELECT key, stem FROM actor_names WHERE actor_id = @actor_id::uuid ORDER BY key LIMIT 50
), alike AS (
    SELECT n.actor_id, 1::real AS likeness
      FROM own AS o
      JOIN actor_names AS n ON n.stem = o.stem
     UNION ALL
    SELECT near.actor_id, near.likeness
      FROM own AS o
     CROSS JOIN LATERAL (
        SELECT n.actor_id, similarity(n.key, o.key) AS likeness
          FROM actor_names AS n
         WHERE (n.key || '') % o.key -- the expression of the index
         ORDER BY likeness DESC, n.actor_id
         LIMIT 20) AS near
     WHERE near.likeness >= 0.5
), best AS (
    SELECT actor_id, max(likeness)::real AS likeness
      FROM alike
     WHERE actor_id <> @actor_id
       AND NOT EXISTS (SELECT FROM actors_apart AS a
                        WHERE a.first_id = least(alike.actor_id, @actor_id) AND a.second_id = greatest(alike.actor_id, @actor_id))
     GROUP BY actor_id
)
SELECT
    b.actor_id::uuid AS actor_id,
    b.likeness,
    (SELECT count(DISTINCT p.incident_id) FROM incident_participants AS p JOIN incidents AS i ON i.id = p.incident_id
      WHERE p.actor_id = b.actor_id AND i.listed)::bigint AS incidents
  FROM best AS b
 WHERE @any_publication::boolean OR actor_is_public(b.actor_id)
 ORDER BY b.likeness DESC, incidents DESC, b.actor_id
 LIMIT @most;

-- name: ActorsApartPut :exec
-- Notes that two actors are not one; the latest decision stands.
INSERT INTO actors_apart (first_id, second_id, decided_by, decided_at, reason)
VALUES (least(@one::uuid, @other::uuid), greatest(@one, @other), @decided_by, @decided_at, sqlc.narg('reason'))
    ON CONFLICT (first_id, second_id) DO UPDATE
   SET decided_by = excluded.decided_by, decided_at = excluded.decided_at, reason = excluded.reason;

-- name: ActorsApartMove :exec
-- What was said of an actor that is merged is said of the one that it is now.
INSERT INTO actors_apart (first_id, second_id, decided_by, decided_at, reason)
SELECT least(@target_id::uuid, t.other), greatest(@target_id, t.other), t.decided_by, t.decided_at, t.reason
  FROM (SELECT CASE first_id WHEN @source_id::uuid THEN second_id ELSE first_id END AS other, decided_by, decided_at, reason
          FROM actors_apart
         WHERE first_id = @source_id OR second_id = @source_id) AS t
 WHERE t.other <> @target_id
    ON CONFLICT (first_id, second_id) DO NOTHING;

-- name: ActorsApartDelete :exec
DELETE FROM actors_apart WHERE first_id = @actor_id::uuid OR second_id = @actor_id;

-- name: BackupActorsApart :many
-- From which actors with lower ids these were said to be apart.
SELECT first_id, second_id, decided_by, decided_at, reason
  FROM actors_apart
 WHERE second_id = ANY (@ids::uuid[])
 ORDER BY second_id, first_id;

-- name: RestoreActorsApart :exec
INSERT INTO actors_apart (first_id, second_id, decided_by, decided_at, reason)
VALUES (@first_id, @second_id, @decided_by, @decided_at, sqlc.narg('reason'));
