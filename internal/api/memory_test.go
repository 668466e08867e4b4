package api_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/api"
	"github.com/breachledger/breachledger/internal/ledgertest"
)

// TestKeptAnswersAreThePresentOnes: whatever is written, everybody reads what a
// key holder reads, for whom nothing is kept; and some of it, before each write, comes from memory.
func TestKeptAnswersAreThePresentOnes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	slug := text(t, w.incident(t, "", false), "slug")
	other := text(t, w.incident(t, "", false), "slug")
	paths := []string{
		"/v1/incidents", "/v1/incidents?limit=1", "/v1/incidents?q=skimmed&facets=category", "/v1/incidents/" + slug, "/v1/incidents/" + other,
		"/v1/reports/promises", "/v1/responses", "/v1/actors", "/v1/actors/acme-pay", "/v1/incidents/" + slug + "/history",
	}
	edit := func(method, path, body string) func() {
		return func() {
			r := request{method: method, path: path, role: access.Editor, body: body, header: map[string]string{"If-Match": "*"}}
			if got := w.send(t, r); got.status >= 300 {
				t.Fatalf("%s %s: %s", method, path, got.body)
			}
		}
	}
	writes := []func(){
		func() {},
		func() { w.incident(t, "", false) },
		func() { w.incident(t, "", true) },
		edit("PATCH", "/v1/incidents/"+slug, `{"title":"Another title"}`),
		edit("POST", "/v1/incidents/"+slug+"/responses", `{"actor":"acme-pay","kind":"apology"}`),
		edit("PATCH", "/v1/actors/acme-pay", `{"name":"Acme Pay Ltd","aliases":["Acme Pay"]}`),
		edit("POST", "/v1/actors/card-thieves/merge", `{"into":"acme-pay"}`),
		edit("POST", "/v1/incidents/"+other+"/merge", `{"into":"`+slug+`"}`),
		edit("POST", "/v1/incidents/"+slug+"/retract", `{"reason":"a test"}`),
	}
	for i, write := range writes {
		write()
		for round := range 2 {
			for j, path := range paths {
				kept := w.get(t, path)
				if round == 1 && j == i && kept.status == http.StatusOK { // as most do when nobody else writes
					kept = fromMemoryAtLast(t, w, request{path: path})
				}
				own := w.send(t, request{path: path, role: access.Reader})
				if kept.status != own.status || string(withoutRequest(kept)) != string(withoutRequest(own)) || kept.header.Get("ETag") != own.header.Get("ETag") || kept.header.Get("Link") != own.header.Get("Link") {
					t.Fatalf("after write %d, %s is kept as\n%d %s\nand is\n%d %s", i, path, kept.status, kept.body, own.status, own.body)
				}
				etag := kept.header.Get("ETag")
				if etag == "" || kept.status != http.StatusOK {
					continue
				}
				again := w.send(t, request{path: path, header: map[string]string{"If-None-Match": etag}})
				if again.status != http.StatusNotModified || again.header.Get("ETag") != etag || len(again.body) > 0 {
					t.Fatalf("%s with its ETag: %d %v", path, again.status, again.header)
				}
			}
		}
	}
}

// fromMemoryAtLast asks until the answer comes from memory. Tests beside this one
// write to the same PostgreSQL, and what is kept ends with that.
func fromMemoryAtLast(t *testing.T, w *world, r request) reply {
	t.Helper()
	before := fromMemory(t, w.service)
	for deadline := time.Now().Add(hanging); time.Now().Before(deadline); {
		w.serve(r.build(t, w.keys))
		got := w.serve(r.build(t, w.keys))
		if fromMemory(t, w.service) > before { // the second one, unless both did
			return got
		}
	}
	t.Fatalf("%s never comes from memory", r.path)
	return reply{}
}

// withoutRequest is the body without what names the request.
func withoutRequest(r reply) []byte {
	return []byte(strings.ReplaceAll(string(r.body), r.header.Get("X-Request-Id"), ""))
}

func fromMemory(t *testing.T, s *service) (n int) {
	t.Helper()
	body := s.serve(request{path: "/metrics", role: access.Admin}.build(t, s.keys)).must(t, http.StatusOK).body
	for line := range strings.Lines(string(body)) {
		if _, err := fmt.Sscanf(line, "breachledger_http_requests_from_memory_total %d", &n); err == nil {
			return n
		}
	}
	t.Fatal("there is no such metric")
	return 0
}

// TestWhatIsReadOnceIsNotKept.
func TestWhatIsReadOnceIsNotKept(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ask := func() int {
		for limit := range 20 {
			w.get(t, fmt.Sprintf("/v1/incidents?limit=%d", limit+1)).must(t, http.StatusOK)
		}
		return fromMemory(t, w.service)
	}
	before := fromMemory(t, w.service)
	if n := ask(); n != before {
		t.Errorf("%d answers came from memory that nobody had asked for before", n-before)
	}
	fromMemoryAtLast(t, w, request{path: "/v1/incidents?limit=1"})
}

// TestWhoHasAnAnswerIsToldSoFromMemory, also where nobody asks for the answer
// itself; who asks for it, or has another, gets it.
func TestWhoHasAnAnswerIsToldSoFromMemory(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const path = "/v1/incidents?limit=7"
	whole := w.get(t, path).must(t, http.StatusOK)
	ask := func(tag string, status int) {
		t.Helper()
		got := w.send(t, request{path: path, header: map[string]string{"If-None-Match": tag}}).must(t, status)
		if got.header.Get("ETag") != whole.header.Get("ETag") || status == http.StatusOK && string(got.body) != string(whole.body) {
			t.Errorf("%s: %v %s", tag, got.header, got.body)
		}
	}
	fromMemoryAtLast(t, w, request{path: path, header: map[string]string{"If-None-Match": whole.header.Get("ETag")}}).must(t, http.StatusNotModified)
	ask(`"another"`, http.StatusOK)
	w.get(t, path).must(t, http.StatusOK)
	ask(whole.header.Get("ETag"), http.StatusNotModified)
}

// TestWhatDependsOnTheRequestIsKeptApart.
func TestWhatDependsOnTheRequestIsKeptApart(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	draft := text(t, w.incident(t, "", true), "slug")
	for range 3 { // from the second time on an answer is kept
		if got := w.send(t, request{path: "/v1/incidents", header: map[string]string{"Accept": "text/csv"}}); !strings.HasPrefix(got.header.Get("Content-Type"), "text/csv") {
			t.Errorf("CSV was asked for: %v", got.header)
		}
		if got := w.get(t, "/v1/incidents"); got.header.Get("Content-Type") != "application/json" {
			t.Errorf("JSON was asked for: %v", got.header)
		}
		w.send(t, request{path: "/v1/incidents/" + draft, role: access.Contributor}).must(t, http.StatusOK)
		w.get(t, "/v1/incidents/"+draft).must(t, http.StatusNotFound)
		w.send(t, request{path: "/v1/incidents?publication=draft", role: access.Contributor}).must(t, http.StatusOK)
		w.get(t, "/v1/incidents?publication=draft").must(t, http.StatusForbidden)
	}
}

// TestWritesOfOthersShowWithinASecond, be it another server or psql, and also
// when that one died right after its commit and could tell nobody.
func TestWritesOfOthersShowWithinASecond(t *testing.T) {
	t.Parallel()
	url := ledgertest.URL(t)
	s := startWith(t, ledgertest.OpenURL(t, url), api.Config{})
	other := startWith(t, ledgertest.OpenURL(t, url), api.Config{})
	total := func() int { return len(s.get(t, "/v1/incidents").must(t, http.StatusOK).json(t)["data"].([]any)) }
	if total() != 0 {
		t.Fatal("the ledger is not empty")
	}
	waitFor := func(n int) {
		t.Helper()
		began := time.Now()
		for total() != n {
			if time.Since(began) > hanging {
				t.Fatalf("the list still has %d incidents, not %d", total(), n)
			}
			time.Sleep(5 * time.Millisecond)
		}
		t.Logf("shown after %s", time.Since(began))
	}
	other.post(t, "/v1/incidents", `{"title":"A breach","category":"data_breach"}`).must(t, http.StatusCreated)
	waitFor(1)
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(t.Context()) }()
	if _, err := conn.Exec(t.Context(), "UPDATE incidents SET certainty = 'near_miss'"); err != nil {
		t.Fatal(err)
	}
	waitFor(0)
}
