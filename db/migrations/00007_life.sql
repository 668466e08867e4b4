-- What keeps a request from being carried out twice, and which incidents may be
-- the same.

-- +goose Up
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE INDEX incidents_title_trgm ON incidents USING gin (title gin_trgm_ops);

-- The first answer to a request with an Idempotency-Key, written in the same
-- transaction as what the request did.
CREATE TABLE idempotency_keys (
    api_key_id uuid NOT NULL,
    key text NOT NULL,
    request_hash bytea NOT NULL, -- SHA-256 of the method, the path and the body
    result json, -- null only within the transaction that holds it
    created_at timestamptz NOT NULL,
    CONSTRAINT idempotency_keys_pkey PRIMARY KEY (api_key_id, key),
    CONSTRAINT idempotency_keys_api_key_id_fkey FOREIGN KEY (api_key_id) REFERENCES api_keys (id),
    CONSTRAINT idempotency_keys_key_form CHECK (key <> '' AND length(key) <= 255)
);
CREATE INDEX idempotency_keys_created ON idempotency_keys (created_at);

CREATE TYPE duplicate_state AS ENUM ('open', 'merged', 'different');

-- Pairs of incidents that may be the same, the one with the smaller id first.
CREATE TABLE duplicates (
    first_id uuid NOT NULL,
    second_id uuid NOT NULL,
    score real NOT NULL, -- 0 to 1
    reasons text[] NOT NULL,
    state duplicate_state NOT NULL DEFAULT 'open',
    decided_by text,
    decided_at timestamptz,
    found_at timestamptz NOT NULL,
    CONSTRAINT duplicates_pkey PRIMARY KEY (first_id, second_id),
    CONSTRAINT duplicates_first_id_fkey FOREIGN KEY (first_id) REFERENCES incidents (id),
    CONSTRAINT duplicates_second_id_fkey FOREIGN KEY (second_id) REFERENCES incidents (id),
    CONSTRAINT duplicates_in_order CHECK (first_id < second_id),
    CONSTRAINT duplicates_score_range CHECK (score BETWEEN 0 AND 1),
    CONSTRAINT duplicates_decided_by_somebody CHECK ((state = 'open') = (decided_at IS NULL))
);
CREATE INDEX duplicates_second ON duplicates (second_id);
CREATE INDEX duplicates_open ON duplicates (score, first_id, second_id) WHERE state = 'open';

-- +goose Down
DROP TABLE duplicates;
DROP TYPE duplicate_state;
DROP TABLE idempotency_keys;
DROP INDEX incidents_title_trgm;
DROP EXTENSION pg_trgm;
