-- Who changed what is said of an actor or a source, merged two actors or took a text
-- away, when and why: incidents keep their versions, and these are shown by many. And
-- why two incidents were said not to be the same.

-- +goose Up
CREATE TABLE shared_changes (
    id uuid NOT NULL, -- ascends with time
    actor_id uuid,
    source_id uuid,
    at timestamptz NOT NULL,
    author text NOT NULL,
    action text NOT NULL,
    reason text,
    before jsonb, -- null when it was made
    after jsonb NOT NULL,
    merged jsonb, -- the actor that was merged into this one, as it was
    CONSTRAINT shared_changes_pkey PRIMARY KEY (id),
    CONSTRAINT shared_changes_actor_id_fkey FOREIGN KEY (actor_id) REFERENCES actors (id),
    CONSTRAINT shared_changes_source_id_fkey FOREIGN KEY (source_id) REFERENCES sources (id) DEFERRABLE, -- a backup is read by tables
    CONSTRAINT shared_changes_of_one CHECK (num_nonnulls(actor_id, source_id) = 1)
);
CREATE INDEX shared_changes_actor ON shared_changes (actor_id, id) WHERE actor_id IS NOT NULL;
CREATE INDEX shared_changes_source ON shared_changes (source_id, id) WHERE source_id IS NOT NULL;
CREATE INDEX actors_merged_into ON actors (merged_into) WHERE merged_into IS NOT NULL;

ALTER TABLE duplicates ADD COLUMN reason text;

-- +goose Down
DROP INDEX actors_merged_into;
ALTER TABLE duplicates DROP COLUMN reason;
DROP TABLE shared_changes;
