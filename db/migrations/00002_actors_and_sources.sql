-- Actors and sources are shared by all incidents.

-- +goose Up
CREATE TABLE actors (
    id uuid NOT NULL,
    slug text NOT NULL,
    name text NOT NULL,
    kind actor_kind NOT NULL,
    sector sector NOT NULL,
    country text,
    domain text,
    merged_into uuid, -- the actor that this one turned out to be
    version integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT actors_pkey PRIMARY KEY (id),
    CONSTRAINT actors_slug_key UNIQUE (slug),
    CONSTRAINT actors_slug_form CHECK (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' AND length(slug) <= 100),
    CONSTRAINT actors_name_given CHECK (btrim(name) <> ''),
    CONSTRAINT actors_country_form CHECK (country ~ '^[A-Z]{2}$'),
    CONSTRAINT actors_merged_into_fkey FOREIGN KEY (merged_into) REFERENCES actors (id) DEFERRABLE, -- for a backup being read
    CONSTRAINT actors_not_merged_into_itself CHECK (merged_into <> id)
);

-- Every name of an actor, the primary one and the aliases, under a key without
-- case, accents and punctuation. The key is unique: a name belongs to one actor.
CREATE TABLE actor_names (
    key text COLLATE "C" NOT NULL, -- compared by bytes, so that the index serves prefixes
    actor_id uuid NOT NULL,
    name text NOT NULL,
    CONSTRAINT actor_names_pkey PRIMARY KEY (key),
    CONSTRAINT actor_names_actor_name_key UNIQUE (actor_id, name),
    CONSTRAINT actor_names_actor_id_fkey FOREIGN KEY (actor_id) REFERENCES actors (id),
    CONSTRAINT actor_names_key_given CHECK (key <> '')
);

-- The primary name is one of the actor's names; those of a merged actor belong
-- to the one that it was merged into. Deferred, as each row needs the other.
ALTER TABLE actors ADD COLUMN names_of uuid NOT NULL GENERATED ALWAYS AS (coalesce(merged_into, id)) STORED;
ALTER TABLE actors ADD CONSTRAINT actors_name_fkey
    FOREIGN KEY (names_of, name) REFERENCES actor_names (actor_id, name) DEFERRABLE INITIALLY DEFERRED;

CREATE TABLE sources (
    id uuid NOT NULL,
    url text,
    title text,
    publisher text,
    author text,
    published date,
    published_precision date_precision,
    language text,
    text text,
    text_sha256 bytea,
    no_incident_reason text,
    redacted_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT sources_pkey PRIMARY KEY (id),
    CONSTRAINT sources_url_key UNIQUE (url),
    CONSTRAINT sources_url_form CHECK (url ~* '^https?://' AND octet_length(url) <= 2000),
    CONSTRAINT sources_named CHECK (num_nonnulls(url, title, text) > 0 OR redacted_at IS NOT NULL),
    CONSTRAINT sources_published_partial CHECK (is_partial_date(published, published_precision)),
    CONSTRAINT sources_text_hashed CHECK (text IS NULL OR text_sha256 IS NOT DISTINCT FROM sha256(convert_to(text, 'UTF8'))),
    CONSTRAINT sources_redacted_without_text CHECK (redacted_at IS NULL OR text IS NULL)
);

-- A text without an address is known by its content.
CREATE UNIQUE INDEX sources_text_key ON sources (text_sha256) WHERE url IS NULL;
CREATE INDEX sources_created ON sources (created_at, id);

-- +goose StatementBegin
-- Quotes hold positions in a source's text, so the text is stored once and
-- never changes. It can be taken away (redacted), and then never comes back.
CREATE FUNCTION sources_text_is_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.redacted_at IS NOT NULL AND (NEW.text IS NOT NULL OR NEW.redacted_at IS NULL) THEN
        RAISE EXCEPTION 'source % is redacted: its text cannot be stored again', OLD.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'sources_text_fixed', TABLE = 'sources';
    END IF;
    IF OLD.text IS NOT NULL AND NEW.text IS DISTINCT FROM OLD.text
        AND NOT (NEW.text IS NULL AND NEW.redacted_at IS NOT NULL) THEN
        RAISE EXCEPTION 'source % has its text already: a stored text does not change', OLD.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'sources_text_fixed', TABLE = 'sources';
    END IF;
    RETURN NEW;
END $$;
-- +goose StatementEnd

CREATE TRIGGER sources_text_fixed BEFORE UPDATE ON sources
    FOR EACH ROW EXECUTE FUNCTION sources_text_is_fixed();

-- +goose Down
DROP TABLE sources;
DROP FUNCTION sources_text_is_fixed;
ALTER TABLE actors DROP CONSTRAINT actors_name_fkey;
DROP TABLE actor_names;
DROP TABLE actors;
