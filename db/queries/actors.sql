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
    a.sector
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
    a.sector
  FROM actors AS s
  JOIN actors AS a ON a.id = coalesce(s.merged_into, s.id)
 WHERE s.slug = ANY (@slugs::text[]);

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
SELECT a.id, a.slug, a.name, a.kind, a.sector, a.country, a.domain, a.version, a.created_at, a.updated_at, target.slug AS merged_into_slug
  FROM actors AS a
  LEFT JOIN actors AS target ON target.id = a.merged_into
 WHERE a.slug = @slug;

-- name: ActorList :many
-- A page of the actors, by slug, with what they take part in.
SELECT
    a.id,
    a.slug,
    a.name,
    a.kind,
    a.sector,
    a.country,
    a.domain,
    (SELECT count(DISTINCT p.incident_id) FROM incident_participants AS p JOIN incidents AS i ON i.id = p.incident_id
      WHERE p.actor_id = a.id AND i.publication = 'published')::bigint AS incidents,
    (SELECT count(*) FROM responses AS r JOIN incidents AS i ON i.id = r.incident_id
      WHERE r.actor_id = a.id AND i.publication = 'published')::bigint AS responses
  FROM actors AS a
 WHERE a.merged_into IS NULL
   AND (@any_publication::boolean OR EXISTS (
        SELECT FROM incident_participants AS p JOIN incidents AS i ON i.id = p.incident_id
         WHERE p.actor_id = a.id AND i.publication = 'published'))
   AND a.slug > @after_slug::text
   AND (@name_prefix::text = '' OR EXISTS (
        SELECT FROM actor_names AS n WHERE n.actor_id = a.id AND starts_with(n.key, @name_prefix)))
   AND (cardinality(@kinds::text[]) = 0 OR a.kind = ANY (@kinds::actor_kind[]))
   AND (cardinality(@sectors::text[]) = 0 OR a.sector = ANY (@sectors::sector[]))
 ORDER BY a.slug
 LIMIT @most;

-- name: ActorRoles :many
-- What an actor takes part in, the incident's card with the role.
SELECT p.role, i.card, i.victims_desc, i.id
  FROM incident_participants AS p
  JOIN incidents AS i ON i.id = p.incident_id
 WHERE p.actor_id = @actor_id AND i.listed
 ORDER BY i.victims_desc DESC, i.id DESC, p.role
 LIMIT @most;
