-- Who is signed in to the pages.

-- +goose Up
-- A session is an API key for a browser. Neither its token nor the key's secret
-- is stored. It ends with its key: whoever asks for a session joins the key.
CREATE TABLE sessions (
    token_sha256 bytea NOT NULL,
    api_key_id uuid NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    CONSTRAINT sessions_pkey PRIMARY KEY (token_sha256),
    CONSTRAINT sessions_api_key_id_fkey FOREIGN KEY (api_key_id) REFERENCES api_keys (id) ON DELETE CASCADE,
    CONSTRAINT sessions_token_is_sha256 CHECK (octet_length(token_sha256) = 32),
    CONSTRAINT sessions_expire_later CHECK (expires_at > created_at)
);
CREATE INDEX sessions_of_key ON sessions (api_key_id, created_at);
CREATE INDEX sessions_expired ON sessions (expires_at);

-- +goose Down
DROP TABLE sessions;
