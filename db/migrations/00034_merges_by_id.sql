-- Which incidents were ever merged with one is found by their ids.

-- +goose Up
-- What an incident was merged into stands in the document that the merge wrote. The
-- action names a slug, which a draft may have changed since.
CREATE INDEX incident_revisions_merged_into ON incident_revisions (((document ->> 'merged_into')::uuid))
    WHERE starts_with(action, 'merge into ');

-- +goose Down
DROP INDEX incident_revisions_merged_into;
