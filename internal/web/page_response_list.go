package web

import (
	"context"
	"net/http"
	"net/url"
	"slices"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
)

// responseListPath is the address of the list of responses.
const responseListPath = "/responses/list"

// responseListPage is what organisations answered, one response after another.
type responseListPage struct {
	Frame
	Filters  responseFilters
	Items    []ledger.ResponseItem
	Counts   *ledger.ResponseCounts // nil when counting took too long
	Kinds    []responseKind
	Problems []shownProblem
	CSV      string
	API      string
	Next     string
	First    string // the address of the first page, on later ones
}

// responseKind is how many responses are of a kind, and the list with or without it.
type responseKind struct {
	Kind  incidents.ResponseKind
	Count int64
	Href  string
	On    bool
}

func (s *Web) responseListPage(v *visit) (answer, error) {
	if query, changed := tidy(v.query); changed {
		return seeOther(responseListPath + encode(query)), nil
	}
	ps := &params{Values: v.query}
	scope := s.responseListScope(ps, v)
	p := &responseListPage{
		Frame:   Frame{Title: "What organisations answered", Nav: "responses", Wide: true, Canonical: v.URL.RequestURI()},
		Filters: newResponseFilters(ps, responseListPath, "response"),
		CSV:     fileOf(responseListPath+".csv", v.query, "status"), API: "/v1/responses" + encode(responseListQuery(scope)),
	}
	p.Filters.Statuses = choices(ps, "status", incidents.Stated.Vocabulary())
	if v.query.Has("cursor") {
		p.First = responseListPath + with(v.query, "cursor", "")
	}
	out := show("response_list", p)
	err := ps.problems.OrNil()
	if err == nil {
		err = s.readResponseList(v, p, scope)
	}
	if problems, ok := asProblems(err); ok {
		p.Problems, out.status = p.Filters.refuse(problems), http.StatusBadRequest
		return out, nil
	}
	return out, err
}

func (s *Web) readResponseList(v *visit, p *responseListPage, scope ledger.ResponseListScope) error {
	err := together(
		v.ctx(),
		func(ctx context.Context) error {
			items, next, err := s.ledger.ResponseList(ctx, scope, ledger.Page{Limit: listRows, Cursor: v.query.Get("cursor")})
			if p.Items = items; next != "" {
				p.Next = responseListPath + with(v.query, "cursor", next)
			}
			return err
		},
		func(ctx context.Context) (err error) {
			p.Counts, err = inTime(s.ledger.ResponseCounts(ctx, scope))
			return err
		},
	)
	if err != nil || p.Counts == nil {
		return err
	}
	asked := terms[incidents.ResponseKind](&params{Values: v.query}, "response")
	for _, value := range incidents.Denial.Vocabulary().Values() {
		one := responseKind{Kind: incidents.ResponseKind(value)}
		one.Count, one.On = p.Counts.ByKind[one.Kind], slices.Contains(asked, one.Kind)
		if one.Count == 0 && !one.On {
			continue
		}
		kinds := slices.DeleteFunc(slices.Clone(asked), func(k incidents.ResponseKind) bool { return k == one.Kind })
		if !one.On {
			kinds = append(kinds, one.Kind)
		}
		one.Href = responseListPath + with(v.query, "response", joined(kinds))
		p.Kinds = append(p.Kinds, one)
	}
	return nil
}

// responseListScope reads which responses the list is about.
func (s *Web) responseListScope(ps *params, v *visit) ledger.ResponseListScope {
	return ledger.ResponseListScope{ResponseScope: s.responseScope(ps, v), Statuses: terms[incidents.ResponseStatus](ps, "status")}
}

// responseListQuery is what a list is about as the API takes it.
func responseListQuery(s ledger.ResponseListScope) url.Values {
	f := s.Filter
	f.From, f.To, f.Date = s.From, s.To, ""
	q := filterQuery(f)
	if status := joined(s.Statuses); status != "" {
		q.Set("status", status)
	}
	return q
}

// daysAfter writes when a response came: "on the day it became public", "3 days later".
func daysAfter(days int64) string {
	switch {
	case days == 0:
		return "on the day it became public"
	case days < 0:
		return plural(-days, "day", "days") + " before it became public"
	default:
		return plural(days, "day", "days") + " after it became public"
	}
}

// firstQuote is the first sentence that a claim rests on; "" without one.
func firstQuote(evidence []incidents.Evidence) string {
	for _, e := range evidence {
		if e.Quote != "" {
			return e.Quote
		}
	}
	return ""
}
