package api_test

import (
	"context"
	"encoding/json"
	"flag"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/api"
	"github.com/breachledger/breachledger/internal/factfile"
	"github.com/breachledger/breachledger/internal/importer"
	"github.com/breachledger/breachledger/internal/ledger"
	"github.com/breachledger/breachledger/internal/ledgertest"
	"github.com/breachledger/breachledger/seeds"
)

var update = flag.Bool("update", false, "rewrite the goldens and the examples")

const (
	// long is a limit that no test reaches.
	long = 2 * time.Minute
	// hanging is when what should have happened has not.
	hanging = time.Minute
)

// service is an API on a ledger of its own, with a key for each role.
type service struct {
	ledger *ledger.Ledger
	api    *api.API
	doc    *contract
	keys   map[access.Role]string
}

// start is an API on an empty ledger.
func start(tb testing.TB) *service {
	tb.Helper()
	return startWith(tb, ledgertest.Open(tb), api.Config{})
}

// startWith is an API on a ledger. Its limits are such that a busy machine does not
// reach them, unless the test has its own.
func startWith(tb testing.TB, l *ledger.Ledger, c api.Config) *service {
	tb.Helper()
	c.Ledger, c.Version = l, "test"
	if c.RequestTimeout == 0 {
		c.RequestTimeout = long
	}
	if c.Queues.Wait == 0 {
		c.Queues.Wait = long
	}
	a, err := api.New(c)
	if err != nil {
		tb.Fatalf("make the API: %v", err)
	}
	s := &service{ledger: l, api: a, doc: newContract(tb, a), keys: map[access.Role]string{access.Anonymous: ""}}
	for _, role := range access.Roles() {
		_, secret, err := l.CreateKey(context.Background(), role, access.Role(role), nil)
		if err != nil {
			tb.Fatalf("make a key: %v", err)
		}
		s.keys[access.Role(role)] = secret
	}
	return s
}

// seeded is an API on a ledger with the five seed articles.
func seeded(tb testing.TB) *service {
	tb.Helper()
	s := start(tb)
	set, err := factfile.Load(seeds.Files, "seeds")
	if err != nil {
		tb.Fatalf("read the seeds: %v", err)
	}
	if _, err := importer.Facts(context.Background(), s.ledger, set); err != nil {
		tb.Fatalf("import the seeds: %v", err)
	}
	return s
}

// request is what a test sends.
type request struct {
	method string // GET when not given
	path   string // with its query
	role   access.Role
	key    string // instead of the role's
	body   string
	header map[string]string
}

// reply is what it gets.
type reply struct {
	status int
	header http.Header
	body   []byte
}

// send sends a request, and checks the answer against the OpenAPI document.
func (s *service) send(tb testing.TB, r request) reply {
	tb.Helper()
	hr := r.build(tb, s.keys)
	out := s.serve(hr)
	s.doc.check(tb, hr, out)
	return out
}

// serve answers a request without a look at the document, for faults that a test has
// made itself.
func (s *service) serve(hr *http.Request) reply {
	w := httptest.NewRecorder()
	s.api.ServeHTTP(w, hr)
	return reply{status: w.Code, header: w.Header(), body: w.Body.Bytes()}
}

func (r request) build(tb testing.TB, keys map[access.Role]string) *http.Request {
	tb.Helper()
	if r.method == "" {
		r.method = http.MethodGet
	}
	var body io.Reader
	if r.body != "" {
		body = strings.NewReader(r.body)
	}
	path, query, _ := strings.Cut(r.path, "?")
	hr, err := http.NewRequestWithContext(context.Background(), r.method, "http://api.test", body)
	if err != nil {
		tb.Fatalf("make the request: %v", err)
	}
	if hr.URL, err = hr.URL.Parse(path); err != nil {
		tb.Fatalf("read the path %q: %v", path, err)
	}
	hr.URL.RawQuery = query // as it is: also what no client would send
	hr.RemoteAddr = "192.0.2.1:1234"
	if body != nil {
		hr.Header.Set("Content-Type", "application/json")
	}
	key := r.key
	if key == "" {
		key = keys[r.role]
	}
	if key != "" {
		hr.Header.Set("Authorization", "Bearer "+key)
	}
	for name, value := range r.header {
		hr.Header.Set(name, value)
	}
	return hr
}

func (s *service) get(tb testing.TB, path string) reply {
	tb.Helper()
	return s.send(tb, request{path: path})
}

func (s *service) post(tb testing.TB, path, body string) reply {
	tb.Helper()
	return s.send(tb, request{method: http.MethodPost, path: path, role: access.Editor, body: body})
}

// must ends the test unless the status is the one given.
func (r reply) must(tb testing.TB, status int) reply {
	tb.Helper()
	if r.status != status {
		tb.Fatalf("the status is %d, want %d: %s", r.status, status, r.body)
	}
	return r
}

// json is the body, decoded; numbers stay as they are written.
func (r reply) json(tb testing.TB) map[string]any {
	tb.Helper()
	return decode[map[string]any](tb, r.body)
}

func decode[T any](tb testing.TB, body []byte) T {
	tb.Helper()
	var out T
	dec := json.NewDecoder(strings.NewReader(string(body)))
	dec.UseNumber()
	if err := dec.Decode(&out); err != nil {
		tb.Fatalf("the body is not JSON as it should be: %v: %s", err, body)
	}
	return out
}

// problem is the body of an error.
func (r reply) problem(tb testing.TB) api.Problem {
	tb.Helper()
	return decode[api.Problem](tb, r.body)
}

// at is the value that the path of names and indexes leads to.
func at(tb testing.TB, v any, path ...any) any {
	tb.Helper()
	for i, step := range path {
		switch s := step.(type) {
		case string:
			m, ok := v.(map[string]any)
			if !ok {
				tb.Fatalf("%v is no object at %v", v, path[:i])
			}
			if v, ok = m[s]; !ok {
				tb.Fatalf("there is no %q at %v", s, path[:i])
			}
		case int:
			l, ok := v.([]any)
			if !ok || s >= len(l) {
				tb.Fatalf("there is no item %d at %v", s, path[:i])
			}
			v = l[s]
		}
	}
	return v
}

func text(tb testing.TB, v any, path ...any) string {
	tb.Helper()
	s, ok := at(tb, v, path...).(string)
	if !ok {
		tb.Fatalf("there is no text at %v", path)
	}
	return s
}

func slugs(tb testing.TB, list []any) []string {
	tb.Helper()
	out := make([]string, len(list))
	for i, item := range list {
		out[i] = text(tb, item, "slug")
	}
	return out
}

// golden compares with the file in testdata, or rewrites it.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("read the golden (go test ./internal/api -update writes it): %v", err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(string(got), "\n")); diff != "" {
		t.Errorf("%s differs (go test ./internal/api -update rewrites it): -want +got\n%s", path, diff)
	}
}

// expired is the secret of a key that is no longer good.
func (s *service) expired(tb testing.TB) string {
	tb.Helper()
	_, secret, err := s.ledger.CreateKey(context.Background(), "expired", access.Admin, new(time.Now().Add(-time.Hour)))
	if err != nil {
		tb.Fatalf("make a key: %v", err)
	}
	return secret
}

// revoked is the secret of a key that was ended.
func (s *service) revoked(tb testing.TB) string {
	tb.Helper()
	key, secret, err := s.ledger.CreateKey(context.Background(), "revoked", access.Admin, nil)
	if err != nil {
		tb.Fatalf("make a key: %v", err)
	}
	if err := s.ledger.RevokeKey(context.Background(), key.ID); err != nil {
		tb.Fatalf("revoke a key: %v", err)
	}
	return secret
}

// relative is an address of an answer as a path with its query.
func relative(tb testing.TB, address string) string {
	tb.Helper()
	u, err := url.Parse(address)
	if err != nil {
		tb.Fatalf("%q is no address: %v", address, err)
	}
	return u.RequestURI()
}
