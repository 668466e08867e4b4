package ledger_test

import (
	"strings"
	"testing"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
	"github.com/breachledger/breachledger/internal/ledgertest"
)

func TestSearchLooksEverywhere(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	doc := record(t, l, incidents.Incident{
		Title: "Skimming at the harbour", Summary: "Terminals were altered by night.", Category: incidents.PaymentFraud,
		Participants: []incidents.Participant{{Actor: incidents.ActorRef{Name: "Zürich Wallet", Aliases: []string{"Blue Purse"}}, Role: incidents.RoleVictim}},
		Sources:      []incidents.Source{{URL: "https://example.com/a", Title: "Gazette of crimes", Text: "Witnesses saw a submarine."}, {Text: "A second text names the lighthouse."}},
		Responses:    []incidents.Response{{Actor: incidents.ActorRef{Name: "Port Authority"}, Kind: "apology"}},
	})
	record(t, l, incidents.Incident{Title: "Something else", Category: incidents.CategoryOther})
	find := func(q string) int {
		t.Helper()
		ids := everyPage(t, l, ledger.Filter{Query: q}, "", 10, nil)
		for _, id := range ids {
			if id != doc.ID {
				t.Errorf("%q finds another incident", q)
			}
		}
		return len(ids)
	}
	for _, q := range []string{
		"skimming", "skimmed", "HARBOUR", "terminals altered", `"altered by night"`, "zürich", "blue purse", "port authority",
		"gazette", "submarine", "lighthouse", "submarine or nonsense", "harbour -mountain", "skim lighthouse",
	} {
		if find(q) != 1 {
			t.Errorf("%q finds nothing", q)
		}
	}
	for _, q := range []string{"nonsense", "harbour -skimming", `"night by altered"`, "the", "  ", "!!", `"`, "& | :*", "(((", "\\", "-", "or or"} {
		if find(q) != 0 {
			t.Errorf("%q finds the incident", q)
		}
	}
	edit(t, l, doc.Slug, func(in *incidents.Incident) { in.Title = "Skimming at the airport" })
	if find("harbour") != 0 || find("airport") != 1 {
		t.Error("after an edit the old words are found, or the new ones are not")
	}
}

// The words of a long or odd text are indexed as far as they fit.
func TestSearchTakesAnyText(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	var wide, hyphens strings.Builder
	for i := range 60_000 {
		wide.WriteString(string([]rune{rune(0x20000 + i%40_000), rune(0x20000 + (i*7)%40_000), ' '}))
		hyphens.WriteString(string([]rune{rune(0x10400 + i%40), rune(0x20000 + i%40_000), '-', rune(0x20000 + (i*3)%40_000), rune(0x10400 + i%37), ' '}))
	}
	var sources []incidents.Source
	for _, text := range []string{wide.String(), hyphens.String(), strings.Repeat("x", 1<<20), strings.Repeat("a1-b2.c3/d4@e5 ", 60_000), strings.Repeat("\u0001\ufffe ", 1000)} {
		sources = append(sources, incidents.Source{Text: "findable " + text})
	}
	var actors []incidents.Participant
	for i := range 120 {
		actors = append(actors, incidents.Participant{Actor: incidents.ActorRef{Name: strings.Repeat(string(rune(0x20000+i)), 200)}, Role: incidents.RoleVictim})
	}
	for i := range sources {
		in := incidents.Incident{Title: "One text", Category: incidents.CategoryOther, Participants: actors, Sources: sources[i : i+1]}
		record(t, l, in)
	}
	doc := record(t, l, incidents.Incident{Title: strings.Repeat("𠀀-", 150), Summary: strings.Repeat("𠀀𠀁-", 3000), Category: incidents.CategoryOther, Participants: actors, Sources: sources})
	sameAsRows(t, l, doc.Slug)
	if got := everyPage(t, l, ledger.Filter{Query: "findable"}, "", 20, nil); len(got) != len(sources)+1 {
		t.Errorf("%d of %d found", len(got), len(sources)+1)
	}
	for _, q := range []string{strings.Repeat("word ", 200), strings.Repeat("x", 1000), strings.Repeat("-a ", 300), strings.Repeat("a or ", 190)} {
		if _, err := l.Incidents(t.Context(), ledger.Filter{Query: q}, "", ledger.Page{}); err != nil {
			t.Errorf("a search for %.20q…: %v", q, err)
		}
	}
	_, err := l.Incidents(t.Context(), ledger.Filter{Query: strings.Repeat("x", 1001)}, "", ledger.Page{})
	wantProblem(t, err, "/q: ")
}
