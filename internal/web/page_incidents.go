package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
)

// incidentsPage is the list with its filters. Its address is its whole state.
type incidentsPage struct {
	Frame
	Form     filterForm
	Sort     string
	Columns  []sortColumn
	Items    []incidents.Card
	Next     string // the address of the next page
	First    string // the address of the first page, on later ones
	CSV      string
	API      string
	Active   []activeFilter
	Problems incidents.Problems
}

// sortColumn is a column that the list can be ordered by.
type sortColumn struct {
	Name, Href string
	Aria       string // "descending", "ascending" or ""
	Class      string
}

// activeFilter is a filter in force, with the address of the list without it.
type activeFilter struct{ Name, Value, Without string }

const listRows = 50

func (s *Web) incidentsPage(v *visit) (answer, error) {
	if query, changed := tidy(v.query); changed {
		return seeOther("/incidents" + encode(query)), nil
	}
	ps := &params{Values: v.query}
	f := ps.filter(v.by)
	p := &incidentsPage{
		Frame: Frame{Title: "Incidents", Nav: "incidents", Wide: true, Canonical: v.URL.RequestURI()},
		Sort:  v.query.Get("sort"), CSV: "/incidents.csv" + with(v.query, "", ""), API: "/v1/incidents" + with(v.query, "", ""),
	}
	out := show("incidents", p)
	if p.Problems = ps.problems; len(p.Problems) == 0 {
		var next string
		var err error
		p.Items, next, err = s.cards(v, f, ledger.Sort(p.Sort), ledger.Page{Limit: listRows, Cursor: v.query.Get("cursor")})
		if problems, ok := asProblems(err); ok {
			p.Problems = problems
		} else if err != nil {
			return answer{}, err
		}
		if next != "" {
			q, _ := tidy(v.query)
			q.Set("cursor", next)
			p.Next = "/incidents" + encode(q)
		}
	}
	if v.query.Has("cursor") {
		p.First = "/incidents" + with(v.query, "cursor", "")
	}
	if len(p.Problems) > 0 {
		out.status = http.StatusBadRequest
	}
	p.Form = newFilterForm(ps, v.by.Role.SeesUnpublished(), p.Problems)
	p.Active = activeFilters(ps)
	p.Columns = sortColumns(v.query, p.Sort)
	if q := f.Query; q != "" {
		p.Title = "Incidents: " + q
	}
	return out, nil
}

func sortColumns(query url.Values, current string) []sortColumn {
	if current == "" {
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

// activeFilters are the filters of the query, each value by itself.
func activeFilters(p *params) []activeFilter {
	var out []activeFilter
	for _, name := range filterNames {
		values := p.list(name)
		if !listed[name] && p.Get(name) != "" {
			values = []string{p.Get(name)}
		}
		for _, value := range values {
			rest := ""
			if listed[name] {
				rest = strings.Join(slices.DeleteFunc(slices.Clone(values), func(o string) bool { return o == value }), ",")
			}
			out = append(out, activeFilter{
				Name: filterTitle(name), Value: filterWords(name, value), Without: "/incidents" + with(p.Values, name, rest),
			})
		}
	}
	return out
}
