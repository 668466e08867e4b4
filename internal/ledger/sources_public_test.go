package ledger_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/google/uuid"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
	"github.com/breachledger/breachledger/internal/ledgertest"
)

// isPublic reports whether somebody without a key finds a source; by its id, its text
// and in the list alike.
func isPublic(t *testing.T, l *ledger.Ledger, id uuid.UUID) bool {
	t.Helper()
	_, byID := l.Source(t.Context(), access.Identity{}, id)
	_, text := l.SourceText(t.Context(), access.Identity{}, id)
	list, _, err := l.Sources(t.Context(), access.Identity{}, "", ledger.Page{Limit: ledger.MaxLimit})
	if err != nil {
		t.Fatal(err)
	}
	listed := slices.ContainsFunc(list, func(s ledger.SourceItem) bool { return s.ID == id })
	if listed != (byID == nil) || listed != (text == nil) {
		t.Errorf("listed: %v, by its id: %v, its text: %v", listed, byID, text)
	}
	if err := errors.Join(byID, text); err != nil && !errors.Is(err, ledger.ErrNotFound) {
		t.Fatal(err)
	}
	return listed
}

// TestWhichSourcesArePublic: what only a draft has named is not, also when the draft
// names it no more. What is public already, no draft hides.
func TestWhichSourcesArePublic(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	drafting := ledger.Change{By: contributor, Action: "record"}
	draft := func(s incidents.Source) incidents.Incident {
		t.Helper()
		doc, err := l.Record(t.Context(), drafting, incidents.Incident{Title: "A draft", Category: incidents.DataBreach, Sources: []incidents.Source{s}})
		if err != nil {
			t.Fatal(err)
		}
		return parse(t, doc)
	}
	published := func(s incidents.Source) incidents.Incident {
		t.Helper()
		return parse(t, record(t, l, incidents.Incident{Title: "Public", Category: incidents.DataBreach, Sources: []incidents.Source{s}}))
	}
	enter := func(by access.Identity, text string) uuid.UUID {
		t.Helper()
		id, err := l.CreateSource(t.Context(), ledger.Change{By: by, Action: "create source"}, incidents.Source{Text: text})
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
	leave := func(in incidents.Incident) {
		edit(t, l, in.ID.String(), func(in *incidents.Incident) { in.Sources = nil })
	}
	do := func(_ ledger.Document, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	want := map[uuid.UUID]bool{}
	names := map[uuid.UUID]string{}
	expect := func(name string, id uuid.UUID, public bool) { want[id], names[id] = public, name }

	left := draft(incidents.Source{Text: "Left by a draft."})
	leave(left)
	expect("left by a draft", left.Sources[0].ID, false)

	rejected := draft(incidents.Source{Text: "Of a rejected draft."})
	do(l.Reject(t.Context(), ledger.Change{By: editor, Action: "reject", Reason: "no"}, rejected.Slug, ""))
	leave(rejected)
	expect("left by a rejected draft", rejected.Sources[0].ID, false)

	once := published(incidents.Source{Text: "Of what was published."})
	leave(once)
	expect("left by a published incident", once.Sources[0].ID, true)

	retracted := published(incidents.Source{Text: "Of what was retracted."})
	do(l.Retract(t.Context(), ledger.Change{By: editor, Action: "retract", Reason: "no"}, retracted.Slug, ""))
	expect("of a retracted incident", retracted.Sources[0].ID, false)
	gone := published(incidents.Source{Text: "Of what was retracted, too."})
	do(l.Retract(t.Context(), ledger.Change{By: editor, Action: "retract", Reason: "no"}, gone.Slug, ""))
	leave(gone)
	expect("left by a retracted incident", gone.Sources[0].ID, false)

	merged, into := draft(incidents.Source{Text: "Of a draft that was merged."}), published(incidents.Source{Text: "Of another."})
	do(l.Merge(t.Context(), ledger.Change{By: editor, Action: "merge"}, merged.Slug, "", into.Slug))
	if !isPublic(t, l, merged.Sources[0].ID) {
		t.Error("a published incident names what it was given by a merge, and it is not public")
	}
	do(l.Restore(t.Context(), ledger.Change{By: editor, Action: "restore"}, merged.Slug, "", 1))
	expect("given back to a draft", merged.Sources[0].ID, false)

	alone := enter(editor, "Entered by an editor.")
	draft(incidents.Source{ID: alone})
	expect("entered by an editor, and named by a draft", alone, true)
	expect("entered by a contributor", enter(contributor, "Entered by a contributor."), false)
	shown := enter(contributor, "Entered by a contributor, and published.")
	published(incidents.Source{ID: shown})
	expect("entered by a contributor, and published", shown, true)
	read := enter(contributor, "Entered by a contributor, and read by an editor.")
	if err := l.EditSource(t.Context(), editing, read, func(s *incidents.Source) error {
		s.NoIncidentReason = "Business news"
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	expect("of which an editor says why it gave no incident", read, true)
	claimed := draft(incidents.Source{Text: "Of a draft that says it is none.", NoIncidentReason: "It is not"})
	leave(claimed)
	expect("left by a draft, with a reason", claimed.Sources[0].ID, false)

	look := func(l *ledger.Ledger) {
		t.Helper()
		for id, public := range want {
			if got := isPublic(t, l, id); got != public {
				t.Errorf("%s: public is %v", names[id], got)
			}
			if _, err := l.Source(t.Context(), contributor, id); err != nil {
				t.Errorf("%s: for a contributor %v", names[id], err)
			}
		}
	}
	look(l)
	other := ledgertest.Open(t)
	if err := readBackup(t.Context(), other, backup(t, l)); err != nil {
		t.Fatal(err)
	}
	look(other)
}
