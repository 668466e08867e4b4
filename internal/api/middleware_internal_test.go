package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"
)

// bare is an API without a ledger, with routes for trials.
func bare(t *testing.T, c Config) *API {
	t.Helper()
	a, err := New(c)
	if err != nil {
		t.Fatalf("make the API: %v", err)
	}
	a.router.GET("/panic", func(*gin.Context) { panic(errors.New("the secret plan of table incidents")) })
	a.router.GET("/fine", func(c *gin.Context) { c.Data(http.StatusOK, "text/plain", []byte("fine")) })
	a.router.GET("/late-panic", func(c *gin.Context) {
		c.Data(http.StatusOK, "text/plain", []byte("half"))
		panic("late")
	})
	a.metrics.addRoutes(a.router.Routes())
	return a
}

// TestPanic: a panic becomes a problem that shows nothing internal, the log has
// it, and the server goes on.
func TestPanic(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	a := bare(t, Config{Log: slog.New(slog.NewJSONHandler(&log, nil))})
	w := httptest.NewRecorder()
	a.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/panic", nil))
	var p Problem
	if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil {
		t.Fatalf("the body is no problem: %v: %s", err, w.Body)
	}
	if w.Code != 500 || p.Status != 500 || p.Code != "internal" || p.RequestID == "" || w.Header().Get("Content-Type") != "application/problem+json" {
		t.Errorf("the answer is %d %+v", w.Code, p)
	}
	for _, internal := range []string{"secret", "goroutine", ".go:", "incidents"} {
		if strings.Contains(w.Body.String(), internal) {
			t.Errorf("the answer shows %q: %s", internal, w.Body)
		}
	}
	if !strings.Contains(log.String(), "the secret plan") || !strings.Contains(log.String(), p.RequestID) || !strings.Contains(log.String(), "middleware_internal_test.go") {
		t.Errorf("the log lacks the panic: %s", &log)
	}
	w = httptest.NewRecorder()
	a.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/late-panic", nil))
	if w.Body.String() != "half" {
		t.Errorf("something was added to an answer that had begun: %q", w.Body)
	}
	w = httptest.NewRecorder()
	a.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/fine", nil))
	if w.Code != 200 {
		t.Errorf("after a panic: %d", w.Code)
	}
}

func TestRequestIDs(t *testing.T) {
	t.Parallel()
	a := bare(t, Config{})
	for given, kept := range map[string]bool{
		"":                                     false,
		"abc-123_X.y":                          true,
		"018f6b5e-7c1a-7000-8000-0123456789ab": true,
		strings.Repeat("a", 64):                true,
		strings.Repeat("a", 65):                false,
		"two words":                            false,
		"new\nline":                            false,
		`quo"te`:                               false,
		"<script>":                             false,
		"é":                                    false,
	} {
		r := httptest.NewRequest(http.MethodGet, "/nowhere", nil)
		r.Header["X-Request-Id"] = []string{given}
		w := httptest.NewRecorder()
		a.ServeHTTP(w, r)
		got := w.Header().Get("X-Request-Id")
		if got == "" || (got == given) != kept {
			t.Errorf("%q became %q", given, got)
		}
		if !strings.Contains(w.Body.String(), `"request_id":"`+got+`"`) {
			t.Errorf("the problem has another id than %q: %s", got, w.Body)
		}
	}
}

// TestNewRequestID: the ids are UUIDs of version 7, of the time that they were made, and differ.
func TestNewRequestID(t *testing.T) {
	t.Parallel()
	at := time.UnixMilli(time.Now().UnixMilli())
	seen := map[string]bool{}
	for range 1000 {
		text := newRequestID(at)
		id, err := uuid.Parse(text)
		seconds, nanoseconds := id.Time().UnixTime()
		if err != nil || id.Version() != 7 || id.Variant() != uuid.RFC4122 || !time.Unix(seconds, nanoseconds).Equal(at) || seen[text] {
			t.Fatalf("%s: version %d, %s, of %v, want %v; seen before: %v; %v", text, id.Version(), id.Variant(), time.Unix(seconds, nanoseconds), at, seen[text], err)
		}
		seen[text] = true
	}
}

func TestMethods(t *testing.T) {
	t.Parallel()
	a := bare(t, Config{KeyedReads: true}) // OPTIONS needs no key
	for _, c := range []struct {
		method, path string
		status       int
		allow        string
	}{
		{"OPTIONS", "/v1/incidents", 204, "GET, POST, HEAD, OPTIONS"},
		{"OPTIONS", "/v1/keys/x", 204, "DELETE, OPTIONS"},
		{"OPTIONS", "/nowhere", 404, ""},
		{"OPTIONS", "/healthz", 204, "GET, HEAD, OPTIONS"},
	} {
		w := httptest.NewRecorder()
		a.ServeHTTP(w, httptest.NewRequest(c.method, c.path, nil))
		if got := w.Header().Get("Allow"); w.Code != c.status || !sameMethods(got, c.allow) {
			t.Errorf("%s %s: %d, Allow %q; want %d, %q", c.method, c.path, w.Code, got, c.status, c.allow)
		}
	}
	open := bare(t, Config{})
	for _, method := range []string{"DELETE", "TRACE", "PATCH", "BREW"} {
		w := httptest.NewRecorder()
		open.ServeHTTP(w, httptest.NewRequest(method, "/healthz", nil))
		if got := w.Header().Get("Allow"); w.Code != 405 || !sameMethods(got, "GET, HEAD, OPTIONS") || !strings.Contains(w.Body.String(), "method_not_allowed") {
			t.Errorf("%s: %d, Allow %q: %s", method, w.Code, got, w.Body)
		}
	}
}

func sameMethods(a, b string) bool {
	set := func(list string) map[string]bool {
		out := map[string]bool{}
		for _, m := range strings.Split(list, ", ") {
			out[m] = true
		}
		return out
	}
	x, y := set(a), set(b)
	for m := range x {
		if !y[m] {
			return false
		}
	}
	return len(x) == len(y)
}

// TestHead: HEAD is GET without the body.
func TestHead(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(bare(t, Config{}))
	t.Cleanup(server.Close)
	get, err := server.Client().Get(server.URL + "/openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	defer get.Body.Close()
	head, err := server.Client().Head(server.URL + "/openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	defer head.Body.Close()
	if n, _ := head.Body.Read(make([]byte, 1)); n != 0 || head.StatusCode != http.StatusOK || head.Header.Get("Content-Type") != get.Header.Get("Content-Type") {
		t.Errorf("HEAD answers %s with %d bytes and %s", head.Status, n, head.Header.Get("Content-Type"))
	}
}

func TestSecurityHeaders(t *testing.T) {
	t.Parallel()
	for _, path := range []string{"/healthz", "/nowhere", "/panic", "/v1/incidents?nonsense=1", "/openapi.json"} {
		for _, hsts := range []bool{false, true} {
			c := Config{}
			want := ""
			if hsts {
				c.HSTS, want = 3600e9, "max-age=3600"
			}
			w := httptest.NewRecorder()
			bare(t, c).ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
			for name, value := range map[string]string{
				"Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
				"X-Content-Type-Options":  "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "no-referrer",
				"Cross-Origin-Resource-Policy": "same-origin", "Strict-Transport-Security": want, "Cache-Control": "no-store",
			} {
				if got := w.Header().Get(name); got != value {
					t.Errorf("%s: %s is %q, want %q", path, name, got, value)
				}
			}
		}
	}
}

func TestCORS(t *testing.T) {
	t.Parallel()
	const allowOrigin, allowMethods, expose = "Access-Control-Allow-Origin", "Access-Control-Allow-Methods", "Access-Control-Expose-Headers"
	for name, c := range map[string]struct {
		configured []string
		origin     string
		want       string
	}{
		"off":                {nil, "https://a.example", ""},
		"any":                {[]string{"*"}, "https://a.example", "*"},
		"named":              {[]string{"https://a.example", "http://localhost:3000"}, "http://localhost:3000", "http://localhost:3000"},
		"another":            {[]string{"https://a.example"}, "https://b.example", ""},
		"its name as a tail": {[]string{"https://a.example"}, "https://evil.example/https://a.example", ""},
		"its name as a head": {[]string{"https://a.example"}, "https://a.example.evil.example", ""},
		"null":               {[]string{"https://a.example"}, "null", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := bare(t, Config{Origins: c.configured, KeyedReads: true})
			preflight := httptest.NewRequest(http.MethodOptions, "/v1/incidents", nil)
			preflight.Header.Set("Origin", c.origin)
			preflight.Header.Set("Access-Control-Request-Method", "POST")
			w := httptest.NewRecorder()
			a.ServeHTTP(w, preflight)
			h := w.Header()
			if w.Code != 204 || h.Get(allowOrigin) != c.want || (h.Get(allowMethods) != "") != (c.want != "") {
				t.Errorf("the preflight is answered %d %v", w.Code, h)
			}
			get := httptest.NewRequest(http.MethodGet, "/fine", nil)
			get.Header.Set("Origin", c.origin)
			w = httptest.NewRecorder()
			a.ServeHTTP(w, get)
			h = w.Header()
			if h.Get(allowOrigin) != c.want || h.Get("Access-Control-Allow-Credentials") != "" || (h.Get(expose) != "") != (c.want != "") {
				t.Errorf("the answer's headers are %v", h)
			}
			if named := len(c.configured) > 0 && c.configured[0] != "*"; named && h.Get("Vary") != "Origin" {
				t.Errorf("Vary is %q", h.Get("Vary"))
			}
			for _, header := range []string{"ETag", "Link", "Location", "Retry-After", "RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset"} {
				if c.want != "" && !strings.Contains(h.Get(expose), header) {
					t.Errorf("%s is not exposed: %s", header, h.Get(expose))
				}
			}
		})
	}
	for _, bad := range []string{"", "example.com", "https://example.com/", "ftp://x", "https://*.example.com/x", "https://user@example.com"} {
		if _, err := New(Config{Origins: []string{bad}}); err == nil {
			t.Errorf("%q was taken for an origin", bad)
		}
	}
}

func TestPublicURL(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]string{"": "", "https://ledger.example.org": "https://ledger.example.org", "http://127.0.0.1:8080/": "http://127.0.0.1:8080"} {
		if a, err := New(Config{PublicURL: given}); err != nil || a.publicURL != want {
			t.Errorf("%q: %v", given, err)
		}
	}
	for _, bad := range []string{"ledger.example.org", "https://example.org/ledger", "ftp://x", "https://user@example.com", "https://example.org?x", "//example.org"} {
		if _, err := New(Config{PublicURL: bad}); err == nil {
			t.Errorf("%q was taken for a public URL", bad)
		}
	}
}
