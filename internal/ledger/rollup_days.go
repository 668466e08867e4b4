package ledger

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/breachledger/breachledger/internal/ledger/internal/dbsqlc"
)

// daysInStatement is how many days of actors go at once, which bounds the memory
// when the sums are made of everything.
const daysInStatement = 5_000

// dayRows are days of actors with what is to be added to each.
type dayRows dbsqlc.ReportActorDaysAddParams

// writeDays adds to the actors' histograms, each of whose days is a row: an actor
// may have thousands.
func (r *roller) writeDays(ctx context.Context, slugs []string) error {
	for _, slug := range slugs {
		a := r.sums.actors[slug]
		if err := r.writeHistogram(ctx, slug, "answered", a.all.days, a.payments.days); err != nil {
			return err
		}
		if err := r.writeHistogram(ctx, slug, "overdue", a.all.overdue, a.payments.overdue); err != nil {
			return err
		}
	}
	if err := r.addDays(ctx); err != nil {
		return err
	}
	return r.changeDays(ctx)
}

func (r *roller) writeHistogram(ctx context.Context, slug, what string, all, payments histogram[int]) error {
	days := slices.AppendSeq(slices.Collect(maps.Keys(all)), maps.Keys(payments))
	slices.Sort(days)
	for _, day := range slices.Compact(days) {
		n, ofPayments := all[day], payments[day]
		rows, send := &r.added, r.addDays
		if n < 0 || ofPayments < 0 || ofPayments > n { // something else than new: the row is there
			rows, send = &r.changed, r.changeDays
		}
		rows.Slugs, rows.Whats, rows.Days = append(rows.Slugs, slug), append(rows.Whats, what), append(rows.Days, int32(day))
		rows.Ns, rows.PaymentNs = append(rows.Ns, int32(n)), append(rows.PaymentNs, int32(ofPayments))
		if len(rows.Ns) == daysInStatement {
			if err := send(ctx); err != nil {
				return err
			}
		}
	}
	return nil
}

func (r *roller) addDays(ctx context.Context) error {
	rows := r.added
	r.added = dayRows{}
	if len(rows.Ns) == 0 {
		return nil
	}
	if err := r.l.q.ReportActorDaysAdd(ctx, r.tx, dbsqlc.ReportActorDaysAddParams(rows)); err != nil {
		return fmt.Errorf("add to actors' days: %w", err)
	}
	return nil
}

// changeDays changes rows that are there.
func (r *roller) changeDays(ctx context.Context) error {
	rows := r.changed
	r.changed = dayRows{}
	if len(rows.Ns) == 0 {
		return nil
	}
	if err := r.l.q.ReportActorDaysChange(ctx, r.tx, dbsqlc.ReportActorDaysChangeParams(rows)); err != nil {
		return fmt.Errorf("change actors' days: %w", err)
	}
	err := r.l.q.ReportActorDaysTidy(ctx, r.tx, dbsqlc.ReportActorDaysTidyParams{Slugs: rows.Slugs, Whats: rows.Whats, Days: rows.Days})
	if err != nil {
		return fmt.Errorf("tidy actors' days: %w", err)
	}
	return nil
}
