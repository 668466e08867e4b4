package ledger_test

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"

	diff "github.com/google/go-cmp/cmp"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
	"github.com/breachledger/breachledger/internal/ledgertest"
)

// facetsOf counts in Go.
func facetsOf(all []incidents.Incident, date ledger.DateField) ledger.Facets {
	counts := map[string]map[string]int64{}
	add := func(field string, values ...string) {
		slices.Sort(values)
		for _, v := range slices.Compact(values) {
			if counts[field] == nil {
				counts[field] = map[string]int64{}
			}
			counts[field][v]++
		}
	}
	for _, in := range all {
		add("category", string(in.Category))
		add("certainty", string(in.Certainty))
		add("publication", string(in.Publication))
		add("vector", words(in.Vectors)...)
		add("data_class", words(in.DataClasses)...)
		add("payment_method", words(in.PaymentMethods)...)
		add("country", in.Countries...)
		add("tag", in.Tags...)
		var sectors, roles []string
		for _, p := range in.Participants {
			roles = append(roles, string(p.Role))
			if p.Role.Breached() {
				sectors = append(sectors, string(p.Actor.Sector))
			}
		}
		add("sector", sectors...)
		add("role", roles...)
		if v := in.Victims; v != nil {
			add("unit", string(v.Unit))
			add("support", string(v.Support))
		} else {
			add("unit", "")
			add("support", "")
		}
		d := in.Disclosed
		switch date {
		case ledger.ByOccurred:
			d = cmp.Or(in.Occurred.From, in.Occurred.To)
		case ledger.ByDiscovered:
			d = in.Discovered
		case ledger.ByDisclosed:
		}
		year := ""
		if !d.IsZero() {
			year = strconv.Itoa(d.Year())
		}
		add("year", year)
	}
	values := func(field string) []ledger.FacetValue {
		out := []ledger.FacetValue{}
		for v, n := range counts[field] {
			f := ledger.FacetValue{Count: n}
			if v != "" {
				f.Value = &v
			}
			out = append(out, f)
		}
		return out
	}
	return ledger.Facets{
		Category: values("category"), Certainty: values("certainty"), Publication: values("publication"), Vector: values("vector"),
		DataClass: values("data_class"), PaymentMethod: values("payment_method"), Country: values("country"), Sector: values("sector"),
		Role: values("role"), Unit: values("unit"), Support: values("support"), Year: values("year"), Tag: values("tag"), Counted: int64(len(all)),
	}
}

func words[T ~string](values []T) []string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = string(v)
	}
	return out
}

// inAnyOrder compares values that are equally frequent without their order.
var inAnyOrder = diff.Transformer("counts", func(values []ledger.FacetValue) map[string]int64 {
	if values == nil {
		return nil
	}
	out := map[string]int64{}
	for _, v := range values {
		name := ""
		if v.Value != nil {
			name = *v.Value
		}
		out[name] = v.Count
	}
	return out
})

func TestFacetsCountWhatMatches(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	all := library(t, l, 41, 70)
	rnd := rand.New(rand.NewPCG(41, 1))
	var every []ledger.Facet
	for _, name := range ledger.FacetFields() {
		every = append(every, ledger.Facet(name))
	}
	check := func(name string, f ledger.Filter, match func(incidents.Incident) bool) {
		t.Helper()
		got, err := l.List(t.Context(), ledger.ListRequest{Filter: f, Facets: every, Count: true})
		if err != nil {
			t.Fatal(err)
		}
		matching := slices.DeleteFunc(slices.Clone(all), func(in incidents.Incident) bool { return !listed(in) || !match(in) })
		if d := diff.Diff(facetsOf(matching, f.Date), *got.Facets, inAnyOrder); d != "" {
			t.Errorf("%s, %d incidents: -counted +facets\n%s", name, len(matching), d)
		}
		frequent := func(a, b ledger.FacetValue) int { return cmp.Compare(b.Count, a.Count) }
		if !slices.IsSortedFunc(got.Facets.Vector, frequent) || !slices.IsSortedFunc(got.Facets.Year, frequent) {
			t.Errorf("%s: the most frequent value is not the first", name)
		}
		only, err := l.List(t.Context(), ledger.ListRequest{Filter: f, Count: true})
		if want := (ledger.Total{Value: int64(len(matching)), Text: strconv.Itoa(len(matching))}); err != nil || *got.Total != want || *only.Total != want || only.Facets != nil {
			t.Errorf("%s: the totals are %+v and %+v of %d, %v", name, got.Total, only.Total, len(matching), err)
		}
	}
	check("all", ledger.Filter{}, func(incidents.Incident) bool { return true })
	check("by when it happened", ledger.Filter{Date: ledger.ByOccurred}, func(incidents.Incident) bool { return true })
	check("by when it was found", ledger.Filter{Date: ledger.ByDiscovered}, func(incidents.Incident) bool { return true })
	check("none", ledger.Filter{Tags: []string{"no-such"}}, func(incidents.Incident) bool { return false })
	for range 2 {
		for _, c := range filterCases(rnd, all) {
			f := ledger.Filter{}
			c.set(&f)
			check(c.name, f, c.match)
		}
	}
	got, err := l.List(t.Context(), ledger.ListRequest{Facets: []ledger.Facet{"year"}})
	if err != nil || got.Facets.Category != nil || got.Facets.Year == nil || got.Total != nil {
		t.Errorf("one facet alone: %+v, %v", got.Facets, err)
	}
	_, err = l.List(t.Context(), ledger.ListRequest{Facets: []ledger.Facet{"year", "title"}})
	wantProblem(t, err, "/facets: ")
}
