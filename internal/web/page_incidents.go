package web

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
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
	Orders   []choice
	Columns  []sortColumn
	Items    []listed
	Total    *ledger.Total
	Bounded  bool   // the numbers at the filters are those of a part of what matches
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
		Frame: Frame{Title: "Incidents", Nav: "incidents", Wide: true, Canonical: v.URL.RequestURI(), Feed: "/feed.atom" + with(without(v.query, "sort"), "", "")},
		Sort:  v.query.Get("sort"), CSV: "/incidents.csv" + with(v.query, "", ""), API: "/v1/incidents" + with(v.query, "", ""),
	}
	out := show("incidents", p)
	p.Problems = ps.problems
	var facets ledger.Facets
	if len(p.Problems) == 0 {
		var err error
		facets, err = s.find(v, f, p)
		if problems, ok := asProblems(err); ok {
			p.Problems = problems
		} else if err != nil {
			return answer{}, err
		}
	}
	if v.query.Has("cursor") {
		p.First = "/incidents" + with(v.query, "cursor", "")
	}
	if len(p.Problems) > 0 {
		out.status = http.StatusBadRequest
	}
	p.Form = newFilterForm(ps, v.by.Role.SeesUnpublished(), p.Problems)
	p.Form.count(ps, facets)
	p.Bounded = facets.Bounded
	p.Active = activeFilters(ps)
	p.Orders, p.Columns = orders(p.Sort, f.Query != ""), sortColumns(v.query, p.Sort, f.Query != "")
	if q := f.Query; q != "" {
		p.Title = "Incidents: " + q
	}
	return out, nil
}

// find reads the list and, at the same time, how it is spread over the values
// of the filters. The list stands also where counting takes too long.
func (s *Web) find(v *visit, f ledger.Filter, p *incidentsPage) (ledger.Facets, error) {
	var list ledger.Listing
	var facets ledger.Facets
	err := together(
		v.ctx(),
		func(ctx context.Context) (err error) {
			list, err = s.ledger.List(ctx, ledger.ListRequest{
				Filter: f, Sort: ledger.Sort(p.Sort), Page: ledger.Page{Limit: listRows, Cursor: v.query.Get("cursor")},
				Highlight: f.Query != "", WholeTexts: s.seesTexts(v.by), Count: true,
			})
			return err
		},
		func(ctx context.Context) (err error) {
			facets, err = s.facets.get(with(without(v.query, "sort"), "", "")+string(v.by.Role), func() (ledger.Facets, error) {
				counted, err := s.ledger.List(ctx, ledger.ListRequest{Filter: f, Sort: ledger.Sort(ledger.Sorts()[0]), Page: ledger.Page{Limit: 1}, Facets: countedFacets})
				if err != nil {
					return ledger.Facets{}, err
				}
				return *counted.Facets, nil
			})
			if errors.Is(err, ledger.ErrTooSlow) || errors.Is(err, ledger.ErrBusy) {
				return nil
			}
			return err
		},
	)
	if err != nil {
		return facets, err
	}
	p.Total = list.Total
	if p.Items, err = listedOf(list.Items, f.Query); err != nil {
		return facets, err
	}
	if list.NextCursor != "" {
		p.Next = "/incidents" + with(v.query, "cursor", list.NextCursor)
	}
	return facets, nil
}

// listed is a row of the list, with where the words of a search stand.
type listed struct {
	incidents.Card
	TitleParts []ledger.HighlightPart
	Passages   []found
}

// found is a passage in which words of the search stand.
type found struct {
	Where, Href string
	Parts       []ledger.HighlightPart
}

// mostPassages is how many passages a row shows.
const mostPassages = 2

func listedOf(items []json.RawMessage, query string) ([]listed, error) {
	out := make([]listed, len(items))
	for i, item := range items {
		one := struct {
			Highlight []ledger.Highlight `json:"highlight"`
		}{}
		if err := json.Unmarshal(item, &out[i].Card); err != nil {
			return nil, fmt.Errorf("read a card: %w", err)
		}
		if query == "" {
			continue
		}
		if err := json.Unmarshal(item, &one); err != nil {
			return nil, fmt.Errorf("read where words stand: %w", err)
		}
		for _, h := range one.Highlight {
			switch {
			case h.Field == "title":
				out[i].TitleParts = h.Parts
			case len(out[i].Passages) == mostPassages:
			case h.Field == "source" && h.Source != nil:
				out[i].Passages = append(out[i].Passages, found{"An article", "/sources/" + h.Source.String(), h.Parts})
			default:
				out[i].Passages = append(out[i].Passages, found{sentence(h.Field), "", h.Parts})
			}
		}
	}
	return out, nil
}

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

// activeFilters are the filters of the query, each value by itself.
func activeFilters(p *params) []activeFilter {
	var out []activeFilter
	for _, name := range filterNames {
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
				Name: filterTitle(name), Value: filterWords(name, value), Without: "/incidents" + with(p.Values, name, rest),
			})
		}
	}
	return out
}
