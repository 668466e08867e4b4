package reportsums

import (
	"context"
	"encoding/json"
	"fmt"
	"math/big"
	"slices"

	"github.com/breachledger/breachledger/internal/ledger/internal/dbsqlc"
)

// This file writes sums into the tables of the reports, many rows in a statement.

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

// writeSums adds to the tables what was counted of some actors, in the order of
// the indexes, and begins these anew.
func (u *updater) writeSums(ctx context.Context, slugs []string) error {
	if err := u.writeDays(ctx, slugs); err != nil {
		return err
	}
	for some := range slices.Chunk(slugs, actorsInStatement) {
		if err := u.writeActors(ctx, some); err != nil {
			return err
		}
	}
	for _, slug := range slugs {
		delete(u.sums.actors, slug)
	}
	return nil
}

// writeTotals adds the totals to the table. There are few, of however many
// incidents, so that they are written once, at the end.
func (u *updater) writeTotals(ctx context.Context) error {
	var rows []totalRow
	fewer := false
	for key, t := range u.sums.totals {
		if t.zero() {
			continue
		}
		fewer = fewer || t.N < 0
		var unit *string
		if key.Unit != "" {
			unit = &key.Unit
		}
		rows = append(rows, totalRow{
			key.Payment, key.Dimension, key.Value, unit, t.N, t.Counted, t.Below, t.Above, &t.Stated, &t.Low, &t.High,
		})
	}
	if len(rows) == 0 {
		return nil
	}
	body, err := json.Marshal(rows)
	if err != nil {
		return fmt.Errorf("write the totals: %w", err)
	}
	if err := u.q.ReportTotalsAdd(ctx, u.tx, body); err != nil {
		return fmt.Errorf("add to the totals: %w", err)
	}
	if err := u.q.ReportTotalsInsert(ctx, u.tx, body); err != nil {
		return fmt.Errorf("insert totals: %w", err)
	}
	if !fewer {
		return nil // none is at 0 now
	}
	if err := u.q.ReportTotalsTidy(ctx, u.tx); err != nil {
		return fmt.Errorf("tidy the totals: %w", err)
	}
	return nil
}

// writeActors adds to the sums of some actors.
func (u *updater) writeActors(ctx context.Context, slugs []string) error {
	present, err := u.q.ReportActorsNamed(ctx, u.tx, slugs)
	if err != nil {
		return fmt.Errorf("read actors' sums: %w", err)
	}
	for _, row := range present {
		if err := u.sums.actors[row.Slug].add(row); err != nil {
			return fmt.Errorf("read the sums of %s: %w", row.Slug, err)
		}
	}
	gone, rows := []string{}, dbsqlc.ReportActorsPutParams{}
	for _, slug := range slugs {
		if a := u.sums.actors[slug]; a.all.Incidents == 0 {
			gone = append(gone, slug)
		} else if err := a.put(&rows, slug); err != nil {
			return fmt.Errorf("write the sums of %s: %w", slug, err)
		}
	}
	if len(gone) > 0 {
		if err := u.q.ReportActorsDrop(ctx, u.tx, gone); err != nil {
			return fmt.Errorf("drop actors' sums: %w", err)
		}
	}
	if len(rows.Slugs) == 0 {
		return nil
	}
	if err := u.q.ReportActorsPut(ctx, u.tx, rows); err != nil {
		return fmt.Errorf("put actors' sums: %w", err)
	}
	return nil
}

// add adds what is stored.
func (a *actorSums) add(row dbsqlc.ReportActor) error {
	stored := actorSum{
		Incidents: row.Incidents, Responses: row.Responses, Unanswered: row.Unanswered,
		Promised: row.Promised, Kept: row.Kept, Broken: row.Broken,
	}
	ofPayments := actorSum{
		Incidents: row.PaymentIncidents, Responses: row.PaymentResponses, Unanswered: row.PaymentUnanswered,
		Promised: row.PaymentPromised, Kept: row.PaymentKept, Broken: row.PaymentBroken,
	}
	if err := json.Unmarshal(row.Kinds, &stored.kinds); err != nil {
		return err
	}
	if err := json.Unmarshal(row.PaymentKinds, &ofPayments.kinds); err != nil {
		return err
	}
	a.all.add(&stored)
	a.payments.add(&ofPayments)
	return nil
}

// add adds what is in a row of report_actors.
func (a *actorSum) add(stored *actorSum) {
	a.Incidents += stored.Incidents
	a.Responses += stored.Responses
	a.Unanswered += stored.Unanswered
	a.Promised += stored.Promised
	a.Kept += stored.Kept
	a.Broken += stored.Broken
	for kind, n := range stored.kinds {
		a.kinds.add(kind, n)
	}
}

// put adds the row of an actor.
func (a *actorSums) put(rows *dbsqlc.ReportActorsPutParams, slug string) error {
	kinds, err := a.all.kinds.text()
	if err != nil {
		return err
	}
	ofPayments, err := a.payments.kinds.text()
	if err != nil {
		return err
	}
	rows.Slugs = append(rows.Slugs, slug)
	rows.Incidents = append(rows.Incidents, a.all.Incidents)
	rows.Responses = append(rows.Responses, a.all.Responses)
	rows.Unanswered = append(rows.Unanswered, a.all.Unanswered)
	rows.Promised = append(rows.Promised, a.all.Promised)
	rows.Kept = append(rows.Kept, a.all.Kept)
	rows.Broken = append(rows.Broken, a.all.Broken)
	rows.Kinds = append(rows.Kinds, kinds)
	rows.PaymentIncidents = append(rows.PaymentIncidents, a.payments.Incidents)
	rows.PaymentResponses = append(rows.PaymentResponses, a.payments.Responses)
	rows.PaymentUnanswered = append(rows.PaymentUnanswered, a.payments.Unanswered)
	rows.PaymentPromised = append(rows.PaymentPromised, a.payments.Promised)
	rows.PaymentKept = append(rows.PaymentKept, a.payments.Kept)
	rows.PaymentBroken = append(rows.PaymentBroken, a.payments.Broken)
	rows.PaymentKinds = append(rows.PaymentKinds, ofPayments)
	return nil
}

// text is the histogram as JSON.
func (h histogram[K]) text() (string, error) {
	if len(h) == 0 {
		return "{}", nil
	}
	text, err := json.Marshal(h)
	return string(text), err
}
