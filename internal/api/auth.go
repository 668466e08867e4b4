package api

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/ledger"
)

// identity is who makes the request; nobody in particular without a key.
func identity(ctx context.Context) access.Identity {
	return fromContext[access.Identity](ctx, identityKey)
}

// roleName is the metadata of an operation that says which role it needs.
const roleName = "role"

// authenticate finds out who asks, and refuses who may not use the operation.
// A bad key is refused everywhere: who sends one means to be somebody.
func (a *API) authenticate(ctx huma.Context, next func(huma.Context)) {
	id, err := a.identify(ctx)
	if err != nil {
		a.refuse(ctx, err)
		return
	}
	needed, _ := ctx.Operation().Metadata[roleName].(access.Role)
	if !id.Role.AtLeast(needed) {
		if id.Role == access.Anonymous {
			a.refuse(ctx, unauthorised(fmt.Sprintf("an API key with the role %s or above is needed: send it as Authorization: Bearer <key>", needed)))
			return
		}
		a.refuse(ctx, fmt.Errorf("%w: the role %s or above is needed, and this key has the role %s", ledger.ErrForbidden, needed, id.Role))
		return
	}
	next(huma.WithValue(ctx, identityKey, id))
}

func (a *API) identify(ctx huma.Context) (access.Identity, error) {
	header := ctx.Header("Authorization")
	if header == "" {
		return access.Identity{}, nil
	}
	scheme, secret, _ := strings.Cut(header, " ")
	secret = strings.TrimSpace(secret)
	if !strings.EqualFold(scheme, "Bearer") || secret == "" {
		return access.Identity{}, unauthorised("the Authorization header must be: Bearer <key>")
	}
	return a.ledger.Identify(ctx.Context(), secret)
}

// refuse answers with the problem that an error means.
func (a *API) refuse(ctx huma.Context, err error) {
	a.logFault(ctx.Context(), err)
	a.abort(humagin.Unwrap(ctx), problemOf(err))
}

// logFault logs an error that is the server's fault; it is logged here once.
func (a *API) logFault(ctx context.Context, err error) {
	if p := problemOf(err); p.Status == 500 && !errors.Is(err, context.Canceled) {
		a.log.ErrorContext(ctx, "request failed", "id", fromContext[string](ctx, requestIDKey), "error", err.Error())
	}
}
