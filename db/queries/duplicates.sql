-- name: SimilarCandidates :many
-- Incidents that share a breached actor or a source with this one, or whose
-- title is much like its own: a bounded number of each.
WITH same_actor AS (
    SELECT p.incident_id AS id
      FROM incident_participants AS p
     WHERE p.actor_id = ANY (@breached::uuid[]) AND p.role IN ('victim', 'affected_platform')
       AND p.incident_id <> @id::uuid
     ORDER BY p.incident_id DESC
     LIMIT 200
), same_source AS (
    SELECT x.incident_id AS id
      FROM incident_sources AS x
     WHERE x.source_id = ANY (@source_ids::uuid[]) AND x.incident_id <> @id
     ORDER BY x.incident_id DESC
     LIMIT 100
), same_title AS (
    SELECT i.id
      FROM incidents AS i
     WHERE i.title % @title::text AND i.id <> @id
     LIMIT 50
), candidates AS (
    SELECT id FROM same_actor
     UNION
    SELECT id FROM same_source
     UNION
    SELECT id FROM same_title
)
SELECT
    i.id,
    i.slug,
    i.title,
    i.publication,
    i.occurred_from,
    i.disclosed,
    i.victims,
    i.victims_unit,
    similarity(i.title, @title)::real AS title_similarity,
    EXISTS (SELECT FROM incident_participants AS p WHERE p.incident_id = i.id
        AND p.role IN ('victim', 'affected_platform') AND p.actor_id = ANY (@breached::uuid[])) AS shares_breached,
    EXISTS (SELECT FROM incident_sources AS x WHERE x.incident_id = i.id AND x.source_id = ANY (@source_ids::uuid[])) AS shares_source
  FROM candidates AS c
  JOIN incidents AS i ON i.id = c.id
 WHERE i.publication IN ('draft', 'published')
 ORDER BY i.id;

-- name: DuplicatePut :exec
-- Queues a pair; one that was decided stays decided.
INSERT INTO duplicates (first_id, second_id, score, reasons, found_at)
VALUES (least(@one::uuid, @other::uuid), greatest(@one, @other), @score, @reasons, @found_at)
    ON CONFLICT (first_id, second_id) DO UPDATE
   SET score = excluded.score, reasons = excluded.reasons
 WHERE duplicates.state = 'open';

-- name: DuplicateDecide :execrows
UPDATE duplicates SET state = @state, decided_by = @decided_by::text, decided_at = @decided_at::timestamptz
 WHERE first_id = least(@one::uuid, @other::uuid) AND second_id = greatest(@one, @other);

-- name: DuplicateReopen :exec
UPDATE duplicates SET state = 'open', decided_by = NULL, decided_at = NULL
 WHERE first_id = least(@one::uuid, @other::uuid) AND second_id = greatest(@one, @other) AND state = 'merged';

-- name: DuplicateList :many
-- The queue: pairs not decided yet, the likeliest first.
SELECT d.first_id, d.second_id, d.score, d.reasons, d.state, d.found_at, one.card AS first_card, two.card AS second_card
  FROM duplicates AS d
  JOIN incidents AS one ON one.id = d.first_id
  JOIN incidents AS two ON two.id = d.second_id
 WHERE d.state = 'open'
   AND one.publication IN ('draft', 'published') AND two.publication IN ('draft', 'published')
   AND (@any_publication::boolean OR one.publication = 'published' AND two.publication = 'published')
   AND (NOT @after::boolean
        OR (d.score, d.first_id, d.second_id) < (@after_score::real, @after_first::uuid, @after_second::uuid))
 ORDER BY d.score DESC, d.first_id DESC, d.second_id DESC
 LIMIT @most;

-- name: DuplicateState :one
SELECT state FROM duplicates
 WHERE first_id = least(@one::uuid, @other::uuid) AND second_id = greatest(@one, @other);

-- name: PossibleDuplicates :many
-- How many published incidents may be the same as these, undecided.
SELECT pair.id, count(*) AS others
  FROM (SELECT d.first_id AS id, d.second_id AS other
          FROM duplicates AS d
         WHERE d.state = 'open' AND d.first_id = ANY (@ids::uuid[])
         UNION ALL
        SELECT d.second_id, d.first_id
          FROM duplicates AS d
         WHERE d.state = 'open' AND d.second_id = ANY (@ids)) AS pair
  JOIN incidents AS i ON i.id = pair.other
 WHERE i.publication = 'published'
 GROUP BY pair.id;
