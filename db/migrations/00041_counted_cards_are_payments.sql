-- An incident in which payment cards are counted is a payments incident.

-- +goose Up
-- The documents are changed as the server would render them anew; incidents_replaced
-- brings the reports up to date.
WITH concerned AS (
    SELECT i.id, replace(i.document::text, '"payment":false', '"payment":true') AS document
      FROM incidents AS i
     WHERE NOT i.payment
       AND EXISTS (SELECT FROM counts AS c WHERE c.incident_id = i.id AND c.unit = 'cards' AND c.high IS DISTINCT FROM 0)
)
UPDATE incidents AS i
   SET payment = true,
       document = c.document::json,
       card = replace(i.card::text, '"payment":false', '"payment":true')::json,
       etag = format('"%s-%s"', i.version, encode(substr(sha256(convert_to(c.document, 'UTF8')), 1, 6), 'hex'))
  FROM concerned AS c
 WHERE i.id = c.id;

-- +goose Down
WITH concerned AS (
    SELECT i.id, replace(i.document::text, '"payment":true', '"payment":false') AS document
      FROM incidents AS i
     WHERE i.payment
       AND i.category NOT IN ('payment_fraud', 'theft_of_funds')
       -- other_payment comes with migration 43, and its Down leaves it there.
       AND NOT i.data_classes::text[] && '{card_number,card_security_code,card_track_or_pin,partial_card,bank_account,payment_history,wallet_or_crypto_key,other_payment}'
       AND NOT EXISTS (
        SELECT FROM incident_participants AS p JOIN actors AS a ON a.id = p.actor_id
         WHERE p.incident_id = i.id AND p.role IN ('victim', 'affected_platform')
           AND a.sector IN ('bank', 'payment_processor', 'card_network', 'wallet', 'crypto', 'fintech'))
)
UPDATE incidents AS i
   SET payment = false,
       document = c.document::json,
       card = replace(i.card::text, '"payment":true', '"payment":false')::json,
       etag = format('"%s-%s"', i.version, encode(substr(sha256(convert_to(c.document, 'UTF8')), 1, 6), 'hex'))
  FROM concerned AS c
 WHERE i.id = c.id;
