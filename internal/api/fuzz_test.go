package api_test

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/api"
	"github.com/breachledger/breachledger/internal/ledgertest"
)

// fuzzed is an API with one incident, and a way to count what is stored. Each
// fuzz worker is a process of its own and makes one.
type fuzzed struct {
	*service
	db *pgx.Conn
}

func newFuzzed(f *testing.F) *fuzzed {
	f.Helper()
	address := ledgertest.URL(f)
	db, err := pgx.Connect(context.Background(), address)
	if err != nil {
		f.Fatalf("connect to the test database: %v", err)
	}
	f.Cleanup(func() { _ = db.Close(context.Background()) })
	s := &fuzzed{service: startWith(f, ledgertest.OpenURL(f, address), api.Config{}), db: db}
	s.post(f, "/v1/incidents", smallest).must(f, http.StatusCreated)
	return s
}

// stored is how many things there are.
func (s *fuzzed) stored(t *testing.T) (n int) {
	t.Helper()
	err := s.db.QueryRow(context.Background(), `SELECT (SELECT count(*) FROM incident_revisions) + (SELECT count(*) FROM actors)
		+ (SELECT count(*) FROM actor_names) + (SELECT count(*) FROM sources) + (SELECT count(*) FROM evidence)`).Scan(&n)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// tryBody sends a body: the answer must be as documented, never a fault of the
// server, and without success nothing may be stored.
func (s *fuzzed) tryBody(t *testing.T, method, path string, body []byte) {
	t.Helper()
	before := s.stored(t)
	r := request{method: method, path: path, role: access.Editor, header: map[string]string{"If-Match": "*"}}.build(t, s.keys)
	r.Body, r.ContentLength = http.NoBody, 0
	if len(body) > 0 {
		r = r.Clone(context.Background())
		r.Body, r.ContentLength = readCloser{bytes.NewReader(body)}, int64(len(body))
	}
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	s.api.ServeHTTP(w, r)
	got := reply{status: w.Code, header: w.Header(), body: w.Body.Bytes()}
	s.doc.check(t, r, got)
	if got.status >= http.StatusInternalServerError {
		t.Fatalf("%d: %s", got.status, got.body)
	}
	if !utf8.Valid(got.body) {
		t.Errorf("the answer is not UTF-8: %q", got.body)
	}
	if after := s.stored(t); got.status >= http.StatusBadRequest && after != before {
		t.Errorf("the status is %d, and yet %d things were stored", got.status, after-before)
	}
}

type readCloser struct{ *bytes.Reader }

func (readCloser) Close() error { return nil }

// FuzzPOSTBody: no body breaks POST /v1/incidents.
func FuzzPOSTBody(f *testing.F) {
	f.Add([]byte(smallest))
	f.Add([]byte(fullDocument))
	f.Add([]byte(`{"title":"a","category":"other","sources":[{"text":"a \"b\" c"}],"counts":[{"unit":"cards","qualifier":"unquantified","evidence":[{"quote":"“b”"}]}]}`))
	f.Add([]byte(`{"title":"a\u0000","category":"other"}`))
	f.Add([]byte(`{"title":"a","category":"other","losses":[{"kind":"fine","amount":1e400,"currency":"USD"}]}`))
	f.Add([]byte(`{"title":"a","category":"other","responses":[{"key":"r","actor":"acme-pay","kind":"refund","status":"promised","due":"2026"},{"actor":"Acme Pay","kind":"refund","fulfils":"r"}]}`))
	f.Add([]byte(`[[[[`))
	f.Add([]byte(``))
	s := newFuzzed(f)
	f.Fuzz(func(t *testing.T, body []byte) { s.tryBody(t, http.MethodPost, "/v1/incidents", body) })
}

// FuzzPATCHBody: no body breaks PATCH /v1/incidents/{ref}.
func FuzzPATCHBody(f *testing.F) {
	f.Add([]byte(`{"disclosed":"2026-03","summary":"a"}`))
	f.Add([]byte(`{"title":null,"tags":null,"occurred":{"from":null,"to":"2015"},"slug":"other"}`))
	f.Add([]byte(`{"counts":[],"participants":null}`))
	f.Add([]byte(`{"external_refs":[{"scheme":"case","id":"FR-1182"},{"scheme":"case","id":"FR-1183"}],"countries":["US"]}`))
	f.Add([]byte(`{"id":"x","version":-1,"victims":{"quantity":1},"publication":"draft"}`))
	f.Add([]byte(`null`))
	f.Add([]byte(``))
	s := newFuzzed(f)
	f.Fuzz(func(t *testing.T, body []byte) { s.tryBody(t, http.MethodPatch, "/v1/incidents/"+acme, body) })
}

// tryQuery sends a query as it is, to every list and report.
func (s *fuzzed) tryQuery(t *testing.T, query string) {
	t.Helper()
	for _, path := range []string{"/v1/incidents", "/v1/reports/breaches", "/v1/reports/responses", "/v1/actors", "/v1/sources", "/v1/duplicates", "/v1/duplicates/actors"} {
		got := s.send(t, request{path: path + "?" + query, role: access.Admin})
		if got.status >= http.StatusInternalServerError {
			t.Fatalf("%s?%s: %d: %s", path, query, got.status, got.body)
		}
		if !utf8.Valid(got.body) {
			t.Errorf("%s?%s: the answer is not UTF-8: %q", path, query, got.body)
		}
	}
}

// FuzzCursor: no cursor breaks a list.
func FuzzCursor(f *testing.F) {
	s := newFuzzed(f)
	for i := range 3 {
		s.post(f, "/v1/incidents", `{"title":"a","category":"other","participants":[{"actor":{"name":"Company `+string(rune('A'+i))+`"},"role":"victim"}]}`).must(f, http.StatusCreated)
	}
	for _, path := range []string{"/v1/incidents?limit=1", "/v1/actors?limit=1", "/v1/reports/responses?limit=1"} {
		cursor, _ := s.get(f, path).must(f, http.StatusOK).json(f)["next_cursor"].(string)
		f.Add(cursor)
	}
	f.Add("eyJrIjoiMSJ9")
	f.Add("\x00\xff")
	f.Fuzz(func(t *testing.T, cursor string) {
		s.tryQuery(t, url.Values{"cursor": {cursor}, "limit": {"1"}}.Encode())
	})
}

// FuzzQueryString: no query breaks a list or report.
func FuzzQueryString(f *testing.F) {
	f.Add("q=acme&sort=-updated&limit=3")
	f.Add("category=data_breach,other&vector=skimming&data_class=card_number&payment=true&min_victims=1&max_victims=9223372036854775807")
	f.Add("from=2014&to=2014-10&date=occurred&updated_since=2026-01-01T00:00:00Z&unanswered=false&contested=true")
	f.Add("actor=Acme%20Pay&role=victim&sector=payment_processor&actor_kind=company&country=US,CN&tag=a")
	f.Add(`q="a b" -c or (d:* & e)&support=cited&unit=cards&response=apology&publication=draft`)
	f.Add("q=%00&country=%ff&limit=1;2&&=&%zz=1&a[b]=c")
	f.Add("updated_since=0000-01-01T00:00:00Z&from=9999&name=%E2%80%AE")
	s := newFuzzed(f)
	f.Fuzz(func(t *testing.T, query string) { s.tryQuery(t, query) })
}
