package api

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"github.com/breachledger/breachledger/internal/access"
)

type benchInput struct{ Located }

// BenchmarkChain is what a request costs besides its own work: the router, all
// middleware with its default limits, huma, and the gate to the database.
//
//	go test ./internal/api -run '^$' -bench Chain -benchmem
func BenchmarkChain(b *testing.B) {
	a, err := New(Config{
		Log:   slog.New(slog.NewJSONHandler(io.Discard, nil)), //nolint:sloglint // writing the line is part of the cost
		Rates: Rates{AddressReads: 1 << 30, AddressWrites: 1 << 30, KeyReads: 1 << 30, KeyWrites: 1 << 30, Local: true},
	})
	if err != nil {
		b.Fatal(err)
	}
	body := []byte("{}\n")
	a.router.GET("/plain", func(c *gin.Context) { c.Data(http.StatusOK, "application/json", body) })
	register(a, operation{id: "bench", method: http.MethodGet, path: "/v1/bench", tag: "server"}, func(context.Context, *benchInput) (*answer, error) {
		return &answer{Body: body}, nil
	})
	a.metrics.addRoutes(a.router.Routes())

	secret := access.NewSecret()
	a.keys.known = map[[32]byte]cachedKey{
		[32]byte(access.Hash(secret)): {identity: access.Identity{KeyID: uuid.New(), Name: "bench", Role: access.Editor}, until: time.Now().Add(time.Hour)},
	}
	empty := gin.New()
	empty.GET("/plain", func(c *gin.Context) { c.Data(http.StatusOK, "application/json", body) })

	for _, c := range []struct {
		name, path, key string
		handler         http.Handler
	}{
		{"gin alone", "/plain", "", empty},
		{"middleware", "/plain", "", a},
		{"middleware and huma", "/v1/bench", "", a},
		{"the same with a key", "/v1/bench", secret, a},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			b.RunParallel(func(pb *testing.PB) {
				r := httptest.NewRequest(http.MethodGet, c.path, nil)
				if c.key != "" {
					r.Header.Set("Authorization", "Bearer "+c.key)
				}
				w := &sink{header: http.Header{}}
				for pb.Next() {
					clear(w.header)
					c.handler.ServeHTTP(w, r)
					if w.status != http.StatusOK {
						b.Errorf("the status is %d", w.status)
						return
					}
				}
			})
		})
	}
}

// sink is an answer that nobody reads.
type sink struct {
	header http.Header
	status int
}

func (s *sink) Header() http.Header         { return s.header }
func (s *sink) WriteHeader(status int)      { s.status = status }
func (s *sink) Write(p []byte) (int, error) { return len(p), nil }
