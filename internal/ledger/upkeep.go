package ledger

import (
	"context"
	"log/slog"
	"time"
)

// What follows writes, and nobody waits for, is done in the background: the sums of the
// reports (rollup.go), and the places of new words in the indexes (pending.go).

// upkeep is work that is done again and again.
type upkeep struct {
	stop    context.CancelFunc
	stopped chan struct{}
}

// keepUp tries some work every so often until end is called. do reports whether there was
// anything to do, and what became of it; the log hears why it fails.
func keepUp(every time.Duration, failing failure, do func(context.Context) (tried bool, err error)) upkeep {
	ctx, cancel := context.WithCancel(context.Background())
	u := upkeep{cancel, make(chan struct{})}
	go func() {
		defer close(u.stopped)
		tick := time.NewTicker(every)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
				if tried, err := do(ctx); tried && ctx.Err() == nil {
					failing.note(err)
				}
			}
		}
	}()
	return u
}

// end waits for what is being done, which it cancels.
func (u upkeep) end() {
	if u.stop != nil { // it was begun
		u.stop()
		<-u.stopped
	}
}

// failure tells the log why something cannot be done: each reason once, as it is tried
// again and again.
type failure struct {
	log  *slog.Logger
	what string // cannot be done
	said string
}

// note takes what became of one more try.
func (f *failure) note(err error) {
	switch {
	case err == nil:
		f.said = ""
	case err.Error() != f.said:
		f.said = err.Error()
		f.log.Error(f.what+"; it is tried again", "error", err)
	}
}
