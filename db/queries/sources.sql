-- name: SourceInsert :execrows
-- Nothing when the address, or the text without an address, is known already.
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
    no_incident_reason
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
    sqlc.narg('no_incident_reason')
) ON CONFLICT DO NOTHING;

-- name: SourceTextAdd :exec
-- Gives a source that has no text the one that was found.
UPDATE sources SET text = @text, text_sha256 = @text_sha256
 WHERE id = @id AND text IS NULL AND redacted_at IS NULL;

-- name: SourceDescribe :execrows
-- Says of a source what its fact file says. What only others have said of it stays.
UPDATE sources SET
    title = coalesce(sqlc.narg('title'), title),
    publisher = coalesce(sqlc.narg('publisher'), publisher),
    author = coalesce(sqlc.narg('author'), author),
    published = coalesce(sqlc.narg('published'), published),
    published_precision = coalesce(sqlc.narg('published_precision'), published_precision),
    language = coalesce(sqlc.narg('language'), language),
    no_incident_reason = sqlc.narg('no_incident_reason')
 WHERE id = @id
   AND (title, publisher, author, published, published_precision, language, no_incident_reason)
       IS DISTINCT FROM (coalesce(sqlc.narg('title'), title), coalesce(sqlc.narg('publisher'), publisher),
        coalesce(sqlc.narg('author'), author), coalesce(sqlc.narg('published'), published),
        coalesce(sqlc.narg('published_precision'), published_precision), coalesce(sqlc.narg('language'), language),
        sqlc.narg('no_incident_reason'));

-- name: SourceFill :exec
-- Adds what was not known of a source; what is known stays.
UPDATE sources SET
    title = coalesce(title, sqlc.narg('title')),
    publisher = coalesce(publisher, sqlc.narg('publisher')),
    author = coalesce(author, sqlc.narg('author')),
    published = coalesce(published, sqlc.narg('published')),
    published_precision = CASE WHEN published IS NULL THEN sqlc.narg('published_precision') ELSE published_precision END,
    language = coalesce(language, sqlc.narg('language'))
 WHERE id = @id;

-- name: SourcesNamed :many
-- The sources that any of the ids, addresses or hashes of address-less texts
-- name, with their texts. They stay as they are until the transaction ends:
-- what a document shows of a source, and quotes from it, is true when it is stored.
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
    redacted_at
  FROM sources
 WHERE id = ANY (@ids::uuid[])
    OR url = ANY (@urls::text[])
    OR (url IS NULL AND text_sha256 = ANY (@hashes::bytea[]))
 ORDER BY id
   FOR SHARE;

-- name: SourcesNamedNow :many
-- The same without holding them: whoever stores what they say looks again.
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
    redacted_at
  FROM sources
 WHERE id = ANY (@ids::uuid[])
    OR url = ANY (@urls::text[])
    OR (url IS NULL AND text_sha256 = ANY (@hashes::bytea[]))
 ORDER BY id;

-- name: SourceIDsNamed :many
-- The same for a read: which ones they are, and nothing is held.
SELECT id
  FROM sources
 WHERE id = ANY (@ids::uuid[])
    OR url = ANY (@urls::text[])
    OR (url IS NULL AND text_sha256 = ANY (@hashes::bytea[]))
 ORDER BY id;

-- name: RedactedQuotes :many
-- What was quoted from sources before their text was taken away.
SELECT source_id, quote_start, quote_end, quote
  FROM redacted_quotes
 WHERE source_id = ANY (@source_ids::uuid[])
 ORDER BY source_id, quote_start, quote_end;

-- name: IncidentSourceRows :many
SELECT
    x.incident_id,
    s.id,
    s.url,
    s.title,
    s.publisher,
    s.author,
    s.published,
    s.published_precision,
    s.language,
    (s.text IS NOT NULL)::boolean AS has_text,
    s.no_incident_reason
  FROM incident_sources AS x
  JOIN sources AS s ON s.id = x.source_id
 WHERE x.incident_id = ANY (@incident_ids::uuid[])
 ORDER BY x.incident_id, x.ordinal;

-- name: SourceByID :one
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
    no_incident_reason,
    redacted_at,
    created_at
  FROM sources
 WHERE id = @id;

-- name: SourceIsPublic :one
SELECT source_is_public(id, standalone)::boolean AS public FROM sources WHERE id = @id;

-- name: SourceText :one
-- The text alone, under the same rule as in a list of sources.
SELECT s.text
  FROM sources AS s
 WHERE s.id = @id
   AND (@any_publication::boolean OR source_is_public(s.id, s.standalone));

-- name: SourceList :many
-- A page of the sources, newest first.
SELECT
    s.id,
    s.url,
    s.title,
    s.publisher,
    s.author,
    s.published,
    s.published_precision,
    s.language,
    (s.text IS NOT NULL)::boolean AS has_text,
    coalesce(left(s.text, 160), '')::text AS opening,
    s.no_incident_reason,
    s.created_at,
    (SELECT count(*) FROM incident_sources AS x JOIN incidents AS i ON i.id = x.incident_id
      WHERE x.source_id = s.id AND i.publication = 'published')::bigint AS incidents
  FROM sources AS s
 WHERE (sqlc.narg('url')::text IS NULL OR s.url = sqlc.narg('url'))
   AND (NOT @after::boolean OR (s.created_at, s.id) < (@after_time::timestamptz, @after_id::uuid))
   AND (@any_publication::boolean OR source_is_public(s.id, s.standalone))
 ORDER BY s.created_at DESC, s.id DESC
 LIMIT @most;

-- name: SourceIncidents :many
-- A page of the incidents that name a source, the newest first, with how many
-- characters they quote from it.
SELECT
    i.id,
    i.slug,
    i.title,
    i.publication,
    (SELECT coalesce(sum(length(e.quote)), 0) FROM evidence AS e
      WHERE e.source_id = x.source_id AND e.incident_id = x.incident_id)::bigint AS quoted
  FROM incident_sources AS x
  JOIN incidents AS i ON i.id = x.incident_id
 WHERE x.source_id = @source_id
   AND (NOT @after::boolean OR x.incident_id < @after_id::uuid)
   AND (@any_publication::boolean OR i.publication = 'published')
 ORDER BY x.incident_id DESC
 LIMIT @most;

-- name: SourceQuotes :many
-- What incidents quote from a source, by position.
SELECT
    i.slug AS incident_slug,
    (CASE
        WHEN e.count_id IS NOT NULL THEN 'count'
        WHEN e.loss_id IS NOT NULL THEN 'loss'
        WHEN e.attribution_id IS NOT NULL THEN 'attribution'
        ELSE 'response'
    END)::text AS claim,
    coalesce(e.count_id, e.loss_id, e.attribution_id, e.response_id)::uuid AS claim_id,
    e.quote::text AS quote,
    e.quote_start::integer AS quote_start,
    e.quote_end::integer AS quote_end
  FROM evidence AS e
  JOIN incidents AS i ON i.id = e.incident_id
 WHERE e.source_id = @source_id AND e.quote IS NOT NULL
   AND e.incident_id = ANY (@incident_ids::uuid[])
 ORDER BY e.quote_start, e.quote_end, i.slug, e.id;

-- name: SourceQuotesAt :many
-- The claims that rest on one passage of a source.
SELECT
    i.slug AS incident_slug,
    (CASE
        WHEN e.count_id IS NOT NULL THEN 'count'
        WHEN e.loss_id IS NOT NULL THEN 'loss'
        WHEN e.attribution_id IS NOT NULL THEN 'attribution'
        ELSE 'response'
    END)::text AS claim,
    coalesce(e.count_id, e.loss_id, e.attribution_id, e.response_id)::uuid AS claim_id,
    e.quote::text AS quote,
    e.quote_start::integer AS quote_start,
    e.quote_end::integer AS quote_end
  FROM evidence AS e
  JOIN incidents AS i ON i.id = e.incident_id
 WHERE e.source_id = @source_id AND e.quote_start = @quote_start::integer AND e.quote_end = @quote_end::integer
   AND (@any_publication::boolean OR i.publication = 'published')
 ORDER BY i.slug, e.id
 LIMIT @most;

-- name: SourceLock :one
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
    no_incident_reason,
    text_sha256,
    redacted_at
  FROM sources
 WHERE id = @id
   FOR UPDATE;

-- name: SourceReplace :exec
UPDATE sources SET
    url = sqlc.narg('url'),
    title = sqlc.narg('title'),
    publisher = sqlc.narg('publisher'),
    author = sqlc.narg('author'),
    published = sqlc.narg('published'),
    published_precision = sqlc.narg('published_precision'),
    language = sqlc.narg('language'),
    no_incident_reason = sqlc.narg('no_incident_reason')
 WHERE id = @id;

-- name: SourceRedact :exec
UPDATE sources SET text = NULL, redacted_at = @redacted_at::timestamptz WHERE id = @id AND redacted_at IS NULL;

-- name: SourceURLOwner :one
SELECT id FROM sources WHERE url = @url::text AND id <> @except_id::uuid;

-- name: IncidentNamesSource :one
SELECT EXISTS (
    SELECT
    FROM incident_sources
    WHERE incident_id = @incident_id
      AND source_id = @source_id
);

-- name: SourcesSettled :many
-- Those of the sources that more than drafts rest on: an incident names them that has
-- been published, or they are public by themselves.
SELECT s.id
  FROM sources AS s
 WHERE s.id = ANY (@ids::uuid[])
   AND (s.standalone
        OR EXISTS (SELECT FROM incident_sources AS x JOIN incidents AS i ON i.id = x.incident_id
                    WHERE x.source_id = s.id AND i.first_published_at IS NOT NULL));

-- name: SourceTextReplace :exec
-- What is quoted must stand in the new text by the end of the transaction.
UPDATE sources SET text = @text::text, text_sha256 = @text_sha256 WHERE id = @id AND redacted_at IS NULL;

-- name: SourceEvidence :many
-- Whatever is quoted from a source, by incident and place.
SELECT e.incident_id, e.id, i.slug, e.quote::text AS quote, e.quote_start::integer AS quote_start
  FROM evidence AS e
  JOIN incidents AS i ON i.id = e.incident_id
 WHERE e.source_id = @source_id AND e.quote IS NOT NULL
 ORDER BY i.slug, e.quote_start, e.id;

-- name: EvidenceMove :exec
UPDATE evidence SET quote_start = @quote_start::integer, quote_end = @quote_end::integer
 WHERE incident_id = @incident_id AND id = @id;

-- name: SourcesStandAlone :exec
-- From now on they are public also where no published incident names them.
UPDATE sources SET standalone = true WHERE id = ANY (@ids::uuid[]) AND NOT standalone;
