package ledger

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math/big"
	"slices"

	"github.com/breachledger/breachledger/internal/ledger/internal/dbsqlc"
)

// This file writes sums into the tables of the reports. The rows go as JSON,
// many in a statement.

// actorsInStatement is how many rows of actors go at once.
const actorsInStatement = 500

// totalRow is a row of report_totals.
type totalRow struct {
	Payment      bool     `json:"payment"`
	Dimension    string   `json:"dimension"`
	Value        string   `json:"value"`
	Unit         *string  `json:"unit"`
	N            int64    `json:"n"`
	Counted      int64    `json:"counted"`
	BoundedBelow int64    `json:"bounded_below"`
	BoundedAbove int64    `json:"bounded_above"`
	Stated       *big.Int `json:"stated"`
	Low          *big.Int `json:"low"`
	High         *big.Int `json:"high"`
}

// actorRow is a row of report_actors.
type actorRow struct {
	Payment    bool              `json:"payment"`
	Slug       string            `json:"slug"`
	Incidents  int64             `json:"incidents"`
	Responses  int64             `json:"responses"`
	Unanswered int64             `json:"unanswered"`
	Promised   int64             `json:"promised"`
	Kept       int64             `json:"kept"`
	Broken     int64             `json:"broken"`
	Kinds      histogram[string] `json:"kinds"`
}

// write adds what was counted to the tables, and begins anew.
func (r *roller) write(ctx context.Context) error {
	if err := r.writeTotals(ctx); err != nil {
		return err
	}
	keys := slices.SortedFunc(maps.Keys(r.sums.actors), actorKey.compare) // neighbours in the indexes
	if err := r.writeDays(ctx, keys); err != nil {
		return err
	}
	for _, payment := range []bool{false, true} {
		var slugs []string
		for _, key := range keys {
			if key.Payment == payment {
				slugs = append(slugs, key.Slug)
			}
		}
		for some := range slices.Chunk(slugs, actorsInStatement) {
			if err := r.writeActors(ctx, payment, some); err != nil {
				return err
			}
		}
	}
	r.sums = newSums()
	return nil
}

func (r *roller) writeTotals(ctx context.Context) error {
	var rows []totalRow
	for key, t := range r.sums.totals {
		if t.zero() {
			continue
		}
		rows = append(rows, totalRow{
			key.Payment, key.Dimension, key.Value, nullable(key.Unit), t.N, t.Counted, t.Below, t.Above, &t.Stated, &t.Low, &t.High,
		})
	}
	if len(rows) == 0 {
		return nil
	}
	body, err := json.Marshal(rows)
	if err != nil {
		return fmt.Errorf("write the totals: %w", err)
	}
	if err := r.l.q.ReportTotalsAdd(ctx, r.tx, body); err != nil {
		return fmt.Errorf("add to the totals: %w", err)
	}
	if err := r.l.q.ReportTotalsInsert(ctx, r.tx, body); err != nil {
		return fmt.Errorf("insert totals: %w", err)
	}
	if err := r.l.q.ReportTotalsTidy(ctx, r.tx); err != nil {
		return fmt.Errorf("tidy the totals: %w", err)
	}
	return nil
}

// writeActors adds to the sums of some actors.
func (r *roller) writeActors(ctx context.Context, payment bool, slugs []string) error {
	present, err := r.l.q.ReportActorsNamed(ctx, r.tx, dbsqlc.ReportActorsNamedParams{Payment: payment, Slugs: slugs})
	if err != nil {
		return fmt.Errorf("read actors' sums: %w", err)
	}
	for _, row := range present {
		if err := r.sums.actor(payment, row.Slug).addRow(row); err != nil {
			return err
		}
	}
	var rows []actorRow
	gone := []string{}
	for _, slug := range slugs {
		if a := r.sums.actor(payment, slug); a.Incidents == 0 {
			gone = append(gone, slug)
		} else {
			rows = append(rows, a.row(payment, slug))
		}
	}
	if len(gone) > 0 {
		if err := r.l.q.ReportActorsDrop(ctx, r.tx, dbsqlc.ReportActorsDropParams{Payment: payment, Slugs: gone}); err != nil {
			return fmt.Errorf("drop actors' sums: %w", err)
		}
	}
	if len(rows) == 0 {
		return nil
	}
	body, err := json.Marshal(rows)
	if err != nil {
		return fmt.Errorf("write actors' sums: %w", err)
	}
	if err := r.l.q.ReportActorsPut(ctx, r.tx, body); err != nil {
		return fmt.Errorf("put actors' sums: %w", err)
	}
	return nil
}

// addRow adds what is stored.
func (a *actorSum) addRow(row dbsqlc.ReportActorsNamedRow) error {
	a.Incidents += row.Incidents
	a.Responses += row.Responses
	a.Unanswered += row.Unanswered
	a.Promised += row.Promised
	a.Kept += row.Kept
	a.Broken += row.Broken
	var kinds histogram[string]
	if err := json.Unmarshal(row.Kinds, &kinds); err != nil {
		return fmt.Errorf("read the kinds of %s: %w", row.Slug, err)
	}
	for kind, n := range kinds {
		a.kinds.add(kind, n)
	}
	return nil
}

func (a *actorSum) row(payment bool, slug string) actorRow {
	row := actorRow{
		Payment: payment, Slug: slug, Incidents: a.Incidents, Responses: a.Responses, Unanswered: a.Unanswered,
		Promised: a.Promised, Kept: a.Kept, Broken: a.Broken, Kinds: a.kinds,
	}
	if row.Kinds == nil {
		row.Kinds = histogram[string]{}
	}
	return row
}
