-- name: EstimatedMatches :one
-- About how many incidents the words are in, as the planner thinks.
SELECT estimated_matches(websearch_to_tsquery('english', @q::text))::bigint AS matches;

-- name: PlanOnce :exec
-- What follows in the same transaction is planned once a connection, with indexes:
-- a plan made while a table is empty would read all of it when it no longer is.
SELECT set_config('plan_cache_mode', 'force_generic_plan', true), set_config('enable_seqscan', 'off', true);

-- name: IncidentCandidates :many
-- Those that match, at most so many, the ones with the most victims.
SELECT i.id
  FROM incidents_matching(@filter::jsonb) AS i
 ORDER BY i.victims_desc DESC, i.id DESC
 LIMIT @ranked;

-- name: IncidentSearch :many
-- A page of the incidents in which words occur, the best first, with the passages
-- in which they stand: of the incidents that are given, or else of all that are
-- listed. It is planned once a connection (PlanOnce), as to plan it takes longer
-- than to carry it out.
WITH asked AS MATERIALIZED (
    SELECT
        whole,
        -- Without the texts of sources, what finds and ranks must not know them.
        CASE WHEN @texts::boolean THEN whole ELSE shown_words(whole) END AS sought,
        any_of,
        whole = any_of AS one,
        -- Any of the words in the title, in a name, in the summary, and in a source.
        replace(shown || ' ', ''' ', ''':A ')::tsquery AS a,
        replace(shown || ' ', ''' ', ''':B ')::tsquery AS b,
        replace(shown || ' ', ''' ', ''':C ')::tsquery AS c,
        replace(shown || ' ', ''' ', ''':D ')::tsquery AS d,
        @characters::integer AS characters,
        @incident_characters::integer AS incident_characters,
        -- Without a frequent word there cannot be many, unless all is asked for but some.
        CASE WHEN NOT @given::boolean AND (any_of = '' OR (frequent_words() @@ any_of) IS NOT FALSE) THEN estimated_matches(whole) ELSE 0 END AS matches
      FROM websearch_to_tsquery('english', @q::text) AS whole
     CROSS JOIN LATERAL any_word(whole) AS any_of
     CROSS JOIN LATERAL (SELECT CASE WHEN @passages::boolean THEN any_of::text END AS shown) AS s
), candidates AS MATERIALIZED (
    -- Three ways, of which two end before they have begun. Rare words: all matches
    -- by the index of words. Without OFFSET the planner would rather walk all
    -- incidents by their victims until it has met enough that match.
    (SELECT f.id, f.card, f.victims_desc, f.search, f.title, f.summary
       FROM (SELECT i.id, i.card, i.victims_desc, i.search, i.title, i.summary
               FROM incidents AS i
              WHERE i.listed AND i.search @@ (SELECT asked.sought FROM asked)
             OFFSET 0) AS f
      WHERE NOT @given AND (SELECT asked.matches FROM asked) < @common::bigint
      ORDER BY f.victims_desc DESC, f.id DESC
      LIMIT @ranked)
     UNION ALL
    -- Common words: the walk. The index of words does not know the function.
    (SELECT i.id, i.card, i.victims_desc, i.search, i.title, i.summary
       FROM incidents AS i
      WHERE i.listed AND NOT @given AND (SELECT asked.matches FROM asked) >= @common
        AND ts_match_vq(i.search, (SELECT asked.sought FROM asked))
      ORDER BY i.victims_desc DESC, i.id DESC
      LIMIT @ranked_common)
     UNION ALL
    SELECT i.id, i.card, i.victims_desc, i.search, i.title, i.summary
      FROM incidents AS i
     WHERE @given AND i.id = ANY (@ids::uuid[])
), ranked AS MATERIALIZED (
    SELECT
        c.id,
        c.card,
        c.victims_desc,
        c.search,
        c.title,
        c.summary,
        -- A word of the title counts twenty times one of an article; of two
        -- equal articles the shorter one is more about it.
        ts_rank_cd('{0.05, 0.2, 0.5, 1}'::real[], c.search, (SELECT asked.sought FROM asked), 1)::double precision AS rank
      FROM candidates AS c
), page AS MATERIALIZED (
    -- In an array the words are read from where they are stored once, and not
    -- again by each who looks into them.
    SELECT r.id, r.card, r.victims_desc, r.rank, r.title, r.summary, ARRAY[r.search] AS search
      FROM ranked AS r
     WHERE NOT @after::boolean
        OR (r.rank, r.victims_desc, r.id) < (@after_rank::float8, @after_victims::bigint, @after_id::uuid)
     ORDER BY r.rank DESC, r.victims_desc DESC, r.id DESC
     LIMIT @most
), places AS (
    SELECT
        p.id,
        p.card,
        p.victims_desc,
        p.rank,
        p.title,
        p.summary,
        -- Where any of the words is, and whether all that is asked for is there.
        p.search[1] @@ a.a AS in_title,
        p.search[1] @@ a.a AND (a.one OR ts_filter(p.search[1], '{a}') @@ a.whole) AS all_in_title,
        p.search[1] @@ a.c AS in_summary,
        p.search[1] @@ a.c AND (a.one OR ts_filter(p.search[1], '{c}') @@ a.whole) AS all_in_summary,
        n.name,
        n.all_there AS all_in_name,
        s.source_id,
        s.text,
        s.all_there AS all_in_source
      FROM page AS p
     CROSS JOIN asked AS a
      LEFT JOIN LATERAL (
        SELECT n.name, v @@ a.whole AS all_there
          FROM incident_participants AS x
          JOIN actor_names AS n ON n.actor_id = x.actor_id
         CROSS JOIN LATERAL to_tsvector('english', replace(n.name, '<', ' ')) AS v
         WHERE x.incident_id = p.id AND p.search[1] @@ a.b AND v @@ a.any_of
         ORDER BY v @@ a.whole DESC, n.key
         LIMIT 1) AS n ON true
      LEFT JOIN LATERAL (
        SELECT t.source_id, t.text, v @@ a.whole AS all_there
          FROM (SELECT s.id AS source_id, x.ordinal, left(concat_ws(E' \u2014 ', s.title, s.publisher, CASE
                        WHEN @texts AND s.text IS NOT NULL THEN left(s.text, m.characters / m.sources)
                        -- Where whole texts are not shown, what is quoted from them.
                        ELSE (SELECT string_agg(e.quote, E' \u2026 ' ORDER BY e.ordinal, e.id) FROM evidence AS e WHERE e.incident_id = x.incident_id AND e.source_id = s.id)
                    END), m.characters) AS text
                  FROM incident_sources AS x
                  JOIN sources AS s ON s.id = x.source_id
                 CROSS JOIN (
                    SELECT least(a.characters / (SELECT count(g.id) FROM page AS g), a.incident_characters)::integer AS characters,
                           (SELECT count(o.source_id) FROM incident_sources AS o WHERE o.incident_id = p.id)::integer AS sources
                    OFFSET 0) AS m
                 WHERE x.incident_id = p.id AND p.search[1] @@ a.d) AS t
         CROSS JOIN LATERAL to_tsvector('english', replace(t.text, '<', ' ')) AS v
         WHERE v @@ a.any_of
         ORDER BY v @@ a.whole DESC, t.ordinal
         LIMIT 1) AS s ON true
), passages AS (
    -- Where all that is asked for stands together somewhere, only such passages.
    SELECT p.id, p.card, p.victims_desc, p.rank, p.title, p.summary, p.in_title, p.all_in_title, p.in_summary, p.all_in_summary,
           p.name, p.all_in_name, p.source_id, p.text, p.all_in_source,
           (true IN (p.all_in_title, p.all_in_summary, p.all_in_name, p.all_in_source)) IS TRUE AS somewhere
      FROM places AS p
)
-- Words are put between U+0002 and U+0003. U+0004 stands for <, behind which
-- PostgreSQL would see a tag of HTML (search_of).
SELECT
    c.id,
    c.card,
    c.victims_desc,
    c.rank,
    coalesce((SELECT d.others FROM possible_duplicates AS d WHERE d.incident_id = c.id), 0)::integer AS possible_duplicates,
    coalesce(CASE WHEN c.all_in_title OR c.in_title AND NOT c.somewhere THEN
        ts_headline('english', translate(c.title, E'\u0002\u0003\u0004<', E'   \u0004'), CASE WHEN c.all_in_title THEN a.whole ELSE a.any_of END,
            E'StartSel="\u0002", StopSel="\u0003", HighlightAll=true') END, '')::text AS title,
    coalesce(CASE WHEN c.all_in_summary OR c.in_summary AND NOT c.somewhere THEN
        ts_headline('english', translate(c.summary, E'\u0002\u0003\u0004<', E'   \u0004'), CASE WHEN c.all_in_summary THEN a.whole ELSE a.any_of END,
            E'StartSel="\u0002", StopSel="\u0003", MaxFragments=2, MinWords=10, MaxWords=30, FragmentDelimiter=" \u2026 "') END, '')::text AS summary,
    coalesce(CASE WHEN c.all_in_name OR NOT c.somewhere THEN
        ts_headline('english', translate(c.name, E'\u0002\u0003\u0004<', E'   \u0004'), CASE WHEN c.all_in_name THEN a.whole ELSE a.any_of END,
            E'StartSel="\u0002", StopSel="\u0003", HighlightAll=true') END, '')::text AS actor,
    coalesce(c.source_id, c.id) AS source_id, -- of the passage below, if there is one
    coalesce(CASE WHEN c.all_in_source OR NOT c.somewhere THEN
        ts_headline('english', translate(c.text, E'\u0002\u0003\u0004<', E'   \u0004'), CASE WHEN c.all_in_source THEN a.whole ELSE a.any_of END,
            E'StartSel="\u0002", StopSel="\u0003", MaxFragments=2, MinWords=10, MaxWords=30, FragmentDelimiter=" \u2026 "') END, '')::text AS source
  FROM passages AS c
 CROSS JOIN asked AS a
 ORDER BY c.rank DESC, c.victims_desc DESC, c.id DESC;

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
