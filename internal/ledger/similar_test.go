package ledger_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/ledger"
	"github.com/breachledger/breachledger/internal/ledgertest"
)

// TestMisspeltIncidentsAreSimilar: by words that begin alike, and by what their
// organisations are called.
func TestMisspeltIncidentsAreSimilar(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	for i, title := range []string{"Quillfeather ledger wallets drained", "Cards copied", "Quiet days", "Learning from ledgers"} {
		breached := []string{"", "Heartland Payment Systems", "Quixote Pay", ""}[i]
		participants := ""
		if breached != "" {
			participants = fmt.Sprintf(`, "participants": [{"actor": {"name": %q, "kind": "company"}, "role": "victim"}]`, breached)
		}
		record(t, l, fromJSON(t, fmt.Sprintf(`{"title": %q, "category": "data_breach", "disclosed": "2026-01-20"%s}`, title, participants)))
	}
	for _, c := range []struct{ title, breached, want string }{
		{"Quilfeather ledgers walets draind", "Nobody's Bank", "quillfeather-ledger-wallets-drained-2026"},
		{"A breach nobody saw", "Hartland Payment System", "cards-copied-2026"},
		{"Tills read", "The Quixote Pay Group, Inc.", "quiet-days-2026"},
	} {
		doc := record(t, l, fromJSON(t, fmt.Sprintf(`{"title": %q, "category": "data_breach", "disclosed": "2026-01-21",
			"participants": [{"actor": {"name": %q, "kind": "company"}, "role": "victim"}]}`, c.title, c.breached)))
		similar, err := l.Similar(t.Context(), editor, doc.Slug)
		if err != nil || !slices.ContainsFunc(similar, func(s ledger.Similar) bool { return s.Slug == c.want }) {
			t.Errorf("similar to %q of %s are %+v (%v), want %s", c.title, c.breached, similar, err, c.want)
		}
		for _, s := range similar {
			if s.Slug != c.want && (s.Slug == "quiet-days-2026" || s.Slug == "learning-from-ledgers-2026") {
				t.Errorf("%s is similar to %q: %v", s.Slug, c.title, s)
			}
		}
	}
}

// TestDraftsHideNothingThatIsAlike: whoever sees no drafts sees the published incidents
// that are less alike than ten of them, and no draft.
func TestDraftsHideNothingThatIsAlike(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	of := func(title, disclosed, publication string) ledger.Document {
		return record(t, l, fromJSON(t, fmt.Sprintf(`{"title": %q, "category": "data_breach", "publication": %q, "disclosed": %q,
			"participants": [{"actor": {"name": "Acme Pay", "kind": "company"}, "role": "victim"}]}`, title, publication, disclosed)))
	}
	published := of("Acme Pay loses cards", "2026-01-30", "published")
	for range 11 {
		of("Acme Pay wallets drained", "2026-01-20", "draft")
	}
	asked := of("Acme Pay wallets drained", "2026-01-20", "published")
	for name, look := range map[string]func() ([]ledger.Similar, error){
		"of an incident": func() ([]ledger.Similar, error) { return l.Similar(t.Context(), access.Identity{}, asked.Slug) },
		"of a form": func() ([]ledger.Similar, error) {
			in := parse(t, asked)
			in.Slug = ""
			return l.Like(t.Context(), access.Identity{}, in)
		},
	} {
		similar, err := look()
		if err != nil || !slices.ContainsFunc(similar, func(s ledger.Similar) bool { return s.ID == published.ID }) {
			t.Errorf("%s: similar are %+v (%v), want %s", name, similar, err, published.Slug)
		}
		if slices.ContainsFunc(similar, func(s ledger.Similar) bool { return s.ID != published.ID && s.ID != asked.ID }) {
			t.Errorf("%s: a draft is shown in %+v", name, similar)
		}
	}
}
