-- name: EstimatedMatches :one
-- About how many incidents the words are in, as the planner thinks.
SELECT estimated_matches(websearch_to_tsquery('english', @q::text))::bigint AS matches;

-- name: IncidentRanking :many
-- A page of what matches, the best first. Ranked are at most so many: of more,
-- those with the most victims.
WITH candidates AS MATERIALIZED (
    SELECT i.id, i.card, i.victims_desc, i.search
      FROM incidents_matching(@filter::jsonb) AS i
     ORDER BY i.victims_desc DESC, i.id DESC
     LIMIT @ranked
), ranked AS MATERIALIZED (
    SELECT
        id,
        card,
        victims_desc,
        -- A word of the title counts twenty times one of an article; of two
        -- equal articles the shorter one is more about it.
        ts_rank_cd('{0.05, 0.2, 0.5, 1}'::real[], search, websearch_to_tsquery('english', @q::text), 1)::double precision AS rank
      FROM candidates
)
SELECT id, card, victims_desc, rank,
       coalesce((SELECT p.others FROM possible_duplicates AS p WHERE p.incident_id = ranked.id), 0)::integer AS possible_duplicates
  FROM ranked
 WHERE NOT @after::boolean
    OR (rank, victims_desc, id) < (@after_rank::float8, @after_victims::bigint, @after_id::uuid)
 ORDER BY rank DESC, victims_desc DESC, id DESC
 LIMIT @most;

-- name: IncidentHighlights :many
-- Where the words of a search stand in incidents: in the title, the summary, a
-- name, and a source; of several names or sources one. Where all that is asked
-- for stands together somewhere, only such passages. Words are put between U+0002 and U+0003. Where whole texts
-- are not shown, only what is quoted from them is looked at.
WITH asked AS MATERIALIZED (
    SELECT
        websearch_to_tsquery('english', @q::text) AS whole,
        any_word(websearch_to_tsquery('english', @q::text)) AS any_of,
        @texts::boolean AS texts,
        @characters::integer AS characters
), passages AS (
    SELECT i.id AS incident_id, 1 AS place, 'title' AS field, NULL::uuid AS source_id, ''::text AS key, i.title AS text
      FROM incidents AS i
     WHERE i.id = ANY (@ids::uuid[])
     UNION ALL
    SELECT i.id, 2, 'summary', NULL, '', i.summary
      FROM incidents AS i
     WHERE i.id = ANY (@ids) AND i.summary <> ''
     UNION ALL
    SELECT p.incident_id, 3, 'actor', NULL, n.key, n.name
      FROM (SELECT DISTINCT incident_id, actor_id FROM incident_participants WHERE incident_id = ANY (@ids)) AS p
      JOIN actor_names AS n ON n.actor_id = p.actor_id
     UNION ALL
    SELECT x.incident_id, 4, 'source', s.id, to_char(x.ordinal, '00000'), left(concat_ws(E' \u2014 ', s.title, s.publisher, CASE
            WHEN a.texts AND s.text IS NOT NULL THEN left(s.text, a.characters / x.sources)
            ELSE (SELECT string_agg(e.quote, E' \u2026 ' ORDER BY e.ordinal, e.id) FROM evidence AS e WHERE e.incident_id = x.incident_id AND e.source_id = s.id)
        END), a.characters)
      FROM (SELECT incident_id, source_id, ordinal, (count(*) OVER (PARTITION BY incident_id))::integer AS sources
              FROM incident_sources WHERE incident_id = ANY (@ids)) AS x
      JOIN sources AS s ON s.id = x.source_id
     CROSS JOIN asked AS a
), matched AS (
    SELECT p.incident_id, p.place, p.field, p.source_id, p.text, v @@ a.whole AS all_there,
        bool_or(v @@ a.whole) OVER (PARTITION BY p.incident_id) AS somewhere,
        row_number() OVER (PARTITION BY p.incident_id, p.place ORDER BY v @@ a.whole DESC, p.key) AS nth
      FROM passages AS p
     CROSS JOIN asked AS a
     CROSS JOIN LATERAL to_tsvector('english', p.text) AS v
     WHERE v @@ a.any_of
)
SELECT
    m.incident_id,
    m.field,
    m.source_id,
    ts_headline('english', translate(m.text, E'\u0002\u0003', '  '), CASE WHEN m.all_there THEN a.whole ELSE a.any_of END,
        CASE m.field
            WHEN 'source' THEN E'StartSel="\u0002", StopSel="\u0003", MaxFragments=2, MinWords=10, MaxWords=30, FragmentDelimiter=" \u2026 "'
            WHEN 'summary' THEN E'StartSel="\u0002", StopSel="\u0003", MaxFragments=2, MinWords=10, MaxWords=30, FragmentDelimiter=" \u2026 "'
            ELSE E'StartSel="\u0002", StopSel="\u0003", HighlightAll=true'
        END)::text AS marked
  FROM matched AS m
 CROSS JOIN asked AS a
 WHERE m.nth = 1 AND (m.all_there OR NOT m.somewhere)
 ORDER BY m.incident_id, m.place;

-- name: IncidentCount :one
-- How many match, counted to so many.
SELECT count(*)
  FROM (SELECT i.id
          FROM incidents_matching(@filter::jsonb) AS i
         ORDER BY i.victims_desc DESC, i.id DESC
         LIMIT @most) AS matching;

-- name: IncidentFacets :many
-- How the incidents that match are spread over the values of some fields, the
-- most frequent values first. The row without a field says how many match, of at
-- most so many; only some of them are counted. The value '' is none.
WITH matching AS MATERIALIZED (
    SELECT
        i.id,
        i.category,
        i.certainty,
        i.publication,
        i.vectors,
        i.data_classes,
        i.payment_methods,
        i.countries,
        i.tags,
        i.victims_unit,
        i.victims_support,
        extract(year FROM CASE @date::text
            WHEN 'occurred' THEN coalesce(i.occurred_from, i.occurred_to)
            WHEN 'discovered' THEN i.discovered
            ELSE i.disclosed
        END)::integer AS year
      FROM incidents_matching(@filter::jsonb) AS i
     ORDER BY i.victims_desc DESC, i.id DESC
     LIMIT @most
), first AS MATERIALIZED (
    SELECT * FROM matching LIMIT @counted
), tally AS (
    SELECT 'category' AS field, category::text AS value FROM first WHERE 'category' = ANY (@fields::text[])
     UNION ALL
    SELECT 'certainty', certainty::text FROM first WHERE 'certainty' = ANY (@fields)
     UNION ALL
    SELECT 'publication', publication::text FROM first WHERE 'publication' = ANY (@fields)
     UNION ALL
    SELECT 'vector', t::text FROM first, unnest(vectors) AS t WHERE 'vector' = ANY (@fields)
     UNION ALL
    SELECT 'data_class', t::text FROM first, unnest(data_classes) AS t WHERE 'data_class' = ANY (@fields)
     UNION ALL
    SELECT 'payment_method', t::text FROM first, unnest(payment_methods) AS t WHERE 'payment_method' = ANY (@fields)
     UNION ALL
    SELECT 'country', t FROM first, unnest(countries) AS t WHERE 'country' = ANY (@fields)
     UNION ALL
    SELECT 'tag', t FROM first, unnest(tags) AS t WHERE 'tag' = ANY (@fields)
     UNION ALL
    SELECT 'unit', victims_unit::text FROM first WHERE 'unit' = ANY (@fields)
     UNION ALL
    SELECT 'support', victims_support::text FROM first WHERE 'support' = ANY (@fields)
     UNION ALL
    SELECT 'year', year::text FROM first WHERE 'year' = ANY (@fields)
     UNION ALL
    SELECT 'sector', sector::text
      FROM (SELECT DISTINCT f.id, a.sector
              FROM first AS f
              JOIN incident_participants AS p ON p.incident_id = f.id AND p.role IN ('victim', 'affected_platform')
              JOIN actors AS a ON a.id = p.actor_id
             WHERE 'sector' = ANY (@fields)) AS s
     UNION ALL
    SELECT 'role', role::text
      FROM (SELECT DISTINCT f.id, p.role
              FROM first AS f
              JOIN incident_participants AS p ON p.incident_id = f.id
             WHERE 'role' = ANY (@fields)) AS r
), counted AS (
    SELECT field, value, count(*) AS incidents, row_number() OVER (PARTITION BY field ORDER BY count(*) DESC, value) AS nth
      FROM tally
     GROUP BY field, value
)
SELECT field, coalesce(value, '')::text AS value, incidents
  FROM (SELECT '' AS field, '' AS value, count(*) AS incidents, 0 AS nth FROM matching
         UNION ALL
        SELECT field, value, incidents, nth FROM counted WHERE nth <= @values_most::bigint) AS result
 ORDER BY field, nth;
