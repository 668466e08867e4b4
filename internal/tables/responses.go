package tables

import (
	"github.com/breachledger/breachledger/internal/exchange/csvfile"
	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
)

// Responses has a row for each organisation, with a column for each kind of
// response.
func Responses() Table[ledger.ActorResponses] {
	t := Table[ledger.ActorResponses]{Name: "responses", Columns: []string{
		"actor", "name", "kind", "sector", "incidents", "unanswered", "responses", "promised", "kept", "broken", "overdue",
		"first_response_median_days", "first_response_incidents", "first_response_measured_from",
	}}
	kinds := incidents.ResponseKind("").Vocabulary().Values()
	for _, k := range kinds {
		t.Columns = append(t.Columns, "responses_"+k)
	}
	t.row = func(r ledger.ActorResponses) ([]csvfile.Cell, error) {
		days := csvfile.Empty
		if r.FirstResponse.MedianDays != nil {
			days = csvfile.Float(*r.FirstResponse.MedianDays)
		}
		cells := []csvfile.Cell{
			csvfile.Text(r.Actor.Slug), csvfile.Text(r.Actor.Name), csvfile.Text(string(r.Actor.Kind)), csvfile.Text(string(r.Actor.Sector)),
			csvfile.Int(r.Incidents), csvfile.Int(r.Unanswered), csvfile.Int(r.Responses), csvfile.Int(r.Promised), csvfile.Int(r.Kept),
			csvfile.Int(r.Broken), csvfile.Int(r.Overdue), days, csvfile.Int(r.FirstResponse.Incidents), csvfile.Text(r.FirstResponse.MeasuredFrom),
		}
		for _, k := range kinds {
			cells = append(cells, csvfile.Int(r.ByKind[incidents.ResponseKind(k)]))
		}
		return cells, nil
	}
	return t
}

// Promises has a row for each promise, with its best evidence.
func Promises() Table[ledger.Promise] {
	return Table[ledger.Promise]{
		Name: "promises",
		Columns: []string{
			"incident", "incident_title", "actor", "actor_name", "spoken_by", "kind", "state", "made_on", "due", "kept_on", "broken_on", "summary",
			"via_unnamed_source", "support", "quote", "source_title", "source_publisher", "source_url", "source_id", "id",
		},
		row: func(p ledger.Promise) ([]csvfile.Cell, error) {
			var e incidents.Evidence
			source := csvfile.Empty
			for i, one := range p.Evidence {
				if i == 0 || e.Quote == "" && one.Quote != "" {
					e, source = one, csvfile.Text(one.Source.ID.String())
				}
			}
			return []csvfile.Cell{
				csvfile.Text(p.Incident.Slug), csvfile.Text(p.Incident.Title), csvfile.Text(p.Actor.Slug), csvfile.Text(p.Actor.Name),
				csvfile.Text(p.SpokenBy), csvfile.Text(string(p.Kind)), csvfile.Text(string(p.State)), date(p.MadeOn), date(p.Due),
				date(p.KeptOn), date(p.BrokenOn), csvfile.Text(p.Summary), csvfile.Bool(p.ViaUnnamedSource), csvfile.Text(string(p.Support)),
				csvfile.Text(e.Quote), csvfile.Text(e.Source.Title), csvfile.Text(e.Source.Publisher), csvfile.Text(e.Source.URL), source, csvfile.Text(p.ID.String()),
			}, nil
		},
	}
}
