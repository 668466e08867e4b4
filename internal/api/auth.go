package api

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"
	"github.com/gin-gonic/gin"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/ledger"
)

// admit finds out who is asking, and whether they may ask now. A bad key is refused
// also where none is needed: whoever sends one means to be somebody.
//
// Looking a key up counts for the address, so that keys cannot be tried out
// faster than pages can be read.
func (a *API) admit(c *gin.Context) {
	if c.Request.Method == http.MethodOptions || isProbe(c.FullPath()) {
		c.Next()
		return
	}
	v := visitOf(c.Request.Context())
	secret, err := bearer(c.Request.Header)
	if err != nil || secret == "" {
		if !a.spendAddress(c, v.client) {
			return
		}
		if err == nil && a.keyedReads && !isOpen(c.FullPath()) {
			err = needRole(access.Reader)
		}
		if err != nil {
			a.abort(c, problemOf(err))
			return
		}
		c.Next()
		return
	}
	hash := [32]byte(access.Hash(secret))
	id, known := a.keys.find(hash, time.Now())
	if !known {
		if !a.spendAddress(c, v.client) {
			return
		}
		id, err = a.keys.lookUp(c.Request.Context(), hash, func(ctx context.Context) (access.Identity, error) { return a.holder(ctx, secret) })
		if err != nil {
			a.fail(c, err)
			return
		}
	}
	v.identity = id
	if a.spendKey(c, v.client, id.KeyID) {
		c.Next()
	}
}

// bearer is the secret that a request carries, "" when it carries none.
func bearer(h http.Header) (string, error) {
	header := h.Get("Authorization")
	if header == "" {
		return "", nil
	}
	scheme, secret, _ := strings.Cut(header, " ")
	secret = strings.TrimSpace(secret)
	if !strings.EqualFold(scheme, "Bearer") || secret == "" {
		return "", unauthorised("the Authorization header must be: Bearer <key>")
	}
	return secret, nil
}

// holder asks the ledger who holds a secret; those who ask wait in line with the
// other reads.
func (a *API) holder(ctx context.Context, secret string) (access.Identity, error) {
	if !access.WellFormed(secret) {
		return access.Identity{}, fmt.Errorf("%w: it is not known", ledger.ErrKey)
	}
	ctx, cancel := context.WithTimeout(ctx, a.requestTimeout)
	defer cancel()
	g := a.gates[classRead]
	if err := g.enter(ctx); err != nil {
		return access.Identity{}, ended(ctx, err)
	}
	defer g.leave()
	id, err := a.ledger.Identify(ctx, secret)
	return id, ended(ctx, err)
}

// isProbe reports whether machines ask for the route all the time: it must not depend
// on keys or limits.
func isProbe(route string) bool { return route == healthzPath || route == readyzPath }

// isOpen reports whether the route needs no key even where all reading does.
func isOpen(route string) bool {
	return strings.HasPrefix(route, "/openapi") || strings.HasPrefix(route, "/docs") || route == metricsPath
}

// roleName is the metadata of an operation that says which role it needs.
const roleName = "role"

// authorise refuses those who may not use the operation.
func (a *API) authorise(ctx huma.Context, next func(huma.Context)) {
	needed, _ := ctx.Operation().Metadata[roleName].(access.Role)
	if err := allow(identity(ctx.Context()), needed); err != nil {
		a.abort(humagin.Unwrap(ctx), problemOf(err))
		return
	}
	next(ctx)
}

// allow is nil for those who have the needed role, and says what is missing otherwise.
func allow(id access.Identity, needed access.Role) error {
	switch {
	case id.Role.AtLeast(needed):
		return nil
	case id.Role == access.Anonymous:
		return needRole(needed)
	default:
		return fmt.Errorf("%w: the role %s or above is needed, and this key has the role %s", ledger.ErrForbidden, needed, id.Role)
	}
}

func needRole(role access.Role) error {
	return unauthorised(fmt.Sprintf("an API key with the role %s or above is needed: send it as Authorization: Bearer <key>", role))
}

// showsText reports whether somebody may read the whole text of sources.
func (a *API) showsText(by access.Identity) bool {
	return !a.keyedTexts || by.Role.AtLeast(access.Reader)
}

// fail answers with the problem that an error means, and logs a fault.
func (a *API) fail(c *gin.Context, err error) {
	a.logFault(c.Request.Context(), err)
	a.abort(c, problemOf(err))
}

// logStep logs what an admin has done that no history tells of, and who it was. A request
// that is sent again does nothing, and is not logged again.
func (a *API) logStep(ctx context.Context, done string, once *ledger.Once, attrs ...any) {
	if replayed(once) == "" {
		a.log.InfoContext(ctx, done, append([]any{"id", requestID(ctx), "by", identity(ctx).Name}, attrs...)...)
	}
}

// logFault logs an error that who runs the server has to see to; it is logged here once.
func (a *API) logFault(ctx context.Context, err error) {
	if problemOf(err).Status == http.StatusInternalServerError || ledger.Full(err) {
		a.log.ErrorContext(ctx, "request failed", "id", requestID(ctx), "error", err.Error())
	}
}
