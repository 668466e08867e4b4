package ledger

import (
	"context"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
)

// freshness says whether what was read a moment ago may still be shown. It has a
// number that rises with every write: at once with the writes of this program,
// after they are committed, and within pollEvery with those of any other, be it
// another server or psql.
//
// Other writers are noticed by PostgreSQL's own list of transactions: a
// transaction that writes is given a number, and so whatever was committed since
// the last look has changed the list. It costs the writers nothing, and misses
// none, also when one dies right after its commit. The list is that of all
// databases of the server, so that a busy neighbour makes less be kept.
type freshness struct {
	number  atomic.Uint64
	checked atomic.Pointer[time.Time] // when the list was last looked at; nil is never
	stop    context.CancelFunc
	stopped chan struct{}
}

const (
	pollEvery = 250 * time.Millisecond
	// unsureAfter is how long after the last answer from PostgreSQL nothing that is
	// kept is shown any more.
	unsureAfter = time.Second
)

func (f *freshness) changed() { f.number.Add(1) }

// watch looks at the list until stop is called. As it asks more often than anybody
// else, it is also what tells the log that PostgreSQL cannot be reached, and why.
func (f *freshness) watch(pool *pgxpool.Pool, log *slog.Logger) {
	ctx, cancel := context.WithCancel(context.Background())
	f.stop, f.stopped = cancel, make(chan struct{})
	go func() {
		defer close(f.stopped)
		seen, lost := "", outage{log: log}
		for tick := time.NewTicker(pollEvery); ; {
			asked := time.Now()
			var list string
			err := pool.QueryRow(ctx, "SELECT pg_current_snapshot()::text").Scan(&list)
			if err == nil {
				if list != seen {
					seen = list
					f.changed()
				}
				f.checked.Store(&asked)
			}
			if ctx.Err() == nil {
				lost.note(err)
			}
			select {
			case <-ctx.Done():
				tick.Stop()
				return
			case <-tick.C:
			}
		}
	}()
}

// Moment numbers the state of the ledger, for caches. What was read after a call may be
// shown for as long as the number stays the same. sure is false while the ledger cannot
// tell whether it has changed.
func (l *Ledger) Moment() (number uint64, sure bool) {
	number = l.fresh.number.Load()
	checked := l.fresh.checked.Load()
	return number, checked != nil && time.Since(*checked) < unsureAfter
}
