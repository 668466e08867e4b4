package api

import (
	"context"
	"log/slog"
	"net/http"
	"runtime/debug"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/breachledger/breachledger/internal/incidents"
)

// maxBody is the largest body of a request, imports excepted: they stream.
const maxBody = 1 << 20

const requestIDName = "request_id"

// observe gives the request an id and logs it when it is done.
func (a *API) observe(c *gin.Context) {
	id := incidents.NewID().String()
	c.Set(requestIDName, id)
	c.Header("X-Request-Id", id)
	c.Request = c.Request.WithContext(context.WithValue(c.Request.Context(), requestIDKey, id))
	start := time.Now()
	c.Next()
	level := slog.LevelInfo
	if c.Writer.Status() >= http.StatusInternalServerError {
		level = slog.LevelError
	}
	a.log.LogAttrs(c.Request.Context(), level, "request",
		slog.String("id", id),
		slog.String("method", c.Request.Method),
		slog.String("path", c.Request.URL.Path),
		slog.String("route", c.FullPath()),
		slog.Int("status", c.Writer.Status()),
		slog.Int("bytes", max(c.Writer.Size(), 0)),
		slog.Float64("ms", float64(time.Since(start).Microseconds())/1000),
		slog.String("client", c.ClientIP()),
	)
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
		a.log.Error("panic", "id", c.GetString(requestIDName), "path", c.Request.URL.Path, "panic", caught, "stack", string(debug.Stack()))
		if !c.Writer.Written() {
			a.abort(c, &Problem{Status: http.StatusInternalServerError, Code: "internal", Detail: "something went wrong on the server; its log has the details under this request's id"})
		}
	}()
	c.Next()
}

func limitBody(c *gin.Context) {
	c.Request.Body = http.MaxBytesReader(c.Writer, c.Request.Body, maxBody)
	c.Next()
}

// secure sets the headers that every answer carries.
func secure(c *gin.Context) {
	h := c.Writer.Header()
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Frame-Options", "DENY")
	c.Next()
}
