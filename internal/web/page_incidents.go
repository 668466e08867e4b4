package web

import (
	"context"
	"net/http"
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
	Begins   []string // with what to look for the actors of the filter, when nothing matches
	Problems []shownProblem
}

const listRows = 50

func (s *Web) incidentsPage(v *visit) (answer, error) {
	if query, changed := tidy(v.query); changed {
		return seeOther("/incidents" + encode(query)), nil
	}
	ps := &params{Values: v.query}
	f := s.filter(ps, v.by)
	p := &incidentsPage{
		Frame: Frame{Title: "Incidents", Nav: "incidents", Wide: true, Canonical: v.URL.RequestURI(), Feed: "/feed.atom" + encode(filterQuery(f))},
		Sort:  v.query.Get("sort"), CSV: fileOf("/incidents.csv", v.query, "sort"), API: "/v1/incidents" + with(filterQuery(f), "sort", v.query.Get("sort")),
	}
	if slices.ContainsFunc(f.Publications, func(one incidents.Publication) bool { return one != incidents.Published }) {
		p.Feed = "" // what is not public takes a key there, which a link has not
	}
	out := show("incidents", p)
	wrong := ps.problems
	var facets ledger.Facets
	if len(wrong) == 0 {
		var err error
		facets, err = s.find(v, f, p)
		if problems, ok := asProblems(err); ok {
			wrong = problems
		} else if err != nil {
			return answer{}, err
		}
	}
	if v.query.Has("cursor") {
		p.First = "/incidents" + with(v.query, "cursor", "")
	}
	if len(wrong) > 0 {
		out.status, p.Problems, p.Feed = http.StatusBadRequest, filterProblems(wrong, listFields), ""
	}
	p.Form = newFilterForm(ps, v.by.Role.SeesUnpublished(), wrong)
	p.Form.count(ps, facets)
	p.Bounded = facets.Bounded
	p.Active = activeFilters(ps, "/incidents", filterNames)
	if len(p.Items) == 0 {
		p.Begins = firstWords(f.Actors)
	}
	p.Orders, p.Columns = orders(p.Sort, f.Query != ""), sortColumns(v.query, p.Sort, f.Query != "")
	if q := f.Query; q != "" {
		p.Title = "Incidents: " + q
	}
	return out, nil
}

// firstWords are the first words of some names, each once. An organisation that is not
// found by its name may be there by another that begins alike.
func firstWords(names []string) []string {
	var out []string
	for _, name := range names {
		if word, _, _ := strings.Cut(strings.TrimSpace(name), " "); word != "" && !slices.Contains(out, word) {
			out = append(out, word)
		}
	}
	return out[:min(len(out), 5)]
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
				Highlight: f.Query != "", Count: true,
			})
			return err
		},
		func(ctx context.Context) (err error) {
			facets, err = keep(ctx, s, v, &s.facets, with(v.query, "sort", ""), func() (ledger.Facets, error) {
				counted, err := inTime(s.ledger.List(ctx, ledger.ListRequest{Filter: f, Sort: ledger.Sort(ledger.Sorts()[0]), Page: ledger.Page{Limit: 1}, Facets: countedFacets}))
				if err != nil || counted == nil {
					return ledger.Facets{}, err
				}
				return *counted.Facets, nil
			})
			return err
		},
	)
	if err != nil {
		return facets, err
	}
	p.Total = list.Total
	if p.Items, err = listedOf(list.JSON(), f.Query); err != nil {
		return facets, err
	}
	if list.NextCursor != "" {
		p.Next = "/incidents" + with(v.query, "cursor", list.NextCursor)
	}
	return facets, nil
}
