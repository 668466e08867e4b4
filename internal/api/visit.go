package api

import (
	"context"
	"encoding/binary"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/httpconn"
	"github.com/breachledger/breachledger/internal/ledger"
)

// visit is what is known about a request while it is served. The middleware
// fills it in, step by step; a request has one goroutine at a time.
type visit struct {
	start    time.Time
	id       string
	client   client
	identity access.Identity
	writer   http.ResponseWriter
	conn     *httpconn.Conn
	buffers  *buffers // nil until they are wanted
}

// buffers are for an answer, and for what PostgreSQL has answered. Making them anew
// for each request would be most of the garbage collector's work.
type buffers struct {
	body []byte
	read ledger.Memory
}

var spare = sync.Pool{New: func() any { return new(buffers) }}

const bufferMost = 256 << 10 // a larger one is not kept

// own are the visit's buffers, good until the request ends.
func (v *visit) own() *buffers {
	if v.buffers == nil {
		v.buffers, _ = spare.Get().(*buffers)
	}
	return v.buffers
}

// buffer is empty and has room for size bytes.
func (v *visit) buffer(size int) []byte {
	if v == nobody || size > bufferMost {
		return make([]byte, 0, size)
	}
	b := v.own()
	b.body = slices.Grow(b.body[:0], size)
	return b.body
}

// reading has the ledger put into the visit's buffer what it reads first.
func reading(ctx context.Context) context.Context {
	v := visitOf(ctx)
	if v == nobody {
		return ctx
	}
	return ledger.WithMemory(ctx, &v.own().read)
}

// whole announces that the whole answer is written next.
func (v *visit) whole(size int) {
	v.writer.Header()["Content-Length"] = []string{strconv.Itoa(size)}
	v.conn.Hold()
}

// end is called when all is written. It gives the buffers back.
func (v *visit) end() {
	v.conn.Release()
	if v.buffers != nil {
		v.buffers.read.Reset(bufferMost)
		spare.Put(v.buffers)
		v.buffers = nil
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

// requestIDOf is the id that the client or a proxy has given the request, when
// it is short and harmless in a log, and otherwise a new one.
func requestIDOf(h http.Header, start time.Time) string {
	given := h.Get("X-Request-Id")
	if given == "" || len(given) > maxRequestID {
		return newRequestID(start)
	}
	for _, c := range []byte(given) {
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c == '-', c == '_', c == '.':
		default:
			return newRequestID(start)
		}
	}
	return given
}

// newRequestID makes a UUIDv7 (RFC 9562). It is no secret, and so takes no more
// randomness than the runtime has at hand.
func newRequestID(at time.Time) string {
	var id uuid.UUID
	binary.BigEndian.PutUint64(id[:8], uint64(at.UnixMilli())<<16|7<<12|rand.Uint64()>>52) //nolint:gosec // no time before 1970
	binary.BigEndian.PutUint64(id[8:], 1<<63|rand.Uint64()>>2)                             //nolint:gosec // see above
	return id.String()
}
