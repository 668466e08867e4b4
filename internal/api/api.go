// Package api is the HTTP API, version 1: Gin routes, huma reads parameters and
// writes the OpenAPI document, and every error is a problem of RFC 9457.
//
// A handler parses, makes one call to the ledger, and converts. Bodies are read
// by package strict and checked by the domain, so that one answer names every
// bad field; which status an error becomes is said in problem.go alone.
package api

import (
	"context"
	"log/slog"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"
	"github.com/gin-gonic/gin"

	"github.com/breachledger/breachledger/internal/ledger"
)

// Config says what the API serves and how.
type Config struct {
	Ledger *ledger.Ledger
	Log    *slog.Logger
	// Version is the program's version, shown in the OpenAPI document.
	Version string
	// TrustedProxies are the addresses (CIDR) whose X-Forwarded-For is believed.
	TrustedProxies []string
}

// API is the HTTP API. It is an [http.Handler].
type API struct {
	ledger *ledger.Ledger
	log    *slog.Logger
	huma   huma.API
	router *gin.Engine
}

// New makes the API with all its routes.
func New(c Config) (*API, error) {
	gin.SetMode(gin.ReleaseMode)
	a := &API{ledger: c.Ledger, log: c.Log, router: gin.New()}
	if a.log == nil {
		a.log = slog.New(slog.DiscardHandler)
	}
	if err := a.router.SetTrustedProxies(c.TrustedProxies); err != nil {
		return nil, err
	}
	a.router.HandleMethodNotAllowed = true
	a.router.RedirectTrailingSlash = false
	a.router.ContextWithFallback = true
	a.router.Use(a.observe, a.recoverPanics, limitBody, secure)
	a.router.NoRoute(func(c *gin.Context) { a.abort(c, notFoundProblem("there is nothing at "+c.Request.URL.Path)) })
	a.router.NoMethod(func(c *gin.Context) {
		a.abort(c, &Problem{Status: http.StatusMethodNotAllowed, Code: "method_not_allowed", Detail: c.Request.Method + " is not possible at " + c.Request.URL.Path})
	})
	a.huma = humagin.New(a.router, a.humaConfig(c.Version))
	a.routes()
	a.finishSchemas()
	return a, nil
}

func (a *API) routes() {
	a.healthRoutes()
	a.incidentRoutes()
	a.claimRoutes()
	a.reportRoutes()
	a.actorRoutes()
	a.sourceRoutes()
}

// ServeHTTP serves a request. HEAD is answered as GET; net/http leaves the body out.
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodHead {
		r = r.Clone(r.Context())
		r.Method = http.MethodGet
	}
	a.router.ServeHTTP(w, r)
}

// OpenAPI is the OpenAPI 3.1 document.
func (a *API) OpenAPI() *huma.OpenAPI { return a.huma.OpenAPI() }

type contextKey int

const (
	identityKey contextKey = iota
	requestIDKey
)

func fromContext[T any](ctx context.Context, key contextKey) T {
	value, _ := ctx.Value(key).(T)
	return value
}
