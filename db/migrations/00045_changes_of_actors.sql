-- Who changed what is said of an actor, or merged two, when and why: incidents keep
-- their versions, and an actor is shown by many. And why two incidents were said not to
-- be the same.

-- +goose Up
CREATE TABLE actor_changes (
    id uuid NOT NULL, -- ascends with time
    actor_id uuid NOT NULL,
    at timestamptz NOT NULL,
    author text NOT NULL,
    action text NOT NULL,
    reason text,
    before jsonb, -- null when it was made
    after jsonb NOT NULL,
    merged jsonb, -- the actor that was merged into this one, as it was
    CONSTRAINT actor_changes_pkey PRIMARY KEY (id),
    CONSTRAINT actor_changes_actor_id_fkey FOREIGN KEY (actor_id) REFERENCES actors (id)
);
CREATE INDEX actor_changes_actor ON actor_changes (actor_id, id);

CREATE INDEX actors_merged_into ON actors (merged_into) WHERE merged_into IS NOT NULL;

ALTER TABLE duplicates ADD COLUMN reason text;

-- +goose Down
DROP INDEX actors_merged_into;
ALTER TABLE duplicates DROP COLUMN reason;
DROP TABLE actor_changes;
