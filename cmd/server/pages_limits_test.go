package main

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/api"
	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
	"github.com/breachledger/breachledger/internal/ledgertest"
	"github.com/breachledger/breachledger/internal/web"
)

// both is the API and the pages on one ledger, with another connection to it.
type both struct {
	http.Handler
	metrics http.Handler
	ledger  *ledger.Ledger
	conn    *pgx.Conn
}

func newBoth(t *testing.T, c api.Config, d ledger.Config) both {
	t.Helper()
	d.URL, d.SearchTimeout = ledgertest.URL(t), cmp.Or(d.SearchTimeout, long)
	l, err := ledger.Open(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.Close)
	conn, err := pgx.Connect(t.Context(), d.URL)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.WithoutCancel(t.Context())) })
	return both{ledger: l, conn: conn}.with(t, c)
}

// with is another server on the same ledger.
func (s both) with(t *testing.T, c api.Config) both {
	t.Helper()
	c.Ledger, c.RequestTimeout = s.ledger, cmp.Or(c.RequestTimeout, long)
	handler, err := api.New(c)
	if err != nil {
		t.Fatal(err)
	}
	pages, err := web.New(web.Config{Ledger: s.ledger, Gates: web.Gates(handler.PageGates())})
	if err != nil {
		t.Fatal(err)
	}
	s.Handler, s.metrics = withPages(handler, handler.Guard(pages)), handler.MetricsHandler()
	return s
}

func lock(t *testing.T, conn *pgx.Conn, table string) (release func()) {
	t.Helper()
	exec := func(sql string) {
		t.Helper()
		if _, err := conn.Exec(t.Context(), sql); err != nil {
			t.Fatalf("%s: %v", sql, err)
		}
	}
	exec("BEGIN")
	exec("LOCK TABLE " + table + " IN ACCESS EXCLUSIVE MODE")
	return func() { t.Helper(); exec("ROLLBACK") }
}

func ask(t *testing.T, h http.Handler, path string) *httptest.ResponseRecorder {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil))
	return w
}

// checkBusy checks that a page was refused with a page.
func checkBusy(t *testing.T, path string, w *httptest.ResponseRecorder) {
	t.Helper()
	if w.Code != http.StatusServiceUnavailable || w.Header().Get("Retry-After") == "" ||
		!strings.HasPrefix(w.Header().Get("Content-Type"), "text/html") || !strings.Contains(w.Body.String(), "<h1>Busy</h1>") {
		t.Errorf("%s: %d %v %.300s", path, w.Code, w.Header(), w.Body)
	}
}

// TestPagesAreShed: pages wait in the line of the API. When it is full, both are
// turned away at once; those who wait are answered in the end, and what is no
// search goes on.
func TestPagesAreShed(t *testing.T) {
	t.Parallel()
	s := newBoth(t, api.Config{Queues: api.Queues{Searches: 3, Wait: long}}, ledger.Config{SearchConnections: 2, SearchTimeout: long})
	doc, err := s.ledger.Record(t.Context(), ledger.Change{By: access.Identity{Name: "a test", Role: access.Editor}, Action: "record"}, incidents.Incident{
		Title: "Acme Pay card skimming", Category: incidents.DataBreach, Participants: []incidents.Participant{{Actor: incidents.ActorRef{Name: "Acme Pay"}, Role: incidents.RoleVictim}},
	})
	if err != nil {
		t.Fatal(err)
	}
	release := lock(t, s.conn, "incident_participants, responses")
	const most = 4 + 3 // 2 connections let 4 in, and 3 wait
	codes := make(chan int, most)
	var waiting sync.WaitGroup
	for i := range most {
		waiting.Go(func() { codes <- ask(t, s, fmt.Sprintf("/responses?sector=health&from=20%02d", i)).Code })
	}
	full := func() bool {
		return strings.Contains(ask(t, s.metrics, "/metrics").Body.String(), `requests_waiting{class="search"} 3`)
	}
	for deadline := time.Now().Add(hanging); !full(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("the line of the API does not fill with pages")
		}
	}
	began := time.Now()
	for range 20 {
		for _, path := range []string{"/", "/incidents?category=data_breach", "/incidents.csv", "/responses", "/actors/acme-pay"} {
			checkBusy(t, path, ask(t, s, path))
		}
		if w := ask(t, s, "/v1/incidents?payment=true"); w.Code != http.StatusServiceUnavailable || !strings.Contains(w.Body.String(), "overloaded") {
			t.Errorf("the API: %d %s", w.Code, w.Body)
		}
		// An incident asks for what is like it only where there is room.
		for _, path := range []string{"/sign-in", "/incidents/" + doc.Slug, "/incidents/" + doc.Slug + "/claims.csv", "/healthz"} {
			if w := ask(t, s, path); w.Code != http.StatusOK {
				t.Fatalf("%s: %d %s", path, w.Code, w.Body)
			}
		}
	}
	if took := time.Since(began); took > hanging {
		t.Errorf("180 pages were answered in %s: that is not at once", took)
	}
	release()
	waiting.Wait()
	for range most {
		if code := <-codes; code != http.StatusOK {
			t.Errorf("one who waited got %d", code)
		}
	}
}

// TestPagesTimeLimit: a page that takes too long is ended as a request of the API is.
func TestPagesTimeLimit(t *testing.T) {
	t.Parallel()
	const limit = 500 * time.Millisecond
	s := newBoth(t, api.Config{RequestTimeout: limit}, ledger.Config{SearchTimeout: 2 * long})
	defer lock(t, s.conn, "incidents")()
	for _, path := range []string{"/incidents?payment=true", "/incidents/acme", "/incidents.csv?payment=true"} {
		began := time.Now()
		w := ask(t, s, path)
		checkBusy(t, path, w)
		if took := time.Since(began); took < limit || took > limit+hanging {
			t.Errorf("%s: %s, and the limit is %s", path, took, limit)
		}
	}
}

// writer signs in, and sends forms to a server.
func (s both) writer(t *testing.T) func(to http.Handler, path string, form url.Values) *httptest.ResponseRecorder {
	t.Helper()
	_, key, err := s.ledger.CreateKey(t.Context(), "a writer", access.Editor, nil)
	if err != nil {
		t.Fatal(err)
	}
	var cookies []*http.Cookie
	send := func(to http.Handler, path string, form url.Values) *httptest.ResponseRecorder {
		t.Helper()
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, path, strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		for _, c := range cookies {
			r.AddCookie(c)
		}
		w := httptest.NewRecorder()
		to.ServeHTTP(w, r)
		return w
	}
	cookies = send(s, "/sign-in", url.Values{"key": {key}}).Result().Cookies()
	if len(cookies) != 1 {
		t.Fatal("signing in gives no session")
	}
	return send
}

// TestLargeForms: a form may be as large as what it says is in the API, in any
// script; a larger one is told how large it may be.
func TestLargeForms(t *testing.T) {
	t.Parallel()
	s := newBoth(t, api.Config{}, ledger.Config{})
	send := s.writer(t)
	form := func(title string, letters int) url.Values {
		return url.Values{
			"/title": {title}, "/category": {"data_breach"}, "/participants/0/actor/name": {"Acme Pay"}, "/participants/0/role": {"victim"}, "anyway": {"1"},
			"/sources/0/url": {"https://example.com/" + title}, "/sources/0/text": {strings.Repeat("утечка ", letters/7)},
		}
	}
	if w := send(s, "/log", form("long", 450_000)); w.Code != http.StatusSeeOther {
		t.Errorf("an article of 450,000 letters: %d %.500s", w.Code, w.Body)
	}
	w := send(s, "/log", form("too-long", 700_000))
	if w.Code != http.StatusRequestEntityTooLarge || !strings.Contains(w.Body.String(), "3 MiB") || !strings.HasPrefix(w.Header().Get("Content-Type"), "text/html") {
		t.Errorf("an article of 700,000 letters: %d %v %.500s", w.Code, w.Header(), w.Body)
	}
}

// TestFormWaitsTooLong: a write that others hold up is no fault of the server.
func TestFormWaitsTooLong(t *testing.T) {
	t.Parallel()
	s := newBoth(t, api.Config{}, ledger.Config{})
	hasty := s.with(t, api.Config{RequestTimeout: 700 * time.Millisecond})
	send := s.writer(t)
	form := url.Values{"/title": {"One"}, "/category": {"data_breach"}, "/participants/0/actor/name": {"Acme Pay"}, "/participants/0/role": {"victim"}, "anyway": {"1"}}
	if w := send(s, "/log", form); w.Code != http.StatusSeeOther {
		t.Fatalf("log: %d %s", w.Code, w.Body)
	}
	defer lock(t, s.conn, "actors")()
	form.Set("/title", "Another")
	checkBusy(t, "/log", send(hasty, "/log", form))
}
