package ledger_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
	"github.com/breachledger/breachledger/internal/ledgertest"
)

// merge merges incidents and fails the test when that fails.
func merge(t *testing.T, l *ledger.Ledger, ref, into string) {
	t.Helper()
	if _, err := l.Merge(t.Context(), ledger.Change{By: editor, Action: "merge"}, ref, "", into); err != nil {
		t.Fatalf("merge %s into %s: %v", ref, into, err)
	}
}

// restore brings a version back and fails the test when that fails.
func restore(t *testing.T, l *ledger.Ledger, ref string, version int) incidents.Incident {
	t.Helper()
	doc, err := l.Restore(t.Context(), ledger.Change{By: editor, Action: "restore"}, ref, "", version)
	if err != nil {
		t.Fatalf("restore version %d of %s: %v", version, ref, err)
	}
	sameAsRows(t, l, doc.Slug)
	return parse(t, doc)
}

// notRestored checks that a version cannot be brought back, and that it is said why.
func notRestored(t *testing.T, l *ledger.Ledger, ref string, version int, because string) {
	t.Helper()
	var state *ledger.StateError
	_, err := l.Restore(t.Context(), ledger.Change{By: editor, Action: "restore"}, ref, "", version)
	if !errors.As(err, &state) || !strings.Contains(err.Error(), because) {
		t.Errorf("restoring version %d of %s gives %v, want a refusal because %s", version, ref, err, because)
	}
}

// counted is an incident with one count.
func counted(t *testing.T, l *ledger.Ledger, title string, records int64) ledger.Document {
	t.Helper()
	return record(t, l, incidents.Incident{
		Title: title, Category: incidents.DataBreach, Counts: []incidents.Count{{Unit: incidents.Records, Quantity: &records}},
		Participants: []incidents.Participant{{Actor: incidents.ActorRef{Name: "Acme"}, Role: incidents.RoleVictim}},
	})
}

func countIDs(in incidents.Incident) []uuid.UUID {
	ids := []uuid.UUID{}
	for _, c := range in.Counts {
		ids = append(ids, c.ID)
	}
	return ids
}

func countsOf(t *testing.T, l *ledger.Ledger, ref string) []uuid.UUID {
	t.Helper()
	doc, err := l.Incident(t.Context(), editor, ref)
	if err != nil {
		t.Fatal(err)
	}
	return countIDs(parse(t, doc))
}

// oneClaimOnePlace checks that no claim stands in two incidents.
func oneClaimOnePlace(t *testing.T, l *ledger.Ledger) {
	t.Helper()
	if n := ask[int](t, l, "SELECT count(*) FROM (SELECT id FROM counts GROUP BY id HAVING count(*) > 1) AS twice"); n > 0 {
		t.Errorf("%d counts stand in two incidents", n)
	}
}

// TestUndoingAChainOfMerges goes link by link, the last first.
func TestUndoingAChainOfMerges(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	a := countIDs(parse(t, counted(t, l, "A", 1)))
	b := countIDs(parse(t, counted(t, l, "B", 2)))
	c := countIDs(parse(t, counted(t, l, "C", 3)))
	merge(t, l, "a", "b")
	merge(t, l, "b", "c")
	notRestored(t, l, "a", 1, "b was itself merged into c: undo that first, by restoring b")
	if got := countsOf(t, l, "c"); !slices.Equal(got, slices.Concat(c, b, a)) {
		t.Errorf("after the refusal C has %v", got)
	}
	if got := countIDs(restore(t, l, "b", 2)); !slices.Equal(got, slices.Concat(b, a)) {
		t.Errorf("B got back %v", got)
	}
	if got := countIDs(restore(t, l, "a", 1)); !slices.Equal(got, a) {
		t.Errorf("A got back %v", got)
	}
	if got := slices.Concat(countsOf(t, l, "b"), countsOf(t, l, "c")); !slices.Equal(got, slices.Concat(b, c)) {
		t.Errorf("B and C have %v", got)
	}
	oneClaimOnePlace(t, l)
	// What A has back cannot come back elsewhere with a version from then.
	notRestored(t, l, "b", 2, "now stand in a")
	notRestored(t, l, "c", 2, "now stand in ")
	restore(t, l, "c", 1)
	oneClaimOnePlace(t, l)
}

// TestUndoingAMergeReleasesWhatItMoved, whichever version is brought back, and by
// whatever name its organisation goes since.
func TestUndoingAMergeReleasesWhatItMoved(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	target := counted(t, l, "Target", 1)
	draft := draftOf(t, l, "Source", "")
	edit(t, l, draft.Slug, func(in *incidents.Incident) {
		n := int64(10)
		in.Counts = append(in.Counts, incidents.Count{Unit: incidents.Records, Quantity: &n})
		in.Participants = []incidents.Participant{{Actor: incidents.ActorRef{Name: "Bcme"}, Role: incidents.RoleVictim}}
	})
	if _, err := l.Publish(t.Context(), ledger.Change{By: editor, Action: "publish"}, draft.Slug, ""); err != nil {
		t.Fatal(err)
	}
	edit(t, l, draft.Slug, func(in *incidents.Incident) {
		n := int64(20)
		in.Counts = append(in.Counts, incidents.Count{Unit: "cards", Quantity: &n})
	})
	merge(t, l, draft.Slug, target.Slug)
	record(t, l, incidents.Incident{Title: "Other", Category: incidents.DataBreach,
		Participants: []incidents.Participant{{Actor: incidents.ActorRef{Name: "Bcme Holding"}, Role: incidents.RoleVictim}}})
	if err := l.MergeActors(t.Context(), ledger.Change{By: editor, Action: "merge"}, "bcme", "bcme-holding"); err != nil {
		t.Fatal(err)
	}

	back := restore(t, l, draft.Slug, 2)
	if len(back.Counts) != 1 || back.Publication != incidents.Published {
		t.Errorf("restored as %+v", back)
	}
	doc, err := l.Incident(t.Context(), editor, target.Slug)
	if err != nil {
		t.Fatal(err)
	}
	if is := parse(t, doc); !slices.Equal(countIDs(is), countIDs(parse(t, target))) || len(is.Participants) != 1 {
		t.Errorf("the target is now %s", doc.JSON)
	}
	oneClaimOnePlace(t, l)
	sameAsRows(t, l, target.Slug)
}

// TestUndoingAMergeFindsAHeadline among the counts that stay: one that another of
// them supersedes cannot be it, even if it was before the merge.
func TestUndoingAMergeFindsAHeadline(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	own := countIDs(parse(t, counted(t, l, "Target", 1)))
	theirs := countIDs(parse(t, counted(t, l, "Source", 2)))
	merge(t, l, "source", "target")
	edit(t, l, "target", func(in *incidents.Incident) {
		n := int64(3)
		in.Counts = append(in.Counts, incidents.Count{Unit: incidents.Records, Quantity: &n, Supersedes: incidents.ClaimRef(own[0].String())})
		in.Lead(theirs[0])
	})
	restore(t, l, "source", 1)
	doc, err := l.Incident(t.Context(), editor, "target")
	if err != nil {
		t.Fatal(err)
	}
	if is := parse(t, doc).Counts; len(is) != 2 || is[0].Headline || !is[1].Headline {
		t.Errorf("the target's counts are now %+v, want the newer one as the headline", is)
	}
	sameAsRows(t, l, "target")
}

// TestAnOlderVersionTakesNoClaimFromElsewhere: a claim that the target got back
// meanwhile, and the merged incident had dropped, does not come to stand in both.
func TestAnOlderVersionTakesNoClaimFromElsewhere(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	counted(t, l, "Source", 1)
	counted(t, l, "Target", 2)
	merge(t, l, "source", "target") // the target's version 2
	restore(t, l, "source", 1)
	edit(t, l, "source", func(in *incidents.Incident) { in.Counts = nil })
	restore(t, l, "target", 2)
	oneClaimOnePlace(t, l)
	notRestored(t, l, "source", 1, "now stand in target")
	merge(t, l, "source", "target")
	notRestored(t, l, "source", 1, "now stand in target")
	restore(t, l, "source", 4)
	oneClaimOnePlace(t, l)
}

// TestAMergeIsUndoneOnce: of several who undo it at once each is told what became of
// it, and nobody that there is no such incident.
func TestAMergeIsUndoneOnce(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	target := record(t, l, incidents.Incident{Title: "Target", Category: incidents.CategoryOther})
	for round := range 15 {
		source := record(t, l, incidents.Incident{Title: fmt.Sprint("Source ", round), Category: incidents.CategoryOther})
		merge(t, l, source.Slug, target.Slug)
		for _, err := range atOnce(4, func(int) error {
			_, err := l.Restore(t.Context(), ledger.Change{By: editor, Action: "restore"}, source.Slug, "", 1)
			return err
		}) {
			if err != nil {
				t.Errorf("round %d: %v", round, err)
			}
		}
	}
}

// TestTwoThatBringAClaimBackAtOnce: of two incidents whose old versions have the same
// claims one gets them, also when both are restored at the same moment.
func TestTwoThatBringAClaimBackAtOnce(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	for i, title := range []string{"A", "B", "C"} {
		counted(t, l, title, int64(i+1))
	}
	merge(t, l, "a", "b")
	merge(t, l, "b", "c")
	restore(t, l, "b", 2)
	restore(t, l, "a", 1)
	edit(t, l, "a", func(in *incidents.Incident) { in.Counts = nil })
	for round := range 10 {
		for _, slug := range []string{"b", "c"} {
			edit(t, l, slug, func(in *incidents.Incident) { in.Counts = nil })
		}
		won := 0
		for _, err := range atOnce(2, func(i int) error {
			_, err := l.Restore(t.Context(), ledger.Change{By: editor, Action: "restore"}, []string{"b", "c"}[i], "", 2)
			return err
		}) {
			var state *ledger.StateError
			switch {
			case err == nil:
				won++
			case !errors.As(err, &state):
				t.Errorf("round %d: %v", round, err)
			}
		}
		if won != 1 {
			t.Errorf("round %d: %d were restored", round, won)
		}
		oneClaimOnePlace(t, l)
	}
}
