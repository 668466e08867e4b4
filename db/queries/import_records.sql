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

-- name: DuplicatesOfImported :many
-- The incidents that breached the same organisation within a year of
-- these or, where a date is not known, with nearly the same number: at most
-- three for each, the closest first, of its latest ones. Of those from the latest
-- on, three of the same day are the closest; then the others need not be read.
-- Of those with large numbers also the incidents with nearly the same large number
-- whose organisation has a name that goes on from that of these, or the other way
-- around: Anthem and Anthem Blue Cross. Dates that are known are not far apart. (least
-- and greatest pass over what is null: that both numbers are known is said besides.)
SELECT
    least(n.id, o.id)::uuid AS first_id,
    greatest(n.id, o.id)::uuid AS second_id,
    coalesce(o.days, -1)::integer AS days, -- -1: not known
    false AS by_name
  FROM incidents AS n
  JOIN incident_participants AS p ON p.incident_id = n.id AND p.role IN ('victim', 'affected_platform')
 CROSS JOIN LATERAL (
    SELECT ARRAY(
        SELECT i.id
          FROM ((SELECT q.incident_id FROM incident_participants AS q
                  WHERE q.actor_id = p.actor_id AND q.role = 'victim' AND q.incident_id <> n.id
                  ORDER BY q.incident_id DESC
                  LIMIT 20)
                UNION ALL
                (SELECT q.incident_id FROM incident_participants AS q
                  WHERE q.actor_id = p.actor_id AND q.role = 'affected_platform' AND q.incident_id <> n.id
                  ORDER BY q.incident_id DESC
                  LIMIT 20)) AS near
          JOIN incidents AS i ON i.id = near.incident_id AND i.publication IN ('draft', 'published')
         WHERE CASE WHEN coalesce(n.occurred_from, n.disclosed) IS NULL
                    THEN i.victims IS NOT NULL AND n.victims IS NOT NULL AND least(i.victims, n.victims) >= 1000
                     AND greatest(i.victims, n.victims) <= 1.1 * least(i.victims, n.victims)
                    ELSE coalesce(i.occurred_from, i.disclosed) = coalesce(n.occurred_from, n.disclosed)
               END
         ORDER BY near.incident_id DESC
         LIMIT 3) AS ids
    OFFSET 0) AS closest -- worked out once
 CROSS JOIN LATERAL (
    SELECT c.id, CASE WHEN coalesce(n.occurred_from, n.disclosed) IS NOT NULL THEN 0 END AS days
      FROM unnest(closest.ids) AS c (id)
     WHERE cardinality(closest.ids) = 3
     UNION ALL
    (SELECT i.id, abs(coalesce(i.occurred_from, i.disclosed) - coalesce(n.occurred_from, n.disclosed)) AS days
      FROM ((SELECT q.incident_id FROM incident_participants AS q
              WHERE q.actor_id = p.actor_id AND q.role = 'victim' AND q.incident_id <> n.id AND cardinality(closest.ids) < 3
              ORDER BY q.incident_id DESC
              LIMIT 20)
            UNION ALL
            (SELECT q.incident_id FROM incident_participants AS q
              WHERE q.actor_id = p.actor_id AND q.role = 'affected_platform' AND q.incident_id <> n.id AND cardinality(closest.ids) < 3
              ORDER BY q.incident_id DESC
              LIMIT 20)) AS near
      JOIN incidents AS i ON i.id = near.incident_id AND i.publication IN ('draft', 'published')
     WHERE CASE WHEN coalesce(i.occurred_from, i.disclosed) IS NULL OR coalesce(n.occurred_from, n.disclosed) IS NULL
                THEN i.victims IS NOT NULL AND n.victims IS NOT NULL AND least(i.victims, n.victims) >= 1000
                     AND greatest(i.victims, n.victims) <= 1.1 * least(i.victims, n.victims)
                ELSE abs(coalesce(i.occurred_from, i.disclosed) - coalesce(n.occurred_from, n.disclosed)) <= 366
           END
     ORDER BY days, i.id DESC
     LIMIT 3)) AS o
 WHERE n.id = ANY (@ids::uuid[])
 UNION ALL
SELECT DISTINCT
    least(n.id, i.id),
    greatest(n.id, i.id),
    -1,
    true
  FROM incidents AS n
  JOIN incident_participants AS p ON p.incident_id = n.id AND p.role IN ('victim', 'affected_platform')
  JOIN actor_names AS a ON a.actor_id = p.actor_id
 CROSS JOIN LATERAL (
    SELECT o.actor_id
      FROM actor_names AS o
     WHERE o.key = ANY (ARRAY(SELECT array_to_string(w.words[1:k.n], ' ')
                                FROM regexp_split_to_array(a.key, ' ') AS w (words), generate_series(1, cardinality(w.words) - 1) AS k (n)))
     UNION
    (SELECT o.actor_id FROM actor_names AS o WHERE o.key > a.key || ' ' AND o.key < a.key || '!' LIMIT 20)) AS kin
  JOIN incident_participants AS q ON q.actor_id = kin.actor_id AND q.role IN ('victim', 'affected_platform') AND q.incident_id <> n.id
  JOIN incidents AS i ON i.id = q.incident_id AND i.publication IN ('draft', 'published')
 WHERE n.id = ANY (@large::uuid[])
   AND i.victims IS NOT NULL AND n.victims IS NOT NULL
   AND greatest(i.victims, n.victims) <= 1.1 * least(i.victims, n.victims)
   AND coalesce(abs(coalesce(i.occurred_from, i.disclosed) - coalesce(n.occurred_from, n.disclosed)) <= 366, true);

-- name: IncidentSlugs :many
SELECT id, slug FROM incidents WHERE id = ANY (@ids::uuid[]);

-- name: SourcesHeld :many
-- The sources of these ids or addresses, and whether there is a text to quote from.
SELECT id, url, (text IS NOT NULL)::boolean AS has_text
  FROM sources
 WHERE id = ANY (@ids::uuid[])
    OR url = ANY (@urls::text[]);

-- name: ImportsLeftBehind :many
-- The incidents that imports of a format once read in these articles, and whose
-- origin is none of these: a fact file says no more what they say. One that an
-- incident of these origins was merged into has its articles from there.
SELECT DISTINCT i.slug
  FROM sources AS s
  JOIN incident_sources AS x ON x.source_id = s.id
  JOIN incidents AS i ON i.id = x.incident_id AND i.publication IN ('draft', 'published')
  JOIN import_records AS r ON r.incident_id = i.id AND starts_with(r.origin, @format::text) AND r.origin <> ALL (@origins::text[])
 WHERE (s.url = ANY (@urls::text[]) OR (s.url IS NULL AND s.text_sha256 = ANY (@hashes::bytea[])))
   AND NOT EXISTS (
        SELECT FROM import_records AS o
          JOIN incidents AS m ON m.id = o.incident_id
         WHERE o.origin = ANY (@origins::text[]) AND m.merged_into = i.id)
 ORDER BY i.slug;
