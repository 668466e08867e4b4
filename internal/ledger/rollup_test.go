package ledger_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
	"github.com/breachledger/breachledger/internal/ledgertest"
)

// scopes are those of which sums are kept, each with a filter that means the same
// and of which there are none.
func scopes() map[string][2]ledger.Filter {
	usual := []incidents.Certainty{incidents.Confirmed, incidents.Suspected}
	return map[string][2]ledger.Filter{
		"all":     {{}, {Certainties: usual}},
		"payment": {{Payment: new(true), Date: ledger.ByDisclosed}, {Payment: new(true), Certainties: usual}},
	}
}

// reportsOf are the reports over everything as they are sent, page by page.
func reportsOf(t *testing.T, l *ledger.Ledger, f ledger.Filter, limit int) string {
	t.Helper()
	breaches, err := l.BreachTotals(t.Context(), f)
	if err != nil {
		t.Fatal(err)
	}
	years, err := l.YearsByCategory(t.Context(), f)
	if err != nil {
		t.Fatal(err)
	}
	out := []any{breaches, years}
	for page := (ledger.Page{Limit: limit}); ; {
		answers, err := l.Responses(t.Context(), ledger.ResponseScope{Filter: f}, page)
		if err != nil {
			t.Fatal(err)
		}
		next := answers.NextCursor
		answers.NextCursor = nil // is bound to the filter
		if out = append(out, answers); next == nil {
			break
		}
		page.Cursor = *next
	}
	body, err := json.MarshalIndent(out, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// sameAsCounted fails the test when the reports out of the sums are not those
// that PostgreSQL makes of the rows, to the byte.
func sameAsCounted(t *testing.T, l *ledger.Ledger, after string) {
	t.Helper()
	if err := l.FreshReports(t.Context()); err != nil {
		t.Fatal(err)
	}
	for scope, f := range scopes() {
		if rolled, counted := reportsOf(t, l, f[0], 3), reportsOf(t, l, f[1], 3); rolled != counted {
			t.Fatalf("after %s, of %s: -counted +rolled\n%s", after, scope, cmp.Diff(counted, rolled))
		}
	}
}

// The reports out of the sums are those out of the rows, whatever is written.
func TestSumsAreTheReports(t *testing.T) {
	t.Parallel()
	for seed := range uint64(3) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			l := ledgertest.Open(t)
			sameAsCounted(t, l, "nothing")
			w := &writer{l: l, b: ledgertest.NewBuilder(70 + seed), rnd: rand.New(rand.NewPCG(seed, 7))}
			for range 40 {
				done := ""
				for range 1 + w.rnd.IntN(4) {
					done += w.write(t) + ", "
				}
				l.SetClock(time.Date(2013+w.rnd.IntN(5), 1, 1+w.rnd.IntN(365), 5, 0, 0, 0, time.UTC))
				sameAsCounted(t, l, done)
			}
			for _, what := range []string{"record", "edit", "publish", "retract", "merge", "restore", "rename", "merge actors", "import"} {
				if w.done[what] == 0 {
					t.Errorf("there was no %s", what)
				}
			}
			// What is counted anew is what was added up.
			before := tables(t, l)
			exec(t, l, "UPDATE report_state SET complete = false")
			if err := l.RollUp(t.Context()); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(before, tables(t, l)); diff != "" {
				t.Errorf("-added up +counted anew\n%s", diff)
			}
		})
	}
}

// tables are the sums as stored.
func tables(t *testing.T, l *ledger.Ledger) []string {
	t.Helper()
	return []string{
		ask[string](t, l, "SELECT coalesce(json_agg(t ORDER BY payment, dimension, value, unit)::text, '') FROM report_totals AS t"),
		ask[string](t, l, "SELECT coalesce(json_agg(a ORDER BY payment, slug)::text, '') FROM report_actors AS a"),
	}
}

// writer writes at random, in every way there is.
type writer struct {
	l     *ledger.Ledger
	b     *ledgertest.Builder
	rnd   *rand.Rand
	slugs []string
	done  map[string]int
}

func (w *writer) write(t *testing.T) string {
	t.Helper()
	ways := []struct {
		name string
		do   func(*testing.T) error
	}{
		{"record", w.record},
		{"record", w.record},
		{"edit", w.edit},
		{"edit", w.edit},
		{"publish", func(t *testing.T) error {
			t.Helper()
			_, err := w.l.Publish(t.Context(), editing, w.one(), "")
			return err
		}},
		{"retract", func(t *testing.T) error {
			t.Helper()
			_, err := w.l.Retract(t.Context(), editing, w.one(), "")
			return err
		}},
		{"merge", func(t *testing.T) error {
			t.Helper()
			_, err := w.l.Merge(t.Context(), editing, w.one(), "", w.one())
			return err
		}},
		{"restore", func(t *testing.T) error {
			t.Helper()
			_, err := w.l.Restore(t.Context(), editing, w.one(), "", 1+w.rnd.IntN(3))
			return err
		}},
		{"rename", w.rename},
		{"merge actors", func(t *testing.T) error {
			t.Helper()
			if w.rnd.IntN(4) > 0 { // the cast is small
				return nil
			}
			return w.l.MergeActors(t.Context(), editing, w.actor(t), w.actor(t))
		}},
		{"import", w.bulk},
	}
	way := ways[w.rnd.IntN(len(ways))]
	if len(w.slugs) < 3 {
		way = ways[0]
	}
	if w.done == nil {
		w.done = map[string]int{}
	}
	// What cannot be done now, such as retracting a draft, is not done.
	if err := way.do(t); err == nil {
		w.done[way.name]++
	}
	return way.name
}

func (w *writer) one() string { return w.slugs[w.rnd.IntN(len(w.slugs))] }

func (w *writer) actor(t *testing.T) string {
	t.Helper()
	slugs := ask[[]string](t, w.l, "SELECT array_agg(slug ORDER BY slug) FROM actors WHERE merged_into IS NULL")
	return slugs[w.rnd.IntN(len(slugs))]
}

func (w *writer) record(t *testing.T) error {
	t.Helper()
	c := recording
	if w.rnd.IntN(4) == 0 {
		c.By = contributor // a draft
	}
	doc, err := w.l.Record(t.Context(), c, w.b.Incident())
	if err == nil { // it may name one actor by two names, since these were merged
		w.slugs = append(w.slugs, doc.Slug)
	}
	return err
}

func (w *writer) edit(t *testing.T) error {
	t.Helper()
	_, err := w.l.Edit(t.Context(), editing, w.one(), "", func(in *incidents.Incident) error {
		w.b.Change(in)
		if w.rnd.IntN(6) == 0 {
			in.Tags = append(in.Tags, "compilation")
		}
		return nil
	})
	return err
}

// rename changes what documents show of an actor, and whether its incidents are
// about payments.
func (w *writer) rename(t *testing.T) error {
	t.Helper()
	return w.l.EditActor(t.Context(), editing, w.actor(t), func(a *incidents.Actor) error {
		a.Name += "!"
		a.Sector = ledgertest.Term[incidents.Sector](w.rnd)
		return nil
	})
}

func (w *writer) bulk(t *testing.T) error {
	t.Helper()
	bulk, err := w.l.OpenBulk(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer bulk.Close(t.Context())
	var items []ledger.ImportItem
	for range 1 + w.rnd.IntN(5) {
		items = append(items, itemOf(t, fmt.Sprint("rolled:", w.rnd.Int64()), w.b.Incident()))
	}
	for _, r := range importBatch(t, bulk, items) {
		if r.Outcome == ledger.Created {
			w.slugs = append(w.slugs, r.Slug)
		}
	}
	return nil
}

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

// What is written, by whomever, is in a report that is asked for fresh at once;
// others may be older, and get it soon.
func TestFreshReports(t *testing.T) {
	t.Parallel()
	address := ledgertest.URL(t)
	l, err := ledger.Open(t.Context(), ledger.Config{URL: address, Connections: 2, SearchConnections: 2})
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
	for deadline := time.Now().Add(20 * time.Second); listed() != 6; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("what another server wrote is not reported")
		}
	}
	// Without anybody who reads.
	record(t, other, plain())
	for deadline := time.Now().Add(20 * time.Second); ask[int](t, other, "SELECT count(*) FROM report_changes") > 0; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("what was written waits to be counted")
		}
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
	for deadline := time.Now().Add(20 * time.Second); !ask[bool](t, l, "SELECT complete FROM report_state"); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("the sums are not made")
		}
	}
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
