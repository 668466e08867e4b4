package api_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/breachledger/breachledger/internal/api"
	"github.com/breachledger/breachledger/internal/ledger"
	"github.com/breachledger/breachledger/internal/ledgertest"
)

// onURL is an API on the database of that address, with another connection to it.
func onURL(t *testing.T, c api.Config, d ledger.Config) (*service, *pgx.Conn) {
	t.Helper()
	d.URL = ledgertest.URL(t)
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
	return startWith(t, l, c), conn
}

func exec(t *testing.T, conn *pgx.Conn, sql string) {
	t.Helper()
	if _, err := conn.Exec(t.Context(), sql); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}

// TestShedding: with the database stuck, so many wait and all others are turned
// away at once; lists do not keep other requests from being answered; and when
// it goes on, everything does.
func TestShedding(t *testing.T) {
	t.Parallel()
	s, conn := onURL(t, api.Config{Queues: api.Queues{Reads: 4, Searches: 3, Wait: long}}, ledger.Config{Connections: 4, SearchConnections: 2, SearchTimeout: long})
	exec(t, conn, "BEGIN")
	exec(t, conn, "LOCK TABLE incidents IN ACCESS EXCLUSIVE MODE")

	const inside, waiting = 4, 3 // 2 connections let 4 in
	var mu sync.Mutex
	byStatus := map[int]int{}
	var all sync.WaitGroup
	list := func() {
		got := raw(s, "/v1/incidents?payment=true", "")
		mu.Lock()
		byStatus[got.status]++
		mu.Unlock()
	}
	for range inside + waiting {
		all.Go(list)
	}
	busy := func() string {
		return grep(string(raw(s, "/metrics", s.keys["admin"]).body), "breachledger_http_requests_")
	}
	for deadline := time.Now().Add(hanging); !strings.Contains(busy(), `waiting{class="search"} 3`); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("the queue does not fill: %s", busy())
		}
	}
	began := time.Now()
	for range 200 {
		got := raw(s, "/v1/incidents?payment=true", "")
		if got.status != http.StatusServiceUnavailable || got.problem(t).Code != "overloaded" || got.header.Get("Retry-After") != "1" {
			t.Fatalf("with the queue full: %d %v %s", got.status, got.header, got.body)
		}
	}
	if took := time.Since(began); took > hanging {
		t.Errorf("200 requests were turned away in %s: that is not at once", took)
	}
	// What is not about the lists is answered all the same.
	for _, path := range []string{"/healthz", "/readyz", "/v1/sources/018f6b5e-7c1a-7000-8000-0123456789ab"} {
		if got := raw(s, path, ""); got.status != http.StatusOK && got.status != http.StatusNotFound {
			t.Errorf("%s: %d", path, got.status)
		}
	}
	if !strings.Contains(busy(), `shed_total{class="search"} 20`) {
		t.Errorf("the metrics: %s", busy())
	}
	exec(t, conn, "ROLLBACK")
	all.Wait()
	if byStatus[200] != inside+waiting {
		t.Errorf("those who waited got %v, want %d times 200", byStatus, inside+waiting)
	}
	if got := raw(s, "/v1/incidents?payment=true", ""); got.status != http.StatusOK {
		t.Errorf("afterwards: %d", got.status)
	}
}

// TestTimeLimits: a search that takes too long and a request that does are ended,
// with a 503 that says so.
func TestTimeLimits(t *testing.T) {
	t.Parallel()
	s, conn := onURL(t, api.Config{RequestTimeout: 700 * time.Millisecond}, ledger.Config{SearchTimeout: 200 * time.Millisecond})
	exec(t, conn, "BEGIN")
	exec(t, conn, "LOCK TABLE incidents IN ACCESS EXCLUSIVE MODE")
	for path, limit := range map[string]time.Duration{"/v1/incidents?payment=true": 200 * time.Millisecond, "/v1/incidents/acme": 700 * time.Millisecond} {
		began := time.Now()
		got := raw(s, path, "")
		if took := time.Since(began); got.status != http.StatusServiceUnavailable || got.problem(t).Code != "too_slow" || got.header.Get("Retry-After") == "" || took < limit || took > limit+hanging {
			t.Errorf("%s: %d after %s: %s", path, got.status, took, got.body)
		}
	}
}

// TestClientGone: when a client goes away its query ends too, and it is nobody's
// fault. (Not so that of a quick read, which shares a round trip with those of others,
// and ends by its own time limit.)
func TestClientGone(t *testing.T) {
	t.Parallel()
	var log logBook
	s, conn := onURL(t, log.config(), ledger.Config{SearchTimeout: long})
	exec(t, conn, "BEGIN")
	exec(t, conn, "LOCK TABLE incidents, sources IN ACCESS EXCLUSIVE MODE")
	server := httptest.NewServer(s.api)
	t.Cleanup(server.Close)
	watcher, err := pgx.ConnectConfig(t.Context(), conn.Config().Copy())
	if err != nil {
		t.Fatal(err)
	}
	defer watcher.Close(t.Context())
	running := func() (n int) {
		err := watcher.QueryRow(t.Context(), "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state = 'active' AND pid <> pg_backend_pid() AND wait_event_type = 'Lock'").Scan(&n)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	until := func(what string, n int) {
		t.Helper()
		for deadline := time.Now().Add(hanging); running() != n; time.Sleep(10 * time.Millisecond) {
			if time.Now().After(deadline) {
				t.Fatalf("%s: %d queries run, want %d", what, running(), n)
			}
		}
	}
	for _, path := range []string{"/v1/incidents?payment=true", "/v1/sources/01a2017a-2240-749b-9b44-b8bdbc92db9c"} { // of both pools
		ctx, leave := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() {
			r, err := http.NewRequestWithContext(ctx, http.MethodGet, server.URL+path, nil)
			if err == nil {
				var resp *http.Response
				if resp, err = server.Client().Do(r); err == nil {
					_ = resp.Body.Close()
				}
			}
			done <- err
		}()
		until(path+" begins", 1)
		leave()
		<-done
		until(path+" is left", 0)
	}
	for deadline := time.Now().Add(hanging); strings.Count(log.String(), `"status":499`) != 2; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("the log: %s", &log)
		}
	}
	if strings.Contains(log.String(), "ERROR") || strings.Contains(log.String(), "WARN") {
		t.Errorf("the log takes it for a fault: %s", &log)
	}
}

// TestDatabaseGone: without its database the server says so, and is not ready.
func TestDatabaseGone(t *testing.T) {
	t.Parallel()
	var log logBook
	s, conn := onURL(t, log.config(), ledger.Config{})
	elsewhere := conn.Config().Copy()
	elsewhere.Database = "postgres"
	other, err := pgx.ConnectConfig(t.Context(), elsewhere)
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close(t.Context())
	name := conn.Config().Database
	exec(t, other, "ALTER DATABASE "+name+" ALLOW_CONNECTIONS false")
	exec(t, other, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '"+name+"'")
	for _, path := range []string{"/v1/incidents/acme", "/v1/incidents", "/readyz"} {
		got := raw(s, path, "")
		if got.status != http.StatusServiceUnavailable || got.header.Get("Retry-After") == "" {
			t.Errorf("%s: %d %s\n%s", path, got.status, got.body, &log)
		}
	}
	if got := raw(s, "/healthz", ""); got.status != http.StatusOK {
		t.Errorf("/healthz: %d", got.status)
	}
}

// TestReady: neither an old schema nor a server that is stopping is ready.
func TestReady(t *testing.T) {
	t.Parallel()
	s, conn := onURL(t, api.Config{}, ledger.Config{})
	if got := raw(s, "/readyz", ""); got.status != http.StatusOK {
		t.Fatalf("%d %s", got.status, got.body)
	}
	exec(t, conn, "BEGIN")
	exec(t, conn, "LOCK TABLE goose_db_version IN ACCESS EXCLUSIVE MODE")
	began := time.Now()
	if got := raw(s, "/readyz", ""); got.status != http.StatusServiceUnavailable || time.Since(began) > hanging {
		t.Errorf("with a database that does not answer: %d after %s", got.status, time.Since(began))
	}
	exec(t, conn, "ROLLBACK")
	exec(t, conn, "DELETE FROM goose_db_version WHERE version_id = (SELECT max(version_id) FROM goose_db_version)")
	if got := raw(s, "/readyz", ""); got.status != http.StatusServiceUnavailable || got.problem(t).Code != "not_ready" {
		t.Errorf("with an old schema: %d %s", got.status, got.body)
	}
	s.api.Drain()
	if got := raw(s, "/readyz", ""); got.status != http.StatusServiceUnavailable || got.problem(t).Code != "stopping" {
		t.Errorf("when stopping: %d %s", got.status, got.body)
	}
	if got := raw(s, "/healthz", ""); got.status != http.StatusOK {
		t.Errorf("/healthz: %d", got.status)
	}
}
