\set n random(0, 9000000000000000)
\set m random(0, 9000000000000000)
\set a random(0, :companies - 1) * 10 + 5
\set b random(0, :companies - 1) * 10 + 2
\set q random_exponential(100, 200000, 5)
\set d random(0, 2000)
\set ta :start + :a * :step
\set tb :start + :b * :step
WITH k AS MATERIALIZED (
    SELECT lpad(to_hex((extract(epoch FROM clock_timestamp()) * 1000)::bigint), 12, '0') || '7' || substr(lpad(to_hex(:n::bigint), 14, '0'), 1, 3) || '8' || substr(lpad(to_hex(:n::bigint), 14, '0'), 4) || to_hex(:m::bigint % 16 + 16) AS id,
        'b' || to_hex(:n::bigint) || 'x' || to_hex(:m::bigint) AS name,
        (lpad(to_hex(:ta::bigint), 12, '0') || '7fff8000' || lpad(to_hex(:a::bigint), 12, '0'))::uuid AS victim,
        (lpad(to_hex(:tb::bigint), 12, '0') || '7fff8000' || lpad(to_hex(:b::bigint), 12, '0'))::uuid AS regulator
), s AS (
    INSERT INTO sources (id, url, title, publisher, published, published_precision, language, text, text_sha256)
    SELECT (substr(k.id, 1, 30) || '01')::uuid, 'https' || chr(58) || '//bench.example/' || k.name, initcap(k.name) || ' @title', 'The Bench Courier', '2026-03-02', 'day', 'en', t.text, sha256(convert_to(t.text, 'UTF8'))
      FROM k, (SELECT '@text' || k.name AS text FROM k) AS t
    RETURNING id
), i AS (
    INSERT INTO incidents (id, slug, title, summary, category, certainty, publication, disclosed, disclosed_precision, countries, vectors, data_classes, first_published_at,
        version, created_at, updated_at, victims, victims_high, victims_unit, victims_support, payment, unanswered, contested, card, document, etag, search)
    SELECT (substr(k.id, 1, 30) || '00')::uuid, '@slug-' || k.name, initcap(k.name) || ' @title', '@summary', 'data_breach', 'confirmed', 'published', date '2026-03-01' - :d::integer, 'day', '{US}', '{phishing}', '{card_number}', now(),
        1, now(), now(), :q::bigint, :q::bigint, 'cards', 'quoted', true, false, false, '@card', '@document', '"1-' || substr(k.id, 20) || '"',
        incident_search(initcap(k.name) || ' @title', '@summary', ARRAY[k.victim, k.regulator], '{}') || setweight(to_tsvector('english', concat_ws(' ', initcap(k.name), '@title', 'The Bench Courier', '@text', k.name)), 'D')
      FROM k
    RETURNING id
), p AS (
    INSERT INTO incident_participants (incident_id, actor_id, role, ordinal)
    SELECT i.id, k.victim, 'victim'::role, 0 FROM i, k UNION ALL SELECT i.id, k.regulator, 'regulator', 1 FROM i, k
), x AS (
    INSERT INTO incident_sources (incident_id, source_id, ordinal) SELECT i.id, s.id, 0 FROM i, s
), c AS (
    INSERT INTO counts (incident_id, id, ordinal, unit, qualifier, high, headline) SELECT i.id, (substr(k.id, 1, 30) || '02')::uuid, 0, 'cards', 'at_most', :q::bigint, true FROM i, k
), r AS (
    INSERT INTO responses (incident_id, id, ordinal, actor_id, kind, status, date, date_precision, summary, via_unnamed_source)
    SELECT i.id, (substr(k.id, 1, 30) || '03')::uuid, 0, k.victim, 'victim_notification', 'done', '2026-03-02', 'day', 'It wrote to those affected.', false FROM i, k
), e AS (
    INSERT INTO evidence (incident_id, id, ordinal, source_id, count_id, response_id, quote, quote_start, quote_end)
    SELECT i.id, (substr(k.id, 1, 30) || '04')::uuid, 0, s.id, (substr(k.id, 1, 30) || '02')::uuid, NULL, '@quote1', @from1, @to1 FROM i, k, s
     UNION ALL
    SELECT i.id, (substr(k.id, 1, 30) || '05')::uuid, 0, s.id, NULL, (substr(k.id, 1, 30) || '03')::uuid, '@quote2', @from2, @to2 FROM i, k, s
)
INSERT INTO incident_revisions (incident_id, version, at, author, action, document) SELECT i.id, 1, now(), 'bench', 'record', '@document' FROM i;
