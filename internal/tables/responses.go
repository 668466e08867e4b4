package tables

import (
	"slices"

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
			return slices.Concat([]csvfile.Cell{
				csvfile.Text(p.Incident.Slug), csvfile.Text(p.Incident.Title), csvfile.Text(p.Actor.Slug), csvfile.Text(p.Actor.Name),
				csvfile.Text(p.SpokenBy), csvfile.Text(string(p.Kind)), csvfile.Text(string(p.State)), date(p.MadeOn), date(p.Due),
				date(p.KeptOn), date(p.BrokenOn), csvfile.Text(p.Summary), csvfile.Bool(p.ViaUnnamedSource), csvfile.Text(string(p.Support)),
			}, evidence(p.Evidence), []csvfile.Cell{csvfile.Text(p.ID.String())}), nil
		},
	}
}

// ResponseList has a row for each response, with its best evidence.
func ResponseList() Table[ledger.ResponseItem] {
	return Table[ledger.ResponseItem]{
		Name: "response-list",
		Columns: []string{
			"incident", "incident_title", "disclosed", "actor", "actor_name", "actor_kind", "sector", "roles", "spoken_by", "kind", "status", "date",
			"days_after_disclosure", "promise", "due", "summary", "via_unnamed_source", "support", "quote", "source_title", "source_publisher",
			"source_url", "source_id", "id", "fulfils", "answers", "accused", "claimant",
		},
		row: func(r ledger.ResponseItem) ([]csvfile.Cell, error) {
			accused, claimant := csvfile.Empty, csvfile.Empty
			if r.Denies != nil {
				accused = csvfile.Text(r.Denies.Accused.Slug)
				if by := r.Denies.Claimant; by != nil {
					claimant = csvfile.Text(by.Slug)
				}
			}
			return slices.Concat([]csvfile.Cell{
				csvfile.Text(r.Incident.Slug), csvfile.Text(r.Incident.Title), date(r.Incident.Disclosed), csvfile.Text(r.Actor.Slug), csvfile.Text(r.Actor.Name),
				csvfile.Text(string(r.Actor.Kind)), csvfile.Text(string(r.Actor.Sector)), csvfile.Texts(r.Roles), csvfile.Text(r.SpokenBy),
				csvfile.Text(string(r.Kind)), csvfile.Text(string(r.Status)), date(r.Date), csvfile.MaybeInt(r.DaysAfterDisclosure), csvfile.Text(string(r.Promise)), date(r.Due),
				csvfile.Text(r.Summary), csvfile.Bool(r.ViaUnnamedSource), csvfile.Text(string(r.Support)),
			}, evidence(r.Evidence), []csvfile.Cell{
				csvfile.Text(r.ID.String()), csvfile.Text(string(r.Fulfils)), csvfile.Text(string(r.Answers)), accused, claimant,
			}), nil
		},
	}
}

// evidence is the first of some evidence that has a quote, or else the first: the quote,
// and the title, publisher, address and id of its source.
func evidence(of []incidents.Evidence) []csvfile.Cell {
	if len(of) == 0 {
		return []csvfile.Cell{csvfile.Empty, csvfile.Empty, csvfile.Empty, csvfile.Empty, csvfile.Empty}
	}
	e := of[max(0, slices.IndexFunc(of, func(e incidents.Evidence) bool { return e.Quote != "" }))]
	return []csvfile.Cell{
		csvfile.Text(e.Quote), csvfile.Text(e.Source.Title), csvfile.Text(e.Source.Publisher), csvfile.Text(e.Source.URL), csvfile.Text(e.Source.ID.String()),
	}
}
