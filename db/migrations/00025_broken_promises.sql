-- A broken promise that is recorded alone counts as promised in the sums too, as
-- it does in the register: they are made anew where there is one, or where what
-- was replaced may have had one.

-- +goose Up
UPDATE report_state SET complete = false
 WHERE EXISTS (SELECT FROM responses WHERE status = 'broken' AND fulfils IS NULL)
    OR EXISTS (SELECT FROM report_changes);

-- +goose Down
UPDATE report_state SET complete = false
 WHERE EXISTS (SELECT FROM responses WHERE status = 'broken' AND fulfils IS NULL)
    OR EXISTS (SELECT FROM report_changes);
