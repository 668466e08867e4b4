-- Incidents, who takes part in them, and where they are numbered elsewhere.

-- +goose Up
CREATE TABLE incidents (
    id uuid NOT NULL,
    slug text NOT NULL,
    title text NOT NULL,
    summary text NOT NULL DEFAULT '',
    category category NOT NULL,
    certainty certainty NOT NULL,
    publication publication NOT NULL,
    occurred_from date,
    occurred_from_precision date_precision,
    occurred_to date,
    occurred_to_precision date_precision,
    discovered date,
    discovered_precision date_precision,
    disclosed date,
    disclosed_precision date_precision,
    contained date,
    contained_precision date_precision,
    countries text[] NOT NULL DEFAULT '{}',
    vectors vector[] NOT NULL DEFAULT '{}',
    data_classes data_class[] NOT NULL DEFAULT '{}',
    payment_methods payment_method[] NOT NULL DEFAULT '{}',
    tags text[] NOT NULL DEFAULT '{}',
    merged_into uuid,
    retraction_reason text,
    first_published_at timestamptz, -- null: never public so far
    version integer NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,

    -- Derived by the domain from the document and written with it.
    victims bigint,          -- the largest number stated by the headline count
    victims_low bigint,      -- proven at least
    victims_high bigint,     -- at most
    victims_unit unit,
    victims_support support,
    payment boolean NOT NULL,
    unanswered boolean NOT NULL,
    contested boolean NOT NULL,
    card json NOT NULL,      -- the incident as lists show it, rendered once
    document json NOT NULL,  -- the whole document, rendered once
    etag text NOT NULL,      -- changes with every change of the document's bytes
    search tsvector NOT NULL,

    -- Sort keys are never null, so that paging is one row comparison on one
    -- index: unknown is the minimum going down and the maximum going up.
    listed boolean NOT NULL GENERATED ALWAYS AS
        (publication = 'published' AND certainty IN ('confirmed', 'suspected') AND NOT tags @> '{compilation}') STORED,
    victims_desc bigint NOT NULL GENERATED ALWAYS AS (coalesce(victims, -1)) STORED,
    victims_asc bigint NOT NULL GENERATED ALWAYS AS (coalesce(victims, 9223372036854775807)) STORED,
    victims_low_desc bigint NOT NULL GENERATED ALWAYS AS (coalesce(victims_low, -1)) STORED,
    victims_low_asc bigint NOT NULL GENERATED ALWAYS AS (coalesce(victims_low, 9223372036854775807)) STORED,
    disclosed_desc date NOT NULL GENERATED ALWAYS AS (coalesce(disclosed, '-infinity')) STORED,
    disclosed_asc date NOT NULL GENERATED ALWAYS AS (coalesce(disclosed, 'infinity')) STORED,
    occurred_desc date NOT NULL GENERATED ALWAYS AS (coalesce(occurred_from, occurred_to, '-infinity')) STORED,
    occurred_asc date NOT NULL GENERATED ALWAYS AS (coalesce(occurred_from, occurred_to, 'infinity')) STORED,

    CONSTRAINT incidents_pkey PRIMARY KEY (id),
    CONSTRAINT incidents_slug_key UNIQUE (slug),
    CONSTRAINT incidents_slug_form CHECK (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' AND length(slug) <= 100),
    CONSTRAINT incidents_title_given CHECK (btrim(title) <> ''),
    CONSTRAINT incidents_version_positive CHECK (version > 0),
    CONSTRAINT incidents_occurred_from_partial CHECK (is_partial_date(occurred_from, occurred_from_precision)),
    CONSTRAINT incidents_occurred_to_partial CHECK (is_partial_date(occurred_to, occurred_to_precision)),
    CONSTRAINT incidents_discovered_partial CHECK (is_partial_date(discovered, discovered_precision)),
    CONSTRAINT incidents_disclosed_partial CHECK (is_partial_date(disclosed, disclosed_precision)),
    CONSTRAINT incidents_contained_partial CHECK (is_partial_date(contained, contained_precision)),
    CONSTRAINT incidents_victims_bounds CHECK (
        victims_low >= 0 AND victims_high >= 0 AND victims_low <= victims_high
        AND victims IS NOT DISTINCT FROM coalesce(victims_high, victims_low)),
    CONSTRAINT incidents_merged_into_fkey FOREIGN KEY (merged_into) REFERENCES incidents (id) DEFERRABLE, -- for a backup being read
    CONSTRAINT incidents_merged_when_merged CHECK ((publication = 'merged') = (merged_into IS NOT NULL) AND merged_into <> id),
    CONSTRAINT incidents_retracted_with_reason CHECK (publication <> 'retracted' OR coalesce(btrim(retraction_reason), '') <> '')
);

CREATE INDEX incidents_victims_desc ON incidents (victims_desc, id) WHERE listed;
CREATE INDEX incidents_victims_asc ON incidents (victims_asc, id) WHERE listed;
CREATE INDEX incidents_victims_low_desc ON incidents (victims_low_desc, id) WHERE listed;
CREATE INDEX incidents_victims_low_asc ON incidents (victims_low_asc, id) WHERE listed;
CREATE INDEX incidents_disclosed_desc ON incidents (disclosed_desc, id) WHERE listed;
CREATE INDEX incidents_disclosed_asc ON incidents (disclosed_asc, id) WHERE listed;
CREATE INDEX incidents_occurred_desc ON incidents (occurred_desc, id) WHERE listed;
CREATE INDEX incidents_occurred_asc ON incidents (occurred_asc, id) WHERE listed;
CREATE INDEX incidents_updated ON incidents (updated_at, id);
CREATE INDEX incidents_discovered ON incidents (discovered) WHERE discovered IS NOT NULL;
CREATE INDEX incidents_unpublished ON incidents (publication, id) WHERE publication <> 'published';
CREATE INDEX incidents_category ON incidents (category, victims_desc, id) WHERE listed;
CREATE INDEX incidents_tags ON incidents USING gin (tags);
CREATE INDEX incidents_search ON incidents USING gin (search);
CREATE INDEX incidents_merged_into ON incidents (merged_into) WHERE merged_into IS NOT NULL;

-- +goose StatementBegin
-- A published slug is an address that others have linked to.
CREATE FUNCTION incidents_slug_is_permanent() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the slug of incident % is permanent once published', OLD.slug
        USING ERRCODE = 'check_violation', CONSTRAINT = 'incidents_slug_permanent', TABLE = 'incidents';
END $$;
-- +goose StatementEnd

CREATE TRIGGER incidents_slug_permanent BEFORE UPDATE OF slug ON incidents
    FOR EACH ROW WHEN (OLD.slug <> NEW.slug AND OLD.publication <> 'draft')
    EXECUTE FUNCTION incidents_slug_is_permanent();

CREATE TABLE incident_participants (
    incident_id uuid NOT NULL,
    actor_id uuid NOT NULL,
    role role NOT NULL,
    ordinal integer NOT NULL, -- the order in the document
    CONSTRAINT incident_participants_pkey PRIMARY KEY (incident_id, actor_id, role),
    CONSTRAINT incident_participants_incident_id_fkey FOREIGN KEY (incident_id) REFERENCES incidents (id),
    CONSTRAINT incident_participants_actor_id_fkey FOREIGN KEY (actor_id) REFERENCES actors (id)
);
CREATE INDEX incident_participants_actor ON incident_participants (actor_id, role, incident_id);

CREATE TABLE incident_sources (
    incident_id uuid NOT NULL,
    source_id uuid NOT NULL,
    ordinal integer NOT NULL,
    CONSTRAINT incident_sources_pkey PRIMARY KEY (incident_id, source_id),
    CONSTRAINT incident_sources_incident_id_fkey FOREIGN KEY (incident_id) REFERENCES incidents (id),
    CONSTRAINT incident_sources_source_id_fkey FOREIGN KEY (source_id) REFERENCES sources (id)
);
CREATE INDEX incident_sources_source ON incident_sources (source_id, incident_id);

-- A scheme that identifies (vcdb, hibp, one's own case numbers) gives a number
-- to one incident; the schemes listed here name things that many share.
-- internal/incidents has the same list; a test compares the two.
CREATE TABLE external_refs (
    incident_id uuid NOT NULL,
    scheme text NOT NULL,
    ref_id text NOT NULL,
    ordinal integer NOT NULL,
    CONSTRAINT external_refs_pkey PRIMARY KEY (incident_id, scheme, ref_id),
    CONSTRAINT external_refs_incident_id_fkey FOREIGN KEY (incident_id) REFERENCES incidents (id),
    CONSTRAINT external_refs_given CHECK (scheme <> '' AND btrim(ref_id) <> '')
);
CREATE UNIQUE INDEX external_refs_identifying_key ON external_refs (scheme, ref_id)
    WHERE scheme NOT IN ('cve', 'cwe', 'ghsa', 'capec', 'attack', 'cpe', 'osv');
CREATE INDEX external_refs_scheme ON external_refs (scheme, ref_id);

-- +goose StatementBegin
-- What a search looks in: the title, then the names and aliases of the actors,
-- then the summary, then the texts of the sources, of which each gets an equal
-- share. A search vector holds at most 1 MiB, and a character of text takes at
-- most 8 bytes there (short words of four-byte letters, parted by hyphens, so
-- that the pair and its parts are all kept): 120,000 characters always fit.
CREATE FUNCTION incident_search(title text, summary text, actor_ids uuid[], source_ids uuid[]) RETURNS tsvector
    LANGUAGE sql STABLE AS $$
    SELECT setweight(to_tsvector('english', left(title, 1000)), 'A')
        || setweight(to_tsvector('english', left(coalesce(
            (SELECT string_agg(n.name, ' / ' ORDER BY n.key) FROM actor_names AS n WHERE n.actor_id = ANY (actor_ids)), ''), 14000)), 'B')
        || setweight(to_tsvector('english', left(summary, 10000)), 'C')
        || setweight(to_tsvector('english', left(coalesce(
            (SELECT string_agg(left(concat_ws(' ', s.title, s.publisher, s.text), 95000 / greatest(cardinality(source_ids), 1)), ' / ' ORDER BY s.id)
               FROM sources AS s WHERE s.id = ANY (source_ids)), ''), 95000)), 'D')
$$;
-- +goose StatementEnd

-- +goose Down
DROP FUNCTION incident_search;
DROP TABLE external_refs;
DROP TABLE incident_sources;
DROP TABLE incident_participants;
DROP TABLE incidents;
DROP FUNCTION incidents_slug_is_permanent;
