package ledger_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/breachledger/breachledger/internal/benchdata"
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
		ask[string](t, l, "SELECT coalesce(json_agg(a ORDER BY slug)::text, '') FROM report_actors AS a"),
		ask[string](t, l, "SELECT coalesce(json_agg(d ORDER BY slug, what, day)::text, '') FROM report_actor_days AS d"),
	}
}

// TestSumsOfActorsMove back to how they were stored before: a row for payments and
// one for all, and before that their days in arrays; and forth again.
func TestSumsOfActorsMove(t *testing.T) {
	t.Parallel()
	url := ledgertest.EmptyURL(t)
	if _, err := ledger.Migrate(t.Context(), url, nil); err != nil {
		t.Fatal(err)
	}
	// Migration 41 changes incidents, which upkeep would count in between.
	l, err := ledger.Open(t.Context(), ledger.Config{URL: url, Connections: 2, SearchConnections: 1, NoUpkeep: true})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	fillReal(t, l, benchdata.New(300))
	if err := l.FreshReports(t.Context()); err != nil {
		t.Fatal(err)
	}
	exec(t, l, "INSERT INTO report_actor_days SELECT slug, 'answered', length(slug), 3, least(payment_incidents, 2) FROM report_actors")
	before := tables(t, l)
	for _, what := range []string{"answered", "overdue"} {
		if n := ask[int64](t, l, "SELECT count(DISTINCT day) FROM report_actor_days WHERE what = $1", what); n < 2 {
			t.Fatalf("there are %d days of %s", n, what)
		}
	}
	if err := ledger.MigrateTo(t.Context(), url, 31); err != nil {
		t.Fatal(err)
	}
	const fewer = `SELECT count(*) FROM report_actors AS a JOIN report_actors AS p USING (slug) WHERE NOT a.payment AND p.payment AND p.incidents < a.incidents
		AND (SELECT sum(n) FROM report_actor_days AS d WHERE d.slug = a.slug AND d.payment) < (SELECT sum(n) FROM report_actor_days AS d WHERE d.slug = a.slug AND NOT d.payment)`
	if n := ask[int64](t, l, fewer); n == 0 {
		t.Error("no actor has a row for payments that says less than the one for all")
	}
	if err := ledger.MigrateTo(t.Context(), url, 20); err != nil {
		t.Fatal(err)
	}
	const arrays = `SELECT count(*) FROM report_actors AS a WHERE cardinality(days) > 1 AND measured = (SELECT sum(n) FROM unnest(days_n) AS n)
		AND median_days = (SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY d.day) FROM unnest(a.days, a.days_n) AS d (day, n), generate_series(1, d.n))`
	if n := ask[int64](t, l, arrays); n == 0 {
		t.Error("no actor has its days in an array")
	}
	if _, err := ledger.Migrate(t.Context(), url, nil); err != nil {
		t.Fatal(err)
	}
	if after := tables(t, l); !slices.Equal(before, after) {
		t.Errorf("there and back, the sums differ: %s", cmp.Diff(before, after))
	}
}
