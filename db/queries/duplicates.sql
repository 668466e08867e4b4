-- name: SimilarCandidates :many
-- Of each of some incidents those that share a breached actor, a source or words of
-- the title with it: a bounded number of each; of the first one also others that
-- are named. ns are the numbers of the incidents, which the other lists refer to.
WITH asked AS MATERIALIZED (
    SELECT unnest(@ns::integer[]) AS n, unnest(@ids::uuid[]) AS id, unnest(@title_words::text[]) AS words
), breached AS MATERIALIZED (
    SELECT b.n, b.actor_id, a.id
      FROM (SELECT unnest(@breached_of::integer[]) AS n, unnest(@breached::uuid[]) AS actor_id) AS b
      JOIN asked AS a ON a.n = b.n
), cited AS MATERIALIZED (
    SELECT s.n, s.source_id, a.id
      FROM (SELECT unnest(@sources_of::integer[]) AS n, unnest(@sources::uuid[]) AS source_id) AS s
      JOIN asked AS a ON a.n = s.n
), candidates AS (
    SELECT b.n, near.incident_id AS id, true AS by_actor, false AS by_source
      FROM breached AS b
     CROSS JOIN LATERAL (
        (SELECT p.incident_id
           FROM incident_participants AS p
          WHERE p.actor_id = b.actor_id AND p.role = 'victim' AND p.incident_id <> b.id
          ORDER BY p.incident_id DESC
          LIMIT 15)
         UNION ALL
        (SELECT p.incident_id
           FROM incident_participants AS p
          WHERE p.actor_id = b.actor_id AND p.role = 'affected_platform' AND p.incident_id <> b.id
          ORDER BY p.incident_id DESC
          LIMIT 15)
         ORDER BY incident_id DESC
         LIMIT 15) AS near
     UNION ALL
    SELECT s.n, near.incident_id, false, true
      FROM cited AS s
     CROSS JOIN LATERAL (
        SELECT x.incident_id
          FROM incident_sources AS x
         WHERE x.source_id = s.source_id AND x.incident_id <> s.id
         ORDER BY x.incident_id DESC
         LIMIT 15) AS near
     UNION ALL
    SELECT a.n, same_words.id, false, false
      FROM asked AS a
     CROSS JOIN LATERAL unnest((ARRAY( -- a limit here would make the planner read titles until it has so many
        SELECT i.id
          FROM incidents AS i
         WHERE to_tsvector('simple', i.title) @@ a.words::tsquery AND i.id <> a.id))[:25]) AS same_words (id)
     UNION ALL
    SELECT 1, id, false, false FROM unnest(@also::uuid[]) AS t (id)
), each AS (
    SELECT n, id, bool_or(by_actor) AS by_actor, bool_or(by_source) AS by_source FROM candidates GROUP BY n, id
)
SELECT
    c.n::integer AS n,
    i.id,
    i.slug,
    i.title,
    i.publication,
    i.occurred_from,
    i.disclosed,
    i.victims,
    i.victims_unit,
    -- Not EXISTS, for which all incidents of the actor would be read once.
    (c.by_actor OR (SELECT true FROM breached AS b JOIN incident_participants AS p ON p.actor_id = b.actor_id
         WHERE b.n = c.n AND p.incident_id = i.id AND p.role IN ('victim', 'affected_platform') LIMIT 1) IS NOT NULL)::boolean AS shares_breached,
    (c.by_source OR (SELECT true FROM cited AS s JOIN incident_sources AS x ON x.source_id = s.source_id
         WHERE s.n = c.n AND x.incident_id = i.id LIMIT 1) IS NOT NULL)::boolean AS shares_source
  FROM each AS c
  JOIN incidents AS i ON i.id = c.id
 WHERE i.publication IN ('draft', 'published')
 ORDER BY c.n, i.id;

-- name: BreachedApart :many
-- The latest incidents in which one actor was breached and another was not, with
-- what the look for duplicates compares.
WITH apart AS MATERIALIZED ( -- looked up by the actor, however many incidents there are
    SELECT DISTINCT p.incident_id AS id
      FROM incident_participants AS p
     WHERE p.actor_id = @actor_id::uuid AND p.role IN ('victim', 'affected_platform')
       AND NOT EXISTS (SELECT FROM incident_participants AS o
                        WHERE o.incident_id = p.incident_id AND o.actor_id = @other_id::uuid AND o.role IN ('victim', 'affected_platform'))
)
SELECT
    i.id,
    i.slug,
    i.title,
    i.occurred_from,
    i.disclosed,
    i.victims,
    i.victims_unit,
    ARRAY(SELECT s.source_id FROM incident_sources AS s WHERE s.incident_id = i.id)::uuid[] AS sources
  FROM apart AS a
  JOIN incidents AS i ON i.id = a.id
 WHERE i.publication IN ('draft', 'published')
 ORDER BY i.id DESC
 LIMIT @most;

-- name: SimilarBySpelling :many
-- Incidents that share nothing with this one but how something is spelt: those whose
-- titles have words that begin alike, the most alike of up to 1,000, and the latest of
-- organisations whose names are like those of the breached ones, or are these in
-- another form ("Target", "Target Corporation"). names_alike is how much the names are,
-- 0 to 1.
WITH begin_alike AS MATERIALIZED ( -- read as far as the limit, not further
    SELECT i.id, i.title
      FROM incidents AS i
     WHERE to_tsvector('simple', i.title) @@ cast(cast(@beginnings AS text) AS tsquery)
), titled AS (
    SELECT id, similarity(title, @title) AS likeness FROM begin_alike WHERE id <> @id LIMIT 1000
), named AS MATERIALIZED (
    SELECT alike.actor_id, alike.likeness
      FROM unnest(@names::text[]) AS t (name)
     CROSS JOIN LATERAL (
        SELECT n.actor_id, similarity(n.key, t.name) AS likeness
          FROM actor_names AS n
         WHERE (n.key || '') % t.name -- the expression of the index
         ORDER BY likeness DESC, n.actor_id
         LIMIT 10) AS alike
     WHERE alike.likeness >= 0.5 AND alike.actor_id <> ALL (@actors::uuid[])
     UNION ALL
    SELECT n.actor_id, 0.9
      FROM unnest(@names) AS t (name)
      JOIN actor_names AS n ON n.stem = actor_name_stem(t.name)
     WHERE n.actor_id <> ALL (@actors)
)
(SELECT id, 0::real AS names_alike FROM titled ORDER BY likeness DESC, id LIMIT 50)
 UNION ALL
SELECT near.incident_id, a.likeness
  FROM named AS a
 CROSS JOIN LATERAL (
    (SELECT p.incident_id FROM incident_participants AS p
      WHERE p.actor_id = a.actor_id AND p.role = 'victim' AND p.incident_id <> @id
      ORDER BY p.incident_id DESC LIMIT 5)
     UNION ALL
    (SELECT p.incident_id FROM incident_participants AS p
      WHERE p.actor_id = a.actor_id AND p.role = 'affected_platform' AND p.incident_id <> @id
      ORDER BY p.incident_id DESC LIMIT 5)) AS near;

-- name: BreachedInOtherForm :many
-- The latest incidents of organisations of which a name is one of these, folded, in
-- another legal form. ns are the numbers of the incidents that ask, ids what they are:
-- none is like itself.
SELECT DISTINCT asked.n::integer AS n, near.incident_id
  FROM (SELECT unnest(@ns::integer[]) AS n, unnest(@ids::uuid[]) AS id, unnest(@names::text[]) AS name) AS asked
  JOIN actor_names AS a ON a.stem = actor_name_stem(asked.name)
 CROSS JOIN LATERAL (
    (SELECT p.incident_id FROM incident_participants AS p
      WHERE p.actor_id = a.actor_id AND p.role = 'victim' AND p.incident_id <> asked.id
      ORDER BY p.incident_id DESC LIMIT 5)
     UNION ALL
    (SELECT p.incident_id FROM incident_participants AS p
      WHERE p.actor_id = a.actor_id AND p.role = 'affected_platform' AND p.incident_id <> asked.id
      ORDER BY p.incident_id DESC LIMIT 5)) AS near;

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

-- name: DuplicateDifferent :exec
-- Decides that a pair is not the same, whether or not it was in the queue.
INSERT INTO duplicates (first_id, second_id, score, reasons, state, decided_by, decided_at, reason, found_at)
VALUES (
    least(@one::uuid, @other::uuid), greatest(@one, @other), 0, '{}', 'different', @decided_by::text, @decided_at::timestamptz,
    sqlc.narg('reason'), @decided_at)
    ON CONFLICT (first_id, second_id) DO UPDATE
   SET state = excluded.state, decided_by = excluded.decided_by, decided_at = excluded.decided_at, reason = excluded.reason;

-- name: DuplicateMerged :exec
-- Takes a pair that was merged out of the queue. What was decided before stands, and
-- a pair that was never likely needs no decision.
UPDATE duplicates SET state = 'merged', decided_by = @decided_by::text, decided_at = @decided_at::timestamptz
 WHERE first_id = least(@one::uuid, @other::uuid) AND second_id = greatest(@one, @other) AND state = 'open';

-- name: DuplicateReopen :exec
UPDATE duplicates SET state = 'open', decided_by = NULL, decided_at = NULL
 WHERE first_id = least(@one::uuid, @other::uuid) AND second_id = greatest(@one, @other) AND state = 'merged';

-- name: DuplicateList :many
-- The queue: pairs not decided yet, the likeliest first.
SELECT d.first_id, d.second_id, d.score, d.reasons, d.found_at, one.card AS first_card, two.card AS second_card
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
