package web

import (
	"net/http"
	"strconv"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
)

// responsesPage is how organisations answered.
type responsesPage struct {
	Frame
	Report     ledger.ResponseReport
	Heat       heatMap
	Categories []choice
	Kinds      []choice
	Sectors    []choice
	Payment    string
	From, To   string
	Silent     []incidents.Card
	AllSilent  string
	Problems   incidents.Problems
	CSV, Next  string
}

func (s *Web) responsesPage(v *visit) (answer, error) {
	if query, changed := tidy(v.query); changed {
		return seeOther("/responses" + encode(query)), nil
	}
	ps := &params{Values: v.query}
	scope := responseScope(ps, v)
	p := &responsesPage{
		Frame:      Frame{Title: "How organisations answered", Nav: "responses", Wide: true, Canonical: v.URL.RequestURI()},
		Categories: choices(ps, "category", incidents.DataBreach.Vocabulary()), Kinds: choices(ps, "actor_kind", incidents.Company.Vocabulary()),
		Sectors: choices(ps, "sector", incidents.SectorUnknown.Vocabulary()), Payment: v.query.Get("payment"),
		From: v.query.Get("from"), To: v.query.Get("to"), CSV: "/responses.csv" + with(v.query, "", ""),
	}
	out := show("responses", p)
	if p.Problems = ps.problems; len(p.Problems) > 0 {
		out.status = http.StatusBadRequest
		return out, nil
	}
	var err error
	if p.Report, err = s.ledger.Responses(v.ctx(), scope, ledger.Page{Limit: listRows, Cursor: v.query.Get("cursor")}); err != nil {
		return answer{}, err
	}
	p.Heat = newHeatMap(p.Report, "")
	if p.Report.NextCursor != nil {
		query, _ := tidy(v.query)
		query.Set("cursor", *p.Report.NextCursor)
		p.Next = "/responses" + encode(query)
	}
	scope.Filter.Unanswered = new(true)
	var next string
	if p.Silent, next, err = s.cards(v, scope.Filter, "-victims", ledger.Page{Limit: listRows}); err != nil {
		return answer{}, err
	}
	if next != "" {
		query, _ := tidy(v.query)
		query.Del("from")
		query.Del("to")
		p.AllSilent = "/incidents" + with(query, "unanswered", "true")
	}
	return out, nil
}

// responseScope reads what the report is about: from and to are about the
// response, as in the API.
func responseScope(ps *params, v *visit) ledger.ResponseScope {
	f := ps.filter(v.by)
	scope := ledger.ResponseScope{Filter: f, From: f.From, To: f.To}
	scope.Filter.From, scope.Filter.To = incidents.PartialDate{}, incidents.PartialDate{}
	return scope
}

func choices(p *params, name string, v incidents.Vocabulary) []choice {
	out := make([]choice, len(v.Terms))
	for i, t := range v.Terms {
		out[i] = choice{Value: t.Value, Label: sentence(t.Label), On: p.Get(name) == t.Value}
	}
	return out
}

// responsesCSV is the report as a file: a row for each organisation.
func (s *Web) responsesCSV(v *visit) (answer, error) {
	ps := &params{Values: v.query}
	scope := responseScope(ps, v)
	if err := ps.problems.OrNil(); err != nil {
		return answer{}, err
	}
	kinds := incidents.Denial.Vocabulary().Values()
	rows := [][]string{append([]string{
		"slug", "name", "kind", "sector", "incidents", "unanswered", "responses", "promised", "kept", "broken", "overdue", "median_days", "measured_incidents",
	}, kinds...)}
	page := ledger.Page{Limit: ledger.MaxLimit}
	for len(rows) <= mostCSV {
		report, err := s.ledger.Responses(v.ctx(), scope, page)
		if err != nil {
			return answer{}, err
		}
		for _, a := range report.Actors {
			median := ""
			if m := a.FirstResponse.MedianDays; m != nil {
				median = strconv.FormatFloat(*m, 'f', -1, 64)
			}
			row := []string{a.Actor.Slug, a.Actor.Name, string(a.Actor.Kind), string(a.Actor.Sector)}
			for _, n := range []int64{a.Incidents, a.Unanswered, a.Responses, a.Promised, a.Kept, a.Broken, a.Overdue} {
				row = append(row, strconv.FormatInt(n, 10))
			}
			row = append(row, median, strconv.FormatInt(a.FirstResponse.Incidents, 10))
			for _, kind := range kinds {
				row = append(row, strconv.FormatInt(a.ByKind[incidents.ResponseKind(kind)], 10))
			}
			rows = append(rows, row)
		}
		if report.NextCursor == nil {
			break
		}
		page.Cursor = *report.NextCursor
	}
	return csvAnswer("responses.csv", rows)
}
