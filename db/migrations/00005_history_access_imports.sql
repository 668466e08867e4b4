-- What was written when and by whom, who may write, and what was imported.

-- +goose Up
CREATE TABLE incident_revisions (
    incident_id uuid NOT NULL,
    version integer NOT NULL,
    at timestamptz NOT NULL,
    author text NOT NULL, -- the name of the API key, or of the import
    action text NOT NULL, -- what was done: "record", "replace", "publish", …
    reason text,
    document json NOT NULL, -- the whole document as it stood after the write
    CONSTRAINT incident_revisions_pkey PRIMARY KEY (incident_id, version),
    CONSTRAINT incident_revisions_incident_id_fkey FOREIGN KEY (incident_id) REFERENCES incidents (id),
    CONSTRAINT incident_revisions_author_given CHECK (author <> '')
);

-- A key itself is never stored, only its SHA-256.
CREATE TABLE api_keys (
    id uuid NOT NULL,
    name text NOT NULL,
    role access_role NOT NULL,
    hash bytea NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz,
    revoked_at timestamptz,
    last_used_at timestamptz,
    CONSTRAINT api_keys_pkey PRIMARY KEY (id),
    CONSTRAINT api_keys_hash_key UNIQUE (hash),
    CONSTRAINT api_keys_hash_is_sha256 CHECK (octet_length(hash) = 32),
    CONSTRAINT api_keys_name_given CHECK (btrim(name) <> '')
);

-- What an import wrote, so that the next run changes only what changed in its
-- file, and never what a person has edited since.
CREATE TABLE import_records (
    origin text NOT NULL, -- the format and the document's own id: "facts:icloud-china-web-attack"
    incident_id uuid NOT NULL,
    digest bytea NOT NULL, -- SHA-256 of the document as imported
    version integer NOT NULL, -- the incident's version that the import wrote
    imported_at timestamptz NOT NULL,
    original json, -- the document as it was, where a format cannot be mapped without loss
    CONSTRAINT import_records_pkey PRIMARY KEY (origin),
    CONSTRAINT import_records_incident_id_fkey FOREIGN KEY (incident_id) REFERENCES incidents (id)
);
CREATE INDEX import_records_incident ON import_records (incident_id);

-- +goose Down
DROP TABLE import_records;
DROP TABLE api_keys;
DROP TABLE incident_revisions;
