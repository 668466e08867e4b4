package ledger

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger/internal/dbsqlc"
	"github.com/breachledger/breachledger/internal/ledger/internal/reportsums"
)

// What is read of the sums has the shape of what is read of the rows, so that
// one piece of code makes reports of either.

// fromSums says whether a report of that filter is read from the sums, and from
// which: those of all listed incidents, or of those about payments. It brings
// them up to date where that takes no time, or they are too old.
func (l *Ledger) fromSums(ctx context.Context, f Filter) (payment, ok bool, err error) {
	if payment, ok, err = l.hasSums(ctx, f); err != nil || !ok || !l.behind() {
		return payment, ok, err
	}
	if time.Since(l.rollup.known.Load().at) > l.rollup.age {
		err = l.FreshReports(ctx)
	} else if l.rollup.due() {
		_ = l.rollOn(ctx, inPassing) // where little is written, whoever reads sees it at once
	}
	return payment, true, err
}

func (l *Ledger) hasSums(ctx context.Context, f Filter) (payment, ok bool, err error) {
	if f.Payment != nil && *f.Payment {
		payment, f.Payment = true, nil
	}
	if f.Query != "" || !f.none() {
		return false, false, nil
	}
	ok, err = l.rolledUp(ctx)
	return payment, ok, err
}

// breachRows are the rows of the report on breaches.
func (l *Ledger) breachRows(ctx context.Context, f Filter) ([]dbsqlc.BreachTotalsRow, error) {
	if f.Date == ByOccurred || f.Date == ByDiscovered { // the sums know the year of disclosure
		return l.breachRowsOf(ctx, f)
	}
	payment, ok, err := l.fromSums(ctx, f)
	if err != nil {
		return nil, err
	}
	if !ok {
		return l.breachRowsOf(ctx, f)
	}
	sums, err := l.q.RolledBreachTotals(ctx, l.search, payment)
	if err != nil {
		return nil, fmt.Errorf("read the totals: %w", err)
	}
	rows := make([]dbsqlc.BreachTotalsRow, len(sums))
	for i, row := range sums {
		rows[i] = dbsqlc.BreachTotalsRow(row)
	}
	return rows, nil
}

// breachRowsOf adds up the incidents themselves.
func (l *Ledger) breachRowsOf(ctx context.Context, f Filter) ([]dbsqlc.BreachTotalsRow, error) {
	filter, err := l.filterJSON(ctx, f)
	if err != nil {
		return nil, err
	}
	return l.q.BreachTotals(ctx, l.search, filter)
}

// yearRows are the counts of incidents by year and category.
func (l *Ledger) yearRows(ctx context.Context, f Filter) ([]dbsqlc.YearsByCategoryRow, error) {
	payment, ok, err := l.fromSums(ctx, f)
	if err != nil {
		return nil, err
	}
	if !ok {
		return l.yearRowsOf(ctx, f)
	}
	sums, err := l.q.RolledYearsByCategory(ctx, l.search, payment)
	if err != nil {
		return nil, fmt.Errorf("read the totals: %w", err)
	}
	rows := make([]dbsqlc.YearsByCategoryRow, len(sums))
	for i, row := range sums {
		rows[i] = dbsqlc.YearsByCategoryRow(row)
	}
	return rows, nil
}

func (l *Ledger) yearRowsOf(ctx context.Context, f Filter) ([]dbsqlc.YearsByCategoryRow, error) {
	filter, err := l.filterJSON(ctx, f)
	if err != nil {
		return nil, err
	}
	return l.q.YearsByCategory(ctx, l.search, filter)
}

// rolledResponses fills in the totals of the report on responses, and one actor
// more than fit on the page.
func (l *Ledger) rolledResponses(ctx context.Context, tx pgx.Tx, payment bool, args dbsqlc.ResponseActorsParams, out *ResponseReport) error {
	totals, err := l.q.RolledResponseTotals(ctx, tx, payment)
	if err != nil {
		return fmt.Errorf("report responses: totals: %w", err)
	}
	for _, t := range totals {
		switch t.Dimension {
		case "all":
			out.Incidents = t.N
		case "unanswered":
			out.Unanswered = t.N
		case "undated":
			out.Undated = t.N
		case "response":
			out.ByKind[incidents.ResponseKind(t.Value)] = t.N
		}
	}
	rows, err := l.q.RolledResponseActors(ctx, tx, dbsqlc.RolledResponseActorsParams{
		Today: int32(reportsums.Day(args.Today)), Payment: payment, Most: args.Most,
		After: args.After, AfterIncidents: args.AfterIncidents, AfterResponses: args.AfterResponses, AfterSlug: args.AfterSlug,
	})
	if err != nil {
		return fmt.Errorf("report responses: actors: %w", err)
	}
	for _, row := range rows {
		a := answersOf(dbsqlc.ResponseActorsRow{
			Slug: row.Slug, Name: row.Name, Kind: row.Kind, Sector: row.Sector, Incidents: row.Incidents, Responses: row.Responses,
			Unanswered: row.Unanswered, Promised: row.Promised, Kept: row.Kept, Broken: row.Broken, Overdue: row.Overdue,
			Measured: row.Measured, MedianDays: row.MedianDays,
		})
		if err := json.Unmarshal(row.ByKind, &a.ByKind); err != nil {
			return fmt.Errorf("read the kinds of %s: %w", row.Slug, err)
		}
		out.Actors = append(out.Actors, a)
	}
	return nil
}
