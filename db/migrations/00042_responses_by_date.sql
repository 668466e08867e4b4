-- The list of responses walks them by date. Those without one come last.

-- +goose Up
DROP INDEX responses_date;
CREATE INDEX responses_date ON responses (coalesce(date, '-infinity'::date));

-- +goose Down
DROP INDEX responses_date;
CREATE INDEX responses_date ON responses (date) WHERE date IS NOT NULL;
