package tables

import (
	"encoding/json"
	"fmt"

	"github.com/breachledger/breachledger/internal/exchange/csvfile"
	"github.com/breachledger/breachledger/internal/incidents"
)

// theSource stands where a figure is claimed by nobody but the source itself.
const theSource = "(the source)"

// Incidents has a row for each card, which is finished JSON.
func Incidents() Table[json.RawMessage] {
	return Table[json.RawMessage]{
		Name: "incidents",
		Columns: []string{
			"slug", "title", "category", "certainty", "publication", "disclosed", "occurred_from", "occurred_to", "countries", "vectors", "payment",
			"victims_qualifier", "victims", "victims_unit", "victims_claimed_by", "victims_support", "victims_low", "victims_high", "victims_text",
			"breached", "alleged_attackers", "response_count", "unanswered", "contested", "version", "updated_at", "id",
		},
		row: func(raw json.RawMessage) ([]csvfile.Cell, error) {
			var c incidents.Card
			if err := json.Unmarshal(raw, &c); err != nil {
				return nil, fmt.Errorf("read a card: %w", err)
			}
			return incidentCells(c), nil
		},
	}
}

func incidentCells(c incidents.Card) []csvfile.Cell {
	var occurred incidents.Period
	if c.Occurred != nil {
		occurred = *c.Occurred
	}
	var breached, accused []string
	for _, a := range c.Actors {
		switch {
		case a.Role.Breached():
			breached = append(breached, a.Name)
		case a.Role == incidents.RoleAllegedAttacker:
			accused = append(accused, a.Name)
		}
	}
	cells := []csvfile.Cell{
		csvfile.Text(c.Slug), csvfile.Text(c.Title), csvfile.Text(string(c.Category)), csvfile.Text(string(c.Certainty)), csvfile.Text(string(c.Publication)),
		date(c.Disclosed), date(occurred.From), date(occurred.To), csvfile.Texts(c.Countries), csvfile.Texts(c.Vectors), csvfile.Bool(c.Payment),
	}
	if v := c.Victims; v == nil {
		cells = append(cells, make([]csvfile.Cell, 8)...)
	} else {
		claimant := theSource
		switch {
		case v.ClaimedBy != nil:
			claimant = v.ClaimedBy.Name
		case v.Support == incidents.Unsourced:
			claimant = "" // nobody is named
		}
		cells = append(cells, csvfile.Text(string(v.Qualifier)), csvfile.MaybeInt(v.Quantity), csvfile.Text(string(v.Unit)), csvfile.Text(claimant),
			csvfile.Text(string(v.Support)), csvfile.MaybeInt(v.Low), csvfile.MaybeInt(v.High), csvfile.Text(v.Text))
	}
	return append(cells, csvfile.Texts(breached), csvfile.Texts(accused), csvfile.Int(c.ResponseCount), csvfile.Bool(c.Unanswered),
		csvfile.Bool(c.Contested), csvfile.Int(c.Version), csvfile.Time(c.UpdatedAt), csvfile.Text(c.ID.String()))
}
