package ledger_test

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
	"github.com/breachledger/breachledger/internal/ledgertest"
)

// byBulk is what an import writes as.
var byBulk = ledger.Change{By: access.Identity{Name: "import", Role: access.Admin}, Action: "import"}

func itemOf(t *testing.T, origin string, in incidents.Incident) ledger.ImportItem {
	t.Helper()
	raw, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(raw)
	return ledger.ImportItem{Origin: origin, Digest: sum[:], Incident: in, Original: []byte(`{"was": "so"}`)}
}

// openBulk is a bulk writer until the test ends.
func openBulk(t *testing.T, l *ledger.Ledger) *ledger.Bulk {
	t.Helper()
	bulk, err := l.OpenBulk(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { bulk.Close(context.WithoutCancel(t.Context())) })
	return bulk
}

func importBatch(t *testing.T, b *ledger.Bulk, items []ledger.ImportItem) []ledger.ImportResult {
	t.Helper()
	results, err := b.Import(t.Context(), byBulk, items)
	if err != nil {
		t.Fatal(err)
	}
	return results
}

func TestBulkWritesWhatRecordWrites(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	bulk := openBulk(t, l)
	builder := ledgertest.NewBuilder(7)
	var items []ledger.ImportItem
	for i := range 60 {
		items = append(items, itemOf(t, fmt.Sprint("test:", i), builder.Incident()))
	}
	bad := incidents.Incident{Title: "Bad", Category: "no such category"}
	items = append(items, itemOf(t, "test:bad", bad))

	results := importBatch(t, bulk, items)
	for i, r := range results[:60] {
		if r.Outcome != ledger.Created {
			t.Fatalf("item %d is %s: %v", i, r.Outcome, r.Problems)
		}
		doc := sameAsRows(t, l, r.Slug)
		history, _, err := l.History(t.Context(), editor, r.Slug, ledger.Page{})
		if err != nil || len(history) != 1 || history[0].Author != "import" {
			t.Errorf("%s has the history %+v (%v)", r.Slug, history, err)
		}
		if original, err := l.Original(t.Context(), doc.ID, "test"); err != nil || string(original) != `{"was": "so"}` {
			t.Errorf("the original of %s is %s (%v)", r.Slug, original, err)
		}
	}
	// What is searched is what any other write would have made.
	var others int
	if err := l.Pool().QueryRow(t.Context(), `SELECT count(*) FROM incidents AS i WHERE search IS DISTINCT FROM incident_search(title, summary,
		(SELECT array_agg(actor_id) FROM incident_participants WHERE incident_id = i.id),
		coalesce((SELECT array_agg(source_id) FROM incident_sources WHERE incident_id = i.id), '{}'))`).Scan(&others); err != nil || others != 0 {
		t.Errorf("%d incidents are searched otherwise than by themselves (%v)", others, err)
	}
	if r := results[60]; r.Outcome != ledger.Refused || len(r.Problems) != 1 || r.Problems[0].Pointer != "/category" {
		t.Errorf("the bad document is %s: %v", r.Outcome, r.Problems)
	}
	for i, r := range importBatch(t, bulk, items[:60]) {
		if r.Outcome != ledger.Unchanged {
			t.Errorf("on the second run item %d is %s", i, r.Outcome)
		}
	}
}

func TestBulkSeesWhatWasChangedAndEdited(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	bulk := openBulk(t, l)
	in := func(title, summary string) incidents.Incident {
		return incidents.Incident{
			Title: title, Summary: summary, Category: incidents.DataBreach, ExternalRefs: []incidents.ExternalRef{{Scheme: "test", ID: title}},
			Participants: []incidents.Participant{{Actor: incidents.ActorRef{Name: "Acme", Kind: incidents.Company}, Role: incidents.RoleVictim}},
		}
	}
	importBatch(t, bulk, []ledger.ImportItem{itemOf(t, "test:a", in("A", "")), itemOf(t, "test:b", in("B", ""))})
	edit(t, l, "b", func(in *incidents.Incident) { in.Summary = "Edited by a person." })
	record(t, l, in("C", ""))
	results := importBatch(t, bulk, []ledger.ImportItem{
		itemOf(t, "test:a", in("A", "Changed in the file.")),
		itemOf(t, "test:b", in("B", "Changed in the file.")),
		itemOf(t, "test:c", in("C", "")), // logged by a person already, under the same number
		itemOf(t, "test:d", in("D", "")),
		itemOf(t, "test:d", in("D", "Again, and different.")), // in the order of the file
	})
	want := []ledger.Outcome{ledger.Changed, ledger.Edited, ledger.Refused, ledger.Created, ledger.Changed}
	for i, r := range results {
		if r.Outcome != want[i] {
			t.Errorf("%s is %s (%v), want %s", r.Origin, r.Outcome, r.Problems, want[i])
		}
	}
	if in := parse(t, sameAsRows(t, l, "a")); in.Version != 2 || in.Summary != "Changed in the file." {
		t.Errorf("the changed incident is %+v", in)
	}
	if in := parse(t, sameAsRows(t, l, "b")); in.Summary != "Edited by a person." {
		t.Errorf("what a person edited is overwritten: %+v", in)
	}
}

// TestBulkCountsPairsOnce: the numbers of possible duplicates are held in one
// order when a statement that adds pairs ends. With two such statements two
// batches waited for each other, a second each time.
func TestBulkCountsPairsOnce(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	breach(t, l, "One", "Acme", 5_000_000, "https://example.com/1")
	breach(t, l, "Two", "Anthem", 7_000_000, "https://example.com/2")
	if _, err := l.Pool().Exec(t.Context(), `
		CREATE TABLE statements (pairs integer);
		CREATE FUNCTION note_statement() RETURNS trigger LANGUAGE plpgsql AS
			'BEGIN INSERT INTO statements SELECT count(*) FROM added; RETURN NULL; END';
		CREATE TRIGGER note_statement AFTER INSERT ON duplicates REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION note_statement()`); err != nil {
		t.Fatal(err)
	}
	bulk := openBulk(t, l)
	in := func(title, company string, records int64) incidents.Incident {
		return incidents.Incident{
			Title: title, Category: incidents.DataBreach,
			Participants: []incidents.Participant{{Actor: incidents.ActorRef{Name: company, Kind: incidents.Company}, Role: incidents.RoleVictim}},
			Counts:       []incidents.Count{{Unit: incidents.Records, Quantity: &records}},
			Sources:      []incidents.Source{{Title: title}},
		}
	}
	importBatch(t, bulk, []ledger.ImportItem{
		itemOf(t, "test:one", in("One again", "Acme", 5_000_000)),
		itemOf(t, "test:two", in("Two again", "Anthem Blue Cross", 7_000_000)), // known by the beginning of its name
	})
	var pairs []int
	if err := l.Pool().QueryRow(t.Context(), "SELECT array_agg(pairs) FROM statements").Scan(&pairs); err != nil || !slices.Equal(pairs, []int{2}) {
		t.Errorf("pairs were added by statement as %v (%v), want 2 by one", pairs, err)
	}
}

// What looks like a slug and is none may be a name: an alias in small letters.
func TestBulkKnowsShortFormsOfActors(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	record(t, l, incidents.Incident{Title: "The first", Category: incidents.DataBreach, Participants: []incidents.Participant{
		{Actor: incidents.ActorRef{Name: "Acme Pay Holdings", Aliases: []string{"ap"}, Kind: incidents.Company, Sector: "wallet"}, Role: incidents.RoleVictim},
	}})
	var items []ledger.ImportItem
	for i, given := range []string{"acme-pay-holdings", "ap", "Acme Pay Holdings", "AP"} {
		items = append(items, itemOf(t, fmt.Sprint("short:", i), incidents.Incident{
			Title: fmt.Sprint("Short form ", i), Category: incidents.DataBreach,
			Participants: []incidents.Participant{{Actor: incidents.ActorRef{Given: given}, Role: incidents.RoleVictim}},
		}))
	}
	for i, r := range importBatch(t, openBulk(t, l), items) {
		if len(r.Problems) > 0 {
			t.Errorf("%q: %v", items[i].Incident.Participants[0].Actor.Given, r.Problems)
			continue
		}
		doc, err := l.Incident(t.Context(), editor, r.Slug)
		if err != nil {
			t.Fatal(err)
		}
		if got := parse(t, doc).Participants[0].Actor.Slug; got != "acme-pay-holdings" {
			t.Errorf("%q is %s", items[i].Incident.Participants[0].Actor.Given, got)
		}
	}
}

// TestABatchKnowsWhatIsRedacted, also when an earlier document of it says more of
// the source: a later one that brings the text back is refused by itself.
func TestABatchKnowsWhatIsRedacted(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	about := func(title string, s incidents.Source) incidents.Incident {
		s.URL = "https://example.com/redacted"
		return incidents.Incident{Title: title, Category: incidents.CategoryOther, Sources: []incidents.Source{s}}
	}
	doc := record(t, l, about("First", incidents.Source{Text: "At least 40 cards were read."}))
	if err := l.Redact(t.Context(), ledger.Change{By: access.Identity{Name: "an admin", Role: access.Admin}, Action: "redact"}, parse(t, doc).Sources[0].ID); err != nil {
		t.Fatal(err)
	}
	results := importBatch(t, openBulk(t, l), []ledger.ImportItem{
		itemOf(t, "test:title", about("With a title", incidents.Source{Title: "The Courier"})),
		itemOf(t, "test:text", about("With a text", incidents.Source{Text: "At least 40 cards were read."})),
		itemOf(t, "test:other", about("Another", incidents.Source{})),
	})
	for i, want := range []ledger.Outcome{ledger.Created, ledger.Refused, ledger.Created} {
		if results[i].Outcome != want {
			t.Errorf("document %d is %s (%v), want %s", i, results[i].Outcome, results[i].Problems, want)
		}
	}
	for _, ref := range []string{"first", "with-a-title", "another"} {
		if s := parse(t, sameAsRows(t, l, ref)).Sources[0]; s.Title != "The Courier" || s.HasText {
			t.Errorf("%s shows the source as %+v", ref, s)
		}
	}
}

// TestAnImportThatIsOneTransactionShowsWhatIsStored: while it goes on, others may know
// more of a source that it shows, and do not see its incidents to render them anew.
func TestAnImportThatIsOneTransactionShowsWhatIsStored(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	about := func(title string, s incidents.Source) incidents.Incident {
		s.URL = "https://example.com/notice"
		return incidents.Incident{Title: title, Category: incidents.DataBreach, Sources: []incidents.Source{s}}
	}
	record(t, l, about("Stored before", incidents.Source{}))
	bulk := openBulk(t, l)
	if err := bulk.Begin(t.Context()); err != nil {
		t.Fatal(err)
	}
	defer bulk.Rollback(t.Context())
	importBatch(t, bulk, []ledger.ImportItem{itemOf(t, "test:imported", about("Imported", incidents.Source{}))})
	done := make(chan error)
	go func() {
		_, err := l.Record(t.Context(), recording, about("Logged meanwhile", incidents.Source{Title: "A notice"}))
		done <- err
	}()
	untilWaiting(t, l, done)
	go func() { done <- bulk.Commit(t.Context()) }()
	for range 2 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	for _, slug := range []string{"stored-before", "imported", "logged-meanwhile"} {
		if in := parse(t, sameAsRows(t, l, slug)); in.Sources[0].Title != "A notice" {
			t.Errorf("%s shows %+v", slug, in.Sources[0])
		}
	}
}
