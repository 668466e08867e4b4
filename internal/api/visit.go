package api

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"sync"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/onewrite"
)

// visit is what is known about a request while it is served. The middleware
// fills it in, step by step; a request has one goroutine at a time.
type visit struct {
	id       string
	client   client
	identity access.Identity
	writer   http.ResponseWriter
	conn     *onewrite.Conn
	body     *[]byte // of the answer, from bodies
}

// bodies are buffers for answers. To make one anew for each is half the work of
// the garbage collector.
var bodies = sync.Pool{New: func() any { return new([]byte) }}

const bodyMost = 256 << 10 // a larger one is not kept

// buffer is empty and has room for size bytes. It is good until the request ends.
func (v *visit) buffer(size int) []byte {
	if v == nobody || size > bodyMost {
		return make([]byte, 0, size)
	}
	if v.body == nil {
		v.body, _ = bodies.Get().(*[]byte)
	}
	*v.body = slices.Grow((*v.body)[:0], size)
	return *v.body
}

// whole says that all of the answer is written next.
func (v *visit) whole(size int) {
	v.writer.Header()["Content-Length"] = []string{strconv.Itoa(size)}
	v.conn.Hold()
}

// end is called when all is written. It gives the buffer back.
func (v *visit) end() {
	v.conn.Release()
	if v.body != nil {
		bodies.Put(v.body)
		v.body = nil
	}
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
