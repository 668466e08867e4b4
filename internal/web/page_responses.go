package web

import (
	"context"
	"net/http"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
)

// responsesPage is how organisations answered, and what became of their promises.
type responsesPage struct {
	Frame
	Report       ledger.ResponseReport
	Heat         heatMap
	Filters      responseFilters
	Silent       []incidents.Card
	AllSilent    string
	Promises     *ledger.PromiseReport // nil when it took too long
	States       []promiseState
	Problems     []shownProblem
	State        string // of the promises that are asked for
	CSV, Next    string
	List         string // the address of the responses themselves
	PromisesCSV  string
	NextPromises string
}

// promiseState is how many promises are in a state, and the register of these.
type promiseState struct {
	Name, Href string
	Count      int64
	On         bool
}

const promiseRows = 25

func (s *Web) responsesPage(v *visit) (answer, error) {
	if query, changed := tidy(v.query); changed {
		return seeOther("/responses" + encode(query)), nil
	}
	ps := &params{Values: v.query}
	scope, promises := s.responseScope(ps, v), s.promiseScope(ps, v)
	p := &responsesPage{
		Frame:   Frame{Title: "How organisations answered", Nav: "responses", Wide: true, Canonical: v.URL.RequestURI()},
		Filters: newResponseFilters(ps, "/responses"), State: v.query.Get("state"),
		CSV: fileOf("/responses.csv", v.query), PromisesCSV: fileOf("/promises.csv", v.query, "state"), List: fileOf(responseListPath, v.query),
	}
	if p.State != "" {
		p.Filters.Kept = append(p.Filters.Kept, choice{Label: "state", Value: p.State})
	}
	out := show("responses", p)
	if len(ps.problems) > 0 {
		return p.refused(out, ps.problems), nil
	}
	err := s.readResponses(v, p, scope, promises)
	if problems, ok := asProblems(err); ok {
		return p.refused(out, problems), nil
	}
	if err != nil {
		return answer{}, err
	}
	p.Heat = newHeatMap(p.Report, v.query)
	if next := orNone(p.Report.NextCursor); next != "" {
		p.Next = "/responses" + with(v.query, "cursor", next) + "#table"
	}
	if p.Promises != nil {
		p.States = promiseStates(v, p.Promises.Counts, p.State)
		if next := orNone(p.Promises.NextCursor); next != "" {
			p.NextPromises = "/responses" + with(v.query, "promises", next) + "#promises"
		}
	}
	return out, nil
}

// readResponses reads the report, the register of promises, and those of whom no
// response is recorded.
func (s *Web) readResponses(v *visit, p *responsesPage, scope ledger.ResponseScope, promises ledger.PromiseScope) error {
	of := without(v.query, "state", "promises")
	silent := scope.Filter
	silent.Unanswered = new(true)
	return together(
		v.ctx(),
		func(ctx context.Context) (err error) {
			p.Report, err = keep(ctx, s, v, &s.reports, of.Encode(), func() (ledger.ResponseReport, error) {
				return s.ledger.Responses(ctx, scope, ledger.Page{Limit: listRows, Cursor: v.query.Get("cursor")})
			})
			return err
		},
		func(ctx context.Context) (err error) {
			p.Promises, err = inTime(s.ledger.Promises(ctx, promises, ledger.Page{Limit: promiseRows, Cursor: v.query.Get("promises")}))
			return err
		},
		func(ctx context.Context) error {
			cards, more, err := s.cards(ctx, silent, "-victims", ledger.Page{Limit: silentRows})
			if p.Silent = cards; more != "" {
				p.AllSilent = "/incidents" + with(without(of, "from", "to"), "unanswered", "true")
			}
			return err
		},
	)
}

// refused is the page with what is wrong with its parameters, and no report.
func (p *responsesPage) refused(out answer, problems incidents.Problems) answer {
	p.Problems, out.status = p.Filters.refuse(problems), http.StatusBadRequest
	return out
}

func promiseStates(v *visit, n ledger.PromiseCounts, current string) []promiseState {
	out := []promiseState{
		{Name: "open", Count: n.Open}, {Name: "overdue", Count: n.Overdue}, {Name: "kept", Count: n.Kept}, {Name: "broken", Count: n.Broken},
	}
	for i := range out {
		state := &out[i]
		state.On = state.Name == current
		next := state.Name
		if state.On {
			next = "" // pressed again it lets all in
		}
		state.Href = "/responses" + with(without(v.query, "promises"), "state", next) + "#promises"
	}
	return out
}

// responseScope reads what the report is about: from and to are about the
// response, as in the API.
func (s *Web) responseScope(ps *params, v *visit) ledger.ResponseScope {
	f := s.filter(ps, v.by)
	scope := ledger.ResponseScope{Filter: f, From: f.From, To: f.To}
	scope.Filter.From, scope.Filter.To = incidents.PartialDate{}, incidents.PartialDate{}
	return scope
}

// promiseScope reads which promises the register is about.
func (s *Web) promiseScope(ps *params, v *visit) ledger.PromiseScope {
	of := s.responseScope(&params{Values: ps.Values}, v)
	return ledger.PromiseScope{Filter: of.Filter, From: of.From, To: of.To, States: terms[ledger.PromiseState](ps, "state")}
}
