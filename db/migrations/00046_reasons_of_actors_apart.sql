-- Why two actors were said not to be one, as of two incidents.

-- +goose Up
ALTER TABLE actors_apart ADD COLUMN reason text;

-- +goose Down
ALTER TABLE actors_apart DROP COLUMN reason;
