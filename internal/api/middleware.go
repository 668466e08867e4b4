package api

import (
	"context"
	"log/slog"
	"net/http"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/httpconn"
)

// maxBody is the largest body of a request, imports excepted: they stream.
const maxBody = 1 << 20

// observe gives the request an id, and logs and counts it when it is done.
func (a *API) observe(c *gin.Context) {
	start := time.Now()
	v := &visit{start: start, id: requestIDOf(c.Request.Header, start), client: a.proxies.client(c.Request), writer: c.Writer, conn: httpconn.Of(c.Request.Context())}
	c.Writer.Header()["X-Request-Id"] = []string{v.id}
	c.Request = c.Request.WithContext(context.WithValue(c.Request.Context(), visitKey, v))
	a.metrics.inFlight.Inc()
	defer func() {
		end := time.Now()
		a.metrics.inFlight.Dec()
		a.metrics.observe(c.Request.Method, c.FullPath(), c.Writer.Status(), end.Sub(start))
		a.logRequest(c, v, end)
		v.end()
	}()
	c.Next()
}

// logRequest writes the request's line of the log. Of its address only the path is
// logged: a query may be private.
func (a *API) logRequest(c *gin.Context, v *visit, end time.Time) {
	level := slog.LevelInfo
	switch status := c.Writer.Status(); {
	case status == http.StatusServiceUnavailable:
		level = slog.LevelWarn
	case status >= http.StatusInternalServerError:
		level = slog.LevelError
	}
	ctx := c.Request.Context()
	if !a.log.Enabled(ctx, level) {
		return
	}
	attrs := [11]slog.Attr{
		slog.String("id", v.id),
		slog.String("method", shorten(c.Request.Method)),
		slog.String("path", access.Redact(shorten(c.Request.URL.Path))),
		slog.String("route", c.FullPath()),
		slog.Int("status", c.Writer.Status()),
		slog.Int("bytes", max(c.Writer.Size(), 0)),
		slog.Int64("us", end.Sub(v.start).Microseconds()),
		slog.String("client", v.client.addr.String()),
	}
	n := 8
	if v.identity.Role != access.Anonymous {
		attrs[8] = slog.String("key", v.identity.Name)
		attrs[9] = slog.String("key_id", v.identity.KeyID.String())
		attrs[10] = slog.String("role", string(v.identity.Role))
		n = len(attrs)
	}
	// No source line (the 0): finding it takes as long as writing the record.
	line := slog.NewRecord(end, level, "request", 0)
	line.AddAttrs(attrs[:n]...)
	_ = a.log.Handler().Handle(ctx, line) // as slog does: there is nobody to tell
}

// shorten keeps a line of the log short, whatever a client sends.
func shorten(text string) string {
	const most = 500
	if len(text) > most {
		return strings.ToValidUTF8(text[:most], "") + "…"
	}
	return text
}

// recoverPanics turns a panic into a problem that shows nothing internal.
func (a *API) recoverPanics(c *gin.Context) {
	defer func() {
		caught := recover()
		if caught == nil {
			return
		}
		if err, ok := caught.(error); ok && err == http.ErrAbortHandler { //nolint:errorlint // a sentinel that net/http compares in the same way
			panic(caught)
		}
		ctx := c.Request.Context()
		a.log.ErrorContext(ctx, "panic", "id", requestID(ctx), "route", c.FullPath(), "panic", caught, "stack", string(debug.Stack()))
		if !c.Writer.Written() {
			a.abort(c, internalProblem())
		}
	}()
	c.Next()
}

// limitBody bounds what is read of a body. An import's is not: it streams.
func limitBody(c *gin.Context) {
	if c.FullPath() != importPath && c.Request.Body != nil && c.Request.Body != http.NoBody {
		c.Request.Body = http.MaxBytesReader(c.Writer, c.Request.Body, maxBody)
	}
	c.Next()
}

// methodNotAllowed answers a method that a path does not have, and OPTIONS,
// which every path has. Gin has listed the others in Allow.
func (a *API) methodNotAllowed(c *gin.Context) {
	allow := c.Writer.Header().Get("Allow")
	if slices.Contains(strings.Split(allow, ", "), http.MethodGet) {
		allow += ", " + http.MethodHead
	}
	c.Header("Allow", allow+", "+http.MethodOptions)
	if c.Request.Method == http.MethodOptions {
		c.AbortWithStatus(http.StatusNoContent)
		return
	}
	a.abort(c, &Problem{Status: http.StatusMethodNotAllowed, Code: "method_not_allowed", Detail: c.Request.Method + " is not possible at " + c.Request.URL.Path})
}
