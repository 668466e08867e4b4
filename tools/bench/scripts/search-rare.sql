\set n random(0, :rare - 1)
WITH found AS MATERIALIZED (
    SELECT id, card, victims_desc, search FROM incidents WHERE listed AND search @@ websearch_to_tsquery('english', 'lot' || :n::text) LIMIT 1000
)
SELECT id, card, victims_desc, ts_rank_cd('{0.05, 0.2, 0.5, 1}', search, websearch_to_tsquery('english', 'lot' || :n::text), 1) AS rank FROM found ORDER BY rank DESC, victims_desc DESC, id DESC LIMIT 21;
