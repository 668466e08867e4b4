-- name: IncidentInsert :exec
INSERT INTO incidents (
    id,
    slug,
    title,
    summary,
    category,
    certainty,
    publication,
    occurred_from,
    occurred_from_precision,
    occurred_to,
    occurred_to_precision,
    discovered,
    discovered_precision,
    disclosed,
    disclosed_precision,
    contained,
    contained_precision,
    countries,
    vectors,
    data_classes,
    payment_methods,
    tags,
    merged_into,
    retraction_reason,
    first_published_at,
    version,
    created_at,
    updated_at,
    victims,
    victims_low,
    victims_high,
    victims_unit,
    victims_support,
    payment,
    unanswered,
    contested,
    card,
    document,
    etag,
    search
) VALUES (
    @id,
    @slug,
    @title,
    @summary,
    @category,
    @certainty,
    @publication,
    sqlc.narg('occurred_from'),
    sqlc.narg('occurred_from_precision'),
    sqlc.narg('occurred_to'),
    sqlc.narg('occurred_to_precision'),
    sqlc.narg('discovered'),
    sqlc.narg('discovered_precision'),
    sqlc.narg('disclosed'),
    sqlc.narg('disclosed_precision'),
    sqlc.narg('contained'),
    sqlc.narg('contained_precision'),
    @countries,
    @vectors,
    @data_classes,
    @payment_methods,
    @tags,
    sqlc.narg('merged_into'),
    sqlc.narg('retraction_reason'),
    CASE WHEN @publication::publication = 'published' THEN @created_at::timestamptz END,
    @version,
    @created_at,
    @updated_at,
    sqlc.narg('victims'),
    sqlc.narg('victims_low'),
    sqlc.narg('victims_high'),
    sqlc.narg('victims_unit'),
    sqlc.narg('victims_support'),
    @payment,
    @unanswered,
    @contested,
    @card,
    @document,
    @etag,
    incident_search(@title, @summary, @actor_ids::uuid[], @source_ids::uuid[])
);

-- name: IncidentUpdate :exec
-- Another document of the same version was rendered anew. Its time is later than
-- any that the incident had before, by as much as a millisecond tells apart.
UPDATE incidents SET
    slug = @slug,
    title = @title,
    summary = @summary,
    category = @category,
    certainty = @certainty,
    publication = @publication,
    occurred_from = sqlc.narg('occurred_from'),
    occurred_from_precision = sqlc.narg('occurred_from_precision'),
    occurred_to = sqlc.narg('occurred_to'),
    occurred_to_precision = sqlc.narg('occurred_to_precision'),
    discovered = sqlc.narg('discovered'),
    discovered_precision = sqlc.narg('discovered_precision'),
    disclosed = sqlc.narg('disclosed'),
    disclosed_precision = sqlc.narg('disclosed_precision'),
    contained = sqlc.narg('contained'),
    contained_precision = sqlc.narg('contained_precision'),
    countries = @countries,
    vectors = @vectors,
    data_classes = @data_classes,
    payment_methods = @payment_methods,
    tags = @tags,
    merged_into = sqlc.narg('merged_into'),
    retraction_reason = sqlc.narg('retraction_reason'),
    first_published_at = CASE WHEN @publication::publication = 'published' THEN coalesce(first_published_at, @updated_at::timestamptz) ELSE first_published_at END,
    version = @version,
    updated_at = @updated_at,
    rerendered_at = CASE WHEN version = @version AND etag <> @etag
        THEN greatest(clock_timestamp(), updated_at + interval '1 millisecond', rerendered_at + interval '1 millisecond')
        ELSE rerendered_at END,
    victims = sqlc.narg('victims'),
    victims_low = sqlc.narg('victims_low'),
    victims_high = sqlc.narg('victims_high'),
    victims_unit = sqlc.narg('victims_unit'),
    victims_support = sqlc.narg('victims_support'),
    payment = @payment,
    unanswered = @unanswered,
    contested = @contested,
    card = @card,
    document = @document,
    etag = @etag,
    search = incident_search(@title, @summary, @actor_ids::uuid[], @source_ids::uuid[])
WHERE id = @id;

-- name: IncidentRerendered :one
-- When that very document was rendered without a version of its own.
SELECT rerendered_at FROM incidents WHERE id = @id AND etag = @etag;

-- name: IncidentDocumentByID :one
SELECT i.id, i.slug, i.document, i.etag, i.publication, i.retraction_reason, i.first_published_at, target.slug AS merged_into_slug
  FROM incidents AS i
  LEFT JOIN incidents AS target ON target.id = i.merged_into
 WHERE i.id = @id;

-- name: IncidentDocumentBySlug :one
SELECT i.id, i.slug, i.document, i.etag, i.publication, i.retraction_reason, i.first_published_at, target.slug AS merged_into_slug
  FROM incidents AS i
  LEFT JOIN incidents AS target ON target.id = i.merged_into
 WHERE i.slug = @slug;

-- name: IncidentLock :one
-- Holds the incident until the transaction ends: writers take turns.
SELECT id, slug, publication, version, etag FROM incidents WHERE id = @id FOR UPDATE;

-- name: IncidentsCiting :many
-- Holds the other incidents that name any of these sources until the
-- transaction ends.
SELECT id
  FROM incidents
 WHERE id <> @except_id::uuid
   AND id IN (SELECT x.incident_id FROM incident_sources AS x WHERE x.source_id = ANY (@source_ids::uuid[]))
 ORDER BY id
   FOR UPDATE;

-- name: IncidentRows :many
SELECT
    id,
    slug,
    title,
    summary,
    category,
    certainty,
    publication,
    occurred_from,
    occurred_from_precision,
    occurred_to,
    occurred_to_precision,
    discovered,
    discovered_precision,
    disclosed,
    disclosed_precision,
    contained,
    contained_precision,
    countries,
    vectors,
    data_classes,
    payment_methods,
    tags,
    merged_into,
    retraction_reason,
    version,
    created_at,
    updated_at
  FROM incidents
 WHERE id = ANY (@ids::uuid[])
 ORDER BY id;

-- name: IncidentSlugsTaken :many
-- Of these slugs, those that are taken.
SELECT slug FROM incidents WHERE slug = ANY (@slugs::text[]) ORDER BY slug;

-- name: IncidentSlugNumbersFree :many
-- The first numbers with which these slugs are free (acme-2, acme-3), so many of
-- each, from a number on before which all are taken. They are given one after
-- another: where the last is taken, all are. (In the list of a SELECT the series is
-- made as far as it is read.)
SELECT w.place::integer AS place, free.n::integer AS n
  FROM unnest(@slugs::text[]) WITH ORDINALITY AS w (slug, place)
 CROSS JOIN LATERAL (
    SELECT s.n
      FROM (SELECT generate_series((@froms::integer[])[w.place], CASE WHEN (SELECT true FROM incidents AS i WHERE i.slug = w.slug || '-' || @last::integer) THEN 0 ELSE @last END) AS n) AS s
     WHERE (SELECT true FROM incidents AS i WHERE i.slug = w.slug || '-' || s.n) IS NULL
     LIMIT (@most::integer[])[w.place]) AS free
 ORDER BY w.place, free.n;

-- name: IncidentMatches :many
-- The incidents in which words occur, at most so many: with texts also in what is
-- read only with a key where it is not public.
SELECT id
  FROM incidents
 WHERE search @@ CASE WHEN @texts::boolean THEN websearch_to_tsquery('english', @q::text) ELSE shown_words(websearch_to_tsquery('english', @q)) END
 LIMIT @most;

-- name: EstimatedIncidentsIn :one
-- About in how many incidents the most frequent of some countries is; 0 is not known.
SELECT estimated_incidents_in(@countries::text[])::bigint AS incidents;

-- name: IncidentsIn :many
-- The incidents in some countries, at most so many.
SELECT id FROM incidents WHERE countries && @countries::text[] LIMIT @most;

-- name: IncidentsOfActors :many
-- The incidents that name actors, in any role or in one of some, at most so many; one
-- that names them twice may come twice.
SELECT incident_id
  FROM incident_participants
 WHERE actor_id = ANY (@actors::uuid[])
   AND (cardinality(@roles::text[]) = 0 OR role = ANY (@roles::role[]))
 LIMIT @most;

-- name: IncidentsAnswered :many
-- The incidents with responses of some kinds, at most so many; one with two of them
-- may come twice.
SELECT incident_id FROM responses WHERE kind = ANY (@kinds::response_kind[]) LIMIT @most;

-- name: IncidentsOfKind :many
-- The incidents in which organisations of some sectors or kinds were breached, at most
-- so many; one with two of them may come twice. They are found by their organisations:
-- the OFFSET keeps PostgreSQL from asking of all who take part in anything who they are.
SELECT p.incident_id
  FROM actors AS a
 CROSS JOIN LATERAL (
    SELECT incident_id FROM incident_participants WHERE actor_id = a.id AND role IN ('victim', 'affected_platform') OFFSET 0) AS p
 WHERE (cardinality(@sectors::text[]) = 0 OR a.sector = ANY (@sectors::sector[]))
   AND (cardinality(@kinds::text[]) = 0 OR a.kind = ANY (@kinds::actor_kind[]))
 LIMIT @most;

-- name: IncidentList :many
-- A page of a list. Under a custom plan the CASE of the sort that is not asked
-- for folds to a constant, and the one that is leaves a plain row comparison
-- and a plain column, which an index serves. Going up, what is not known is asked
-- for by itself: it comes first in the index, and last in the list.
SELECT
    i.id,
    i.card,
    coalesce((SELECT p.others FROM possible_duplicates AS p WHERE p.incident_id = i.id), 0)::integer AS possible_duplicates,
    (CASE ltrim(@sort::text, '-')
        WHEN 'victims' THEN i.victims_desc::text
        WHEN 'victims_low' THEN i.victims_low_desc::text
        WHEN 'disclosed' THEN i.disclosed_desc::text
        WHEN 'occurred' THEN i.occurred_desc::text
        ELSE (extract(epoch FROM i.updated_at) * 1000000)::bigint::text
    END)::text AS sort_key
  FROM incidents_matching(@filter::jsonb) AS i
 WHERE NOT @after::boolean OR CASE @sort
        WHEN '-victims' THEN (i.victims_desc, i.id) < (@after_number::bigint, @after_id::uuid)
        WHEN 'victims' THEN (i.victims_desc, i.id) > (@after_number, @after_id) AND (NOT @unknown::boolean OR i.victims_desc = -1)
        WHEN '-victims_low' THEN (i.victims_low_desc, i.id) < (@after_number, @after_id)
        WHEN 'victims_low' THEN (i.victims_low_desc, i.id) > (@after_number, @after_id) AND (NOT @unknown::boolean OR i.victims_low_desc = -1)
        WHEN '-disclosed' THEN (i.disclosed_desc, i.id) < (cast(@after_date::text AS date), @after_id)
        WHEN 'disclosed' THEN (i.disclosed_desc, i.id) > (cast(@after_date::text AS date), @after_id) AND (NOT @unknown::boolean OR i.disclosed_desc = '-infinity')
        WHEN '-occurred' THEN (i.occurred_desc, i.id) < (cast(@after_date::text AS date), @after_id)
        WHEN 'occurred' THEN (i.occurred_desc, i.id) > (cast(@after_date::text AS date), @after_id) AND (NOT @unknown::boolean OR i.occurred_desc = '-infinity')
        WHEN '-updated' THEN (i.updated_at, i.id) < (@after_time::timestamptz, @after_id)
        ELSE (i.updated_at, i.id) > (@after_time, @after_id)
    END
 ORDER BY
    CASE WHEN @sort = '-victims' THEN i.victims_desc END DESC,
    CASE WHEN @sort = 'victims' THEN i.victims_desc END,
    CASE WHEN @sort = '-victims_low' THEN i.victims_low_desc END DESC,
    CASE WHEN @sort = 'victims_low' THEN i.victims_low_desc END,
    CASE WHEN @sort = '-disclosed' THEN i.disclosed_desc END DESC,
    CASE WHEN @sort = 'disclosed' THEN i.disclosed_desc END,
    CASE WHEN @sort = '-occurred' THEN i.occurred_desc END DESC,
    CASE WHEN @sort = 'occurred' THEN i.occurred_desc END,
    CASE WHEN @sort = '-updated' THEN i.updated_at END DESC,
    CASE WHEN @sort = 'updated' THEN i.updated_at END,
    CASE WHEN left(@sort, 1) = '-' THEN i.id END DESC,
    CASE WHEN left(@sort, 1) <> '-' THEN i.id END
 LIMIT @most;
