-- name: ActorInsert :exec
INSERT INTO actors (id, slug, name, kind, sector, country, domain)
VALUES (@id, @slug, @name, @kind, @sector, sqlc.narg('country'), sqlc.narg('domain'));

-- name: ActorNameInsert :execrows
-- Nothing when the name belongs to an actor already.
INSERT INTO actor_names (key, actor_id, name)
VALUES (@key, @actor_id, @name)
    ON CONFLICT (key) DO NOTHING;

-- name: ActorsNamed :many
-- The actors of these folded names and slugs, with the name or slug asked for.
-- The slug of a merged actor leads to the one that it was merged into.
SELECT
    'name'::text AS asked_by,
    n.key AS asked,
    a.id,
    a.slug,
    a.name,
    a.kind,
    a.sector,
    a.country,
    a.domain
  FROM actor_names AS n
  JOIN actors AS a ON a.id = n.actor_id
 WHERE n.key = ANY (@keys::text[])
 UNION ALL
SELECT
    'slug'::text,
    s.slug,
    a.id,
    a.slug,
    a.name,
    a.kind,
    a.sector,
    a.country,
    a.domain
  FROM actors AS s
  JOIN actors AS a ON a.id = coalesce(s.merged_into, s.id)
 WHERE s.slug = ANY (@slugs::text[]);

-- name: ActorsNamedHeld :many
-- The same for a write: the actors stay as they are until the transaction ends,
-- so that what a document shows of them is true when it is stored. One that was
-- merged while this waited for it is given with where it went.
WITH asked AS (
    SELECT 'name'::text AS asked_by, n.key AS asked, n.actor_id
      FROM actor_names AS n
     WHERE n.key = ANY (@keys::text[])
     UNION ALL
    SELECT 'slug'::text, s.slug, coalesce(s.merged_into, s.id)
      FROM actors AS s
     WHERE s.slug = ANY (@slugs::text[])
)
SELECT
    q.asked_by,
    q.asked,
    a.id,
    a.slug,
    a.name,
    a.kind,
    a.sector,
    a.country,
    a.domain,
    a.merged_into
  FROM asked AS q
  JOIN actors AS a ON a.id = q.actor_id
 ORDER BY a.id, q.asked_by, q.asked
   FOR SHARE OF a;

-- name: ActorsHeld :many
-- Actors as they are, and stay until the transaction ends.
SELECT id, slug, name, kind, sector, merged_into
  FROM actors
 WHERE id = ANY (@ids::uuid[])
 ORDER BY id
   FOR SHARE;

-- name: ActorsByID :many
SELECT id, slug, name, kind, sector, country, domain, merged_into
  FROM actors
 WHERE id = ANY (@ids::uuid[])
 ORDER BY id;

-- name: ActorNames :many
SELECT actor_id, key, name
  FROM actor_names
 WHERE actor_id = ANY (@actor_ids::uuid[])
 ORDER BY actor_id, name;

-- name: ActorSlugsTaken :many
SELECT slug FROM actors WHERE slug = ANY (@slugs::text[]) ORDER BY slug;

-- name: ActorBySlug :one
SELECT a.id, a.slug, a.name, a.kind, a.sector, a.country, a.domain, a.version, a.updated_at, target.slug AS merged_into_slug
  FROM actors AS a
  LEFT JOIN actors AS target ON target.id = a.merged_into
 WHERE a.slug = @slug;

-- name: ActorList :many
-- A page of the actors, by slug, with what they take part in,
-- of what lists show: as many as the actor's page counts.
SELECT
    a.id,
    a.slug,
    a.name,
    a.kind,
    a.sector,
    a.country,
    a.domain,
    (SELECT count(DISTINCT p.incident_id) FROM incident_participants AS p JOIN incidents AS i ON i.id = p.incident_id
      WHERE p.actor_id = a.id AND i.listed)::bigint AS incidents,
    (SELECT count(*) FROM responses AS r JOIN incidents AS i ON i.id = r.incident_id
      WHERE r.actor_id = a.id AND i.listed)::bigint AS responses
  FROM actors AS a
 WHERE a.merged_into IS NULL
   AND (@any_publication::boolean OR actor_is_public(a.id))
   AND a.slug > @after_slug::text
   AND (@name_prefix::text = '' OR a.id IN (
        SELECT n.actor_id FROM actor_names AS n WHERE starts_with(n.key, @name_prefix)))
   AND (cardinality(@kinds::text[]) = 0 OR a.kind = ANY (@kinds::actor_kind[]))
   AND (cardinality(@sectors::text[]) = 0 OR a.sector = ANY (@sectors::sector[]))
 ORDER BY a.slug
 LIMIT @most;

-- name: ActorIsPublic :one
-- Whether an actor is named in what everybody may read.
SELECT actor_is_public(@id::uuid)::boolean AS public;

-- name: ActorRoles :many
-- What an actor takes part in, the incident's card with the role.
SELECT p.role, i.card
  FROM incident_participants AS p
  JOIN incidents AS i ON i.id = p.incident_id
 WHERE p.actor_id = @actor_id AND i.listed
 ORDER BY i.victims_desc DESC, i.id DESC, p.role
 LIMIT @most;

-- name: ActorIncidentCount :one
-- In how many incidents an actor takes part, in whatever roles.
SELECT count(DISTINCT p.incident_id) AS incidents
  FROM incident_participants AS p
  JOIN incidents AS i ON i.id = p.incident_id
 WHERE p.actor_id = @actor_id AND i.listed;

-- name: ActorLock :one
SELECT id, slug, name, kind, sector, country, domain, merged_into FROM actors WHERE slug = @slug FOR UPDATE;

-- name: ActorUpdate :exec
UPDATE actors SET
    slug = @slug,
    name = @name,
    kind = @kind,
    sector = @sector,
    country = sqlc.narg('country'),
    domain = sqlc.narg('domain'),
    version = version + 1,
    updated_at = @updated_at
 WHERE id = @id;

-- name: ActorNamesDelete :exec
DELETE FROM actor_names WHERE actor_id = @actor_id AND NOT key = ANY (@keep::text[]);

-- name: ActorNamePut :exec
-- A name of an actor as it is spelt now; nothing when another actor has it.
INSERT INTO actor_names (key, actor_id, name)
VALUES (@key, @actor_id, @name)
    ON CONFLICT (key) DO UPDATE
   SET name = excluded.name
 WHERE actor_names.actor_id = excluded.actor_id;

-- name: ActorsMergedInto :many
-- The names of those that were merged into an actor, which are its names now.
SELECT name FROM actors WHERE merged_into = @target_id::uuid ORDER BY slug;

-- name: ActorMergedRespell :exec
-- The name of a merged actor follows the spelling of the one that has it now.
UPDATE actors SET name = @name WHERE merged_into = @target_id::uuid AND name = @was;

-- name: ActorNameOwners :many
-- Whom else these folded names belong to.
SELECT n.key, a.slug
  FROM actor_names AS n
  JOIN actors AS a ON a.id = n.actor_id
 WHERE n.key = ANY (@keys::text[]) AND n.actor_id <> @except_id::uuid
 ORDER BY n.key;

-- name: IncidentsNaming :many
-- Holds the incidents that name an actor, in any way, until the transaction ends.
SELECT id
  FROM incidents
 WHERE id IN (
    SELECT p.incident_id FROM incident_participants AS p WHERE p.actor_id = @actor_id::uuid
     UNION
    SELECT c.incident_id FROM counts AS c WHERE c.claimed_by = @actor_id
     UNION
    SELECT l.incident_id FROM losses AS l WHERE l.claimed_by = @actor_id
     UNION
    SELECT a.incident_id FROM attributions AS a WHERE a.accused = @actor_id OR a.claimant = @actor_id
     UNION
    SELECT r.incident_id FROM responses AS r WHERE r.actor_id = @actor_id)
 ORDER BY id
   FOR UPDATE;

-- name: ActorMovePrepare :exec
-- Where both actors have a role in an incident, one row is enough.
DELETE FROM incident_participants AS p
 WHERE p.actor_id = @source_id::uuid
   AND EXISTS (SELECT FROM incident_participants AS o
                WHERE o.incident_id = p.incident_id AND o.role = p.role AND o.actor_id = @target_id::uuid);

-- name: ActorMoveParticipants :exec
UPDATE incident_participants SET actor_id = @target_id::uuid WHERE actor_id = @source_id::uuid;

-- name: ActorMoveCounts :exec
UPDATE counts SET claimed_by = @target_id::uuid WHERE claimed_by = @source_id::uuid;

-- name: ActorMoveLosses :exec
UPDATE losses SET claimed_by = @target_id::uuid WHERE claimed_by = @source_id::uuid;

-- name: ActorMoveAccused :exec
UPDATE attributions SET accused = @target_id::uuid WHERE accused = @source_id::uuid;

-- name: ActorMoveClaimant :exec
UPDATE attributions SET claimant = @target_id::uuid WHERE claimant = @source_id::uuid;

-- name: ActorMoveResponses :exec
UPDATE responses SET actor_id = @target_id::uuid WHERE actor_id = @source_id::uuid;

-- name: ActorMoveNames :exec
UPDATE actor_names SET actor_id = @target_id::uuid WHERE actor_id = @source_id::uuid;

-- name: ActorMerged :exec
-- What was merged into it before is led on, and keeps the time of its own merge,
-- which histories go by.
UPDATE actors SET
    merged_into = @target_id::uuid,
    version = version + 1,
    updated_at = CASE WHEN id = @source_id::uuid THEN @updated_at ELSE updated_at END
 WHERE id = @source_id OR merged_into = @source_id;

-- name: ActorsMerged :many
-- Those of the actors that were merged: into which, and when. Nothing else has
-- changed them since.
SELECT a.slug, target.slug AS into_slug, a.updated_at AS merged_at
  FROM actors AS a
  JOIN actors AS target ON target.id = a.merged_into
 WHERE a.slug = ANY (@slugs::text[])
 ORDER BY a.slug;
