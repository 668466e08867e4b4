-- name: RevisionInsert :exec
INSERT INTO incident_revisions (incident_id, version, at, author, action, reason, document)
VALUES (@incident_id, @version, @at, @author, @action, sqlc.narg('reason'), @document);

-- name: RevisionsOfNew :exec
-- The first version of each of these incidents. Taken from the incidents' rows, a
-- document is neither sent nor read nor compressed once more.
INSERT INTO incident_revisions (incident_id, version, at, author, action, reason, document)
SELECT id, version, updated_at, @author, @action, sqlc.narg('reason'), document FROM incidents WHERE id = ANY (@ids::uuid[]);

-- name: RevisionPage :many
-- All of them, or the public ones from the first of these on; the newest first.
SELECT version, at, author, action, reason, document
  FROM incident_revisions
 WHERE incident_id = @incident_id AND version < @below_version AND version >= @from_version
   AND (@everything::boolean OR version_is_public(incident_id, version, document ->> 'publication'))
 ORDER BY version DESC
 LIMIT @most;

-- name: RevisionByVersion :one
SELECT version, at, author, action, reason, document
  FROM incident_revisions
 WHERE incident_id = @incident_id AND version = @version
   AND (@everything::boolean OR version_is_public(incident_id, version, document ->> 'publication'));

-- name: RevisionFirstPublished :one
-- The first version that everybody could read. Usually it is the first one of all,
-- and no other document is opened.
SELECT version
  FROM incident_revisions
 WHERE incident_id = @incident_id AND document ->> 'publication' = 'published'
 ORDER BY version
 LIMIT 1;

-- name: RevisionOfAction :one
-- The latest version that an action wrote since a time.
SELECT version
  FROM incident_revisions
 WHERE incident_id = @incident_id AND action = @action AND at >= @since
 ORDER BY version DESC
 LIMIT 1;

-- name: RevisionClaimsElsewhere :many
-- The other incidents that have any of these claims: among those that were ever
-- merged with this one, directly or through others. Claims move by merges only.
WITH RECURSIVE kin (id) AS (
    SELECT @incident_id::uuid AS id
     UNION
    SELECT other.id
      FROM kin
     CROSS JOIN LATERAL (
        SELECT (document ->> 'merged_into')::uuid AS id
          FROM incident_revisions
         WHERE incident_id = kin.id AND starts_with(action, 'merge into ')
         UNION ALL
        SELECT incident_id
          FROM incident_revisions
         WHERE (document ->> 'merged_into')::uuid = kin.id AND starts_with(action, 'merge into ')) AS other
)
SELECT i.slug
  FROM incidents AS i
 WHERE i.id IN (SELECT id FROM kin) AND i.id <> @incident_id
   AND (EXISTS (SELECT FROM counts AS c WHERE c.incident_id = i.id AND c.id = ANY (@claims::uuid[]))
        OR EXISTS (SELECT FROM losses AS c WHERE c.incident_id = i.id AND c.id = ANY (@claims))
        OR EXISTS (SELECT FROM attributions AS c WHERE c.incident_id = i.id AND c.id = ANY (@claims))
        OR EXISTS (SELECT FROM responses AS c WHERE c.incident_id = i.id AND c.id = ANY (@claims)))
 ORDER BY i.slug;
