-- name: CountInsert :exec
INSERT INTO counts (
    incident_id,
    id,
    ordinal,
    unit,
    counted,
    qualifier,
    low,
    high,
    claimed_by,
    as_of,
    as_of_precision,
    supersedes,
    part_of,
    headline
) VALUES (
    @incident_id,
    @id,
    @ordinal,
    @unit,
    sqlc.narg('counted'),
    @qualifier,
    sqlc.narg('low'),
    sqlc.narg('high'),
    sqlc.narg('claimed_by'),
    sqlc.narg('as_of'),
    sqlc.narg('as_of_precision'),
    sqlc.narg('supersedes'),
    sqlc.narg('part_of'),
    @headline
);

-- name: CountRows :many
SELECT * FROM counts WHERE incident_id = ANY (@incident_ids::uuid[]) ORDER BY incident_id, ordinal;

-- name: CountsDelete :exec
DELETE FROM counts WHERE incident_id = @incident_id;

-- name: LossInsert :exec
INSERT INTO losses (
    incident_id,
    id,
    ordinal,
    kind,
    scope,
    qualifier,
    low,
    high,
    currency,
    converted_qualifier,
    converted_amount,
    converted_currency,
    claimed_by
) VALUES (
    @incident_id,
    @id,
    @ordinal,
    @kind,
    @scope,
    @qualifier,
    sqlc.narg('low'),
    sqlc.narg('high'),
    sqlc.narg('currency'),
    sqlc.narg('converted_qualifier'),
    sqlc.narg('converted_amount'),
    sqlc.narg('converted_currency'),
    sqlc.narg('claimed_by')
);

-- name: LossRows :many
SELECT * FROM losses WHERE incident_id = ANY (@incident_ids::uuid[]) ORDER BY incident_id, ordinal;

-- name: LossesDelete :exec
DELETE FROM losses WHERE incident_id = @incident_id;

-- name: AttributionInsert :exec
INSERT INTO attributions (
    incident_id,
    id,
    ordinal,
    accused,
    claimant,
    basis,
    confidence,
    stated,
    stated_precision
) VALUES (
    @incident_id,
    @id,
    @ordinal,
    @accused,
    sqlc.narg('claimant'),
    @basis,
    @confidence,
    sqlc.narg('stated'),
    sqlc.narg('stated_precision')
);

-- name: AttributionRows :many
SELECT * FROM attributions WHERE incident_id = ANY (@incident_ids::uuid[]) ORDER BY incident_id, ordinal;

-- name: AttributionsDelete :exec
DELETE FROM attributions WHERE incident_id = @incident_id;

-- name: ResponseInsert :exec
INSERT INTO responses (
    incident_id,
    id,
    ordinal,
    actor_id,
    spoken_by,
    kind,
    status,
    date,
    date_precision,
    due,
    due_precision,
    fulfils,
    answers,
    summary,
    via_unnamed_source
) VALUES (
    @incident_id,
    @id,
    @ordinal,
    @actor_id,
    sqlc.narg('spoken_by'),
    @kind,
    @status,
    sqlc.narg('date'),
    sqlc.narg('date_precision'),
    sqlc.narg('due'),
    sqlc.narg('due_precision'),
    sqlc.narg('fulfils'),
    sqlc.narg('answers'),
    sqlc.narg('summary'),
    @via_unnamed_source
);

-- name: ResponseRows :many
SELECT * FROM responses WHERE incident_id = ANY (@incident_ids::uuid[]) ORDER BY incident_id, ordinal;

-- name: ResponsesDelete :exec
DELETE FROM responses WHERE incident_id = @incident_id;

-- name: EvidenceInsert :exec
INSERT INTO evidence (
    incident_id,
    id,
    ordinal,
    source_id,
    count_id,
    loss_id,
    attribution_id,
    response_id,
    quote,
    quote_start,
    quote_end
) VALUES (
    @incident_id,
    @id,
    @ordinal,
    @source_id,
    sqlc.narg('count_id'),
    sqlc.narg('loss_id'),
    sqlc.narg('attribution_id'),
    sqlc.narg('response_id'),
    sqlc.narg('quote'),
    sqlc.narg('quote_start'),
    sqlc.narg('quote_end')
);

-- name: EvidenceRows :many
SELECT
    incident_id,
    source_id,
    coalesce(count_id, loss_id, attribution_id, response_id)::uuid AS claim_id,
    quote,
    quote_start,
    quote_end
  FROM evidence
 WHERE incident_id = ANY (@incident_ids::uuid[])
 ORDER BY incident_id, ordinal;

-- name: EvidenceDelete :exec
DELETE FROM evidence WHERE incident_id = @incident_id;
