package reportsums

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
func (u *updater) writeDays(ctx context.Context, slugs []string) error {
	for _, slug := range slugs {
		a := u.sums.actors[slug]
		if err := u.writeHistogram(ctx, slug, "answered", a.all.days, a.payments.days); err != nil {
			return err
		}
		if err := u.writeHistogram(ctx, slug, "overdue", a.all.overdue, a.payments.overdue); err != nil {
			return err
		}
	}
	if err := u.addDays(ctx); err != nil {
		return err
	}
	return u.changeDays(ctx)
}

func (u *updater) writeHistogram(ctx context.Context, slug, what string, all, payments histogram[int]) error {
	days := slices.AppendSeq(slices.Collect(maps.Keys(all)), maps.Keys(payments))
	slices.Sort(days)
	for _, day := range slices.Compact(days) {
		n, ofPayments := all[day], payments[day]
		rows, send := &u.added, u.addDays
		if n < 0 || ofPayments < 0 || ofPayments > n { // something else than new: the row is there
			rows, send = &u.changed, u.changeDays
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

func (u *updater) addDays(ctx context.Context) error {
	rows := u.added
	u.added = dayRows{}
	if len(rows.Ns) == 0 {
		return nil
	}
	if err := u.q.ReportActorDaysAdd(ctx, u.tx, dbsqlc.ReportActorDaysAddParams(rows)); err != nil {
		return fmt.Errorf("add to actors' days: %w", err)
	}
	return nil
}

// changeDays changes rows that are there.
func (u *updater) changeDays(ctx context.Context) error {
	rows := u.changed
	u.changed = dayRows{}
	if len(rows.Ns) == 0 {
		return nil
	}
	if err := u.q.ReportActorDaysChange(ctx, u.tx, dbsqlc.ReportActorDaysChangeParams(rows)); err != nil {
		return fmt.Errorf("change actors' days: %w", err)
	}
	err := u.q.ReportActorDaysTidy(ctx, u.tx, dbsqlc.ReportActorDaysTidyParams{Slugs: rows.Slugs, Whats: rows.Whats, Days: rows.Days})
	if err != nil {
		return fmt.Errorf("tidy actors' days: %w", err)
	}
	return nil
}
