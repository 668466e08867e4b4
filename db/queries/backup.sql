-- Everything that is kept, in the order of the keys: what a backup reads.

-- name: BackupActors :many
SELECT id, slug, name, kind, sector, country, domain, merged_into, version, created_at, updated_at
  FROM actors
 WHERE id > @after
 ORDER BY id
 LIMIT @most;

-- name: BackupSources :many
SELECT
    id,
    url,
    title,
    publisher,
    author,
    published,
    published_precision,
    language,
    text,
    text_sha256,
    no_incident_reason,
    standalone,
    redacted_at,
    created_at
  FROM sources
 WHERE id > @after
 ORDER BY id
 LIMIT @most;

-- name: BackupIncidents :many
SELECT id, document, first_published_at, rerendered_at FROM incidents WHERE id > @after ORDER BY id LIMIT @most;

-- name: BackupRevisions :many
SELECT incident_id, version, at, author, action, reason, document
  FROM incident_revisions
 WHERE incident_id = ANY (@incident_ids::uuid[])
 ORDER BY incident_id, version;

-- name: BackupImports :many
SELECT origin, incident_id, digest, version, imported_at, original
  FROM import_records
 WHERE origin > @after
 ORDER BY origin
 LIMIT @most;

-- name: BackupDuplicates :many
SELECT first_id, second_id, score, reasons, state, decided_by, decided_at, reason, found_at
  FROM duplicates
 WHERE (first_id, second_id) > (@after_first::uuid, @after_second::uuid)
 ORDER BY first_id, second_id
 LIMIT @most;

-- name: RestoreActor :exec
INSERT INTO actors (id, slug, name, kind, sector, country, domain, merged_into, version, created_at, updated_at)
VALUES (@id, @slug, @name, @kind, @sector, sqlc.narg('country'), sqlc.narg('domain'), sqlc.narg('merged_into'), @version, @created_at, @updated_at);

-- name: RestoreActorName :exec
INSERT INTO actor_names (key, actor_id, name)
VALUES (@key, @actor_id, @name);

-- name: RestoreSource :exec
INSERT INTO sources (
    id,
    url,
    title,
    publisher,
    author,
    published,
    published_precision,
    language,
    text,
    text_sha256,
    no_incident_reason,
    standalone,
    redacted_at,
    created_at
) VALUES (
    @id,
    sqlc.narg('url'),
    sqlc.narg('title'),
    sqlc.narg('publisher'),
    sqlc.narg('author'),
    sqlc.narg('published'),
    sqlc.narg('published_precision'),
    sqlc.narg('language'),
    sqlc.narg('text'),
    sqlc.narg('text_sha256'),
    sqlc.narg('no_incident_reason'),
    @standalone,
    sqlc.narg('redacted_at'),
    @created_at
);

-- name: RestoreRedactedQuote :exec
INSERT INTO redacted_quotes (source_id, quote_start, quote_end, quote)
VALUES (@source_id, @quote_start, @quote_end, @quote);

-- name: RestoreDuplicate :exec
INSERT INTO duplicates (first_id, second_id, score, reasons, state, decided_by, decided_at, reason, found_at)
VALUES (@first_id, @second_id, @score, @reasons, @state, sqlc.narg('decided_by'), sqlc.narg('decided_at'), sqlc.narg('reason'), @found_at);

-- name: LedgerEmpty :one
-- Whether nothing is kept but keys.
SELECT (NOT EXISTS (SELECT FROM incidents) AND NOT EXISTS (SELECT FROM sources) AND NOT EXISTS (SELECT FROM actors))::boolean AS empty;

-- name: ExportIncidents :many
-- Incidents in the order of their ids, published ones or all, with the document
-- that each was imported from in a format ('' for none). OFFSET 0: without
-- statistics PostgreSQL would go through all origins in their order for each.
SELECT
    i.id,
    i.document,
    (SELECT r.original
       FROM (SELECT origin, original FROM import_records
              WHERE @format::text <> '' AND incident_id = i.id AND original IS NOT NULL
             OFFSET 0) AS r
      WHERE starts_with(r.origin, @format)
      ORDER BY r.origin
      LIMIT 1) AS original
  FROM incidents AS i
 WHERE i.id > @after AND (@every::boolean OR i.publication = 'published')
 ORDER BY i.id
 LIMIT @most;

-- name: SourceTexts :many
SELECT id, text FROM sources WHERE id = ANY (@ids::uuid[]) AND text IS NOT NULL;

-- name: RestoreRerendered :exec
UPDATE incidents AS i SET rerendered_at = r.at
  FROM (SELECT unnest(@ids::uuid[]) AS id, unnest(@times::timestamptz[]) AS at) AS r
 WHERE i.id = r.id;
