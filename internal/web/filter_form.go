package web

import (
	"slices"
	"strings"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
)

// filterForm is the form beside the list.
type filterForm struct {
	Query  string
	Groups []choiceGroup
	Flags  []choiceGroup
	Dates  []choice
	Texts  map[string]string
	Errors map[string]string
	More   bool // something of what is folded away is in use
}

// choiceGroup is a filter with its values to choose from.
type choiceGroup struct {
	Name, Title string
	Choices     []choice
	Open        bool
	// Other is a field for values beyond the choices, by its label; "" where the
	// list is closed.
	Other, Help, Rest string
}

type choice struct {
	Value, Label, Hint string
	On                 bool
	Count              string // how many incidents of the list have it, "" when that is not counted
	None               bool   // none of them has
}

func newFilterForm(p *params, unpublished bool, problems incidents.Problems) filterForm {
	form := filterForm{Query: p.Get("q"), Texts: map[string]string{}, Errors: errorsOf(problems)}
	for _, name := range []string{"payment", "unanswered", "contested"} {
		g := choiceGroup{Name: name, Title: filterTitle(name), Choices: []choice{{Label: "Any", On: p.Get(name) == ""}}}
		for i, value := range []string{"true", "false"} {
			g.Choices = append(g.Choices, choice{Value: value, Label: flagWords[name][i], On: p.Get(name) == value})
		}
		form.Flags = append(form.Flags, g)
	}
	groups := vocabularyFilters()
	if unpublished {
		groups = append(groups, vocabularyFilter{"publication", "State", incidents.Draft.Vocabulary()})
	}
	for i, group := range groups {
		on := p.list(group.name)
		g := choiceGroup{Name: group.name, Title: group.title, Open: len(on) > 0 || i == 0}
		for _, t := range group.v.Terms {
			g.Choices = append(g.Choices, choice{Value: t.Value, Label: sentence(t.Label), Hint: t.Meaning, On: slices.Contains(on, t.Value)})
		}
		form.Groups = append(form.Groups, g)
	}
	for _, value := range []string{"disclosed", "occurred", "discovered"} {
		form.Dates = append(form.Dates, choice{Value: value, Label: dateWord[value], On: p.Get("date") == value})
	}
	for _, name := range []string{"actor", "min_victims", "max_victims", "date", "from", "to", "updated_since", "compilations"} {
		form.Texts[name] = p.Get(name)
		form.More = form.More || p.Get(name) != ""
	}
	return form
}

// countedFacets are the filters at whose values the list is counted.
var countedFacets = []ledger.Facet{"category", "sector", "vector", "data_class", "payment_method", "unit", "support", "role", "certainty", "country", "tag"}

// openChoices is how many values of an open list are there to choose from.
const openChoices = 8

// count puts the numbers of a list at the values of its filters. Where one value of a
// filter is in force its others have no number: choosing one would lengthen the list.
func (f *filterForm) count(p *params, counts ledger.Facets) {
	for i := range f.Groups {
		g := &f.Groups[i]
		values := facetOf(counts, g.Name)
		if values == nil {
			continue
		}
		on := p.list(g.Name)
		for j := range g.Choices {
			c := &g.Choices[j]
			n := countOf(values, c.Value)
			if c.On || len(on) == 0 {
				c.Count, c.None = incidents.Number(n), n == 0
			}
		}
	}
	f.Groups = slices.Insert(f.Groups, min(2, len(f.Groups)), f.open(p, counts, "country", "Two letters: US, CN"))
	f.Groups = append(f.Groups, f.open(p, counts, "tag", ""))
}

// open is a filter without a closed list: the values that are in force, those
// that the list has most, and a field for any other.
func (*filterForm) open(p *params, counts ledger.Facets, name, help string) choiceGroup {
	g := choiceGroup{Name: name, Title: filterTitle(name), Other: "Others", Help: help}
	on := p.list(name)
	values := facetOf(counts, name)
	for _, value := range values {
		if value.Value == nil || len(g.Choices) >= openChoices && !slices.Contains(on, *value.Value) {
			continue
		}
		c := choice{Value: *value.Value, Label: filterWords(name, *value.Value), On: slices.Contains(on, *value.Value)}
		if c.On || len(on) == 0 {
			c.Count = incidents.Number(value.Count)
		}
		g.Choices = append(g.Choices, c)
	}
	rest := slices.DeleteFunc(on, func(value string) bool {
		return slices.ContainsFunc(g.Choices, func(c choice) bool { return c.Value == value })
	})
	g.Rest, g.Open = strings.Join(rest, ", "), p.Get(name) != ""
	return g
}

func facetOf(f ledger.Facets, name string) []ledger.FacetValue {
	return map[string][]ledger.FacetValue{
		"category": f.Category, "certainty": f.Certainty, "vector": f.Vector, "data_class": f.DataClass, "payment_method": f.PaymentMethod,
		"country": f.Country, "sector": f.Sector, "role": f.Role, "unit": f.Unit, "support": f.Support, "tag": f.Tag,
	}[name]
}

func countOf(values []ledger.FacetValue, value string) int64 {
	for _, v := range values {
		if v.Value != nil && *v.Value == value {
			return v.Count
		}
	}
	return 0
}
