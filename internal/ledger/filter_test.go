package ledger_test

import (
	"encoding/json"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
	"github.com/breachledger/breachledger/internal/ledgertest"
)

// filterCase is one filter at random, and what it means in Go.
type filterCase struct {
	name  string
	set   func(f *ledger.Filter)
	match func(in incidents.Incident) bool
}

// anyOf picks one or two values of a vocabulary and whether one is among those given.
func anyOf[T incidents.Worded](rnd *rand.Rand) (values []T, match func(...T) bool) {
	for range 1 + rnd.IntN(2) {
		values = append(values, ledgertest.Term[T](rnd))
	}
	return values, func(has ...T) bool {
		return slices.ContainsFunc(has, func(v T) bool { return slices.Contains(values, v) })
	}
}

func filterCases(rnd *rand.Rand, all []incidents.Incident) []filterCase {
	some := all[rnd.IntN(len(all))]
	category, isCategory := anyOf[incidents.Category](rnd)
	vector, hasVector := anyOf[incidents.Vector](rnd)
	class, hasClass := anyOf[incidents.DataClass](rnd)
	method, hasMethod := anyOf[incidents.PaymentMethod](rnd)
	sector, isSector := anyOf[incidents.Sector](rnd)
	kind, isKind := anyOf[incidents.ActorKind](rnd)
	role, isRole := anyOf[incidents.Role](rnd)
	unit, isUnit := anyOf[incidents.Unit](rnd)
	support, isSupport := anyOf[incidents.Support](rnd)
	response, isResponse := anyOf[incidents.ResponseKind](rnd)
	yes := rnd.IntN(2) == 0
	number := []int64{0, 1, 50, 4100, 5000, 78_800_000}[rnd.IntN(6)]
	country, tag := []string{"US", "CN", "AQ"}[rnd.IntN(3)], []string{"pos", "cloud", "x.y"}[rnd.IntN(3)]
	dates := []string{"2014", "2014-06", "2015-03-10", "2016-12-31"}
	day := ledgertest.Date(dates[rnd.IntN(len(dates))])
	dateField := []ledger.DateField{"", ledger.ByDisclosed, ledger.ByOccurred, ledger.ByDiscovered}[rnd.IntN(4)]
	actor := map[string]string{"acme-pay": "acme-pay", "ACME PAYMENTS INC": "acme-pay", "Zuerich Wallet": "zurich-wallet", "夜环": "night-ring", "nobody": "-"}
	names := slices.Sorted(func(yield func(string) bool) {
		for n := range actor {
			if !yield(n) {
				return
			}
		}
	})
	named := names[rnd.IntN(len(names))]

	dateOf := func(in incidents.Incident) time.Time {
		d := in.Disclosed
		switch dateField {
		case ledger.ByOccurred:
			if d = in.Occurred.From; d.IsZero() {
				d = in.Occurred.To
			}
		case ledger.ByDiscovered:
			d = in.Discovered
		case ledger.ByDisclosed:
		}
		if d.IsZero() {
			return time.Time{}
		}
		return d.First()
	}
	breached := func(in incidents.Incident, f func(incidents.ActorRef) bool) bool {
		return slices.ContainsFunc(in.Participants, func(p incidents.Participant) bool { return p.Role.Breached() && f(p.Actor) })
	}
	victims := func(in incidents.Incident) *int64 {
		if in.Victims == nil {
			return nil
		}
		return in.Victims.Quantity
	}
	return []filterCase{
		{"category", func(f *ledger.Filter) { f.Categories = category }, func(in incidents.Incident) bool { return isCategory(in.Category) }},
		{"vector", func(f *ledger.Filter) { f.Vectors = vector }, func(in incidents.Incident) bool { return hasVector(in.Vectors...) }},
		{"data_class", func(f *ledger.Filter) { f.DataClasses = class }, func(in incidents.Incident) bool { return hasClass(in.DataClasses...) }},
		{"payment_method", func(f *ledger.Filter) { f.PaymentMethods = method }, func(in incidents.Incident) bool { return hasMethod(in.PaymentMethods...) }},
		{"payment", func(f *ledger.Filter) { f.Payment = &yes }, func(in incidents.Incident) bool { return in.Payment == yes }},
		{"unanswered", func(f *ledger.Filter) { f.Unanswered = &yes }, func(in incidents.Incident) bool { return in.Unanswered == yes }},
		{"contested", func(f *ledger.Filter) { f.Contested = &yes }, func(in incidents.Incident) bool { return in.Contested == yes }},
		{"sector", func(f *ledger.Filter) { f.Sectors = sector }, func(in incidents.Incident) bool {
			return breached(in, func(a incidents.ActorRef) bool { return isSector(a.Sector) })
		}},
		{"actor_kind", func(f *ledger.Filter) { f.ActorKinds = kind }, func(in incidents.Incident) bool {
			return breached(in, func(a incidents.ActorRef) bool { return isKind(a.Kind) })
		}},
		{"country", func(f *ledger.Filter) { f.Countries = []string{country} }, func(in incidents.Incident) bool { return slices.Contains(in.Countries, country) }},
		{"tag", func(f *ledger.Filter) { f.Tags = []string{tag, "no-such"} }, func(in incidents.Incident) bool { return slices.Contains(in.Tags, tag) }},
		{"actor", func(f *ledger.Filter) { f.Actors = []string{named} }, func(in incidents.Incident) bool {
			return slices.ContainsFunc(in.Participants, func(p incidents.Participant) bool { return p.Actor.Slug == actor[named] })
		}},
		{"role", func(f *ledger.Filter) { f.Roles = role }, func(in incidents.Incident) bool {
			return slices.ContainsFunc(in.Participants, func(p incidents.Participant) bool { return isRole(p.Role) })
		}},
		{"actor and role", func(f *ledger.Filter) { f.Actors, f.Roles = []string{"acme-pay"}, role }, func(in incidents.Incident) bool {
			return slices.ContainsFunc(in.Participants, func(p incidents.Participant) bool { return p.Actor.Slug == "acme-pay" && isRole(p.Role) })
		}},
		{"unit", func(f *ledger.Filter) { f.Units = unit }, func(in incidents.Incident) bool { return in.Victims != nil && isUnit(in.Victims.Unit) }},
		{"support", func(f *ledger.Filter) { f.Supports = support }, func(in incidents.Incident) bool { return in.Victims != nil && isSupport(in.Victims.Support) }},
		{"response", func(f *ledger.Filter) { f.Responses = response }, func(in incidents.Incident) bool {
			return slices.ContainsFunc(in.Responses, func(r incidents.Response) bool { return isResponse(r.Kind) })
		}},
		{"min_victims", func(f *ledger.Filter) { f.MinVictims = &number }, func(in incidents.Incident) bool { v := victims(in); return v != nil && *v >= number }},
		{"max_victims", func(f *ledger.Filter) { f.MaxVictims = &number }, func(in incidents.Incident) bool { v := victims(in); return v != nil && *v <= number }},
		{"from", func(f *ledger.Filter) { f.From, f.Date = day, dateField }, func(in incidents.Incident) bool {
			d := dateOf(in)
			return !d.IsZero() && !d.Before(day.First())
		}},
		{"to", func(f *ledger.Filter) { f.To, f.Date = day, dateField }, func(in incidents.Incident) bool {
			d := dateOf(in)
			return !d.IsZero() && !d.After(day.Last())
		}},
		{"updated_since", func(f *ledger.Filter) { f.UpdatedSince = some.UpdatedAt }, func(in incidents.Incident) bool { return !in.UpdatedAt.Before(some.UpdatedAt) }},
	}
}

// Every filter, alone and with another, finds what it means, in every state of
// certainty that it is asked for.
func TestFiltersMeanWhatTheySay(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	all := library(t, l, 21, 80)
	rnd := rand.New(rand.NewPCG(21, 1))
	states := []incidents.Certainty{"confirmed", "suspected", "near_miss", "false_positive"}
	check := func(name string, f ledger.Filter, match func(incidents.Incident) bool) int {
		want := inOrder(slices.DeleteFunc(slices.Clone(all), func(in incidents.Incident) bool {
			return !match(in) || len(f.Certainties) == 0 && !listed(in)
		}), "-victims")
		if got := everyPage(t, l, f, "-victims", 1000, nil); !slices.Equal(got, want) {
			text, _ := json.Marshal(f)
			t.Errorf("%s: %d incidents, want %d, of %s", name, len(got), len(want), text)
		}
		return len(want)
	}
	found := map[string]int{}
	// Two filters that set the same fields are not two.
	fields := map[string]string{"from": "date", "to": "date", "actor": "actor", "role": "actor", "actor and role": "actor", "sector": "breached", "actor_kind": "breached"}
	for range 8 {
		cases := filterCases(rnd, all)
		for _, one := range cases {
			f := ledger.Filter{}
			one.set(&f)
			found[one.name] += check(one.name, f, one.match)
			other := cases[rnd.IntN(len(cases))]
			if fields[one.name] != "" && fields[one.name] == fields[other.name] || one.name == other.name {
				continue
			}
			f.Certainties = states
			other.set(&f)
			found[one.name] += check(one.name+" and "+other.name, f, func(in incidents.Incident) bool { return one.match(in) && other.match(in) })
		}
	}
	for name, n := range found {
		if n == 0 {
			t.Errorf("nothing was ever found by %s: the test says nothing", name)
		}
	}
	for _, state := range states {
		if n := check(string(state), ledger.Filter{Certainties: []incidents.Certainty{state}}, func(in incidents.Incident) bool { return in.Certainty == state }); n == 0 {
			t.Errorf("nothing is %s", state)
		}
	}
}

func TestFilterByPublication(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	published := record(t, l, incidents.Incident{Title: "Published", Category: incidents.CategoryOther})
	draft, err := l.Record(t.Context(), ledger.Change{By: contributor, Action: "record"}, incidents.Incident{Title: "Draft", Category: incidents.CategoryOther})
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		f    ledger.Filter
		want []uuid.UUID
	}{
		{ledger.Filter{}, []uuid.UUID{published.ID}},
		{ledger.Filter{Publications: []incidents.Publication{incidents.Draft}}, []uuid.UUID{draft.ID}},
		{ledger.Filter{Publications: []incidents.Publication{incidents.Draft, incidents.Published}}, []uuid.UUID{published.ID, draft.ID}},
		{ledger.Filter{Publications: []incidents.Publication{incidents.Retracted}}, nil},
	} {
		if got := everyPage(t, l, test.f, "updated", 10, nil); !slices.Equal(got, test.want) {
			t.Errorf("%v finds %v", test.f.Publications, got)
		}
	}
}

// A filter that cannot be is a problem of the filter, never an error of the database.
func TestFiltersThatCannotBe(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	library(t, l, 22, 2)
	many := make([]string, 300)
	for pointer, f := range map[string]ledger.Filter{
		"/q":              {Query: "a\x00b"},
		"/category":       {Categories: []incidents.Category{"data_breach", "'; DROP TABLE incidents; --"}},
		"/certainty":      {Certainties: []incidents.Certainty{""}},
		"/publication":    {Publications: []incidents.Publication{"hidden"}},
		"/vector":         {Vectors: []incidents.Vector{"PHISHING"}},
		"/data_class":     {DataClasses: []incidents.DataClass{"x"}},
		"/payment_method": {PaymentMethods: []incidents.PaymentMethod{"x"}},
		"/sector":         {Sectors: []incidents.Sector{"x"}},
		"/actor_kind":     {ActorKinds: []incidents.ActorKind{"x"}},
		"/role":           {Roles: []incidents.Role{"x"}},
		"/unit":           {Units: []incidents.Unit{"x"}},
		"/support":        {Supports: []incidents.Support{"x"}},
		"/response":       {Responses: []incidents.ResponseKind{"x"}},
		"/country":        {Countries: []string{"US", "UK"}}, // a list of none would say that nothing happened in GB
		"/tag":            {Tags: many},
		"/actor":          {Actors: []string{"a\xff"}},
		"/date":           {Date: "contained"},
		"/updated_since":  {UpdatedSince: time.Date(10_000, 1, 1, 0, 0, 0, 0, time.UTC)},
	} {
		_, err := l.Incidents(t.Context(), f, "", ledger.Page{})
		wantProblem(t, err, pointer+": ")
		_, err = l.BreachTotals(t.Context(), f)
		wantProblem(t, err, pointer+": ")
		_, err = l.Responses(t.Context(), ledger.ResponseScope{Filter: f}, ledger.Page{})
		wantProblem(t, err, pointer+": ")
	}
	for _, f := range []ledger.Filter{
		{MinVictims: new(int64(-1 << 63)), MaxVictims: new(int64(1<<63 - 1))},
		{Tags: []string{"<script>", `"`, "{}", "a,b"}},
		{Actors: []string{"", "  ", "Unknown", "../x", strings.Repeat("ﷺ", 300)}},
		{UpdatedSince: time.Date(1, 1, 1, 0, 0, 0, 1, time.UTC)},
	} {
		if _, err := l.Incidents(t.Context(), f, "", ledger.Page{}); err != nil {
			t.Errorf("%+v: %v", f, err)
		}
	}
}
