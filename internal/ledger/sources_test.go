package ledger_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
	"github.com/breachledger/breachledger/internal/ledgertest"
)

// quoting is an incident whose one count quotes its one source.
func quoting(s incidents.Source, quotes ...string) incidents.Incident {
	in := incidents.Incident{Title: "Quoting", Category: incidents.CategoryOther, Sources: []incidents.Source{s}}
	c := incidents.Count{Unit: incidents.People, Qualifier: incidents.NotDisclosed}
	for _, q := range quotes {
		c.Evidence = append(c.Evidence, incidents.Evidence{Quote: q})
	}
	in.Counts = []incidents.Count{c}
	return in
}

func TestQuotesAreFoundAndKeptAsTheSourceSpellsThem(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	text := "The “leak” hit\u00a0users —  as many as 4,100. The “leak” went on."
	doc := record(t, l, quoting(incidents.Source{Text: text}, `"leak" hit users - as many as 4,100`))
	e := parse(t, doc).Counts[0].Evidence[0]
	runes := []rune(text)
	if e.Quote != "“leak” hit\u00a0users —  as many as 4,100" || string(runes[*e.Start:*e.End]) != e.Quote {
		t.Errorf("the quote is kept as %q, from %d to %d", e.Quote, *e.Start, *e.End)
	}
	_, err := l.Record(t.Context(), recording, quoting(incidents.Source{Text: text}, "a leak", `The "leak"`))
	wantProblem(t, err, "/counts/0/evidence/0/quote: the quote is not in the text")
	wantProblem(t, err, "/counts/0/evidence/1/quote: the quote stands in the text 2 times")
	again := quoting(incidents.Source{Text: text}, `The "leak"`)
	again.Counts[0].Evidence[0].Occurrence = 2
	second := parse(t, record(t, l, again)).Counts[0].Evidence[0]
	if want := utf8.RuneCountInString(text[:strings.LastIndex(text, "The")]); *second.Start != want {
		t.Errorf("the second one begins at %d, want %d", *second.Start, want)
	}
	_, err = l.Record(t.Context(), recording, quoting(incidents.Source{URL: "https://example.com/no-text"}, "a quote"))
	wantProblem(t, err, "/counts/0/evidence/0/quote: the text of the source is not held")
}

func TestSourcesAreShared(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	const url = "https://example.com/a"
	id := parse(t, record(t, l, quoting(incidents.Source{URL: url, Text: "A text."}, "A text."))).Sources[0].ID
	same := func(in incidents.Incident) {
		t.Helper()
		got := parse(t, record(t, l, in))
		if len(got.Sources) != 1 || got.Sources[0].ID != id {
			t.Errorf("the sources are %+v, want one, %s", got.Sources, id)
		}
		sameAsRows(t, l, got.Slug)
	}
	same(quoting(incidents.Source{URL: url}, "A text."))
	same(quoting(incidents.Source{ID: id}, "A text."))
	same(quoting(incidents.Source{URL: url, Text: "A text."}, "A text."))
	by := func(refs ...incidents.SourceRef) incidents.Incident {
		in := quoting(incidents.Source{})
		in.Sources = nil
		for _, r := range refs {
			in.Counts[0].Evidence = append(in.Counts[0].Evidence, incidents.Evidence{Source: r, Quote: "A text."})
		}
		return in
	}
	same(by(incidents.SourceRef{URL: url}, incidents.SourceRef{ID: id}, incidents.SourceRef{Given: url}, incidents.SourceRef{Given: id.String()}))
	twice := by(incidents.SourceRef{Key: "a"}, incidents.SourceRef{Given: "b"})
	twice.Sources = []incidents.Source{{Key: "a", ID: id}, {Key: "b", URL: url}}
	same(twice)

	_, err := l.Record(t.Context(), recording, quoting(incidents.Source{URL: url, Text: "Another text."}))
	wantProblem(t, err, "/sources/0/text: the ledger holds another text of this source")
	_, err = l.Record(t.Context(), recording, quoting(incidents.Source{ID: uuid.New()}))
	wantProblem(t, err, "/sources/0/id: the ledger has no source with this id")
}

// A text without an address is known by what it says, also within one document.
func TestATextWithoutAnAddress(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	in := quoting(incidents.Source{Key: "a", Text: "The same text."})
	in.Sources = append(in.Sources, incidents.Source{Key: "b", Text: "The same text.", Title: "Titled"}, incidents.Source{Key: "c", Text: "Another text."})
	in.Counts[0].Evidence = []incidents.Evidence{
		{Source: incidents.SourceRef{Key: "a"}, Quote: "same"}, {Source: incidents.SourceRef{Key: "b"}, Quote: "text"}, {Source: incidents.SourceRef{Key: "c"}, Quote: "Another"},
	}
	got := parse(t, record(t, l, in))
	if len(got.Sources) != 2 || got.Sources[0].Title != "Titled" {
		t.Errorf("the sources are %+v", got.Sources)
	}
	sameAsRows(t, l, got.Slug)
	again := parse(t, record(t, l, quoting(incidents.Source{Text: "The same text."}, "same")))
	if again.Sources[0].ID != got.Sources[0].ID {
		t.Errorf("said again, the source is %s, it was %s", again.Sources[0].ID, got.Sources[0].ID)
	}
}

// The text of a known source may be found later; then it can be quoted.
func TestATextThatIsFoundLater(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	const url = "https://example.com/late"
	doc := record(t, l, quoting(incidents.Source{URL: url}))
	id := parse(t, doc).Sources[0].ID
	// By its address and by its id in one document, the text with one of them.
	late := quoting(incidents.Source{Key: "by id", ID: id})
	late.Sources = append(late.Sources, incidents.Source{Key: "by url", URL: url, Text: "Found late."})
	late.Counts[0].Evidence = []incidents.Evidence{{Source: incidents.SourceRef{Key: "by id"}, Quote: "Found"}, {Source: incidents.SourceRef{Key: "by url"}, Quote: "late"}}
	got := parse(t, record(t, l, late))
	if len(got.Sources) != 1 || !got.Sources[0].HasText {
		t.Errorf("the sources are %+v", got.Sources)
	}
	if !parse(t, sameAsRows(t, l, doc.Slug)).Sources[0].HasText {
		t.Error("the first document does not show that the text is held")
	}
}

func TestTheListOfSources(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	var want []uuid.UUID
	for i := range 15 {
		s := incidents.Source{URL: fmt.Sprint("https://example.com/", i)}
		if i%3 == 0 {
			s.Text = fmt.Sprint("The text of source ", i, strings.Repeat(" …", 300))
		}
		want = append(want, parse(t, record(t, l, quoting(s))).Sources[0].ID)
	}
	slices.Reverse(want)
	for limit := 1; limit <= 7; limit += 2 {
		var got []uuid.UUID
		page := ledger.Page{Limit: limit}
		for {
			items, next, err := l.Sources(t.Context(), reader, "", page)
			if err != nil {
				t.Fatal(err)
			}
			for _, s := range items {
				got = append(got, s.ID)
				if s.Incidents != 1 || s.Text != "" || s.HasText != (s.Opening != "") || utf8.RuneCountInString(s.Opening) > 160 {
					t.Errorf("listed as %+v", s)
				}
			}
			if next == "" {
				break
			}
			page.Cursor = next
		}
		if !slices.Equal(got, want) {
			t.Errorf("%d a page: %v, want %v", limit, got, want)
		}
	}
	for url, found := range map[string]int{"https://example.com/7": 1, "https://example.com/70": 0, "not an address": 0, "\x00": 0, "\xff": 0} {
		items, _, err := l.Sources(t.Context(), reader, url, ledger.Page{Limit: 3})
		if err != nil || len(items) != found {
			t.Errorf("%q: %d found, %v", url, len(items), err)
		}
	}
}

func TestASourceShowsWhatIsQuotedFromIt(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	const text = "One. Two. Three."
	public := parse(t, record(t, l, quoting(incidents.Source{Text: text}, "Two.", "One.")))
	hidden, err := l.Record(t.Context(), ledger.Change{By: contributor, Action: "record"}, quoting(incidents.Source{Text: text}, "Three."))
	if err != nil {
		t.Fatal(err)
	}
	id := public.Sources[0].ID
	seen, err := l.Source(t.Context(), reader, id)
	if err != nil || seen.Text != text || len(seen.Incidents) != 1 || len(seen.Quotes) != 2 {
		t.Fatalf("a reader sees %+v, %v", seen, err)
	}
	if q := seen.Quotes[0]; q.Quote != "One." || q.Start != 0 || q.End != 4 || q.Claim != "count" || q.ClaimID != public.Counts[0].ID || q.Incident != public.Slug {
		t.Errorf("its first quote is %+v", q)
	}
	all, err := l.Source(t.Context(), contributor, id)
	if err != nil || len(all.Incidents) != 2 || len(all.Quotes) != 3 || all.Quotes[2].Incident != hidden.Slug {
		t.Errorf("a contributor sees %+v, %v", all, err)
	}
	if _, err := l.Source(t.Context(), editor, uuid.New()); !errors.Is(err, ledger.ErrNotFound) {
		t.Errorf("no such source: %v", err)
	}
}

// TestASourceShowsItsIncidentsInPages, each with its quotes, and ends a page early where
// they quote very much.
func TestASourceShowsItsIncidentsInPages(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	var text string
	for i := range 900 {
		text += fmt.Sprintf("%04d ", i)
	}
	text += "Two."
	var id uuid.UUID
	var want []string
	add := func(quotes ...string) {
		in := quoting(incidents.Source{Text: text}, quotes...)
		in.Title = fmt.Sprintf("Quoting %d", len(want))
		if len(quotes) == 50 {
			for _, unit := range []incidents.Unit{incidents.Cards, incidents.Records} {
				more := in.Counts[0]
				more.Unit = unit
				in.Counts = append(in.Counts, more)
			}
			in.Counts[0].Headline = true
		}
		doc := parse(t, record(t, l, in))
		id, want = doc.Sources[0].ID, append([]string{doc.Slug}, want...)
	}
	add("Two.")
	add("Two.", text[:8])
	var much []string
	for i := range 50 {
		much = append(much, text[5*i:4500])
	}
	add(much...)
	add(much...)
	add("Two.")
	read := func(limit int) (sizes []int) {
		var got []string
		page := ledger.Page{Limit: limit}
		for {
			source, err := l.SourcePage(t.Context(), reader, id, page)
			if err != nil {
				t.Fatal(err)
			}
			sizes = append(sizes, len(source.Incidents))
			for _, in := range source.Incidents {
				got = append(got, in.Slug)
			}
			for _, q := range source.Quotes {
				if !slices.ContainsFunc(source.Incidents, func(in ledger.SourceIncident) bool { return in.Slug == q.Incident }) {
					t.Errorf("a quote of %s stands on another page", q.Incident)
				}
			}
			if source.NextCursor == nil {
				break
			}
			page.Cursor = *source.NextCursor
		}
		if !slices.Equal(got, want) {
			t.Errorf("%d a page: %v, want %v", limit, got, want)
		}
		return sizes
	}
	for limit, want := range map[int][]int{1: {1, 1, 1, 1, 1}, 2: {2, 2, 1}, 200: {2, 3}} {
		if sizes := read(limit); !slices.Equal(sizes, want) {
			t.Errorf("%d a page: pages of %v, want %v", limit, sizes, want)
		}
	}
	if at, err := l.SourceQuotesAt(t.Context(), reader, id, 4500, 4504); err != nil || len(at) != 3 {
		t.Errorf("%d claims rest on a passage of three, %v", len(at), err)
	}
	if _, err := l.SourcePage(t.Context(), reader, id, ledger.Page{Cursor: "bm9uZQ"}); !errors.Is(err, ledger.ErrCursor) {
		t.Errorf("a cursor that was made up: %v", err)
	}
}

// TestATextIsFoundWhereItsSourceIs, and nowhere else.
func TestATextIsFoundWhereItsSourceIs(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	idOf := func(publication incidents.Publication, text string) uuid.UUID {
		in := quoting(incidents.Source{Text: text}, text)
		in.Title, in.Publication = "Of "+text, publication
		return parse(t, record(t, l, in)).Sources[0].ID
	}
	alone, err := l.CreateSource(t.Context(), recording, incidents.Source{Text: "Alone."})
	if err != nil {
		t.Fatal(err)
	}
	for name, id := range map[string]uuid.UUID{
		"published": idOf(incidents.Published, "Published."), "draft": idOf(incidents.Draft, "Draft."), "alone": alone, "unknown": uuid.New(),
	} {
		for _, by := range []access.Identity{{}, reader, contributor, editor} {
			page, want := l.Source(t.Context(), by, id)
			text, err := l.SourceText(t.Context(), by, id)
			if text != page.Text || errors.Is(err, ledger.ErrNotFound) != errors.Is(want, ledger.ErrNotFound) {
				t.Errorf("%s, for %q: the text is %q (%v), its source has %q (%v)", name, by.Role, text, err, page.Text, want)
			}
		}
	}
}

// TestADraftChangesNoPublicSource: what a contributor says of a source on which
// published incidents rest waits for an editor. Of the sources of drafts alone
// contributors say what they like.
func TestADraftChangesNoPublicSource(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	drafting := ledger.Change{By: contributor, Action: "record"}
	with := func(title string, s incidents.Source) incidents.Incident {
		return incidents.Incident{Title: title, Category: incidents.DataBreach, Sources: []incidents.Source{s}}
	}
	const public, own = "https://example.com/public", "https://example.com/own"
	article := parse(t, record(t, l, with("Public", incidents.Source{URL: public, Title: "Notice"})))
	id := article.Sources[0].ID

	draft, err := l.Record(t.Context(), drafting, with("Draft", incidents.Source{URL: public, Title: "Another title", Publisher: "Fake Times", Author: "Mallory", Published: ledgertest.Date("1999")}))
	if err != nil {
		t.Fatal(err)
	}
	seen, err := l.Source(t.Context(), reader, id)
	if err != nil || seen.Publisher != "" || seen.Author != "" || !seen.Published.IsZero() {
		t.Errorf("the draft has made of the source %+v (%v)", seen.Source, err)
	}
	if got := parse(t, draft).Sources; len(got) != 1 || got[0].ID != id || got[0].Publisher != "" {
		t.Errorf("the draft's sources are %+v", got)
	}
	_, err = l.Record(t.Context(), drafting, with("With text", incidents.Source{URL: public, Text: "Made up."}))
	var problems incidents.Problems
	if !errors.As(err, &problems) || problems[0].Pointer != "/sources/0/text" {
		t.Errorf("a contributor's text for a public source: %v", err)
	}
	_, err = l.Edit(t.Context(), drafting, draft.Slug, "", func(in *incidents.Incident) error {
		in.Sources[0].Text = "Made up."
		return nil
	})
	if !errors.As(err, &problems) || problems[0].Pointer != "/sources/0/text" {
		t.Errorf("added to the draft: %v", err)
	}

	for _, s := range []incidents.Source{{URL: own}, {URL: own, Publisher: "Local News", Text: "All of it."}} {
		if _, err := l.Record(t.Context(), drafting, with("Own", s)); err != nil {
			t.Fatal(err)
		}
	}
	if got := parse(t, record(t, l, with("By an editor", incidents.Source{URL: own}))).Sources[0]; got.Publisher != "Local News" || !got.HasText {
		t.Errorf("the drafts' own source is %+v", got)
	}
	if got := parse(t, record(t, l, with("By an editor too", incidents.Source{URL: public, Publisher: "Times", Text: "The article."}))).Sources[0]; got.Publisher != "Times" || !got.HasText {
		t.Errorf("for an editor the public source is %+v", got)
	}
}
