package ledger

import (
	"context"
	"fmt"

	"github.com/breachledger/breachledger/internal/ledger/internal/dbsqlc"
)

// daysInStatement is how many days of actors go at once, which bounds the memory
// when the sums are made of everything.
const daysInStatement = 5_000

// dayRows are days of actors with what is to be added to each.
type dayRows dbsqlc.ReportActorDaysAddParams

// writeDays adds to the actors' histograms, each of whose days is a row: an actor
// may have thousands.
func (r *roller) writeDays(ctx context.Context, keys []actorKey) error {
	for _, key := range keys {
		a := r.sums.actors[key]
		for _, h := range []struct {
			what string
			days histogram[int]
		}{{"answered", a.days}, {"overdue", a.overdue}} {
			for _, day := range h.days.sorted() {
				if err := r.addDay(ctx, key, h.what, day, h.days[day]); err != nil {
					return err
				}
			}
		}
	}
	if err := r.moreDays(ctx); err != nil {
		return err
	}
	return r.fewerDays(ctx)
}

// addDay has n added to a day of an actor, or taken away.
func (r *roller) addDay(ctx context.Context, key actorKey, what string, day int, n int64) error {
	rows, send := &r.more, r.moreDays
	if n < 0 {
		rows, send, n = &r.fewer, r.fewerDays, -n
	}
	rows.Payments, rows.Slugs, rows.Whats = append(rows.Payments, key.Payment), append(rows.Slugs, key.Slug), append(rows.Whats, what)
	rows.Days, rows.Ns = append(rows.Days, int32(day)), append(rows.Ns, int32(n))
	if len(rows.Ns) < daysInStatement {
		return nil
	}
	return send(ctx)
}

func (r *roller) moreDays(ctx context.Context) error {
	rows := r.more
	r.more = dayRows{}
	if len(rows.Ns) == 0 {
		return nil
	}
	if err := r.l.q.ReportActorDaysAdd(ctx, r.tx, dbsqlc.ReportActorDaysAddParams(rows)); err != nil {
		return fmt.Errorf("add to actors' days: %w", err)
	}
	return nil
}

func (r *roller) fewerDays(ctx context.Context) error {
	rows := r.fewer
	r.fewer = dayRows{}
	if len(rows.Ns) == 0 {
		return nil
	}
	if err := r.l.q.ReportActorDaysTake(ctx, r.tx, dbsqlc.ReportActorDaysTakeParams(rows)); err != nil {
		return fmt.Errorf("take from actors' days: %w", err)
	}
	err := r.l.q.ReportActorDaysTidy(ctx, r.tx, dbsqlc.ReportActorDaysTidyParams{Payments: rows.Payments, Slugs: rows.Slugs, Whats: rows.Whats, Days: rows.Days})
	if err != nil {
		return fmt.Errorf("tidy actors' days: %w", err)
	}
	return nil
}
