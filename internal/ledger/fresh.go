package ledger

import (
	"context"
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
	checked atomic.Int64 // when the list was last looked at, Unix nanoseconds
	stop    context.CancelFunc
	stopped chan struct{}
}

const (
	pollEvery = 250 * time.Millisecond
	// unsureAfter is when nothing kept is shown any more, since PostgreSQL could
	// not be asked for so long.
	unsureAfter = time.Second
)

func (f *freshness) changed() { f.number.Add(1) }

// watch looks at the list until stop is called.
func (f *freshness) watch(pool *pgxpool.Pool) {
	ctx, cancel := context.WithCancel(context.Background())
	f.stop, f.stopped = cancel, make(chan struct{})
	go func() {
		defer close(f.stopped)
		seen := ""
		for tick := time.NewTicker(pollEvery); ; {
			asked := time.Now()
			var list string
			if err := pool.QueryRow(ctx, "SELECT pg_current_snapshot()::text").Scan(&list); err == nil {
				if list != seen {
					seen = list
					f.changed()
				}
				f.checked.Store(asked.UnixNano())
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

// Moment names the state of the ledger for what is kept in memory. What was read
// after it was asked for may be shown as long as it stays the same. sure is
// false while that cannot be told.
func (l *Ledger) Moment() (number uint64, sure bool) {
	number = l.fresh.number.Load()
	return number, time.Since(time.Unix(0, l.fresh.checked.Load())) < unsureAfter
}
