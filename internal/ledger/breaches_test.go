package ledger_test

import (
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
	"github.com/breachledger/breachledger/internal/ledgertest"
)

// groupOf adds incidents up in Go, unit by unit.
func groupOf(all []incidents.Incident) ledger.Group {
	g := ledger.Group{Units: []ledger.UnitTotal{}}
	for _, unit := range incidents.Unit("").Vocabulary().Values() {
		u := ledger.UnitTotal{Unit: incidents.Unit(unit)}
		var stated, low, high int64
		bounded, unbounded := false, false
		for _, in := range all {
			v := in.Victims
			if v == nil || v.Unit != u.Unit {
				continue
			}
			u.Incidents++
			if v.Quantity != nil {
				u.Counted++
				stated += *v.Quantity
			}
			if v.Low != nil {
				bounded = true
				low += *v.Low
			}
			if v.High == nil {
				unbounded = true
			} else {
				high += *v.High
			}
		}
		if u.Incidents == 0 {
			continue
		}
		if u.Counted > 0 {
			u.Stated = &stated
		}
		if bounded {
			u.Low = &low
		}
		if !unbounded {
			u.High = &high
		}
		g.Units = append(g.Units, u)
	}
	for _, in := range all {
		g.Incidents++
		if in.Victims == nil || in.Victims.Quantity == nil {
			g.Uncounted++
		}
	}
	return g
}

// breaches is the report of incidents, computed in Go. Groups are keyed by
// their dimension and value.
func breaches(all []incidents.Incident, date ledger.DateField) map[string]ledger.Group {
	parts := map[string][]incidents.Incident{"all": all}
	put := func(key string, in incidents.Incident) { parts[key] = append(parts[key], in) }
	for _, in := range all {
		year := ""
		dates := []incidents.PartialDate{in.Disclosed, in.Occurred.From, in.Occurred.To, in.Discovered}
		switch date {
		case ledger.ByOccurred:
			dates = append([]incidents.PartialDate{in.Occurred.From, in.Occurred.To}, dates...)
		case ledger.ByDiscovered:
			dates = append([]incidents.PartialDate{in.Discovered}, dates...)
		case ledger.ByDisclosed:
		}
		for _, d := range dates {
			if !d.IsZero() {
				year = strconv.Itoa(d.Year())
				break
			}
		}
		put("year "+year, in)
		put("category "+string(in.Category), in)
		for _, v := range in.Vectors {
			put("vector "+string(v), in)
		}
	}
	out := map[string]ledger.Group{}
	for key, part := range parts {
		out[key] = groupOf(part)
	}
	return out
}

// reported brings the ledger's report into the same form.
func reported(r ledger.BreachTotals) map[string]ledger.Group {
	out := map[string]ledger.Group{"all": {Incidents: r.Counted + r.Uncounted, Uncounted: r.Uncounted, Units: r.ByUnit}}
	for _, g := range r.ByYear {
		year := ""
		if g.Year != nil {
			year = strconv.Itoa(*g.Year)
		}
		out["year "+year] = g.Group
	}
	for _, g := range r.ByCategory {
		out["category "+string(g.Category)] = g.Group
	}
	for _, g := range r.ByVector {
		out["vector "+string(g.Vector)] = g.Group
	}
	return out
}

func TestBreachesAddUp(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	all := library(t, l, 31, 70)
	rnd := rand.New(rand.NewPCG(31, 1))
	check := func(name string, f ledger.Filter, match func(incidents.Incident) bool) {
		t.Helper()
		got, err := l.BreachTotals(t.Context(), f)
		if err != nil {
			t.Fatal(err)
		}
		matching := slices.DeleteFunc(slices.Clone(all), func(in incidents.Incident) bool { return !listed(in) || !match(in) })
		if diff := cmp.Diff(breaches(matching, f.Date), reported(got), cmpopts.IgnoreFields(ledger.UnitTotal{}, "Text")); diff != "" {
			t.Errorf("%s, %d incidents: -computed +reported\n%s", name, len(matching), diff)
		}
		for _, u := range got.ByUnit {
			if want := incidents.SumWords(u.Unit, u.Stated, u.Low, u.High); u.Text != want {
				t.Errorf("in words it is %q, want %q", u.Text, want)
			}
		}
	}
	check("all", ledger.Filter{}, func(incidents.Incident) bool { return true })
	if err := l.FreshReports(t.Context()); err != nil { // the sums are not asked for the other dates
		t.Fatal(err)
	}
	for _, date := range []ledger.DateField{ledger.ByDisclosed, ledger.ByOccurred, ledger.ByDiscovered} {
		check("all by "+string(date), ledger.Filter{Date: date}, func(incidents.Incident) bool { return true })
	}
	check("none", ledger.Filter{Tags: []string{"no-such"}}, func(incidents.Incident) bool { return false })
	for range 2 {
		for _, c := range filterCases(rnd, all) {
			f := ledger.Filter{}
			c.set(&f)
			check(c.name, f, c.match)
		}
	}
}

// Sums of the largest figures are right, and bounds that are not known make
// sums that are not known.
func TestSumsAtTheEdge(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	count := func(unit incidents.Unit, q incidents.Qualifier, n *int64) {
		t.Helper()
		record(t, l, incidents.Incident{Title: "Counted", Category: incidents.CategoryOther, Counts: []incidents.Count{{Unit: unit, Qualifier: q, Quantity: n}}})
	}
	most, twice := new(int64(incidents.MaxQuantity)), new(int64(2*incidents.MaxQuantity))
	count(incidents.People, incidents.Exact, most)
	count(incidents.People, incidents.Exact, most)
	count(incidents.Records, incidents.AtMost, new(int64(78_800_000)))
	count(incidents.Accounts, incidents.AtLeast, new(int64(5)))
	count(incidents.Accounts, incidents.NotDisclosed, nil)
	count("cards", incidents.Unquantified, nil)
	count("forms", incidents.Exact, new(int64(0)))
	record(t, l, incidents.Incident{Title: "Not counted", Category: incidents.CategoryOther})
	got, err := l.BreachTotals(t.Context(), ledger.Filter{})
	if err != nil {
		t.Fatal(err)
	}
	want := []ledger.UnitTotal{
		{Unit: incidents.People, Incidents: 2, Counted: 2, Stated: twice, Low: twice, High: twice, Text: "2,000,000,000,000,000 people"},
		{Unit: incidents.Accounts, Incidents: 2, Counted: 1, Stated: new(int64(5)), Low: new(int64(5)), Text: "at least 5 accounts"},
		{Unit: incidents.Records, Incidents: 1, Counted: 1, Stated: new(int64(78_800_000)), High: new(int64(78_800_000)), Text: "at most 78,800,000 records"},
		{Unit: "cards", Incidents: 1, Text: "number of cards not known"},
		{Unit: "forms", Incidents: 1, Counted: 1, Stated: new(int64(0)), Low: new(int64(0)), High: new(int64(0)), Text: "0 forms"},
	}
	if diff := cmp.Diff(want, got.ByUnit); diff != "" {
		t.Errorf("-want +reported\n%s", diff)
	}
	if got.Counted != 5 || got.Uncounted != 3 || len(got.ByYear) != 1 || got.ByYear[0].Year != nil {
		t.Errorf("reported %+v", got)
	}
	for _, sort := range []ledger.Sort{"-victims", "victims", "-victims_low", "victims_low"} {
		if ids := everyPage(t, l, ledger.Filter{}, sort, 3, nil); len(ids) != 8 {
			t.Errorf("by %s, %d of 8 are listed", sort, len(ids))
		}
	}
}

// TestTheUndatedComeLast: among the years, in a report that is kept and in one that is
// made of the rows.
func TestTheUndatedComeLast(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	record(t, l, incidents.Incident{Title: "Some time", Category: incidents.CategoryOther})
	record(t, l, incidents.Incident{Title: "In 2015", Category: incidents.CategoryOther, Disclosed: partial(t, "2015")})
	if err := l.FreshReports(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, f := range []ledger.Filter{{}, {Categories: []incidents.Category{incidents.CategoryOther}}} {
		got, err := l.BreachTotals(t.Context(), f)
		if err != nil {
			t.Fatal(err)
		}
		if years := got.ByYear; len(years) != 2 || years[0].Year == nil || *years[0].Year != 2015 || years[1].Year != nil {
			t.Errorf("%v: the years are %+v", f.Categories, years)
		}
	}
}
