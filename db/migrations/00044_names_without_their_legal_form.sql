-- One organisation goes by many legal forms of its name ("Target", "Target
-- Corporation"). Of each name the part without them is kept, so that organisations
-- which may be one are found by equality; and who was said not to be one.

-- +goose Up
-- +goose StatementBegin
-- A folded name without "the" in front and what says at its end what the organisation
-- is in law; a name that is nothing else keeps its first word.
CREATE FUNCTION actor_name_stem(key text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT regexp_replace(regexp_replace(key, '^the (?=.)', ''),
        '( (inc|incorporated|corp|corporation|co|company|companies|ltd|limited|private limited|pty|pte|pvt|llc|llp|lp|plc|group|holding|holdings|ag|gmbh|se|sa|s a|sas|nv|n v|bv|b v|ab|asa|oy|oyj|spa|s p a|srl|s r l|kk))+$', '')
$$;
-- +goose StatementEnd

ALTER TABLE actor_names ADD COLUMN stem text COLLATE "C" NOT NULL GENERATED ALWAYS AS (actor_name_stem(key)) STORED;
CREATE INDEX actor_names_stem ON actor_names (stem, actor_id);

-- Pairs of actors that an editor said are not one, however alike their names are.
CREATE TABLE actors_apart (
    first_id uuid NOT NULL,
    second_id uuid NOT NULL,
    decided_by text NOT NULL,
    decided_at timestamptz NOT NULL,
    CONSTRAINT actors_apart_pkey PRIMARY KEY (first_id, second_id),
    CONSTRAINT actors_apart_first_id_fkey FOREIGN KEY (first_id) REFERENCES actors (id),
    CONSTRAINT actors_apart_second_id_fkey FOREIGN KEY (second_id) REFERENCES actors (id),
    CONSTRAINT actors_apart_ordered CHECK (first_id < second_id)
);
CREATE INDEX actors_apart_second ON actors_apart (second_id);

-- +goose Down
DROP TABLE actors_apart;
ALTER TABLE actor_names DROP COLUMN stem;
DROP FUNCTION actor_name_stem;
