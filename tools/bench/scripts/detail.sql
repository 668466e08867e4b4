\set n random(0, :scale - 1)
\set t :start + :n * :step
SELECT json_build_object(
    'id', i.id, 'slug', i.slug, 'title', i.title, 'summary', i.summary, 'category', i.category, 'certainty', i.certainty, 'publication', i.publication,
    'occurred_from', i.occurred_from, 'occurred_from_precision', i.occurred_from_precision, 'occurred_to', i.occurred_to, 'occurred_to_precision', i.occurred_to_precision,
    'discovered', i.discovered, 'discovered_precision', i.discovered_precision, 'disclosed', i.disclosed, 'disclosed_precision', i.disclosed_precision,
    'contained', i.contained, 'contained_precision', i.contained_precision,
    'countries', i.countries, 'vectors', i.vectors, 'data_classes', i.data_classes, 'payment_methods', i.payment_methods, 'tags', i.tags,
    'victims', i.victims, 'victims_low', i.victims_low, 'victims_high', i.victims_high, 'victims_unit', i.victims_unit, 'victims_support', i.victims_support,
    'payment', i.payment, 'unanswered', i.unanswered, 'contested', i.contested, 'version', i.version, 'created_at', i.created_at, 'updated_at', i.updated_at,
    'participants', (SELECT json_agg(json_build_object('role', p.role, 'slug', a.slug, 'name', a.name, 'kind', a.kind, 'sector', a.sector) ORDER BY p.ordinal)
        FROM incident_participants AS p JOIN actors AS a ON a.id = p.actor_id WHERE p.incident_id = i.id),
    'counts', (SELECT json_agg(json_build_object('id', c.id, 'unit', c.unit, 'qualifier', c.qualifier, 'low', c.low, 'high', c.high, 'as_of', c.as_of,
            'supersedes', c.supersedes, 'headline', c.headline, 'claimed_by', a.slug, 'claimed_by_name', a.name) ORDER BY c.ordinal)
        FROM counts AS c LEFT JOIN actors AS a ON a.id = c.claimed_by WHERE c.incident_id = i.id),
    'losses', (SELECT json_agg(json_build_object('id', l.id, 'kind', l.kind, 'scope', l.scope, 'qualifier', l.qualifier, 'low', l.low, 'high', l.high,
            'currency', l.currency, 'converted_amount', l.converted_amount, 'converted_currency', l.converted_currency) ORDER BY l.ordinal)
        FROM losses AS l WHERE l.incident_id = i.id),
    'attributions', (SELECT json_agg(json_build_object('id', t.id, 'basis', t.basis, 'confidence', t.confidence, 'stated', t.stated,
            'accused', a.slug, 'accused_name', a.name, 'claimant', b.slug, 'claimant_name', b.name) ORDER BY t.ordinal)
        FROM attributions AS t JOIN actors AS a ON a.id = t.accused LEFT JOIN actors AS b ON b.id = t.claimant WHERE t.incident_id = i.id),
    'responses', (SELECT json_agg(json_build_object('id', r.id, 'kind', r.kind, 'status', r.status, 'spoken_by', r.spoken_by, 'date', r.date, 'due', r.due,
            'fulfils', r.fulfils, 'answers', r.answers, 'summary', r.summary, 'via_unnamed_source', r.via_unnamed_source, 'actor', a.slug, 'actor_name', a.name) ORDER BY r.ordinal)
        FROM responses AS r JOIN actors AS a ON a.id = r.actor_id WHERE r.incident_id = i.id),
    'evidence', (SELECT json_agg(json_build_object('claim', coalesce(e.count_id, e.loss_id, e.attribution_id, e.response_id), 'source', e.source_id,
            'quote', e.quote, 'start', e.quote_start, 'end', e.quote_end))
        FROM evidence AS e WHERE e.incident_id = i.id),
    'sources', (SELECT json_agg(json_build_object('id', s.id, 'url', s.url, 'title', s.title, 'publisher', s.publisher, 'author', s.author,
            'published', s.published, 'language', s.language, 'has_text', s.text_sha256 IS NOT NULL) ORDER BY x.ordinal)
        FROM incident_sources AS x JOIN sources AS s ON s.id = x.source_id WHERE x.incident_id = i.id),
    'external_refs', (SELECT json_agg(json_build_object('scheme', x.scheme, 'id', x.ref_id) ORDER BY x.ordinal) FROM external_refs AS x WHERE x.incident_id = i.id))
  FROM incidents AS i
 WHERE i.id = (lpad(to_hex(:t::bigint), 12, '0') || '70008000' || lpad(to_hex(:n::bigint), 12, '0'))::uuid;
