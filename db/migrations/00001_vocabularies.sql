-- Closed vocabularies. They mirror internal/incidents; a test compares the two.

-- +goose Up
CREATE TYPE category AS ENUM (
    'data_breach', 'account_takeover', 'theft_of_funds', 'payment_fraud', 'extortion',
    'service_attack', 'other'
);
CREATE TYPE certainty AS ENUM ('confirmed', 'suspected', 'near_miss', 'false_positive');
CREATE TYPE publication AS ENUM ('draft', 'published', 'retracted', 'merged');
CREATE TYPE vector AS ENUM (
    'phishing', 'social_engineering', 'stolen_credentials', 'credential_stuffing', 'malware',
    'ransomware', 'skimming', 'exploit', 'misconfiguration', 'insider', 'third_party', 'sim_swap',
    'denial_of_service', 'lost_or_stolen_media', 'unauthorised_access', 'other', 'unknown'
);
CREATE TYPE data_class AS ENUM (
    'card_number', 'card_security_code', 'card_track_or_pin', 'partial_card', 'bank_account',
    'payment_history', 'wallet_or_crypto_key', 'credentials', 'contact', 'national_id', 'health',
    'biometric', 'other_personal', 'other', 'unknown'
);
CREATE TYPE payment_method AS ENUM (
    'card_present', 'card_not_present', 'bank_transfer', 'wallet', 'crypto', 'other'
);
CREATE TYPE actor_kind AS ENUM ('company', 'government', 'agency', 'person', 'group', 'media', 'other');
CREATE TYPE sector AS ENUM (
    'bank', 'payment_processor', 'card_network', 'wallet', 'crypto', 'merchant', 'fintech',
    'technology', 'health', 'government', 'other', 'unknown'
);
CREATE TYPE role AS ENUM (
    'victim', 'affected_platform', 'alleged_attacker', 'accuser', 'responder', 'regulator',
    'reporter'
);
CREATE TYPE unit AS ENUM (
    'people', 'accounts', 'records', 'cards', 'forms', 'national_ids', 'fingerprints', 'devices',
    'transactions', 'other'
);
CREATE TYPE qualifier AS ENUM (
    'exact', 'about', 'at_least', 'more_than', 'at_most', 'less_than', 'between', 'unquantified',
    'not_disclosed'
);
CREATE TYPE loss_kind AS ENUM (
    'stolen', 'attempted', 'recovered', 'refunded', 'fine', 'settlement', 'ransom_demanded',
    'ransom_paid', 'response_cost', 'other'
);
CREATE TYPE loss_scope AS ENUM ('total', 'per_victim', 'unspecified');
CREATE TYPE attribution_basis AS ENUM (
    'attacker_claims', 'victim_attributes', 'government_attributes',
    'security_researchers_attribute', 'media_attributes', 'third_party_attributes'
);
CREATE TYPE confidence AS ENUM ('high', 'medium', 'low', 'none');
CREATE TYPE response_kind AS ENUM (
    'disclosure', 'acknowledgement', 'apology', 'denial', 'scope_denial', 'no_comment', 'refund',
    'compensation', 'user_advisory', 'victim_notification', 'credit_monitoring', 'password_reset',
    'service_shutdown', 'remediation', 'investigation', 'law_enforcement_referral',
    'regulator_report', 'legal_action', 'settlement', 'cooperation', 'warning', 'ransom_paid',
    'ransom_refused', 'leadership_change', 'other'
);
CREATE TYPE response_status AS ENUM ('stated', 'promised', 'done', 'broken');
CREATE TYPE support AS ENUM ('quoted', 'cited', 'unsourced');
CREATE TYPE date_precision AS ENUM ('day', 'month', 'year');
CREATE TYPE access_role AS ENUM ('reader', 'contributor', 'editor', 'admin');

-- +goose StatementBegin
-- A partial date is stored as its first day and how much of it is known.
CREATE FUNCTION is_partial_date(first_day date, known date_precision) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
    WHEN first_day IS NULL OR known IS NULL THEN first_day IS NULL AND known IS NULL
    WHEN NOT isfinite(first_day) THEN false
    WHEN known = 'year' THEN extract(month FROM first_day) = 1 AND extract(day FROM first_day) = 1
    WHEN known = 'month' THEN extract(day FROM first_day) = 1
    ELSE true
END;
-- +goose StatementEnd

-- +goose Down
DROP FUNCTION is_partial_date;
DROP TYPE access_role;
DROP TYPE date_precision;
DROP TYPE support;
DROP TYPE response_status;
DROP TYPE response_kind;
DROP TYPE confidence;
DROP TYPE attribution_basis;
DROP TYPE loss_scope;
DROP TYPE loss_kind;
DROP TYPE qualifier;
DROP TYPE unit;
DROP TYPE role;
DROP TYPE sector;
DROP TYPE actor_kind;
DROP TYPE payment_method;
DROP TYPE data_class;
DROP TYPE vector;
DROP TYPE publication;
DROP TYPE certainty;
DROP TYPE category;
