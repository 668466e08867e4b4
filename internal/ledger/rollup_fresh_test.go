package ledger_test

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
	"github.com/breachledger/breachledger/internal/ledgertest"
)

// Two servers agree, and count what either has written once.
func TestTwoServersRollUp(t *testing.T) {
	t.Parallel()
	address := ledgertest.URL(t)
	one, two := ledgertest.OpenURL(t, address), ledgertest.OpenURL(t, address)
	a, b := ledgertest.NewBuilder(81), ledgertest.NewBuilder(82)
	for range 5 {
		done := make(chan error, 4)
		for _, write := range []struct {
			l *ledger.Ledger
			b *ledgertest.Builder
		}{{one, a}, {two, b}} {
			go func() {
				var err error
				for range 6 {
					_, e := write.l.Record(t.Context(), recording, write.b.Incident())
					err = errors.Join(err, e, write.l.FreshReports(t.Context()))
				}
				done <- err
			}()
			go func() {
				var err error
				for range 6 {
					err = errors.Join(err, write.l.FreshReports(t.Context()))
				}
				done <- err
			}()
		}
		for range 4 {
			if err := <-done; err != nil {
				t.Fatal(err)
			}
		}
		sameAsCounted(t, one, "writes of both")
		sameAsCounted(t, two, "writes of both")
	}
}

// lines are what is written to a log.
type lines chan string

func (l lines) Write(text []byte) (int, error) {
	l <- string(text)
	return len(text), nil
}

// TestFailingReportsAreSaid in the log: nobody may ask for them for weeks.
func TestFailingReportsAreSaid(t *testing.T) {
	t.Parallel()
	log := make(lines, 100)
	l, err := ledger.Open(t.Context(), ledger.Config{URL: ledgertest.URL(t), Connections: 2, SearchConnections: 2, Log: slog.New(slog.NewTextHandler(log, nil))})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if _, err := l.Record(t.Context(), recording, ledgertest.NewBuilder(85).Incident()); err != nil {
		t.Fatal(err)
	}
	exec(t, l, `UPDATE incidents SET document = '"no incident"', etag = 'another'`)
	select {
	case line := <-log:
		if !strings.Contains(line, "the reports cannot be brought up to date") || !strings.Contains(line, "read a document") {
			t.Errorf("the log says %s", line)
		}
	case <-time.After(time.Minute):
		t.Fatal("the log says nothing")
	}
}

// What is written, by whomever, is in a report that is asked for fresh at once;
// others may be older, and get it soon.
func TestFreshReports(t *testing.T) {
	t.Parallel()
	address := ledgertest.URL(t)
	l, err := ledger.Open(t.Context(), ledger.Config{URL: address, Connections: 2, SearchConnections: 2, SearchTimeout: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.Close)
	other := ledgertest.OpenURL(t, address)
	b := ledgertest.NewBuilder(83)
	plain := func() incidents.Incident {
		in := b.Incident()
		in.Certainty, in.Tags = incidents.Confirmed, nil
		return in
	}
	listed := func() int64 {
		t.Helper()
		got, err := l.BreachTotals(t.Context(), ledger.Filter{})
		if err != nil {
			t.Fatal(err)
		}
		return got.Counted + got.Uncounted
	}
	for n := range int64(5) {
		record(t, other, plain())
		if err := l.FreshReports(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := listed(); got != n+1 {
			t.Fatalf("after %d were written, %d are reported", n+1, got)
		}
	}
	record(t, other, plain())
	eventually(t, "what another server wrote is reported", func() bool { return listed() == 6 })
	// Without anybody who reads.
	record(t, other, plain())
	eventually(t, "what was written is counted", func() bool { return ask[int](t, other, "SELECT count(*) FROM report_changes") == 0 })
}

// Who wants exact reports waits for as long as a search may take.
func TestFreshReportsWait(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t) // whose searches may take minutes
	library(t, l, 89, 2)
	tx, err := l.Pool().Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tx.Exec(t.Context(), "LOCK TABLE report_totals IN ACCESS EXCLUSIVE MODE"); err != nil {
		t.Fatal(err)
	}
	released := make(chan error, 1)
	time.AfterFunc(ledger.DefaultSearchTimeout+500*time.Millisecond, func() { released <- tx.Rollback(context.WithoutCancel(t.Context())) })
	if err := errors.Join(l.FreshReports(t.Context()), <-released); err != nil {
		t.Error(err)
	}
}

// A server that dies while it counts has counted nothing, and another counts all.
func TestRollUpIsWholeOrNot(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	library(t, l, 84, 10)
	sameAsCounted(t, l, "a library")
	before := tables(t, l)
	exec(t, l, `CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'the lights went out'; END $$`)
	exec(t, l, `CREATE CONSTRAINT TRIGGER fail AFTER UPDATE ON report_totals DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION fail()`)
	library(t, l, 85, 10)
	waiting := ask[int](t, l, "SELECT count(*) FROM report_changes")
	if err := l.FreshReports(t.Context()); err == nil {
		t.Fatal("the trigger did not hold")
	}
	if diff := cmp.Diff(before, tables(t, l)); diff != "" {
		t.Errorf("half of it was counted: %s", diff)
	}
	if now := ask[int](t, l, "SELECT count(*) FROM report_changes"); now != waiting || waiting == 0 {
		t.Errorf("%d changes waited, now %d", waiting, now)
	}
	exec(t, l, "DROP TRIGGER fail ON report_totals")
	sameAsCounted(t, l, "the lights went on again")
}

// A ledger from before there were sums reports from its rows until they are
// there, and nothing that is written meanwhile is lost.
func TestFirstSums(t *testing.T) {
	t.Parallel()
	address := ledgertest.URL(t)
	l := ledgertest.OpenURL(t, address)
	library(t, l, 86, 12)
	exec(t, l, "UPDATE report_state SET complete = false")
	exec(t, l, "DELETE FROM report_totals")
	upgraded := ledgertest.OpenURL(t, address)
	for scope, f := range scopes() {
		if reportsOf(t, upgraded, f[0], 3) != reportsOf(t, upgraded, f[1], 3) {
			t.Errorf("without sums the rows of %s are not reported", scope)
		}
	}
	record(t, l, ledgertest.NewBuilder(87).Incident())
	eventually(t, "the sums are made", func() bool { return ask[bool](t, l, "SELECT complete FROM report_state") })
	sameAsCounted(t, upgraded, "the first sums")
	sameAsCounted(t, l, "the first sums")
}

// A backup is counted like anything else that is written.
func TestBackupIsCounted(t *testing.T) {
	t.Parallel()
	from, to := ledgertest.Open(t), ledgertest.Open(t)
	library(t, from, 88, 15)
	if err := readBackup(t.Context(), to, backup(t, from)); err != nil {
		t.Fatal(err)
	}
	sameAsCounted(t, to, "reading a backup")
	f := ledger.Filter{}
	if a, b := reportsOf(t, from, f, 50), reportsOf(t, to, f, 50); a != b {
		t.Errorf("the copy reports otherwise: %s", cmp.Diff(a, b))
	}
}
