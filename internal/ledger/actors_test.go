package ledger_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
	"github.com/breachledger/breachledger/internal/ledgertest"
)

// everyActorItem pages through the list of actors and returns their slugs.
func everyActorItem(t *testing.T, l *ledger.Ledger, f ledger.ActorFilter, limit int) []string {
	t.Helper()
	var slugs []string
	page := ledger.Page{Limit: limit}
	for {
		items, next, err := l.Actors(t.Context(), reader, f, page)
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range items {
			slugs = append(slugs, a.Slug)
		}
		if next == "" {
			return slugs
		}
		page.Cursor = next
	}
}

func TestActorsAreSharedUnderAllTheirNames(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	named := func(a incidents.ActorRef) incidents.Incident {
		return incidents.Incident{Title: "An incident", Category: incidents.CategoryOther, Participants: []incidents.Participant{{Actor: a, Role: incidents.RoleVictim}}}
	}
	first := parse(t, record(t, l, named(incidents.ActorRef{Name: "Zürich Wallet", Aliases: []string{"ZW", "钱包"}, Kind: incidents.Company, Sector: "wallet"})))
	for _, a := range []incidents.ActorRef{
		{Given: "zurich-wallet"}, {Given: "ZURICH  WALLET"}, {Given: "zw"}, {Given: "钱包"},
		{Slug: "zurich-wallet"}, {Slug: "zurich-wallet", Name: "Something Else"}, {Name: "zürich-wallet", Kind: incidents.Government}, {Name: "New Name", Aliases: []string{"ZW"}},
	} {
		in := parse(t, record(t, l, named(a)))
		if got := in.Participants[0].Actor; got.Slug != "zurich-wallet" || got.Name != "Zürich Wallet" || got.Kind != incidents.Company {
			t.Errorf("%+v became %+v", a, got)
		}
	}
	record(t, l, named(incidents.ActorRef{Name: "Another"}))
	for _, test := range []struct {
		actor   incidents.ActorRef
		problem string
	}{
		{incidents.ActorRef{Given: "never heard of"}, `/participants/0/actor: no actor has the slug or name "never heard of"`},
		{incidents.ActorRef{Slug: "never-heard-of"}, `/participants/0/actor/slug: no actor has the slug "never-heard-of"`},
		{incidents.ActorRef{Name: "A third", Aliases: []string{"ZW", "Another"}}, "/participants/0/actor: its names belong to two actors, Zürich Wallet (zurich-wallet) and Another (another): if they are the same, merge one into the other, else"},
		{incidents.ActorRef{Name: "Unknown"}, `/participants/0/actor/name: "Unknown" names nobody`},
	} {
		_, err := l.Record(t.Context(), recording, named(test.actor))
		wantProblem(t, err, test.problem)
	}
	page, err := l.Actor(t.Context(), reader, "zurich-wallet")
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(page.Aliases, []string{"ZW", "钱包"}) || len(page.Incidents) != 9 || page.Responses.Unanswered != 9 || page.ID == first.ID {
		t.Errorf("its page is %+v", page)
	}
}

// Slugs of new actors: made from the name, numbered, stepping aside for one
// that is given.
func TestSlugsOfActors(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	in := incidents.Incident{Title: "Many", Category: incidents.CategoryOther}
	for _, a := range []incidents.ActorRef{
		{Name: "Foo"}, {Name: "Foo?bar", Slug: "foo"}, {Name: "支付宝"}, {Name: "微信"}, {Name: "foo 2"},
	} {
		in.Participants = append(in.Participants, incidents.Participant{Actor: a, Role: incidents.RoleVictim})
	}
	var got []string
	for _, p := range parse(t, record(t, l, in)).Participants {
		got = append(got, p.Actor.Slug)
	}
	if got[0] == "foo" || got[1] != "foo" || got[2] != "actor" || got[3] != "actor-2" || len(slices.Compact(slices.Sorted(slices.Values(got)))) != 5 {
		t.Errorf("the slugs are %v", got)
	}
}

func TestTheListOfActors(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	all := library(t, l, 51, 20)
	public := map[string]bool{}
	incidentsOf := map[string]int64{}
	responsesOf := map[string]int64{}
	for _, in := range all {
		here := map[string]bool{}
		in.EachActor(func(_ string, r *incidents.ActorRef) { public[r.Slug] = true })
		if in.Certainty == incidents.NearMiss || in.Certainty == incidents.FalsePositive || slices.Contains(in.Tags, incidents.Compilation) {
			continue // is in no list by itself
		}
		for _, p := range in.Participants {
			here[p.Actor.Slug] = true
		}
		for slug := range here {
			incidentsOf[slug]++
		}
		for _, r := range in.Responses {
			responsesOf[r.Actor.Slug]++
		}
	}
	want := make([]string, 0, len(public))
	for slug := range public {
		want = append(want, slug)
	}
	slices.Sort(want)
	for limit := 1; limit <= 7; limit += 2 {
		if got := everyActorItem(t, l, ledger.ActorFilter{}, limit); !slices.Equal(got, want) {
			t.Errorf("%d a page: %v, want %v", limit, got, want)
		}
	}
	items, _, err := l.Actors(t.Context(), reader, ledger.ActorFilter{}, ledger.Page{Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range items {
		page, err := l.Actor(t.Context(), reader, a.Slug)
		if err != nil || page.Involved != a.Incidents || page.Responses.Responses != a.Responses {
			t.Errorf("%s has %d incidents and %d responses on its own page: %v", a.Slug, page.Involved, page.Responses.Responses, err)
		}
		if a.Incidents != incidentsOf[a.Slug] || a.Responses != responsesOf[a.Slug] {
			t.Errorf("%s has %d incidents and %d responses, want %d and %d", a.Slug, a.Incidents, a.Responses, incidentsOf[a.Slug], responsesOf[a.Slug])
		}
	}
	for _, test := range []struct {
		f    ledger.ActorFilter
		want []string
	}{
		{ledger.ActorFilter{Prefix: "ACME"}, []string{"acme-pay"}},
		{ledger.ActorFilter{Prefix: "acme payments"}, []string{"acme-pay"}},
		{ledger.ActorFilter{Prefix: "zü"}, []string{"zurich-wallet"}},
		{ledger.ActorFilter{Prefix: "夜"}, []string{"night-ring"}},
		{ledger.ActorFilter{Prefix: "%"}, want}, // nothing is left of it
		{ledger.ActorFilter{Prefix: "no such"}, nil},
		{ledger.ActorFilter{Kinds: []incidents.ActorKind{incidents.Government}}, []string{"other-state", "some-state"}},
		{ledger.ActorFilter{Kinds: []incidents.ActorKind{incidents.Company}, Sectors: []incidents.Sector{"bank", "health"}}, []string{"bank-of-examples", "hospital-group"}},
	} {
		if got := everyActorItem(t, l, test.f, 1); !slices.Equal(got, test.want) {
			t.Errorf("%+v finds %v, want %v", test.f, got, test.want)
		}
	}
	_, _, err = l.Actors(t.Context(), reader, ledger.ActorFilter{Prefix: "a\x00", Kinds: []incidents.ActorKind{"x"}, Sectors: []incidents.Sector{"x"}}, ledger.Page{})
	for _, pointer := range []string{"/name: ", "/kind: ", "/sector: "} {
		wantProblem(t, err, pointer)
	}
	for _, slug := range []string{"no-such", "", "\x00", "../x", "ACME-PAY"} {
		if _, err := l.Actor(t.Context(), reader, slug); !errors.Is(err, ledger.ErrNotFound) {
			t.Errorf("actor %q: %v", slug, err)
		}
	}
}

// Who is named as the source of a figure, and takes no other part, is public
// with the incident that says so.
func TestWhoClaimsAFigureIsPublic(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	claimed := incidents.Incident{Title: "Claimed", Category: incidents.CategoryOther,
		Counts: []incidents.Count{{Unit: incidents.People, Quantity: new(int64(1)), ClaimedBy: &incidents.ActorRef{Name: "A Newspaper"}}},
		Losses: []incidents.Loss{{Kind: "fine", Qualifier: incidents.NotDisclosed, ClaimedBy: &incidents.ActorRef{Name: "A Court"}}},
	}
	draft, err := l.Record(t.Context(), ledger.Change{By: contributor, Action: "record"}, claimed)
	if err != nil {
		t.Fatal(err)
	}
	if got := everyActorItem(t, l, ledger.ActorFilter{}, 9); len(got) != 0 {
		t.Errorf("of a draft %v are public", got)
	}
	edit(t, l, draft.Slug, func(in *incidents.Incident) { in.Publication = incidents.Published })
	if got := everyActorItem(t, l, ledger.ActorFilter{}, 9); fmt.Sprint(got) != "[a-court a-newspaper]" {
		t.Errorf("published, %v are public", got)
	}
	for _, slug := range []string{"a-court", "a-newspaper"} {
		if a, err := l.Actor(t.Context(), reader, slug); err != nil || len(a.Incidents) != 0 {
			t.Errorf("%s: %+v, %v", slug, a, err)
		}
	}
}
