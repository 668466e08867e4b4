-- A count can be a part of another one ("900,000 of the 1.2 million"), and say what
-- it counts where its unit does not. A converted amount has its own qualifier.

-- +goose Up
ALTER TABLE counts
    ADD COLUMN counted text,
    ADD COLUMN part_of uuid,
    ADD CONSTRAINT counts_part_of_fkey FOREIGN KEY (incident_id, part_of) REFERENCES counts (incident_id, id)
        DEFERRABLE INITIALLY DEFERRED,
    ADD CONSTRAINT counts_not_part_of_itself CHECK (part_of <> id);
ALTER TABLE losses
    ADD COLUMN converted_qualifier qualifier,
    ADD CONSTRAINT losses_converted_qualifier_fits CHECK (
        converted_qualifier IS NULL
        OR converted_amount IS NOT NULL AND converted_qualifier NOT IN ('between', 'unquantified', 'not_disclosed')
    );

-- +goose Down
ALTER TABLE losses DROP COLUMN converted_qualifier;
ALTER TABLE counts DROP COLUMN part_of, DROP COLUMN counted;
