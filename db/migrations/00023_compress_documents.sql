-- Documents are compressed by LZ4, which takes a fraction of the time of PostgreSQL's
-- own method both ways. What is stored stays as it is until it is written again.

-- +goose Up
-- +goose StatementBegin
DO $$
BEGIN
    ALTER TABLE incidents ALTER COLUMN document SET COMPRESSION lz4;
    ALTER TABLE incident_revisions ALTER COLUMN document SET COMPRESSION lz4;
    ALTER TABLE sources ALTER COLUMN text SET COMPRESSION lz4;
EXCEPTION WHEN feature_not_supported THEN
    NULL; -- PostgreSQL was built without it
END $$;
-- +goose StatementEnd

-- +goose Down
ALTER TABLE incidents ALTER COLUMN document SET COMPRESSION DEFAULT;
ALTER TABLE incident_revisions ALTER COLUMN document SET COMPRESSION DEFAULT;
ALTER TABLE sources ALTER COLUMN text SET COMPRESSION DEFAULT;
