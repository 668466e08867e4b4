package api

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// TestGuardPassesEveryMethodOn, also one of which Gin knows nothing: what the pages say
// to it has their headers.
func TestGuardPassesEveryMethodOn(t *testing.T) {
	t.Parallel()
	a := bare(t, Config{})
	guarded := a.Guard(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) }))
	for _, method := range []string{http.MethodGet, http.MethodPut, http.MethodTrace, "PROPFIND", "QUERY"} {
		w := httptest.NewRecorder()
		guarded.ServeHTTP(w, httptest.NewRequest(method, "/x/y", nil))
		if w.Code != http.StatusTeapot || w.Header().Get("X-Request-Id") == "" {
			t.Errorf("%s: %d %s", method, w.Code, w.Body)
		}
	}
}

// TestGuard: what stands beside the API is counted, logged and limited with it.
func TestGuard(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	a := bare(t, Config{Log: slog.New(slog.NewJSONHandler(&log, nil)), Rates: Rates{AddressReads: 3}})
	a.StopLimits()
	guarded := a.Guard(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/panic" {
			panic("no page")
		}
		w.Header().Set("Content-Type", "text/html")
		_, _ = w.Write([]byte("a page of " + r.URL.Path))
	}))
	for _, want := range []struct {
		path   string
		status int
		body   string
	}{
		{"/", 200, "a page of /"}, {"/incidents/x", 200, "a page of /incidents/x"}, {"/panic", 500, `"internal"`}, {"/", 429, `"rate_limited"`},
	} {
		w := httptest.NewRecorder()
		guarded.ServeHTTP(w, httptest.NewRequest(http.MethodGet, want.path, nil))
		if w.Code != want.status || !strings.Contains(w.Body.String(), want.body) || w.Header().Get("X-Request-Id") == "" {
			t.Errorf("%s: %d %v %s", want.path, w.Code, w.Header(), w.Body)
		}
	}
	// The API counts for the same address.
	w := httptest.NewRecorder()
	a.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/fine", nil))
	if w.Code != http.StatusTooManyRequests {
		t.Errorf("the API: %d", w.Code)
	}
	if n := strings.Count(log.String(), `"msg":"request"`); n != 5 {
		t.Errorf("%d lines for 5 requests: %s", n, &log)
	}
	w = httptest.NewRecorder()
	a.MetricsHandler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	if line := `breachledger_http_requests_total{method="GET",route="pages",status="2xx"} 2`; !strings.Contains(w.Body.String(), line) {
		t.Errorf("the metrics lack %s", line)
	}
}
