package web

import (
	"net/url"
	"slices"
	"strings"

	"github.com/breachledger/breachledger/internal/ledger"
)

// sortColumn is a column that the list can be ordered by.
type sortColumn struct {
	Name, Href string
	Aria       string // "descending", "ascending" or ""
	Class      string
}

// activeFilter is a filter in force, with the address of the list without it.
type activeFilter struct{ Name, Value, Without string }

// orders are the orders to choose from where there are no columns to press.
func orders(current string, search bool) []choice {
	out := []choice{
		{Value: "-victims", Label: "Most victims"},
		{Value: "-victims_low", Label: "Most victims proven"},
		{Value: "-disclosed", Label: "Newly public"},
		{Value: "-occurred", Label: "Happened last"},
		{Value: "-updated", Label: "Updated last"},
		{Value: "victims", Label: "Fewest victims"},
		{Value: "victims_low", Label: "Fewest victims proven"},
		{Value: "disclosed", Label: "Longest public"},
		{Value: "occurred", Label: "Happened first"},
		{Value: "updated", Label: "Updated first"},
	}
	if search {
		out = slices.Insert(out, 0, choice{Value: string(ledger.Relevance), Label: "Best match"})
	}
	for i := range out {
		out[i].On = out[i].Value == current || current == "" && i == 0
	}
	return out
}

func sortColumns(query url.Values, current string, search bool) []sortColumn {
	if current == "" && !search {
		current = ledger.Sorts()[0]
	}
	out := []sortColumn{{Name: "Victims", Class: "figure"}, {Name: "Public since"}, {Name: "Happened"}, {Name: "Updated"}}
	for i, key := range []string{"victims", "disclosed", "occurred", "updated"} {
		next := "-" + key
		switch current {
		case "-" + key:
			out[i].Aria, next = "descending", key
		case key:
			out[i].Aria = "ascending"
		}
		out[i].Href = "/incidents" + with(query, "sort", next)
	}
	return out
}

// activeFilters are those of the filters that are in force on a page, each value
// by itself.
func activeFilters(p *params, path string, of []string) []activeFilter {
	var out []activeFilter
	for _, name := range of {
		values := p.list(name)
		if !isListed[name] && p.Get(name) != "" {
			values = []string{p.Get(name)}
		}
		for _, value := range values {
			rest := ""
			if isListed[name] {
				rest = strings.Join(slices.DeleteFunc(slices.Clone(values), func(o string) bool { return o == value }), ",")
			}
			out = append(out, activeFilter{
				Name: filterTitle(name), Value: filterWords(name, value), Without: path + with(p.Values, name, rest),
			})
		}
	}
	return out
}
