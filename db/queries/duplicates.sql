-- name: SimilarCandidates :many
-- Incidents that share a breached actor, a source or words of the title with
-- this one, and others that are named: a bounded number of each.
WITH same_words AS MATERIALIZED ( -- a limit here would make the planner read titles until it has so many
    SELECT i.id
      FROM incidents AS i
     WHERE to_tsvector('simple', i.title) @@ sqlc.arg('title_words')::text::tsquery AND i.id <> @id::uuid
), candidates AS (
    SELECT near.incident_id AS id, true AS by_actor, false AS by_source
      FROM unnest(@breached::uuid[]) AS a (actor_id)
     CROSS JOIN LATERAL (
        (SELECT p.incident_id
           FROM incident_participants AS p
          WHERE p.actor_id = a.actor_id AND p.role = 'victim' AND p.incident_id <> @id
          ORDER BY p.incident_id DESC
          LIMIT 15)
         UNION ALL
        (SELECT p.incident_id
           FROM incident_participants AS p
          WHERE p.actor_id = a.actor_id AND p.role = 'affected_platform' AND p.incident_id <> @id
          ORDER BY p.incident_id DESC
          LIMIT 15)
         ORDER BY incident_id DESC
         LIMIT 15) AS near
     UNION ALL
    SELECT near.incident_id, false, true
      FROM unnest(@source_ids::uuid[]) AS s (source_id)
     CROSS JOIN LATERAL (
        SELECT x.incident_id
          FROM incident_sources AS x
         WHERE x.source_id = s.source_id AND x.incident_id <> @id
         ORDER BY x.incident_id DESC
         LIMIT 15) AS near
     UNION ALL
    (SELECT id, false, false FROM same_words LIMIT 25)
     UNION ALL
    SELECT id, false, false FROM unnest(@also::uuid[]) AS t (id)
), each AS (
    SELECT id, bool_or(by_actor) AS by_actor, bool_or(by_source) AS by_source FROM candidates GROUP BY id
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
    -- Not EXISTS, for which all incidents of the actor would be read once.
    (c.by_actor OR (SELECT true FROM incident_participants AS p WHERE p.incident_id = i.id
         AND p.role IN ('victim', 'affected_platform') AND p.actor_id = ANY (@breached::uuid[]) LIMIT 1) IS NOT NULL)::boolean AS shares_breached,
    (c.by_source OR cardinality(@source_ids::uuid[]) > 0 AND (SELECT true FROM incident_sources AS x WHERE x.incident_id = i.id
         AND x.source_id = ANY (@source_ids::uuid[]) LIMIT 1) IS NOT NULL)::boolean AS shares_source
  FROM each AS c
  JOIN incidents AS i ON i.id = c.id
 WHERE i.publication IN ('draft', 'published')
 ORDER BY i.id;

-- name: SimilarTitles :many
-- The incidents whose titles are most like this one, by trigrams.
WITH alike AS MATERIALIZED (
    SELECT i.id, similarity(i.title, @title) AS likeness
      FROM incidents AS i
     WHERE i.title % @title::text AND i.id <> @id
)
SELECT id FROM alike ORDER BY likeness DESC, id LIMIT 50;

-- name: TitleWordParts :many
SELECT word::text AS word, part::real AS part FROM title_word_parts();

-- name: DuplicatesPut :exec
-- Queues pairs; one that was decided stays decided.
INSERT INTO duplicates (first_id, second_id, score, reasons, found_at)
SELECT t.first_id, t.second_id, t.score, string_to_array(t.reasons, E'\n'), @found_at::timestamptz
  FROM (SELECT unnest(@firsts::uuid[]) AS first_id, unnest(@seconds::uuid[]) AS second_id,
               unnest(@scores::real[]) AS score, unnest(@reasons::text[]) AS reasons) AS t
    ON CONFLICT (first_id, second_id) DO UPDATE
   SET score = excluded.score, reasons = excluded.reasons
 WHERE duplicates.state = 'open';

-- name: DuplicateInsert :exec
INSERT INTO duplicates (first_id, second_id, score, reasons, found_at)
VALUES (@first_id, @second_id, @score, @reasons, @found_at);

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
