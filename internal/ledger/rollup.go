package ledger

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/breachledger/breachledger/internal/ledger/internal/reportsums"
)

// The two reports over everything are kept as sums in tables of their own. A
// write of an incident leaves a note in report_changes, by a trigger and so in
// its own transaction; what such notes change is added to the sums a moment
// later. Nobody who writes waits for it, and no write is missed, whoever made it.

const (
	// rollEvery is how often is looked whether something was written.
	rollEvery = time.Second
	// rollPart is what part of the time may be spent on it: one in so many, as
	// long as nobody waits for more than rollLatest.
	rollPart   = 8
	rollLatest = 3 * time.Second
	// DefaultReportAge is how old the sums may be that are read while something
	// is written. It is only reached when those whose turn it is don't do it.
	DefaultReportAge = 5 * time.Second
	// rollMost is how many writes are counted by who reads in passing.
	rollMost = 100
)

// rollup is what the program knows of the sums.
type rollup struct {
	age      time.Duration             // that they may have
	wait     time.Duration             // for exact reports, such as after a large import
	complete atomic.Bool               // they are there
	known    atomic.Pointer[rolled]    // when they were last up to date
	next     atomic.Pointer[time.Time] // when they may be brought up to date again; nil is now
	turn     chan struct{}             // one at a time, which needs a connection
	upkeep
}

// rolled is a moment at which the sums were up to date.
type rolled struct {
	number uint64 // of the freshness
	at     time.Time
}

// readyRollup makes the sums ready to be read, and to be brought up to date.
func (l *Ledger) readyRollup(c Config) {
	r := &l.rollup
	r.age, r.wait = cmp.Or(c.ReportAge, DefaultReportAge), cmp.Or(c.SearchTimeout, DefaultSearchTimeout)
	r.turn = make(chan struct{}, 1)
	r.known.Store(&rolled{})
}

// keepRolling brings the sums up to date while something is written.
func (l *Ledger) keepRolling() {
	l.rollup.upkeep = keepUp(rollEvery, failure{log: l.log, what: "the reports cannot be brought up to date"}, func(ctx context.Context) (tried bool, err error) {
		if !l.behind() || !l.rollup.due() {
			return false, nil
		}
		err = l.rollOn(ctx, background)
		return !errors.Is(err, reportsums.ErrBusy), err
	})
}

// behind reports whether something may have been written since the sums were
// last up to date.
func (l *Ledger) behind() bool { return l.rollup.known.Load().number != l.fresh.number.Load() }

func (r *rollup) due() bool {
	next := r.next.Load()
	return next == nil || !time.Now().Before(*next)
}

// rolling says how the sums are brought up to date.
type rolling int

const (
	inPassing  rolling = iota // only if it takes no time
	background                // unless somebody else does
	waiting                   // whatever it takes
)

// rollOn brings the sums up to date if something was written. One at a time does
// so in a program.
func (l *Ledger) rollOn(ctx context.Context, how rolling) error {
	r := &l.rollup
	select {
	case r.turn <- struct{}{}:
	default:
		if how != waiting {
			return reportsums.ErrBusy
		}
		select {
		case r.turn <- struct{}{}:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	defer func() { <-r.turn }()
	number, began := l.fresh.number.Load(), time.Now()
	defer func() { r.next.Store(new(began.Add(min(rollPart*time.Since(began), rollLatest)))) }()
	state, err := l.q.ReportState(ctx, l.pool, rollMost+1)
	if err != nil {
		return fmt.Errorf("read the state of the reports: %w", fromPostgres(err))
	}
	if how == inPassing && (!state.Complete || state.Behind > rollMost) {
		return reportsums.ErrBusy
	}
	if !state.Complete || state.Behind > 0 {
		if err := l.rollUp(ctx, how == waiting); err != nil {
			return err
		}
		l.fresh.changed() // a report that is kept in memory may be another now
	}
	r.complete.Store(true)
	r.known.Store(&rolled{number, began})
	return nil
}

// rollUp brings the sums up to date, and waits for whoever does so if it is to.
func (l *Ledger) rollUp(ctx context.Context, wait bool) error {
	err := reportsums.Update(ctx, l.pool, wait)
	if err != nil && !errors.Is(err, reportsums.ErrBusy) {
		return fmt.Errorf("bring the reports up to date: %w", fromPostgres(err))
	}
	return err
}

// FreshReports makes the reports over everything exact: what was written before
// the call is in them.
func (l *Ledger) FreshReports(ctx context.Context) error {
	ready, err := l.rolledUp(ctx)
	if err != nil || !ready {
		return err // until the sums are there, reports are made of the rows
	}
	within, cancel := context.WithTimeout(ctx, l.rollup.wait)
	defer cancel()
	err = l.rollOn(within, waiting)
	if ctx.Err() == nil && errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("%w: %w", ErrTooSlow, err)
	}
	return err
}

// rolledUp reports whether the sums are there.
func (l *Ledger) rolledUp(ctx context.Context) (bool, error) {
	if l.rollup.complete.Load() {
		return true, nil
	}
	state, err := l.q.ReportState(ctx, l.search, 1)
	if err != nil {
		return false, fmt.Errorf("read the state of the reports: %w", fromPostgres(err))
	}
	if state.Complete {
		l.rollup.complete.Store(true)
	}
	return state.Complete, nil
}
