-- When a document last changed although nobody wrote the incident: an actor that
-- it names was renamed, say. Formats that have a time for each content need it.

-- +goose Up
ALTER TABLE incidents ADD COLUMN rerendered_at timestamptz;

-- +goose Down
ALTER TABLE incidents DROP COLUMN rerendered_at;
