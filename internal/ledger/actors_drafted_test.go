package ledger_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
	"github.com/breachledger/breachledger/internal/ledgertest"
)

// TestDraftsTakeNoOtherNames: a contributor makes an actor under its own name only.
// Other names, and a slug that is not its name's, would lead what others write to it
// before an editor has seen them.
func TestDraftsTakeNoOtherNames(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	drafting := ledger.Change{By: contributor, Action: "record"}
	with := func(a incidents.ActorRef) incidents.Incident {
		return incidents.Incident{Title: "At a bank", Category: incidents.DataBreach, Participants: []incidents.Participant{{Actor: a, Role: incidents.RoleVictim}}}
	}
	empty, err := l.Record(t.Context(), drafting, incidents.Incident{Title: "A draft", Category: incidents.DataBreach})
	if err != nil {
		t.Fatal(err)
	}
	const alias, slug = "/aliases/1: must be left out: an editor gives an actor its other names", `/slug: must be "evil-ltd", which its name makes, or left out: an editor may give another`
	for problem, a := range map[string]incidents.ActorRef{
		alias: {Name: "Evil Ltd", Aliases: []string{"EVIL, Ltd.", "Acme Bank"}},
		slug:  {Name: "Evil Ltd", Slug: "acme-bank"},
	} {
		const at = "/participants/0/actor"
		_, err := l.Record(t.Context(), drafting, with(a))
		wantProblem(t, err, at+problem)
		_, err = l.Edit(t.Context(), drafting, empty.Slug, "", func(in *incidents.Incident) error {
			in.Participants = with(a).Participants
			return nil
		})
		wantProblem(t, err, at+problem)
		_, err = l.CreateActor(t.Context(), ledger.Change{By: contributor, Action: "create actor"}, a.Actor())
		wantProblem(t, err, problem)
	}
	if _, err := l.Actor(t.Context(), editor, "evil-ltd"); !errors.Is(err, ledger.ErrNotFound) {
		t.Errorf("an actor of what was refused: %v", err)
	}

	// What it says itself, and other spellings of that, name nobody else.
	doc, err := l.Record(t.Context(), drafting, with(incidents.ActorRef{Name: "Evil Ltd", Slug: "evil-ltd", Aliases: []string{"EVIL, Ltd."}, Kind: incidents.Company, Country: "GB"}))
	if err != nil {
		t.Fatal(err)
	}
	if a := parse(t, doc).Participants[0].Actor; a.Slug != "evil-ltd" {
		t.Errorf("the draft names %+v", a)
	}
	bank := parse(t, record(t, l, with(incidents.ActorRef{Name: "Acme Bank", Kind: incidents.Company}))).Participants[0].Actor
	if bank.Slug != "acme-bank" || bank.Name != "Acme Bank" {
		t.Errorf("an editor's Acme Bank is %+v", bank)
	}
	// Of a known actor nothing is new: any of its names finds it.
	doc, err = l.Record(t.Context(), drafting, with(incidents.ActorRef{Name: "Acme Bank PLC", Aliases: []string{"Acme Bank"}}))
	if err != nil {
		t.Fatal(err)
	}
	if a := parse(t, doc).Participants[0].Actor; a.Slug != bank.Slug {
		t.Errorf("a draft's Acme Bank is %+v", a)
	}

	// Whoever may publish gives names also in a draft.
	for _, role := range []access.Role{access.Editor, access.Admin} {
		in := with(incidents.ActorRef{Name: "Pay of " + string(role), Slug: string(role), Aliases: []string{"Also " + string(role)}})
		in.Publication = incidents.Draft
		if _, err := l.Record(t.Context(), ledger.Change{By: access.Identity{Name: "who", Role: role}, Action: "record"}, in); err != nil {
			t.Fatal(err)
		}
		page, err := l.Actor(t.Context(), editor, string(role))
		if err != nil || !slices.Equal(page.Aliases, []string{"Also " + string(role)}) {
			t.Errorf("%s made %+v, %v", role, page, err)
		}
	}
}
