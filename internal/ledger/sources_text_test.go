package ledger_test

import (
	"testing"

	"github.com/google/uuid"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
	"github.com/breachledger/breachledger/internal/ledgertest"
)

// TestATextIsReplacedByAnEditor: what a draft gave to its own source may be wrong,
// and other incidents rest on the source by then.
func TestATextIsReplacedByAnEditor(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	const url = "https://example.com/notice"
	_, err := l.Record(t.Context(), ledger.Change{By: contributor, Action: "record"}, incidents.Incident{
		Title: "A draft", Category: incidents.CategoryOther, Sources: []incidents.Source{{URL: url, Text: "Cards were stolen. Many. It said so. Many."}},
	})
	if err != nil {
		t.Fatal(err)
	}
	in := quoting(incidents.Source{URL: url}, "Cards were stolen.", "Many.", "It said so.")
	in.Counts[0].Evidence[1].Occurrence = 2
	doc := record(t, l, in)
	id := parse(t, doc).Sources[0].ID
	replace := func(c ledger.Change, text string) error {
		return l.EditSource(t.Context(), c, id, func(s *incidents.Source) error {
			s.Text = text
			return nil
		})
	}
	byEditor := ledger.Change{By: editor, Action: "edit source"}

	wantProblem(t, replace(ledger.Change{By: contributor, Action: "edit source"}, "Cards were stolen. Many. It said so. Many!"), "/text: a stored text does not change; an editor can replace it")
	wantProblem(t, replace(byEditor, ""), "/text: a stored text is not taken out; an admin can redact it")
	err = replace(byEditor, "Cards were stolen; many. Many. It said so.")
	wantProblem(t, err, `/text: does not have, or has in several places, what quoting quotes: "Cards were stolen."`)
	if page, _ := l.Source(t.Context(), editor, id); page.Text != "Cards were stolen. Many. It said so. Many." {
		t.Fatalf("the text is %q", page.Text)
	}

	const text = "A notice. Cards were stolen, zebras too. Cards were stolen. Many. It said so. Many. It ends."
	if err := replace(byEditor, text); err != nil {
		t.Fatal(err)
	}
	runes := []rune(text)
	read, err := l.Incident(t.Context(), editor, doc.Slug)
	if err != nil {
		t.Fatal(err)
	}
	evidence := parse(t, read).Counts[0].Evidence
	for i, e := range evidence {
		if got := string(runes[*e.Start:*e.End]); got != e.Quote || e.Quote != in.Counts[0].Evidence[i].Quote {
			t.Errorf("%q is said to stand where there is %q", e.Quote, got)
		}
	}
	if *evidence[1].Start < *evidence[2].End {
		t.Error("another of two alike is quoted now")
	}
	if read.ETag == doc.ETag {
		t.Error("the positions changed, and the ETag did not")
	}
	if found := search(t, l, ledger.ListRequest{Filter: ledger.Filter{Query: "zebras"}}); len(found) != 1 {
		t.Errorf("the new text is found in %d incidents", len(found))
	}
	// The incident is edited on, with its quotes.
	edit(t, l, doc.Slug, func(in *incidents.Incident) { in.Summary = "More is known." })
}

// TestTwoSourcesOfOneText: without an address a source is known by its text.
func TestTwoSourcesOfOneText(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	change := ledger.Change{By: editor, Action: "create source"}
	if _, err := l.CreateSource(t.Context(), change, incidents.Source{Text: "One text."}); err != nil {
		t.Fatal(err)
	}
	for _, s := range []incidents.Source{{Title: "Without"}, {Text: "Another text."}} {
		id, err := l.CreateSource(t.Context(), change, s)
		if err != nil {
			t.Fatal(err)
		}
		err = l.EditSource(t.Context(), change, id, func(s *incidents.Source) error {
			s.Text = "One text."
			return nil
		})
		wantProblem(t, err, "/text: another source without an address has this text")
	}
}

// TestAPatchStaysWithItsSource: whoever says the id of another source in what they
// change of one gives that other one no text.
func TestAPatchStaysWithItsSource(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	byEditor := ledger.Change{By: editor, Action: "edit source"}
	var ids []uuid.UUID
	for _, url := range []string{"https://example.com/one", "https://example.com/other"} {
		id, err := l.CreateSource(t.Context(), byEditor, incidents.Source{URL: url})
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, id)
	}
	edit := func(sent uuid.UUID) error {
		return l.EditSource(t.Context(), byEditor, ids[0], func(s *incidents.Source) error {
			s.ID, s.Text = sent, "Cards were stolen."
			return nil
		})
	}
	wantProblem(t, edit(ids[1]), "/id: is permanent; it is "+ids[0].String())
	for _, sent := range []uuid.UUID{ids[0], uuid.Nil} {
		if err := edit(sent); err != nil {
			t.Errorf("with the id %s: %v", sent, err)
		}
	}
	for i, want := range []string{"Cards were stolen.", ""} {
		if page, err := l.Source(t.Context(), editor, ids[i]); err != nil || page.Text != want {
			t.Errorf("the text of source %d is %q, want %q: %v", i, page.Text, want, err)
		}
	}
}

// TestATextAndAnAddressAtOnce: a source that is given an address is no longer known by
// its text, which another one without an address may have.
func TestATextAndAnAddressAtOnce(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	byEditor := ledger.Change{By: editor, Action: "edit source"}
	var ids []uuid.UUID
	for _, text := range []string{"Cards were stolen.", "Many were."} {
		id, err := l.CreateSource(t.Context(), byEditor, incidents.Source{Text: text})
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, id)
	}
	for _, to := range []incidents.Source{{URL: "https://example.com/one", Text: "Many were."}, {Text: "Cards were stolen."}} {
		err := l.EditSource(t.Context(), byEditor, ids[0], func(s *incidents.Source) error {
			s.URL, s.Text = to.URL, to.Text
			return nil
		})
		if err != nil {
			t.Errorf("to %+v: %v", to, err)
		}
	}
}
