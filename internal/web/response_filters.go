package web

import (
	"slices"
	"strings"

	"github.com/breachledger/breachledger/internal/incidents"
)

// responseFilters is the form above the report on responses and above their list.
type responseFilters struct {
	Path                       string // of the page
	Categories, Kinds, Sectors []choice
	Statuses                   []choice // only of the list
	Payment, Actor, From, To   string
	Errors                     map[string]string
	Others                     []activeFilter // for which the form has no field
	Kept                       []choice       // their parameters, which the form keeps
}

// responseFields are the parameters that have a field, with the ids of these.
var responseFields = map[string]string{
	"payment": "payment", "category": "category", "actor_kind": "actor_kind", "sector": "sector", "actor": "actor", "from": "from", "to": "to",
	"status": "status",
}

// newResponseFilters reads what a page is filtered by. Of what the form has no field
// for, which a link brought, such as an organisation's to its promises, it shows all but
// the shown, and sends it along.
func newResponseFilters(ps *params, path string, shown ...string) responseFilters {
	f := responseFilters{
		Path:       path,
		Categories: choices(ps, "category", incidents.DataBreach.Vocabulary()), Kinds: choices(ps, "actor_kind", incidents.Company.Vocabulary()),
		Sectors: choices(ps, "sector", incidents.SectorUnknown.Vocabulary()), Payment: ps.Get("payment"),
		Actor: ps.Get("actor"), From: ps.Get("from"), To: ps.Get("to"),
	}
	others := slices.DeleteFunc(slices.Clone(filterNames), func(name string) bool { return responseFields[name] != "" })
	for _, name := range others {
		if value := ps.Get(name); value != "" {
			f.Kept = append(f.Kept, choice{Label: name, Value: value})
		}
	}
	f.Others = activeFilters(ps, path, slices.DeleteFunc(others, func(name string) bool { return slices.Contains(shown, name) }))
	return f
}

// refuse marks the fields that are wrong, and says what is wrong with them.
func (f *responseFilters) refuse(problems incidents.Problems) []shownProblem {
	f.Errors = errorsOf(problems)
	return filterProblems(problems, responseFields)
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
