package importer_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/breachledger/breachledger/internal/factfile"
	"github.com/breachledger/breachledger/internal/importer"
	"github.com/breachledger/breachledger/internal/ledger"
	"github.com/breachledger/breachledger/internal/ledgertest"
)

const acmeFacts = `incidents:
  - slug: acme-cards
    title: Cards of Acme Pay
    category: data_breach
    participants: [{actor: acme, role: victim}]
    counts: [{unit: cards, quantity: 500, evidence: [{quote: 500 cards were taken}]}]
actors: [{slug: acme, name: Acme Pay, kind: company, sector: bank}]
`

// importFolder imports an article and its facts, none when facts is empty.
func importFolder(t *testing.T, l *ledger.Ledger, facts string) importer.Report {
	t.Helper()
	files := fstest.MapFS{"articles/acme.txt": {Data: []byte("Acme Pay said that 500 cards were taken.\n")}}
	if facts != "" {
		files["facts/acme.yaml"] = &fstest.MapFile{Data: []byte(facts)}
	}
	set, err := factfile.Load(files, "seeds")
	if err != nil {
		t.Fatal(err)
	}
	report, err := importer.Facts(t.Context(), l, set)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// An incident stays in the ledger when its facts are taken away or get another
// slug: the report says so, until somebody has retracted or merged it.
func TestFactsThatAreGone(t *testing.T) {
	t.Parallel()
	renamed := strings.Replace(acmeFacts, "slug: acme-cards", "slug: acme-cards-2024", 1)
	for name, facts := range map[string]string{
		"another slug": renamed,
		"no incident":  "no_incident_reason: It was a rumour.\n",
		"no facts":     "",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := ledgertest.Open(t)
			if first := importFolder(t, l, acmeFacts); len(first.LeftBehind) > 0 {
				t.Fatalf("first: %q", first.LeftBehind)
			}
			report := importFolder(t, l, facts)
			var out strings.Builder
			if err := report.Write(&out); err != nil {
				t.Fatal(err)
			}
			if !cmp.Equal(report.LeftBehind, []string{"acme-cards"}) || !strings.Contains(out.String(), "left behind: acme-cards: ") {
				t.Errorf("got %q\n%s", report.LeftBehind, out.String())
			}
			if _, err := l.Retract(t.Context(), ledger.Change{By: editor, Action: "retract", Reason: "a rumour"}, "acme-cards", ""); err != nil {
				t.Fatal(err)
			}
			if again := importFolder(t, l, facts); len(again.LeftBehind) > 0 {
				t.Errorf("retracted: %q", again.LeftBehind)
			}
		})
	}
	t.Run("merged", func(t *testing.T) {
		t.Parallel()
		l := ledgertest.Open(t)
		importFolder(t, l, acmeFacts)
		importFolder(t, l, renamed)
		if _, err := l.Merge(t.Context(), ledger.Change{By: editor, Action: "merge"}, "acme-cards-2024", "", "acme-cards"); err != nil {
			t.Fatal(err)
		}
		if report := importFolder(t, l, renamed); len(report.LeftBehind) > 0 {
			t.Errorf("merged: %q", report.LeftBehind)
		}
	})
}

// An import does not change an actor that the ledger has, and says what the facts
// have otherwise: a corrected sector would seem to be imported.
func TestFactsThatDescribeAnActorOtherwise(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	if first := importFolder(t, l, acmeFacts); len(first.Actors) > 0 {
		t.Fatalf("first: %v", first.Actors)
	}
	report := importFolder(t, l, strings.Replace(acmeFacts, "name: Acme Pay, kind: company, sector: bank", "name: Acme Payments, kind: company, sector: wallet, country: DE, aliases: [acme PAY, AP]", 1))
	want := []ledger.ActorDifference{
		{Slug: "acme", Field: "name", Given: "Acme Payments", Held: "Acme Pay"},
		{Slug: "acme", Field: "name", Given: "AP", Held: "Acme Pay"},
		{Slug: "acme", Field: "sector", Given: "wallet", Held: "bank"},
		{Slug: "acme", Field: "country", Given: "DE"},
	}
	if diff := cmp.Diff(want, report.Actors); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	var out strings.Builder
	if err := report.Write(&out); err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{
		`actor acme: the facts give it the name "AP", which the ledger does not have for Acme Pay;`,
		"actor acme: the facts have wallet as its sector, the ledger has bank;",
		"actor acme: the facts have DE as its country, the ledger has none;",
	} {
		if !strings.Contains(out.String(), line) {
			t.Errorf("no %q in\n%s", line, out.String())
		}
	}
}
