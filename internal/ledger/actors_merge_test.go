package ledger_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
	"github.com/breachledger/breachledger/internal/ledgertest"
)

func mergeActors(t *testing.T, l *ledger.Ledger, from, into string) {
	t.Helper()
	if err := l.MergeActors(t.Context(), ledger.Change{By: editor, Action: "merge actor"}, from, into); err != nil {
		t.Fatalf("merge %s into %s: %v", from, into, err)
	}
}

// TestMergedActorsFillGaps: what the target does not know, and the merged one
// does, is kept; what both know is the target's.
func TestMergedActorsFillGaps(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	c := ledger.Change{By: editor, Action: "create actor"}
	for _, a := range []incidents.Actor{
		{Name: "One", Kind: incidents.Company},
		{Name: "Two", Kind: incidents.Company, Sector: "bank", Domain: "two.example", Country: "DE", Aliases: []string{"Zwei"}},
		{Name: "Three", Kind: incidents.Company, Sector: "merchant", Domain: "three.example", Country: "FR"},
	} {
		if _, err := l.CreateActor(t.Context(), c, a); err != nil {
			t.Fatal(err)
		}
	}
	doc := record(t, l, fromJSON(t, `{"title":"Merged","category":"data_breach","participants":[{"actor":"one","role":"victim"},{"actor":"two","role":"victim"}]}`))
	if !parse(t, doc).Payment {
		t.Fatal("a breach of a bank does not concern payments")
	}
	mergeActors(t, l, "two", "one")
	mergeActors(t, l, "three", "one")
	one, err := l.Actor(t.Context(), editor, "one")
	if err != nil {
		t.Fatal(err)
	}
	if one.Sector != "bank" || one.Domain != "two.example" || one.Country != "DE" || len(one.Aliases) != 3 {
		t.Errorf("the merged actor is %+v", one.Actor)
	}
	after := parse(t, sameAsRows(t, l, doc.Slug))
	if !after.Payment || after.Version != 1 || roles(after) != "one:victim" || after.Participants[0].Actor.Sector != "bank" {
		t.Errorf("the incident became %+v", after)
	}
}

// TestManyNamesFromMerges: merges may give an actor more names than may be written at once,
// and none of those may be left out again. It can be edited all the same, and get no more.
func TestManyNamesFromMerges(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	change := ledger.Change{By: editor, Action: "edit actor"}
	for _, name := range []string{"Acme", "Bank"} {
		a := incidents.Actor{Name: name}
		for i := range 60 {
			a.Aliases = append(a.Aliases, fmt.Sprint(name, " ", i))
		}
		if _, err := l.CreateActor(t.Context(), change, a); err != nil {
			t.Fatal(err)
		}
	}
	mergeActors(t, l, "bank", "acme")
	edit := func(do func(*incidents.Actor)) error {
		return l.EditActor(t.Context(), change, "acme", func(a *incidents.Actor) error {
			do(a)
			return nil
		})
	}
	if err := edit(func(a *incidents.Actor) { a.Sector, a.Aliases[0] = "bank", "Another" }); err != nil {
		t.Errorf("editing what has 121 other names: %v", err)
	}
	wantProblem(t, edit(func(a *incidents.Actor) { a.Aliases = append(a.Aliases, "One more") }), "/aliases: ")
	page, err := l.Actor(t.Context(), editor, "acme")
	if err != nil || page.Sector != "bank" || len(page.Aliases) != 121 || !slices.Contains(page.Aliases, "Another") {
		t.Errorf("the actor is %+v, %v", page.Actor, err)
	}
}

// TestNamesOfMergedActorsStay: the names of one that was merged belong to the
// other for good, however they are spelt.
func TestNamesOfMergedActorsStay(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	for _, name := range []string{"Acme", "ACME PAY", "Acme Wallet"} {
		if _, err := l.CreateActor(t.Context(), ledger.Change{By: editor, Action: "create actor"}, incidents.Actor{Name: name}); err != nil {
			t.Fatal(err)
		}
	}
	mergeActors(t, l, "acme-wallet", "acme-pay")
	mergeActors(t, l, "acme-pay", "acme")
	edit := func(name string, aliases ...string) error {
		return l.EditActor(t.Context(), ledger.Change{By: editor, Action: "edit actor"}, "acme", func(a *incidents.Actor) error {
			a.Name, a.Aliases = name, aliases
			return nil
		})
	}
	wantProblem(t, edit("Acme", "Acme Wallet"), `/aliases: must keep "ACME PAY", the name of an actor that was merged into this one`)
	wantProblem(t, edit("Acme"), `/aliases: must keep "Acme Wallet", the name of an actor that was merged into this one`)
	for _, names := range [][]string{{"Acme Pay", "Acme wallet"}, {"Acme Pay!", "Acme", "ACME WALLET"}} {
		if err := edit(names[0], names[1:]...); err != nil {
			t.Fatalf("spelt anew as %q: %v", names, err)
		}
		a, err := l.Actor(t.Context(), editor, "acme")
		if err != nil || a.Name != names[0] || len(a.Aliases) != len(names)-1 {
			t.Errorf("spelt anew as %q it is %+v: %v", names, a.Actor, err)
		}
	}
}

// TestRestoreAfterAMergeOfActors: two participants of an old version may be one
// actor by now, and then stand there once.
func TestRestoreAfterAMergeOfActors(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	both := `"category":"data_breach","participants":[{"actor":{"name":"One"},"role":"victim"},{"actor":{"name":"Two"},"role":"victim"},{"actor":"Two","role":"reporter"}]}`
	edited := record(t, l, fromJSON(t, `{"title":"Edited",`+both))
	edit(t, l, edited.Slug, func(in *incidents.Incident) { in.Title = "Edited again" })
	merged := record(t, l, fromJSON(t, `{"title":"Merged",`+both))
	into := record(t, l, fromJSON(t, `{"title":"Into","category":"data_breach","tags":["x"]}`))
	if _, err := l.Merge(t.Context(), ledger.Change{By: editor, Action: "merge"}, merged.Slug, "", into.Slug); err != nil {
		t.Fatal(err)
	}
	mergeActors(t, l, "two", "one")
	for _, slug := range []string{edited.Slug, merged.Slug} {
		back, err := l.Restore(t.Context(), ledger.Change{By: editor, Action: "restore"}, slug, "", 1)
		if err != nil {
			t.Fatalf("restore %s: %v", slug, err)
		}
		if got := roles(parse(t, back)); got != "one:victim one:reporter" {
			t.Errorf("%s: the participants are %s", slug, got)
		}
		sameAsRows(t, l, slug)
	}
	if got := roles(parse(t, sameAsRows(t, l, into.Slug))); got != "" {
		t.Errorf("the target of the merge still has %s", got)
	}
	// What somebody sends is still theirs to mend.
	_, err := l.Record(t.Context(), recording, fromJSON(t, `{"title":"Sent",`+both))
	var problems incidents.Problems
	if !errors.As(err, &problems) {
		t.Errorf("one actor twice in a role gives %v", err)
	}
}

// TestWhatFailsIsNoMistake of who names what is merged or restored: it was told as
// if there were no such thing, with what the database said.
func TestWhatFailsIsNoMistake(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	doc := breach(t, l, "A breach", "Acme", 5, "https://example.com/1")
	breach(t, l, "Another", "Acme Inc", 5, "https://example.com/2")
	for name, c := range map[string]struct {
		hold string
		do   func(ctx context.Context) error
	}{
		"merge actors": {"SELECT FROM actors WHERE slug = 'acme' FOR UPDATE", func(ctx context.Context) error {
			return l.MergeActors(ctx, editing, "acme-inc", "acme")
		}},
		"restore": {"LOCK TABLE incident_revisions", func(ctx context.Context) error {
			_, err := l.Restore(ctx, editing, doc.Slug, "", 1)
			return err
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tx, err := l.Pool().Begin(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = tx.Rollback(t.Context()) }()
			if _, err := tx.Exec(t.Context(), c.hold); err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
			defer cancel()
			if err := c.do(ctx); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("it ends with %v", err)
			}
		})
	}
}
