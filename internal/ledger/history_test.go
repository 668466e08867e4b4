package ledger_test

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
	"github.com/breachledger/breachledger/internal/ledgertest"
)

// draftOf is a draft by a contributor.
func draftOf(t *testing.T, l *ledger.Ledger, title, summary string) ledger.Document {
	t.Helper()
	doc, err := l.Record(t.Context(), ledger.Change{By: contributor, Action: "record", Reason: "heard of it"},
		incidents.Incident{Title: title, Summary: summary, Category: incidents.DataBreach})
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// historyOf is the whole history of an incident as somebody sees it, read in
// pages of so many.
func historyOf(t *testing.T, l *ledger.Ledger, by access.Identity, ref string, limit int) []ledger.Revision {
	t.Helper()
	var all []ledger.Revision
	for page := (ledger.Page{Limit: limit}); ; {
		some, next, err := l.History(t.Context(), by, ref, page)
		if err != nil {
			t.Fatal(err)
		}
		if all = append(all, some...); next == "" {
			return all
		}
		page.Cursor = next
	}
}

// TestHistoryBeginsWhenTheIncidentBecamePublic: what a draft said, and why it was
// turned down, is not public, neither as a version nor as what the next one changed.
func TestHistoryBeginsWhenTheIncidentBecamePublic(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	ref := draftOf(t, l, "Acme", "The director did it").Slug
	if _, err := l.Reject(t.Context(), ledger.Change{By: editor, Action: "reject", Reason: "a libel"}, ref, ""); err != nil {
		t.Fatal(err)
	}
	edit(t, l, ref, func(in *incidents.Incident) { in.Summary = "" })
	if _, err := l.Publish(t.Context(), ledger.Change{By: editor, Action: "publish", Reason: "clean"}, ref, ""); err != nil {
		t.Fatal(err)
	}
	edit(t, l, ref, func(in *incidents.Incident) { in.Summary = "Cards were stolen." })

	for _, by := range []access.Identity{{}, reader} {
		for _, limit := range []int{1, 20} {
			seen := historyOf(t, l, by, ref, limit)
			if len(seen) != 2 || seen[0].Version != 5 || seen[0].Changes == nil || seen[1].Version != 4 || seen[1].Reason != "clean" || seen[1].Changes != nil {
				t.Errorf("the public sees in pages of %d the history %+v", limit, seen)
			}
		}
		_, unknown := l.Revision(t.Context(), by, ref, 6)
		for version := 1; version <= 3; version++ {
			_, err := l.Revision(t.Context(), by, ref, version)
			if !errors.Is(err, ledger.ErrNotFound) || err.Error() != strings.Replace(unknown.Error(), "6", strconv.Itoa(version), 1) {
				t.Errorf("the public reads version %d: %v; an unknown one gives %v", version, err, unknown)
			}
		}
		for version := 4; version <= 5; version++ {
			if _, err := l.Revision(t.Context(), by, ref, version); err != nil {
				t.Errorf("the public does not read version %d: %v", version, err)
			}
		}
	}
	all := historyOf(t, l, contributor, ref, 2)
	if len(all) != 5 || all[3].Reason != "a libel" || all[1].Changes == nil {
		t.Errorf("a contributor sees %+v", all)
	}
	if _, err := l.Revision(t.Context(), contributor, ref, 2); err != nil {
		t.Error(err)
	}
}

// TestWhatARetractedIncidentSaidIsNotPublic, also when it is published again, or
// merged: the public sees the versions that were public, each with what it changed
// since the one before of those.
func TestWhatARetractedIncidentSaidIsNotPublic(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	ref := record(t, l, incidents.Incident{Title: "Acme", Summary: "Cards were stolen.", Category: incidents.DataBreach}).Slug
	move := func(to func(context.Context, ledger.Change, string, string) (ledger.Document, error)) {
		t.Helper()
		if _, err := to(t.Context(), ledger.Change{By: editor, Action: "move", Reason: "as it should be"}, ref, ""); err != nil {
			t.Fatal(err)
		}
	}
	move(l.Retract)
	edit(t, l, ref, func(in *incidents.Incident) { in.Summary = "The director did it." })
	edit(t, l, ref, func(in *incidents.Incident) { in.Summary = "Somebody stole cards." })
	move(l.Publish)
	other := record(t, l, incidents.Incident{Title: "Another", Category: incidents.DataBreach})
	if _, err := l.Merge(t.Context(), ledger.Change{By: editor, Action: "merge"}, ref, "", other.Slug); err != nil {
		t.Fatal(err)
	}
	for _, limit := range []int{1, 20} {
		var public []int
		for _, r := range historyOf(t, l, reader, ref, limit) {
			public = append(public, r.Version)
			if strings.Contains(string(r.Changes), "director") || r.Version == 5 && !strings.Contains(string(r.Changes), "Somebody stole cards.") {
				t.Errorf("version %d changed %s", r.Version, r.Changes)
			}
		}
		if want := []int{6, 5, 1}; !slices.Equal(public, want) {
			t.Errorf("the public sees in pages of %d the versions %v, not %v", limit, public, want)
		}
	}
	for version := 1; version <= 6; version++ {
		_, err := l.Revision(t.Context(), reader, ref, version)
		if hidden := version >= 2 && version <= 4; errors.Is(err, ledger.ErrNotFound) != hidden || !hidden && err != nil {
			t.Errorf("the public reads version %d: %v", version, err)
		}
		if _, err := l.Revision(t.Context(), contributor, ref, version); err != nil {
			t.Errorf("a contributor reads version %d: %v", version, err)
		}
	}
	if all := historyOf(t, l, contributor, ref, 4); len(all) != 6 {
		t.Errorf("a contributor sees %d versions", len(all))
	}
}

// TestOfAMergedDraftOnlyItsTargetIsPublic: nobody ever
// published what it says.
func TestOfAMergedDraftOnlyItsTargetIsPublic(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	target := record(t, l, incidents.Incident{Title: "Acme breach", Category: incidents.DataBreach})
	draft := draftOf(t, l, "Acme hack", "The director did it")
	old := record(t, l, incidents.Incident{Title: "Acme leak", Category: incidents.DataBreach})
	for _, ref := range []string{draft.Slug, old.Slug} {
		if _, err := l.Merge(t.Context(), ledger.Change{By: editor, Action: "merge"}, ref, "", target.Slug); err != nil {
			t.Fatal(err)
		}
	}
	moved := func(err error) bool {
		var to *ledger.MovedError
		return errors.As(err, &to) && to.Slug == target.Slug
	}
	if seen, _, err := l.History(t.Context(), access.Identity{}, draft.Slug, ledger.Page{}); !moved(err) {
		t.Errorf("the public sees the history %+v (%v) of a draft that was merged", seen, err)
	}
	for version := 1; version <= 3; version++ {
		if seen, err := l.Revision(t.Context(), access.Identity{}, draft.Slug, version); !moved(err) {
			t.Errorf("the public reads version %d of a draft that was merged: %s (%v)", version, seen.Document, err)
		}
	}
	if all := historyOf(t, l, contributor, draft.Slug, 20); len(all) != 2 {
		t.Errorf("a contributor sees %+v", all)
	}
	versions := []int{}
	for _, r := range historyOf(t, l, access.Identity{}, old.Slug, 20) {
		versions = append(versions, r.Version)
	}
	if !slices.Equal(versions, []int{2, 1}) {
		t.Errorf("of what was public before it was merged the public sees the versions %v", versions)
	}
}

// TestHistoryKeepsEveryDigit of the largest counts.
func TestHistoryKeepsEveryDigit(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	doc := record(t, l, fromJSON(t, `{"title": "Large", "category": "data_breach", "counts": [{"unit": "records", "quantity": 999999999999999}]}`))
	_, err := l.Edit(t.Context(), recording, doc.Slug, "", func(in *incidents.Incident) error {
		in.Counts[0].Quantity = new(int64(incidents.MaxQuantity))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := string(historyOf(t, l, editor, doc.Slug, 1)[0].Changes); !strings.Contains(got, `{"value":1000000000000000,"op":"replace","path":"/counts/0/quantity"}`) {
		t.Errorf("the changes are %s", got)
	}
}

// TestRenamedActorsAreNobodysChange: who writes an incident after an actor was
// renamed has not renamed it.
func TestRenamedActorsAreNobodysChange(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	ref := record(t, l, fromJSON(t, `{"title": "A breach", "category": "data_breach", "participants": [{"role": "victim", "actor": {"name": "Acme", "kind": "company"}}],
		"counts": [{"unit": "cards", "quantity": 5, "claimed_by": "acme"}], "responses": [{"kind": "apology", "actor": "Acme"}]}`)).Slug
	by := ledger.Change{By: editor, Action: "edit actor"}
	if err := l.EditActor(t.Context(), by, "acme", func(a *incidents.Actor) error { a.Name, a.Sector = "Acme Bank", "bank"; return nil }); err != nil {
		t.Fatal(err)
	}
	edit(t, l, ref, func(in *incidents.Incident) { in.Summary = "Cards were stolen." })
	edit(t, l, ref, func(in *incidents.Incident) { in.Summary = "Many cards were stolen." })
	got := historyOf(t, l, reader, ref, 20)
	if len(got) != 3 || len(got[0].Actors) > 0 || len(got[1].Actors) != 1 || len(got[2].Actors) > 0 {
		t.Fatalf("the history is %+v", got)
	}
	want := ledger.ActorChange{
		Slug: "acme", Before: ledger.ActorShown{Name: "Acme", Kind: incidents.Company, Sector: incidents.SectorUnknown},
		After: ledger.ActorShown{Name: "Acme Bank", Kind: incidents.Company, Sector: "bank"},
	}
	if got[1].Actors[0] != want {
		t.Errorf("the actor's change is %+v", got[1].Actors)
	}
	if text := string(got[1].Changes); strings.Contains(text, "Acme") || strings.Contains(text, "sector") || strings.Contains(text, "payment") || !strings.Contains(text, "Cards were stolen.") {
		t.Errorf("the changes are %s", text)
	}
}

// TestMergedActorsAreNobodysChange: who writes an incident after actors were merged
// has put none in the place of another, and has removed nobody who is listed twice now.
func TestMergedActorsAreNobodysChange(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	ref := record(t, l, fromJSON(t, `{"title": "A breach", "category": "data_breach", "participants": [
		{"role": "victim", "actor": {"name": "Acme", "sector": "bank"}}, {"role": "victim", "actor": {"name": "Acme Inc"}}, {"role": "reporter", "actor": "Acme Inc"}],
		"counts": [{"unit": "cards", "quantity": 5, "claimed_by": "acme-inc"}], "responses": [{"kind": "apology", "actor": "acme-inc"}]}`)).Slug
	merged := func(r ledger.Revision) []string {
		out := []string{}
		for _, a := range r.Actors {
			out = append(out, a.Slug+" into "+a.MergedInto+", "+a.After.Name)
		}
		return out
	}
	mergeActors(t, l, "acme-inc", "acme")
	edit(t, l, ref, func(in *incidents.Incident) { in.Summary = "Cards were stolen." })
	if got, err := l.CreateActor(t.Context(), ledger.Change{By: editor, Action: "create actor"}, incidents.Actor{Name: "Acme Group"}); err != nil || got != "acme-group" {
		t.Fatal(got, err)
	}
	mergeActors(t, l, "acme", "acme-group")
	edit(t, l, ref, func(in *incidents.Incident) { in.Summary = "Many cards were stolen." })

	got := historyOf(t, l, reader, ref, 20)
	for i, want := range [][]string{{"acme into acme-group, Acme Group"}, {"acme-inc into acme, Acme"}, {}} {
		if actors := merged(got[i]); !slices.Equal(actors, want) {
			t.Errorf("version %d: the actors' changes are %v, want %v", got[i].Version, actors, want)
		}
	}
	for _, r := range got[:2] {
		if text := string(r.Changes); strings.Contains(text, "actor") || strings.Contains(text, "participants") || strings.Contains(text, "claimed_by") || strings.Contains(text, "payment") || !strings.Contains(text, "/summary") {
			t.Errorf("the changes of version %d are %s", r.Version, text)
		}
	}
}

// TestActorsThatSomebodyReplacedAreTheirChange, also when the two are merged later.
func TestActorsThatSomebodyReplacedAreTheirChange(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	ref := record(t, l, fromJSON(t, `{"title": "A breach", "category": "data_breach", "participants": [{"role": "victim", "actor": {"name": "Acme Inc"}}]}`)).Slug
	edit(t, l, ref, func(in *incidents.Incident) { in.Participants[0].Actor = incidents.ActorRef{Name: "Acme"} })
	mergeActors(t, l, "acme-inc", "acme")
	edit(t, l, ref, func(in *incidents.Incident) { in.Summary = "Cards were stolen." })
	got := historyOf(t, l, reader, ref, 20)
	if len(got[1].Actors) > 0 || !strings.Contains(string(got[1].Changes), `"/participants/0/actor/slug"`) {
		t.Errorf("what somebody replaced by hand is told as %s and %+v", got[1].Changes, got[1].Actors)
	}
	if len(got[0].Actors) > 0 {
		t.Errorf("what did not change is told as %+v", got[0].Actors)
	}
}
