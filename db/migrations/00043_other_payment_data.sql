-- Payment data that a source does not name more closely ("payment information").

-- +goose Up
ALTER TYPE data_class ADD VALUE IF NOT EXISTS 'other_payment' AFTER 'wallet_or_crypto_key';

-- +goose Down
-- A value cannot be taken out of a type.
SELECT 1;
