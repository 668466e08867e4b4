package ledger_test

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
	"github.com/breachledger/breachledger/internal/ledgertest"
)

// possibleDuplicates are what the items of the list say, by slug.
func possibleDuplicates(t *testing.T, l *ledger.Ledger) map[string]int {
	t.Helper()
	list, err := l.Incidents(t.Context(), ledger.Filter{Publications: []incidents.Publication{incidents.Published, incidents.Draft}}, "", ledger.Page{Limit: 200})
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]int{}
	for _, item := range list.JSON() {
		var card struct {
			Slug  string `json:"slug"`
			Count *int   `json:"possible_duplicates"`
		}
		if err := json.Unmarshal(item, &card); err != nil || card.Count == nil {
			t.Fatalf("an item of the list does not say how many possible duplicates it has (%v): %s", err, item)
		}
		out[card.Slug] = *card.Count
	}
	return out
}

// TestListItemsCountPossibleDuplicates: the number follows every decision.
func TestListItemsCountPossibleDuplicates(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	change := ledger.Change{By: editor, Action: "decide", Reason: "looked at"}
	check := func(after string, want map[string]int) {
		t.Helper()
		if got := possibleDuplicates(t, l); !maps.Equal(got, want) {
			t.Errorf("after %s the list says %v, want %v", after, got, want)
		}
	}
	breach(t, l, "First", "Acme", 1_000_000, "https://example.com/1")
	check("one incident", map[string]int{"first": 0})
	breach(t, l, "Second", "Acme", 1_000_000, "https://example.com/2")
	check("another like it", map[string]int{"first": 1, "second": 1})
	breach(t, l, "Third", "Acme", 1_000_000, "https://example.com/3")
	check("a third", map[string]int{"first": 2, "second": 2, "third": 2})

	if err := l.NotTheSame(t.Context(), change, "first", "second"); err != nil {
		t.Fatal(err)
	}
	check("telling two apart", map[string]int{"first": 1, "second": 1, "third": 2})
	if _, err := l.Retract(t.Context(), change, "first", ""); err != nil {
		t.Fatal(err)
	}
	check("retracting one", map[string]int{"second": 1, "third": 1})
	if _, err := l.Merge(t.Context(), change, "third", "", "second"); err != nil {
		t.Fatal(err)
	}
	check("merging the others", map[string]int{"second": 0})
	if _, err := l.Restore(t.Context(), change, "third", "", 1); err != nil {
		t.Fatal(err)
	}
	check("taking that back", map[string]int{"second": 1, "third": 1})

	// A draft says what it may be the same as; that there is a draft is not said.
	draft := incidents.Incident{
		Title: "Fourth", Category: incidents.DataBreach,
		Participants: []incidents.Participant{{Actor: incidents.ActorRef{Name: "Acme"}, Role: incidents.RoleVictim}},
		Sources:      []incidents.Source{{URL: "https://example.com/2"}},
	}
	if _, err := l.Record(t.Context(), ledger.Change{By: contributor, Action: "record"}, draft); err != nil {
		t.Fatal(err)
	}
	check("a draft", map[string]int{"second": 1, "third": 1, "fourth": 1})
	if _, err := l.Publish(t.Context(), change, "fourth", ""); err != nil {
		t.Fatal(err)
	}
	check("publishing it", map[string]int{"second": 2, "third": 1, "fourth": 1})
}

// TestTitlesCountWithoutTheName that both have: two breaches of one organisation
// are not alike by that.
func TestTitlesCountWithoutTheName(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	record := func(title, company string) ledger.Document {
		t.Helper()
		doc, err := l.Record(t.Context(), ledger.Change{By: editor, Action: "record"}, incidents.Incident{
			Title: title, Category: incidents.DataBreach,
			Participants: []incidents.Participant{{Actor: incidents.ActorRef{Name: company, Kind: incidents.Company}, Role: incidents.RoleVictim}},
		})
		if err != nil {
			t.Fatal(err)
		}
		return doc
	}
	const bank = "First National Bank of Springfield"
	record(bank+": skimmers at cash machines", bank)
	record(bank+": a laptop was stolen", bank)
	again := record("Skimmers at cash machines of "+bank, bank)
	const alike = "the same organisation was breached, their titles are alike"
	reasons := map[string]string{}
	for _, s := range again.Similar {
		reasons[s.Slug] = strings.Join(s.Reasons, ", ")
	}
	want := map[string]string{
		"first-national-bank-of-springfield-skimmers-at-cash-machines": alike,
		"first-national-bank-of-springfield-a-laptop-was-stolen":       "the same organisation was breached",
	}
	if !maps.Equal(reasons, want) {
		t.Errorf("it may be the same as %v, want %v", reasons, want)
	}
	if got, want := possibleDuplicates(t, l), (map[string]int{again.Slug: 1, "first-national-bank-of-springfield-skimmers-at-cash-machines": 1, "first-national-bank-of-springfield-a-laptop-was-stolen": 0}); !maps.Equal(got, want) {
		t.Errorf("the list says %v, want %v", got, want)
	}
	// Of different organisations the names tell them apart, and count.
	other := record("First National Bank of Springdale: skimmers at cash machines", "First National Bank of Springdale")
	for _, s := range other.Similar {
		if slices.Contains(s.Reasons, "the same organisation was breached") {
			t.Errorf("two organisations pass for one: %+v", s)
		}
	}
}

// TestTheLikeliestPairsAreQueued, and no more: an organisation that is breached
// again and again would fill the queue.
func TestTheLikeliestPairsAreQueued(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	for _, title := range []string{"First", "Second", "Third", "Fourth"} {
		breach(t, l, title, "Acme", 1_000_000, "https://example.com/"+title)
	}
	if _, err := l.Retract(t.Context(), ledger.Change{By: editor, Action: "retract", Reason: "not so"}, "first", ""); err != nil {
		t.Fatal(err)
	}
	fifth := breach(t, l, "Fifth", "Acme", 1_000_000, "https://example.com/5")
	sixth := breach(t, l, "Sixth", "Acme", 1_000_000, "https://example.com/6")
	if len(fifth.Similar) != 3 || len(sixth.Similar) != 4 {
		t.Errorf("the fifth may be the same as %d others and the sixth as %d, want 3 and 4", len(fifth.Similar), len(sixth.Similar))
	}
	total := 0
	for _, n := range possibleDuplicates(t, l) {
		total += n
	}
	if want := 2 * (1 + 2 + 3 + 3); total != want {
		t.Errorf("the items of the list have %d possible duplicates altogether, want %d", total, want)
	}
}

// TestTwoWritersCountEachOthersPairs: two pairs of one incident that come at once
// are two, and one that comes while its other incident goes is none.
func TestTwoWritersCountEachOthersPairs(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	for _, name := range []string{"A", "B", "C", "D"} {
		breach(t, l, name, name+" Inc", 1_000, "https://example.com/"+name)
	}
	const add = `INSERT INTO duplicates (first_id, second_id, score, reasons, found_at)
		SELECT least(x.id, y.id), greatest(x.id, y.id), 1, '{}', now() FROM incidents AS x, incidents AS y WHERE x.slug = $1 AND y.slug = $2`
	begin := func(sql string, args ...any) func() {
		t.Helper()
		tx, err := l.Pool().Begin(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = tx.Rollback(context.Background()) })
		if _, err := tx.Exec(t.Context(), sql, args...); err != nil {
			t.Fatal(err)
		}
		return func() {
			t.Helper()
			if err := tx.Commit(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
	}
	// meanwhile carries out a statement that waits for what is not committed yet.
	meanwhile := func(commit func(), sql string, args ...any) {
		t.Helper()
		done := make(chan error)
		go func() {
			_, err := l.Pool().Exec(t.Context(), sql, args...)
			done <- err
		}()
		untilWaiting(t, l, done)
		commit()
		if err := <-done; err != nil {
			t.Fatal(err)
		}
	}
	meanwhile(begin(add, "a", "b"), add, "a", "c")
	if got, want := possibleDuplicates(t, l), (map[string]int{"a": 2, "b": 1, "c": 1, "d": 0}); !maps.Equal(got, want) {
		t.Errorf("after two pairs at once the list says %v, want %v", got, want)
	}
	const retract = "UPDATE incidents SET publication = 'retracted', retraction_reason = 'not so' WHERE slug = $1"
	meanwhile(begin(add, "b", "d"), retract, "d")
	meanwhile(begin(retract, "c"), add, "b", "c")
	if got, want := possibleDuplicates(t, l), (map[string]int{"a": 1, "b": 1}); !maps.Equal(got, want) {
		t.Errorf("after pairs of incidents that went the list says %v, want %v", got, want)
	}
}

// TestCountingPossibleDuplicatesReadsNoWholeTable, however many pairs PostgreSQL
// believes that each incident has.
func TestCountingPossibleDuplicatesReadsNoWholeTable(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	fill(t, l, 1000)
	for _, sql := range []string{"ANALYZE", "UPDATE pg_class SET reltuples = 1000000, relpages = 10000 WHERE relname = 'duplicates'"} {
		exec(t, l, sql)
	}
	tx, err := l.Pool().Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tx.Rollback(t.Context()) }()
	if _, err := tx.Exec(t.Context(), "SELECT count_possible_duplicates(ARRAY(SELECT id FROM incidents ORDER BY id LIMIT 10))"); err != nil {
		t.Fatal(err)
	}
	for _, table := range []string{"incidents", "duplicates", "possible_duplicates"} {
		var whole int
		err := tx.QueryRow(t.Context(), "SELECT pg_stat_get_xact_numscans($1::text::regclass)", table).Scan(&whole)
		if limit := map[string]int{"incidents": 1}[table]; err != nil || whole > limit { // the test's own look at them
			t.Errorf("%s was read %d times from end to end, %v", table, whole, err)
		}
	}
}
