package api

import (
	"context"
	"net/http"
	"time"

	"github.com/google/uuid"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
)

// keyRequest describes a key to be made.
type keyRequest struct {
	Name      string      `json:"name" maxLength:"200" doc:"Who or what uses the key; every revision that it writes carries the name" required:"true"`
	Role      access.Role `json:"role" enum:"reader,contributor,editor,admin" doc:"What the key may do; each role may do what the ones before it may" required:"true"`
	ExpiresAt *time.Time  `json:"expires_at" doc:"When the key expires; never if left out"`
}

// newKey is a key with its secret, which is shown this one time.
type newKey struct {
	ledger.Key
	Secret string `json:"secret,omitempty" doc:"The key itself, to be sent as Authorization: Bearer <secret>. It cannot be shown again: an answer that is repeated for its Idempotency-Key comes without it" example:"blk_…"`
}

type keyList struct {
	Data []ledger.Key `json:"data"`
}

type keysInput struct{ Located }

type createKeyInput struct {
	Located
	Idempotent
	JSONBody
}

type keyInput struct {
	Located
	ID uuid.UUID `path:"id" doc:"The key's id"`
}

const keysPath = "/v1/keys"

func (a *API) keyRoutes() {
	register(a, operation{
		id: "list-keys", method: http.MethodGet, path: keysPath, tag: "keys", role: access.Admin,
		summary: "List the keys", details: "All of them, even those that have expired or were revoked, the oldest first; never their secrets.",
		result: keyList{},
	}, a.listKeys)
	register(a, operation{
		id: "create-key", method: http.MethodPost, path: keysPath, tag: "keys", role: access.Admin, status: http.StatusCreated,
		summary: "Make a key", details: "The secret is in this answer and nowhere else: only its hash is stored. If the request is sent again with its Idempotency-Key, no second key is made, and the answer comes without the secret: if you have lost it, revoke the key and make another.",
		request: keyRequest{}, requestExample: map[string]any{"name": "nightly import", "role": "contributor", "expires_at": "2030-01-01T00:00:00Z"},
		result: newKey{}, errors: []int{409},
	}, a.createKey)
	register(a, operation{
		id: "revoke-key", method: http.MethodDelete, path: keysPath + "/{id}", tag: "keys", role: access.Admin, status: http.StatusNoContent,
		summary: "Revoke a key", details: "It ends at once; other servers on the same database notice within 5 seconds.",
		errors: []int{404},
	}, a.revokeKey)
}

func (a *API) listKeys(ctx context.Context, _ *keysInput) (*answer, error) {
	keys, err := a.ledger.Keys(ctx)
	if err != nil {
		return nil, err
	}
	return asJSON(keyList{Data: keys})
}

func (a *API) createKey(ctx context.Context, in *createKeyInput) (*answer, error) {
	var request keyRequest
	problems, err := in.read(&request)
	if err != nil {
		return nil, err
	}
	problems.Merge(ledger.CheckKey(request.Name, request.Role))
	if at := request.ExpiresAt; at != nil && (!at.After(time.Now()) || at.UTC().Year() > 9999) {
		problems.Merge(incidents.Problems{{Pointer: "/expires_at", Detail: "must be a time to come, before the year 10000"}})
	}
	if err := problems.OrNil(); err != nil {
		return nil, err
	}
	once := in.once(ctx, in.at, in.RawBody)
	key, secret, err := a.ledger.CreateKeyOnce(ctx, once, request.Name, request.Role, request.ExpiresAt)
	if err != nil {
		return nil, err
	}
	out, err := asJSON(newKey{key, secret})
	if err != nil {
		return nil, err
	}
	out.Replayed = replayed(once)
	a.logStep(ctx, "key made", once, "made", key.ID, "role", key.Role)
	return out, nil
}

func (a *API) revokeKey(ctx context.Context, in *keyInput) (*answer, error) {
	if err := a.ledger.RevokeKey(ctx, in.ID); err != nil {
		return nil, err
	}
	a.keys.forget(in.ID)
	a.logStep(ctx, "key revoked", nil, "revoked", in.ID)
	return &answer{}, nil
}
