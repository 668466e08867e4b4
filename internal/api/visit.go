package api

import (
	"context"
	"net/http"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/incidents"
)

// visit is what is known about a request while it is served. The middleware
// fills it in, step by step; a request has one goroutine at a time.
type visit struct {
	id       string
	client   client
	identity access.Identity
	writer   http.ResponseWriter
}

type contextKey int

const visitKey contextKey = iota

var nobody = &visit{}

// visitOf is the visit that a context belongs to; an empty one outside of a request.
func visitOf(ctx context.Context) *visit {
	if v, ok := ctx.Value(visitKey).(*visit); ok {
		return v
	}
	return nobody
}

// identity is who makes the request; nobody in particular without a key.
func identity(ctx context.Context) access.Identity { return visitOf(ctx).identity }

// requestID names the request in logs and problems.
func requestID(ctx context.Context) string { return visitOf(ctx).id }

const maxRequestID = 64

// newRequestID is the id that the client or a proxy has given the request, when
// it is short and harmless in a log, and otherwise a new one.
func newRequestID(h http.Header) string {
	given := h.Get("X-Request-Id")
	if given == "" || len(given) > maxRequestID {
		return incidents.NewID().String()
	}
	for _, c := range []byte(given) {
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c == '-', c == '_', c == '.':
		default:
			return incidents.NewID().String()
		}
	}
	return given
}
