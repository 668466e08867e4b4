package ledger

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger/internal/dbsqlc"
)

// UnitTotal is what the headline counts of one unit add up to. Units are never
// added together.
type UnitTotal struct {
	Unit      incidents.Unit `json:"unit"`
	Incidents int64          `json:"incidents" doc:"Incidents whose headline count has the unit"`
	Counted   int64          `json:"counted" doc:"Those of them that state a number"`
	Stated    *int64         `json:"stated" doc:"The sum of the largest numbers stated; null when none is"`
	Low       *int64         `json:"low" doc:"The sum of the lower bounds that are known; null when none is"`
	High      *int64         `json:"high" doc:"The sum of the upper bounds; null as soon as one is missing"`
	Text      string         `json:"text" example:"at most 78,800,000 records"`
}

// Group is a part of the incidents, such as those of one year.
type Group struct {
	Incidents int64       `json:"incidents"`
	Uncounted int64       `json:"uncounted" doc:"Incidents without a number of victims"`
	Units     []UnitTotal `json:"units"`
}

// YearGroup is the incidents of a year: the one in which they became public, or the
// year of the date that Filter.Date names. If that date is not known, the first known
// one of disclosed, occurred and discovered counts, so that every dated incident has a
// year. The facet leaves such incidents out, since it has to find what the filter finds.
type YearGroup struct {
	Year *int `json:"year" doc:"The year of disclosure, or of the date that the parameter date names; if that is not known, of the first known one of disclosed, occurred and discovered. Null for incidents without any of these"`
	Group
}

// CategoryGroup is the incidents of a category.
type CategoryGroup struct {
	Category incidents.Category `json:"category"`
	Group
}

// VectorGroup is the incidents with a vector; one with two vectors is in two groups.
type VectorGroup struct {
	Vector incidents.Vector `json:"vector"`
	Group
}

// BreachTotals is what the matching incidents add up to.
type BreachTotals struct {
	Counted    int64           `json:"counted" doc:"Incidents with a number of victims"`
	Uncounted  int64           `json:"uncounted" doc:"Incidents without one"`
	ByYear     []YearGroup     `json:"by_year"`
	ByCategory []CategoryGroup `json:"by_category"`
	ByVector   []VectorGroup   `json:"by_vector"`
	ByUnit     []UnitTotal     `json:"by_unit"`
}

// BreachTotals adds up the incidents that match.
func (l *Ledger) BreachTotals(ctx context.Context, f Filter) (BreachTotals, error) {
	out := BreachTotals{ByYear: []YearGroup{}, ByCategory: []CategoryGroup{}, ByVector: []VectorGroup{}, ByUnit: []UnitTotal{}}
	rows, err := l.breachRows(ctx, f)
	if err != nil {
		return out, fmt.Errorf("report breaches: %w", fromPostgres(err))
	}
	// The rows of one group follow each other.
	for len(rows) > 0 {
		n := slices.IndexFunc(rows, func(r dbsqlc.BreachTotalsRow) bool {
			return r.Dimension != rows[0].Dimension || r.Value != rows[0].Value
		})
		if n < 0 {
			n = len(rows)
		}
		out.add(rows[0].Dimension, rows[0].Value, groupOf(rows[:n]))
		rows = rows[n:]
	}
	return out, nil
}

func (t *BreachTotals) add(dimension, value string, g Group) {
	switch dimension {
	case "year":
		y := YearGroup{Group: g}
		if year, err := strconv.Atoi(value); err == nil {
			y.Year = &year
		}
		t.ByYear = append(t.ByYear, y)
	case "category":
		t.ByCategory = append(t.ByCategory, CategoryGroup{incidents.Category(value), g})
	case "vector":
		t.ByVector = append(t.ByVector, VectorGroup{incidents.Vector(value), g})
	case "all":
		t.Counted, t.Uncounted, t.ByUnit = g.Incidents-g.Uncounted, g.Uncounted, g.Units
	}
}

func groupOf(rows []dbsqlc.BreachTotalsRow) Group {
	g := Group{Units: []UnitTotal{}}
	for _, row := range rows {
		g.Incidents += row.Incidents
		g.Uncounted += row.Incidents - row.Counted
		if row.VictimsUnit == nil {
			continue
		}
		u := UnitTotal{Unit: *row.VictimsUnit, Incidents: row.Incidents, Counted: row.Counted}
		if row.Counted > 0 {
			u.Stated = &row.Stated
		}
		if row.BoundedBelow > 0 {
			u.Low = &row.Low
		}
		if row.BoundedAbove == row.Incidents {
			u.High = &row.High
		}
		u.Text = incidents.SumWords(u.Unit, u.Stated, u.Low, u.High)
		g.Units = append(g.Units, u)
	}
	return g
}
