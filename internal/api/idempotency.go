package api

import (
	"context"
	"crypto/sha256"
	"net/url"

	"github.com/breachledger/breachledger/internal/ledger"
)

// Idempotent is the header that keeps a POST from being carried out twice.
type Idempotent struct {
	IdempotencyKey string `header:"Idempotency-Key" maxLength:"255" pattern:"^[!-~]*$" doc:"Names this request: sent again with the same body it gets the first answer, with Idempotent-Replayed: true, and is not carried out twice. Kept for 24 hours"`
}

// once is the key with the hash of the POST that it stands for; nil without a key.
func (i Idempotent) once(ctx context.Context, at url.URL, body []byte) *ledger.Once {
	if i.IdempotencyKey == "" {
		return nil
	}
	sum := sha256.New()
	sum.Write([]byte("POST " + at.RequestURI() + "\n"))
	sum.Write(body)
	return &ledger.Once{APIKey: identity(ctx).KeyID, Key: i.IdempotencyKey, Hash: sum.Sum(nil)}
}

func replayed(o *ledger.Once) string {
	if o != nil && o.Replayed {
		return "true"
	}
	return ""
}
