package ledger_test

import (
	"fmt"
	"slices"
	"testing"

	"golang.org/x/sync/errgroup"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/incidents"
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

// TestOtherFormsOfNamesAreQueued: an incident of an organisation that is new here is
// compared with those of one that goes by another form of its name, however it is written.
func TestOtherFormsOfNamesAreQueued(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	of := func(title, organisation string) incidents.Incident {
		return fromJSON(t, fmt.Sprintf(`{"title": %q, "category": "data_breach", "disclosed": "2026-01-20",
			"participants": [{"actor": {"name": %q, "kind": "company"}, "role": "victim"}]}`, title, organisation))
	}
	first := record(t, l, of("Tills read", "Globex"))
	record(t, l, of("Quiet days", "Globex Trading Post"))

	logged := make([]ledger.Document, 4)
	var g errgroup.Group
	for i, organisation := range []string{"Globex Corporation", "Initech", "The Globex Group", "Hooli Inc."} {
		given := of(fmt.Sprintf("Case %c", 'A'+i), organisation)
		g.Go(func() (err error) {
			logged[i], err = l.Record(t.Context(), recording, given)
			return err
		})
	}
	if err := g.Wait(); err != nil {
		t.Fatal(err)
	}
	for i, want := range []bool{true, false, true, false} {
		if got := slices.ContainsFunc(logged[i].Similar, func(s ledger.Similar) bool { return s.ID == first.ID && s.Score >= 0.5 }); got != want {
			t.Errorf("%s: similar are %+v; the incident of Globex among them: %t, want %t", logged[i].Slug, logged[i].Similar, got, want)
		}
	}
	edit(t, l, logged[1].Slug, func(in *incidents.Incident) {
		in.Participants[0].Actor = incidents.ActorRef{Name: "Globex, Inc.", Kind: incidents.Company}
	})
	queued := possibleDuplicates(t, l)
	for slug, want := range map[string]bool{first.Slug: true, logged[0].Slug: true, logged[1].Slug: true, logged[2].Slug: true, logged[3].Slug: false} {
		if got := queued[slug] > 0; got != want {
			t.Errorf("%s has %d possible duplicates; want some: %t", slug, queued[slug], want)
		}
	}

	like, err := l.Like(t.Context(), editor, of("Not logged yet", "Globex Ltd"))
	if err != nil || !slices.ContainsFunc(like, func(s ledger.Similar) bool { return s.ID == first.ID }) {
		t.Errorf("what is about to be logged is like %+v (%v), want %s among them", like, err, first.Slug)
	}
}
