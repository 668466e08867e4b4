package ledger_test

import (
	"github.com/google/go-cmp/cmp"

	"crypto/sha256"
	"errors"
	"testing"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
	"github.com/breachledger/breachledger/internal/ledgertest"
)

var importing = ledger.Change{By: access.Identity{Name: "import of seeds", Role: access.Editor}, Action: "import"}

const importedText = "Acme said: “as many as 4,100 cards” were taken. A ring is accused. It denies that. Acme is sorry."

func importedSource() incidents.Source {
	return incidents.Source{Key: "article", Title: "An article", Publisher: "The Courier", Text: importedText}
}

// factIncident is an incident as a fact file has it: nothing has an id, actors
// go by slug, name or alias, and quotes are typed by hand.
func factIncident(slug string) incidents.Incident {
	quote := func(q string) incidents.Claim {
		return incidents.Claim{Evidence: []incidents.Evidence{{Source: incidents.SourceRef{Key: "article"}, Quote: q}}}
	}
	acme := incidents.ActorRef{Name: "Acme Pay Holdings", Slug: "acme", Aliases: []string{"AP"}, Kind: incidents.Company, Sector: "wallet"}
	in := incidents.Incident{
		Slug: slug, Title: "Facts of " + slug, Category: incidents.DataBreach, Sources: []incidents.Source{importedSource()},
		Participants: []incidents.Participant{{Actor: acme, Role: incidents.RoleVictim}},
		Counts: []incidents.Count{
			{Claim: quote(`"as many as 4,100 cards"`), Unit: "cards", Qualifier: incidents.AtMost, Quantity: new(int64(4100)), Headline: true, ClaimedBy: &incidents.ActorRef{Given: "AP"}},
			{Claim: quote("4,100 cards"), Unit: incidents.People, Qualifier: incidents.NotDisclosed},
		},
		Attributions: []incidents.Attribution{{Claim: quote("A ring is accused."), Accused: incidents.ActorRef{Name: "Night Ring", Kind: incidents.Group}, Basis: "media_attributes"}},
		Responses: []incidents.Response{
			{Claim: quote("It denies that."), Actor: incidents.ActorRef{Given: "night ring"}, Kind: incidents.Denial, Answers: "accused"},
			{Claim: quote("Acme is sorry."), Actor: incidents.ActorRef{Given: "acme"}, Kind: "apology"},
		},
	}
	in.Attributions[0].Key = "accused"
	return in
}

func item(in incidents.Incident, version string) ledger.ImportItem {
	sum := sha256.Sum256([]byte(in.Slug + version))
	return ledger.ImportItem{Origin: "facts:" + in.Slug, Digest: sum[:], Incident: in}
}

func importOf(t *testing.T, l *ledger.Ledger, source incidents.Source, items ...ledger.ImportItem) (ledger.Outcome, []ledger.ImportResult) {
	t.Helper()
	of, results, err := l.ImportArticle(t.Context(), importing, source, items)
	if err != nil {
		t.Fatalf("import: %v", err)
	}
	return of, results
}

func TestASecondImportChangesNothing(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	items := func(version string) []ledger.ImportItem {
		return []ledger.ImportItem{item(factIncident("one"), version), item(factIncident("two"), version)}
	}
	of, results := importOf(t, l, importedSource(), items("1")...)
	if of != ledger.Created || len(results) != 2 || !cmp.Equal(results[0], ledger.ImportResult{Origin: "facts:one", Slug: "one", Outcome: ledger.Created, Version: 1}) {
		t.Errorf("first: %s, %+v", of, results)
	}
	before := sameAsRows(t, l, "one")
	for _, version := range []string{"1", "2"} { // "2": only the file is written differently
		of, results = importOf(t, l, importedSource(), items(version)...)
		if of != ledger.Unchanged || results[0].Outcome != ledger.Unchanged || results[1].Outcome != ledger.Unchanged || results[0].Version != 1 {
			t.Errorf("again, digest %s: %s, %+v", version, of, results)
		}
	}
	if after := sameAsRows(t, l, "one"); after.ETag != before.ETag {
		t.Errorf("it became\n%s\nit was\n%s", after.JSON, before.JSON)
	}
	wantRevisions(t, l, before, 1)
	if n := ask[int](t, l, "SELECT count(*) FROM sources"); n != 1 {
		t.Errorf("%d sources", n)
	}
}

// What a file changes is changed, and the claims that it does not change stay
// the same claims, though the file has no ids, names actors by alias and types
// quotes by hand.
func TestAnImportKeepsTheClaimsThatDidNotChange(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	importOf(t, l, importedSource(), item(factIncident("one"), "1"))
	before := parse(t, sameAsRows(t, l, "one"))
	changed := factIncident("one")
	changed.Counts[1].Qualifier = incidents.Unquantified
	changed.Counts[0], changed.Counts[1] = changed.Counts[1], changed.Counts[0]
	_, results := importOf(t, l, importedSource(), item(changed, "2"))
	if results[0].Outcome != ledger.Changed || results[0].Version != 2 || results[0].EditedSince {
		t.Errorf("%+v", results)
	}
	after := parse(t, sameAsRows(t, l, "one"))
	if after.Counts[1].ID != before.Counts[0].ID || after.Counts[0].ID == before.Counts[1].ID {
		t.Errorf("the counts are %v and %v, they were %v and %v", after.Counts[0].ID, after.Counts[1].ID, before.Counts[0].ID, before.Counts[1].ID)
	}
	for i := range before.Responses {
		if after.Responses[i].ID != before.Responses[i].ID {
			t.Errorf("response %d did not change and has another id", i)
		}
	}
	if after.Attributions[0].ID != before.Attributions[0].ID || !after.Contested || after.Responses[0].Answers != before.Responses[0].Answers {
		t.Errorf("the attribution is %+v, it was %+v", after.Attributions[0], before.Attributions[0])
	}
}

func TestAnImportDoesNotOverwriteAPerson(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	importOf(t, l, importedSource(), item(factIncident("one"), "1"), item(factIncident("two"), "1"))
	edit(t, l, "one", func(in *incidents.Incident) { in.Title = "Set right by hand" })
	changed := factIncident("one")
	changed.Title = "Changed in the file"
	other := factIncident("two")
	other.Title = "Changed in the file too"
	_, results := importOf(t, l, importedSource(), item(factIncident("one"), "1"), item(factIncident("two"), "1"))
	if results[0].Outcome != ledger.Unchanged || !results[0].EditedSince || results[1].EditedSince {
		t.Errorf("the same file: %+v", results)
	}
	_, results = importOf(t, l, importedSource(), item(changed, "2"), item(other, "2"))
	if !cmp.Equal(results[0], ledger.ImportResult{Origin: "facts:one", Slug: "one", Outcome: ledger.Edited, Version: 2, EditedSince: true}) || results[1].Outcome != ledger.Changed {
		t.Errorf("a changed file: %+v", results)
	}
	if in := parse(t, sameAsRows(t, l, "one")); in.Title != "Set right by hand" || in.Version != 2 {
		t.Errorf("it is %q, version %d", in.Title, in.Version)
	}
}

// A file with anything wrong leaves nothing behind.
func TestAnImportIsWholeOrNothing(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	bad := factIncident("bad")
	bad.Counts[0].Evidence[0].Quote = "never said"
	for name, attempt := range map[string]func() error{
		"the second incident": func() error {
			_, _, err := l.ImportArticle(t.Context(), importing, importedSource(), []ledger.ImportItem{item(factIncident("good"), "1"), item(bad, "1")})
			return err
		},
		"the source": func() error {
			s := importedSource()
			s.Title = "two\nlines"
			_, _, err := l.ImportArticle(t.Context(), importing, s, []ledger.ImportItem{item(factIncident("good"), "1")})
			return err
		},
		"a slug twice": func() error {
			twice := item(factIncident("good"), "1")
			twice.Origin = "facts:another"
			_, _, err := l.ImportArticle(t.Context(), importing, importedSource(), []ledger.ImportItem{item(factIncident("good"), "1"), twice})
			return err
		},
	} {
		if got := problems(t, attempt()); len(got) == 0 {
			t.Errorf("%s: no problem", name)
		}
		if empty, err := l.Empty(t.Context()); err != nil || !empty {
			t.Errorf("%s: something was written, %v", name, err)
		}
		if n := ask[int](t, l, "SELECT (SELECT count(*) FROM actors) + (SELECT count(*) FROM import_records)"); n != 0 {
			t.Errorf("%s: %d actors and records of imports", name, n)
		}
	}
	for _, origin := range []string{"", "a\x00", string(make([]byte, 3000))} {
		i := item(factIncident("good"), "1")
		i.Origin = origin
		if _, _, err := l.ImportArticle(t.Context(), importing, importedSource(), []ledger.ImportItem{i}); err == nil {
			t.Errorf("the origin %.10q is taken", origin)
		}
	}
	// An amount that would fill the memory if it were written out.
	importOf(t, l, importedSource(), item(factIncident("good"), "1"))
	huge := factIncident("good")
	huge.Losses = []incidents.Loss{{Kind: "stolen", Amount: new(decimal.New(1, 999_999_999)), Currency: "USD"}}
	_, _, err := l.ImportArticle(t.Context(), importing, importedSource(), []ledger.ImportItem{item(huge, "2")})
	wantProblem(t, err, "/losses/0/amount: ")
}

func TestTheSourceOfAnImport(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	s := incidents.Source{URL: "https://example.com/article", Text: importedText, NoIncidentReason: "Business news."}
	steps := []struct {
		name   string
		change func()
		want   ledger.Outcome
	}{
		{"new", func() {}, ledger.Created},
		{"again", func() {}, ledger.Unchanged},
		{"described", func() { s.Title, s.Published = "A title", ledgertest.Date("2015-02") }, ledger.Changed},
		{"again", func() {}, ledger.Unchanged},
		{"with an incident after all", func() { s.NoIncidentReason = "" }, ledger.Changed},
		{"again", func() {}, ledger.Unchanged},
	}
	for _, step := range steps {
		step.change()
		if of, _ := importOf(t, l, s); of != step.want {
			t.Errorf("%s: %s, want %s", step.name, of, step.want)
		}
	}
	// What a document adds stays, and does not make the file look changed.
	doc := record(t, l, quoting(incidents.Source{URL: s.URL, Author: "An author"}, "Acme is sorry."))
	if of, _ := importOf(t, l, s); of != ledger.Unchanged {
		t.Errorf("after a document added the author: %s", of)
	}
	s.Title = "A better title"
	if of, _ := importOf(t, l, s); of != ledger.Changed {
		t.Errorf("a better title: %s", of)
	}
	if got := parse(t, sameAsRows(t, l, doc.Slug)).Sources[0]; got.Title != "A better title" || got.Author != "An author" {
		t.Errorf("the document shows %+v", got)
	}
	_, _, err := l.ImportArticle(t.Context(), importing, incidents.Source{URL: s.URL, Text: "Another text."}, nil)
	wantProblem(t, err, "/sources/0/text: the ledger holds another text")

	// A source that was known by its address only gets its text, and its reason.
	record(t, l, quoting(incidents.Source{URL: "https://example.com/late"}))
	late := incidents.Source{URL: "https://example.com/late", Text: "Late.", NoIncidentReason: "Nothing in it.", Title: "Late"}
	if of, _ := importOf(t, l, late); of != ledger.Created {
		t.Errorf("with its text: %s", of)
	}
	if of, _ := importOf(t, l, late); of != ledger.Unchanged {
		t.Errorf("again: %s", of)
	}
}

// Two servers that import the same files at their first start end with one ledger.
func TestImportsAtTheSameTime(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	results := make([][]ledger.ImportResult, 6)
	created := 0
	for i, err := range atOnce(len(results), func(i int) (err error) {
		_, results[i], err = l.ImportArticle(t.Context(), importing, importedSource(), []ledger.ImportItem{item(factIncident("one"), "1"), item(factIncident("two"), "1")})
		return err
	}) {
		if err != nil {
			t.Error(err)
		}
		for _, r := range results[i] {
			if r.Outcome == ledger.Created {
				created++
			}
		}
	}
	if n := ask[int](t, l, "SELECT count(*) FROM incidents"); n != 2 || created != 2 {
		t.Errorf("%d incidents, %d created", n, created)
	}
}

func TestAnUnknownReferenceIsNotFound(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	for _, ref := range []string{"no-such", uuid.NewString(), "\x00", "../x"} {
		if _, err := l.Incident(t.Context(), editor, ref); !errors.Is(err, ledger.ErrNotFound) {
			t.Errorf("%q: %v", ref, err)
		}
	}
	if _, err := l.Rebuilt(t.Context(), uuid.New()); !errors.Is(err, ledger.ErrNotFound) {
		t.Errorf("rebuilt: %v", err)
	}
}

// TestAnImportOverwritesNoEditThatIsUnderWay: a person who holds the incident while
// the import looks at it has edited it since.
func TestAnImportOverwritesNoEditThatIsUnderWay(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	importOf(t, l, importedSource(), item(factIncident("one"), "1"))
	changed := factIncident("one")
	changed.Summary = "The file says another thing."
	imported := make(chan ledger.ImportResult, 1)
	_, err := l.Edit(t.Context(), editing, "one", "", func(in *incidents.Incident) error {
		in.Summary = "A person says so."
		go func() {
			_, results, err := l.ImportArticle(t.Context(), importing, importedSource(), []ledger.ImportItem{item(changed, "2")})
			if err != nil || len(results) != 1 {
				t.Errorf("import: %+v, %v", results, err)
				results = make([]ledger.ImportResult, 1)
			}
			imported <- results[0]
		}()
		untilWaiting(t, l, nil)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if r := <-imported; r.Outcome != ledger.Edited || !r.EditedSince {
		t.Errorf("the import says %+v", r)
	}
	if in := parse(t, sameAsRows(t, l, "one")); in.Summary != "A person says so." {
		t.Errorf("the incident says %q", in.Summary)
	}
}
