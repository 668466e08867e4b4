-- name: ImportRecordByOrigin :one
SELECT r.incident_id, r.digest, r.version AS imported_version, i.version, i.slug
  FROM import_records AS r
  JOIN incidents AS i ON i.id = r.incident_id
 WHERE r.origin = @origin;

-- name: ImportRecordPut :exec
INSERT INTO import_records (origin, incident_id, digest, version, imported_at)
VALUES (@origin, @incident_id, @digest, @version, @imported_at)
    ON CONFLICT (origin) DO UPDATE
   SET digest = excluded.digest, version = excluded.version, imported_at = excluded.imported_at;
