package web

import (
	"context"
	"net/http"
	"slices"
	"strings"

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
	CSV, Next    string
	PromisesCSV  string
	NextPromises string
}

// responseFilters is the form above the report.
type responseFilters struct {
	Categories, Kinds, Sectors []choice
	Payment, State             string
	Actor, From, To            string
	Errors                     map[string]string
	Others                     []activeFilter // for which the form has no field
	Kept                       []choice       // their parameters, which the form keeps
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
		Frame: Frame{Title: "How organisations answered", Nav: "responses", Wide: true, Canonical: v.URL.RequestURI()},
		Filters: responseFilters{
			Categories: choices(ps, "category", incidents.DataBreach.Vocabulary()), Kinds: choices(ps, "actor_kind", incidents.Company.Vocabulary()),
			Sectors: choices(ps, "sector", incidents.SectorUnknown.Vocabulary()), Payment: v.query.Get("payment"), State: v.query.Get("state"),
			Actor: v.query.Get("actor"), From: v.query.Get("from"), To: v.query.Get("to"),
		},
		CSV: fileOf("/responses.csv", v.query), PromisesCSV: fileOf("/promises.csv", v.query, "state"),
	}
	p.Filters.keep(ps)
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
	p.Heat = newHeatMap(p.Report)
	if next := orNone(p.Report.NextCursor); next != "" {
		p.Next = "/responses" + with(v.query, "cursor", next) + "#table"
	}
	if p.Promises != nil {
		p.States = promiseStates(v, p.Promises.Counts, p.Filters.State)
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
	p.Problems = filterProblems(problems, map[string]string{"payment": "payment", "category": "category", "actor_kind": "actor_kind", "sector": "sector", "actor": "actor", "from": "from", "to": "to"})
	p.Filters.Errors, out.status = errorsOf(problems), http.StatusBadRequest
	return out
}

// keep shows, and sends along with the form, what the report is filtered by
// besides: a link brought it, such as an organisation's to its promises.
func (f *responseFilters) keep(ps *params) {
	others := slices.DeleteFunc(slices.Clone(filterNames), func(name string) bool {
		return slices.Contains([]string{"payment", "category", "actor_kind", "sector", "actor", "from", "to"}, name)
	})
	f.Others = activeFilters(ps, "/responses", others)
	for _, name := range others {
		if value := ps.Get(name); value != "" {
			f.Kept = append(f.Kept, choice{Label: name, Value: value})
		}
	}
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

// choices are the values of a filter that takes one. Where a link brought several
// they are one choice more.
func choices(p *params, name string, v incidents.Vocabulary) []choice {
	out := make([]choice, 0, len(v.Terms)+1)
	for _, t := range v.Terms {
		out = append(out, choice{Value: t.Value, Label: sentence(t.Label), On: p.Get(name) == t.Value})
	}
	if several := p.list(name); len(several) > 1 {
		one := choice{Value: strings.Join(several, ","), On: true}
		for i, value := range several {
			several[i] = lower(v.Label(value))
		}
		one.Label = sentence(list(several))
		out = append(out, one)
	}
	return out
}
