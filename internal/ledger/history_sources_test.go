package ledger_test

import (
	"strings"
	"testing"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
	"github.com/breachledger/breachledger/internal/ledgertest"
)

// TestChangedSourcesAreNobodysChange: who writes an incident after something was
// changed of a source has not changed it, whichever way that was done.
func TestChangedSourcesAreNobodysChange(t *testing.T) {
	t.Parallel()
	const url = "https://example.com/notice"
	cited := incidents.Source{URL: url, Title: "A notice"}
	edited := func(t *testing.T, l *ledger.Ledger, in incidents.Incident, change func(*incidents.Source)) {
		t.Helper()
		if err := l.EditSource(t.Context(), editing, in.Sources[0].ID, func(s *incidents.Source) error { change(s); return nil }); err != nil {
			t.Fatal(err)
		}
	}
	for name, c := range map[string]struct {
		given  incidents.Source
		change func(t *testing.T, l *ledger.Ledger, in incidents.Incident)
		says   func(ledger.SourceChange) bool
	}{
		"described anew": {cited, func(t *testing.T, l *ledger.Ledger, in incidents.Incident) {
			t.Helper()
			edited(t, l, in, func(s *incidents.Source) {
				s.Title, s.Publisher, s.Published = "Another notice", "Acme", ledgertest.Date("2026-03")
			})
		}, func(c ledger.SourceChange) bool {
			return c.Before.Title == "A notice" && c.After.Title == "Another notice" && c.After.Publisher == "Acme" && c.After.Published.String() == "2026-03"
		}},
		"another address": {cited, func(t *testing.T, l *ledger.Ledger, in incidents.Incident) {
			t.Helper()
			edited(t, l, in, func(s *incidents.Source) { s.URL = url + "/2" })
		}, func(c ledger.SourceChange) bool { return c.Before.URL == url && c.After.URL == url+"/2" }},
		"less said": {cited, func(t *testing.T, l *ledger.Ledger, in incidents.Incident) {
			t.Helper()
			edited(t, l, in, func(s *incidents.Source) { s.Title = "" })
		}, func(c ledger.SourceChange) bool { return c.After.Title == "" }},
		"more known of by another incident": {cited, func(t *testing.T, l *ledger.Ledger, _ incidents.Incident) {
			t.Helper()
			record(t, l, incidents.Incident{Title: "Another", Category: incidents.DataBreach, Sources: []incidents.Source{{URL: url, Publisher: "Acme", Text: "Cards."}}})
		}, func(c ledger.SourceChange) bool {
			return c.Before.Publisher == "" && c.After.Publisher == "Acme" && !c.Before.HasText && c.After.HasText
		}},
		"redacted": {incidents.Source{URL: url, Text: "Cards."}, func(t *testing.T, l *ledger.Ledger, in incidents.Incident) {
			t.Helper()
			admin := access.Identity{Name: "an admin", Role: access.Admin}
			if err := l.Redact(t.Context(), ledger.Change{By: admin, Action: "redact"}, in.Sources[0].ID); err != nil {
				t.Fatal(err)
			}
		}, func(c ledger.SourceChange) bool { return c.Before.HasText && !c.After.HasText }},
		"another text": {incidents.Source{URL: url, Text: "They lost ten cards."}, func(t *testing.T, l *ledger.Ledger, in incidents.Incident) {
			t.Helper()
			edited(t, l, in, func(s *incidents.Source) { s.Text = "A notice. They lost ten cards. No more." })
		}, func(c ledger.SourceChange) bool { return c.MovedQuotes == 1 }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := ledgertest.Open(t)
			evidence := incidents.Evidence{Source: incidents.SourceRef{URL: url}}
			if c.given.Text != "" {
				evidence.Quote = c.given.Text
			}
			doc := record(t, l, incidents.Incident{
				Title: "A breach", Category: incidents.DataBreach, Sources: []incidents.Source{c.given},
				Counts: []incidents.Count{{Unit: "cards", Quantity: new(int64(10)), Claim: incidents.Claim{Evidence: []incidents.Evidence{evidence}}}},
			})
			edit(t, l, doc.Slug, func(in *incidents.Incident) { in.Tags = []string{"pos"} })
			c.change(t, l, parse(t, doc))
			edit(t, l, doc.Slug, func(in *incidents.Incident) { in.Summary = "Cards were stolen." })
			edit(t, l, doc.Slug, func(in *incidents.Incident) { in.Summary = "Ten cards were stolen." })
			got := historyOf(t, l, reader, doc.Slug, 20)
			if len(got) != 4 || len(got[0].Sources) > 0 || len(got[1].Sources) != 1 || len(got[2].Sources) > 0 {
				t.Fatalf("the history is %+v", got)
			}
			if one := got[1].Sources[0]; !c.says(one) || one.Before.ID != parse(t, doc).Sources[0].ID || one.After.ID != one.Before.ID {
				t.Errorf("the source's change is %+v", one)
			}
			if text := string(got[1].Changes); text != `[{"value":"Cards were stolen.","op":"add","path":"/summary"}]` {
				t.Errorf("the changes are %s", text)
			}
		})
	}
}

// TestSourcesThatSomebodyReplacedAreTheirChange: another source, and another quote,
// are what the writer of the incident changed.
func TestSourcesThatSomebodyReplacedAreTheirChange(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	doc := record(t, l, fromJSON(t, `{"title": "A breach", "category": "data_breach", "sources": [{"url": "https://example.com/a", "text": "Ten cards. Five people."}],
		"counts": [{"unit": "cards", "quantity": 10, "evidence": [{"source": "https://example.com/a", "quote": "Ten cards."}]}]}`))
	edit(t, l, doc.Slug, func(in *incidents.Incident) { in.Counts[0].Evidence[0].Quote = "cards." })
	edit(t, l, doc.Slug, func(in *incidents.Incident) {
		in.Sources = []incidents.Source{{URL: "https://example.com/b"}}
		in.Counts[0].Evidence = []incidents.Evidence{{Source: incidents.SourceRef{URL: "https://example.com/b"}}}
	})
	got := historyOf(t, l, reader, doc.Slug, 20)
	for i, path := range []string{"/counts/0/evidence/0/source/url", "/counts/0/evidence/0/quote"} {
		if text := string(got[i].Changes); len(got[i].Sources) > 0 || !strings.Contains(text, `"path":"`+path+`"`) {
			t.Errorf("version %d is told as %s and %+v", got[i].Version, text, got[i].Sources)
		}
	}
}
