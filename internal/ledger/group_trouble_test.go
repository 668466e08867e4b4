package ledger_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/breachledger/breachledger/internal/ledger"
	"github.com/breachledger/breachledger/internal/ledgertest"
)

// named is an incident of an organisation.
func named(title, organisation string) string {
	return fmt.Sprintf(`{"title": %q, "category": "data_breach", "participants": [{"actor": {"name": %q, "kind": "company"}, "role": "victim"}]}`, title, organisation)
}

// hold locks the actor of an organisation until the function that it returns is called.
func hold(t *testing.T, l *ledger.Ledger, organisation string) (release func()) {
	t.Helper()
	tx, err := l.Pool().Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tx.Exec(t.Context(), "SELECT FROM actors WHERE name = $1 FOR UPDATE", organisation); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = tx.Rollback(context.WithoutCancel(t.Context())) })
	return func() { _ = tx.Rollback(t.Context()) }
}

// TestALockedActorHoldsUpNobodyElse: an incident of another organisation is stored
// while several wait for the one that somebody renames.
func TestALockedActorHoldsUpNobodyElse(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	record(t, l, fromJSON(t, named("First", "Held Pay")))
	release := hold(t, l, "Held Pay")
	waiting := make(chan error, 6) // more than there are connections
	for i := range cap(waiting) {
		go func() {
			_, err := l.Record(t.Context(), recording, fromJSON(t, named(fmt.Sprint("Waiting ", i), "Held Pay")))
			waiting <- err
		}()
		time.Sleep(10 * time.Millisecond) // each begins a group while there may be more
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if _, err := l.Record(ctx, recording, fromJSON(t, named("Another", "Free Pay"))); err != nil {
		t.Errorf("while an actor is locked, another's incident: %v", err)
	}
	select {
	case err := <-waiting:
		t.Errorf("an incident of the locked actor did not wait: %v", err)
	default:
	}
	release()
	for range cap(waiting) {
		if err := <-waiting; err != nil {
			t.Errorf("after the lock: %v", err)
		}
	}
}

// TestWhoHasGoneIsNotWritten: whoever was told that it took too long may log the
// incident again.
func TestWhoHasGoneIsNotWritten(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	record(t, l, fromJSON(t, named("First", "Held Pay")))
	release := hold(t, l, "Held Pay")
	for i, err := range atOnce(5, func(i int) error {
		ctx, cancel := context.WithTimeout(t.Context(), 400*time.Millisecond)
		defer cancel()
		_, err := l.Record(ctx, recording, fromJSON(t, named(fmt.Sprint("Gone ", i), "Held Pay")))
		return err
	}) {
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("incident %d: %v", i, err)
		}
	}
	release()
	record(t, l, fromJSON(t, named("Last", "Held Pay")))
	if n := ask[int](t, l, "SELECT count(*) FROM incidents"); n != 2 {
		t.Errorf("%d incidents are stored, want the first and the last", n)
	}
}

// TestNoIncidentIsStoredTwice when the answer to a commit is lost.
func TestNoIncidentIsStoredTwice(t *testing.T) {
	t.Parallel()
	address := ledgertest.URL(t)
	direct := ledgertest.OpenURL(t, address)
	line := lossy(t, address)
	l := ledgertest.OpenURL(t, line.url)
	line.losing.Store(true)
	const n = 12
	errs := atOnce(n, func(i int) error {
		_, err := l.Record(t.Context(), recording, fromJSON(t, fmt.Sprintf(`{"title": "Incident %d", "category": "data_breach"}`, i)))
		return err
	})
	line.losing.Store(false)
	if !slices.ContainsFunc(errs, func(err error) bool { return err != nil }) {
		t.Error("no answer was lost")
	}
	for i, err := range errs {
		if err != nil && !ledger.Unavailable(err) {
			t.Errorf("the lost connection is not reported as such: %v", err)
		}
		stored := ask[int](t, direct, "SELECT count(*) FROM incidents WHERE title = $1", fmt.Sprint("Incident ", i))
		if stored > 1 || stored == 0 && err == nil {
			t.Errorf("incident %d is stored %d times, its error is %v", i, stored, err)
		}
	}
}

// lossyLine leads to a database. While it is losing, it breaks off after a commit
// instead of handing on the answer.
type lossyLine struct {
	url    string
	losing atomic.Bool
}

func lossy(t *testing.T, address string) *lossyLine {
	t.Helper()
	config, err := pgx.ParseConfig(address)
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	query := u.Query()
	query.Set("host", dir)
	query.Set("port", "5432")
	u.Host, u.RawQuery = "", query.Encode()
	line := &lossyLine{url: u.String()}
	listener, err := net.Listen("unix", filepath.Join(dir, ".s.PGSQL.5432"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			network, target := pgconn.NetworkAddress(config.Host, config.Port)
			server, err := net.Dial(network, target)
			if err != nil {
				_ = client.Close()
				continue
			}
			line.join(client, server)
		}
	}()
	return line
}

// join carries bytes both ways until one side ends, or an answer is lost.
func (l *lossyLine) join(client, server net.Conn) {
	var lost atomic.Bool
	end := func() { _, _ = client.Close(), server.Close() }
	go func() {
		defer end()
		buffer := make([]byte, 1<<16)
		for {
			n, err := client.Read(buffer)
			if err != nil {
				return
			}
			if l.losing.Load() && bytes.Contains(buffer[:n], []byte("commit\x00")) {
				lost.Store(true)
			}
			if _, err := server.Write(buffer[:n]); err != nil {
				return
			}
		}
	}()
	go func() {
		defer end()
		buffer := make([]byte, 1<<16)
		for {
			n, err := server.Read(buffer)
			if err != nil || lost.Load() {
				return
			}
			if _, err := io.Copy(client, bytes.NewReader(buffer[:n])); err != nil {
				return
			}
		}
	}()
}

// TestACutConnectionIsUnavailable: the next write gets through, or its error says
// that the database cannot be reached.
func TestACutConnectionIsUnavailable(t *testing.T) {
	t.Parallel()
	address := ledgertest.URL(t)
	l := ledgertest.OpenURL(t, address)
	conn, err := pgx.Connect(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(t.Context())) }()
	for i := range 5 {
		for err := errors.New("not yet"); err != nil; { // more connections may have been cut before
			if _, err = l.Record(t.Context(), recording, fromJSON(t, fmt.Sprintf(`{"title": "Before %d", "category": "data_breach"}`, i))); err != nil && !ledger.Unavailable(err) {
				t.Fatal(err)
			}
		}
		if _, err := conn.Exec(t.Context(), "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"); err != nil {
			t.Fatal(err)
		}
		for range 3 {
			_, err := l.Record(t.Context(), recording, fromJSON(t, `{"title": "After", "category": "data_breach"}`))
			if err != nil && !ledger.Unavailable(err) {
				t.Errorf("after the connections were cut: %v", err)
			}
		}
	}
}

// TestAGroupThatCannotBeWrittenIsSaid: each of it is written by itself, and the log
// says why, unless it was in the way of other writes.
func TestAGroupThatCannotBeWrittenIsSaid(t *testing.T) {
	t.Parallel()
	log := make(lines, 100)
	l, err := ledger.Open(t.Context(), ledger.Config{URL: ledgertest.URL(t), Connections: 4, SearchConnections: 2, NoUpkeep: true, Log: slog.New(slog.NewTextHandler(log, nil))})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	exec(t, l, `CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
		IF (SELECT count(*) FROM added) > 1 THEN RAISE EXCEPTION 'one at a time'; END IF; RETURN NULL; END $$`)
	exec(t, l, "CREATE TRIGGER fail AFTER INSERT ON incidents REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION fail()")
	docs, err := l.RecordTogether(t.Context(), recording, met("One", "Meridian Pay", "one"), met("Another", "Meridian Pay", "another"))
	if err != nil || docs[0].Slug == docs[1].Slug {
		t.Fatalf("%s and %s, %v", docs[0].Slug, docs[1].Slug, err)
	}
	select {
	case line := <-log:
		if !strings.Contains(line, "written one by one") || !strings.Contains(line, "one at a time") {
			t.Errorf("the log says %s", line)
		}
	default:
		t.Error("the log says nothing")
	}
}
