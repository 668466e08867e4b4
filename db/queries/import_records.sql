-- name: ImportRecordByOrigin :one
SELECT r.incident_id, r.digest, r.version AS imported_version, i.version, i.slug
  FROM import_records AS r
  JOIN incidents AS i ON i.id = r.incident_id
 WHERE r.origin = @origin;

-- name: ImportRecordPut :exec
INSERT INTO import_records (origin, incident_id, digest, version, imported_at, original)
VALUES (@origin, @incident_id, @digest, @version, @imported_at, sqlc.narg('original'))
    ON CONFLICT (origin) DO UPDATE
   SET digest = excluded.digest, version = excluded.version, imported_at = excluded.imported_at, original = excluded.original;

-- name: ImportRecordsByOrigin :many
SELECT r.origin, r.incident_id, r.digest, r.version AS imported_version, i.version, i.slug
  FROM import_records AS r
  JOIN incidents AS i ON i.id = r.incident_id
 WHERE r.origin = ANY (@origins::text[]);

-- name: ImportRecordInsert :exec
INSERT INTO import_records (origin, incident_id, digest, version, imported_at, original)
VALUES (@origin, @incident_id, @digest, @version, @imported_at, sqlc.narg('original'));

-- name: ImportOriginal :one
-- The document that an incident was imported from, as it was.
SELECT origin, original
  FROM import_records
 WHERE incident_id = @incident_id AND starts_with(origin, @format::text) AND original IS NOT NULL
 ORDER BY origin
 LIMIT 1;

-- name: DuplicatesOfImported :execrows
-- Queues the incidents that breached the same organisation within a year of
-- these: at most three for each, the closest first.
INSERT INTO duplicates (first_id, second_id, score, reasons, found_at)
SELECT
    least(n.id, o.id),
    greatest(n.id, o.id),
    CASE WHEN o.days <= 92 THEN 0.65 ELSE 0.5 END::real,
    ARRAY['the same organisation was breached',
          CASE o.days WHEN 0 THEN 'their dates are the same'
                      WHEN 1 THEN 'their dates are a day apart'
                      ELSE 'their dates are ' || o.days || ' days apart' END],
    @found_at::timestamptz
  FROM incidents AS n
  JOIN incident_participants AS p ON p.incident_id = n.id AND p.role IN ('victim', 'affected_platform')
 CROSS JOIN LATERAL (
    SELECT i.id, abs(coalesce(i.occurred_from, i.disclosed) - coalesce(n.occurred_from, n.disclosed)) AS days
      FROM (SELECT q.incident_id FROM incident_participants AS q
             WHERE q.actor_id = p.actor_id AND q.role IN ('victim', 'affected_platform') AND q.incident_id <> n.id
             ORDER BY q.incident_id DESC
             LIMIT 50) AS near
      JOIN incidents AS i ON i.id = near.incident_id AND i.publication IN ('draft', 'published')
     WHERE abs(coalesce(i.occurred_from, i.disclosed) - coalesce(n.occurred_from, n.disclosed)) <= 366
     ORDER BY days, i.id DESC
     LIMIT 3) AS o
 WHERE n.id = ANY (@ids::uuid[])
    ON CONFLICT DO NOTHING;

-- name: IncidentSlugs :many
SELECT id, slug FROM incidents WHERE id = ANY (@ids::uuid[]);

-- name: SourceIDs :many
SELECT id FROM sources WHERE id = ANY (@ids::uuid[]);
