package ledger_test

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
	"github.com/breachledger/breachledger/internal/ledgertest"
)

// TestActorHistory: who made, changed and merged actors, when and why; it goes along with
// merges and backups.
func TestActorHistory(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	by := func(name, action, reason string) ledger.Change {
		return ledger.Change{By: access.Identity{Name: name, Role: access.Editor}, Action: action, Reason: reason}
	}
	if _, err := l.CreateActor(t.Context(), by("ann", "create actor", ""), incidents.Actor{Name: "Globex", Kind: incidents.Company}); err != nil {
		t.Fatal(err)
	}
	breach(t, l, "Case", "Globex Corp", 1, "https://example.com/1") // made by an incident
	rename := func(slug, to, reason string) error {
		return l.EditActor(t.Context(), by("bob", "edit actor", reason), slug, func(a *incidents.Actor) error {
			a.Aliases, a.Name = append(a.Aliases, a.Name), to
			return nil
		})
	}
	if err := rename("globex-corp", "Globex Corporation", "As it calls itself"); err != nil {
		t.Fatal(err)
	}
	if err := l.EditActor(t.Context(), by("bob", "edit actor", ""), "globex", func(*incidents.Actor) error { return nil }); err != nil {
		t.Fatal(err) // changes nothing
	}
	if err := rename("globex", "", "no name"); err == nil {
		t.Fatal("an actor without a name was stored")
	}
	if err := l.MergeActors(t.Context(), by("eve", "merge actor", "One company"), "globex-corp", "globex"); err != nil {
		t.Fatal(err)
	}

	history := func(l *ledger.Ledger, limit int) (out []string) {
		t.Helper()
		for cursor := ""; ; {
			changes, next, err := l.ActorHistory(t.Context(), contributor, "globex", ledger.Page{Limit: limit, Cursor: cursor})
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range changes {
				was, merged := "nothing", ""
				if c.Before != nil {
					was = strings.Join(c.Before.Names(), "/")
				}
				if c.Merged != nil {
					merged = " with " + c.Merged.Slug
				}
				out = append(out, fmt.Sprintf("%s: %s %s: %s to %s%s %s", c.Author, c.Action, c.Slug, was, strings.Join(c.After.Names(), "/"), merged, c.Reason))
			}
			if next == "" {
				return out
			}
			cursor = next
		}
	}
	want := []string{
		"eve: merge actor globex: Globex to Globex/Globex Corp/Globex Corporation with globex-corp One company",
		"bob: edit actor globex-corp: Globex Corp to Globex Corporation/Globex Corp As it calls itself",
		"ann: create actor globex: nothing to Globex ",
	}
	for _, limit := range []int{1, 2, 200} {
		if got := history(l, limit); !slices.Equal(got, want) {
			t.Errorf("%d at a time: the history is %q, want %q", limit, got, want)
		}
	}
	if _, _, err := l.ActorHistory(t.Context(), access.Identity{}, "globex", ledger.Page{}); !errors.Is(err, ledger.ErrForbidden) {
		t.Errorf("anybody reads who wrote what: %v", err)
	}
	var moved *ledger.MovedError
	if _, _, err := l.ActorHistory(t.Context(), editor, "globex-corp", ledger.Page{}); !errors.As(err, &moved) {
		t.Errorf("the history of a merged actor gives %v", err)
	}

	if got := history(readBack(t, l), 200); !slices.Equal(got, want) {
		t.Errorf("read back, the history is %q", got)
	}
}

// TestReasonsOfDecisionsAreKept: why two incidents, or two actors, are not the same. Of
// two decisions on a pair the later one stands, and goes along with a merge.
func TestReasonsOfDecisionsAreKept(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	breach(t, l, "First", "Acme", 1_000_000, "https://example.com/1")
	breach(t, l, "Second", "Acme", 1_000_000, "https://example.com/2")
	if err := l.NotTheSame(t.Context(), ledger.Change{By: editor, Action: "not the same", Reason: "Two years apart"}, "first", "second"); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"Globex", "Globex Inc", "Globex Ltd"} {
		if _, err := l.CreateActor(t.Context(), ledger.Change{By: editor, Action: "create actor"}, incidents.Actor{Name: name}); err != nil {
			t.Fatal(err)
		}
	}
	for _, why := range []string{"A slip", "Other owners"} {
		if err := l.NotTheSameActor(t.Context(), ledger.Change{By: editor, Action: "not the same actor", Reason: why}, "globex", "globex-inc"); err != nil {
			t.Fatal(err)
		}
	}
	mergeActors(t, l, "globex", "globex-ltd")
	copied := backup(t, readBack(t, l))
	for _, why := range []string{"Two years apart", "Other owners"} {
		if !bytes.Contains(copied, []byte(`"reason":"`+why+`"`)) {
			t.Errorf("the backup does not say %q: %s", why, copied)
		}
	}
}

// TestSourceHistory: who added, changed and redacted a source, when and why.
func TestSourceHistory(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	by := func(role access.Role, action, reason string) ledger.Change {
		return ledger.Change{By: access.Identity{Name: string(role), Role: role}, Action: action, Reason: reason}
	}
	id, err := l.CreateSource(t.Context(), by(access.Contributor, "create source", ""), incidents.Source{URL: "https://example.com/notice", Title: "Notce"})
	if err != nil {
		t.Fatal(err)
	}
	for _, edit := range []struct {
		reason string
		change func(*incidents.Source)
	}{
		{"A slip", func(s *incidents.Source) { s.Title = "Notice" }},
		{"nothing", func(*incidents.Source) {}},
		{"Found it", func(s *incidents.Source) { s.Text = "Ten cards were lost." }},
	} {
		if err := l.EditSource(t.Context(), by(access.Editor, "edit source", edit.reason), id, func(s *incidents.Source) error { edit.change(s); return nil }); err != nil {
			t.Fatal(err)
		}
	}
	if err := l.Redact(t.Context(), by(access.Admin, "redact source", "Asked for by the publisher"), id); err != nil {
		t.Fatal(err)
	}
	if err := l.Redact(t.Context(), by(access.Admin, "redact source", "Again"), id); err != nil {
		t.Fatal(err)
	}
	history := func(l *ledger.Ledger, limit int) (out []string) {
		t.Helper()
		for cursor := ""; ; {
			changes, next, err := l.SourceHistory(t.Context(), contributor, id, ledger.Page{Limit: limit, Cursor: cursor})
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range changes {
				was := incidents.SourceSaid{}
				if c.Before != nil {
					was = *c.Before
				}
				out = append(out, fmt.Sprintf("%s: %s: %q to %q, text %t to %t %s", c.Author, c.Action, was.Title, c.After.Title, was.TextSHA256 != "", c.After.TextSHA256 != "", c.Reason))
			}
			if next == "" {
				return out
			}
			cursor = next
		}
	}
	want := []string{
		`admin: redact source: "Notice" to "Notice", text true to false Asked for by the publisher`,
		`editor: edit source: "Notice" to "Notice", text false to true Found it`,
		`editor: edit source: "Notce" to "Notice", text false to false A slip`,
		`contributor: create source: "" to "Notce", text false to false `,
	}
	for _, limit := range []int{1, 3, 200} {
		if got := history(l, limit); !slices.Equal(got, want) {
			t.Errorf("%d at a time: the history is %q, want %q", limit, got, want)
		}
	}
	if _, _, err := l.SourceHistory(t.Context(), access.Identity{}, id, ledger.Page{}); !errors.Is(err, ledger.ErrForbidden) {
		t.Errorf("anybody reads who wrote what: %v", err)
	}
	if _, _, err := l.SourceHistory(t.Context(), editor, incidents.NewID(), ledger.Page{}); !errors.Is(err, ledger.ErrNotFound) {
		t.Errorf("the history of no source gives %v", err)
	}

	if got := history(readBack(t, l), 200); !slices.Equal(got, want) {
		t.Errorf("read back, the history is %q", got)
	}
}

// TestActorHistorySaysWhatIsStored: of two spellings of a name one is.
func TestActorHistorySaysWhatIsStored(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	by := ledger.Change{By: editor, Action: "edit actor"}
	slug, err := l.CreateActor(t.Context(), by, incidents.Actor{Name: "Globex", Kind: incidents.Company, Aliases: []string{"Acme", "ACME"}})
	if err != nil {
		t.Fatal(err)
	}
	for _, aliases := range [][]string{{"Hooli", "HOOLI", "globex"}, {"Hooli", "hooli"}} { // the second changes nothing
		if err := l.EditActor(t.Context(), by, slug, func(a *incidents.Actor) error { a.Aliases = aliases; return nil }); err != nil {
			t.Fatal(err)
		}
	}
	changes, _, err := l.ActorHistory(t.Context(), contributor, slug, ledger.Page{})
	if err != nil || len(changes) != 2 {
		t.Fatalf("%d changes, want 2 (%v)", len(changes), err)
	}
	for i, want := range []string{"Hooli", "Acme"} {
		if got := strings.Join(changes[i].After.Aliases, "/"); got != want {
			t.Errorf("change %d leaves the aliases %s, want %s", i, got, want)
		}
	}
}
