-- Figures of counts have an upper limit, so that thousands of them can be added up
-- (incidents.MaxQuantity). What was stored before is not looked at.

-- +goose Up
ALTER TABLE counts ADD CONSTRAINT counts_countable CHECK (low <= 1000000000000000 AND high <= 1000000000000000) NOT VALID;

-- +goose Down
ALTER TABLE counts DROP CONSTRAINT counts_countable;
