package ledger

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/breachledger/breachledger/internal/incidents"
)

// Incidents that are logged at the same time are written together: one
// transaction, one look at what they name, one flush to disk. Whoever is alone
// waits for nobody. A group is written whole or not at all; when anything is in
// the way, each of it is written by itself, as if there were no groups, so that
// what one request gets never depends on another.

const (
	// groupMost is how many incidents a transaction takes, groupsAtOnce how many
	// such transactions there are.
	groupMost    = 24
	groupsAtOnce = 2
	// groupTimeout bounds a group: those who wait have limits of their own.
	groupTimeout = 20 * time.Second
	// gatherFor is how long a group waits at most for others. A larger one costs
	// each less: one flush to disk, and one look at what all of them name.
	gatherFor = 5 * time.Millisecond
	// lockPatience is how long a new incident waits for what another transaction
	// holds: a group before each of it is written by itself, one that is alone before
	// it stands in line with those that wait for longer. These have half of the
	// connections, so that they keep nobody else from being written.
	lockPatience = 250 * time.Millisecond
)

// recording is an incident that waits to be written.
type recording struct {
	ctx    context.Context //nolint:containedctx // of the one who waits; who has gone is not written
	change Change
	given  incidents.Incident
	doc    Document
	err    error
	met    []meeting // what others store that it may be the same as
	done   chan struct{}
}

// recorder gathers those that wait.
type recorder struct {
	mu      sync.Mutex
	waiting []*recording
	groups  int           // under way
	came    chan struct{} // told when another waits
	patient chan struct{} // has one for each that waits for a lock for long
	passing []*passing    // transactions that store

	meetingPatience time.Duration
}

// gather waits until there are as many as in the group before: those whom it has
// answered come again. Who was alone is not waited for.
func (g *recorder) gather(before int) {
	if before < 2 {
		return
	}
	end := time.NewTimer(gatherFor)
	defer end.Stop()
	for {
		g.mu.Lock()
		enough := len(g.waiting) >= before
		g.mu.Unlock()
		if enough {
			return
		}
		select {
		case <-g.came:
		case <-end.C:
			return
		}
	}
}

// join has a recording written, with others or alone, and waits until it is.
func (l *Ledger) join(ctx context.Context, r *recording) (Document, error) {
	r.ctx, r.done = ctx, make(chan struct{})
	g := &l.recorder
	g.mu.Lock()
	g.waiting = append(g.waiting, r)
	begin := g.groups < groupsAtOnce
	if begin {
		g.groups++
	}
	g.mu.Unlock()
	select {
	case g.came <- struct{}{}:
	default:
	}
	if begin {
		// A group outlives the request that began it.
		go l.recordGroups(context.WithoutCancel(ctx))
	}
	select {
	case <-r.done:
		return r.doc, r.err
	case <-ctx.Done():
		return Document{}, ctx.Err()
	}
}

// recordGroups writes group after group until nobody waits.
func (l *Ledger) recordGroups(ctx context.Context) {
	g := &l.recorder
	n := 0
	for {
		g.gather(n)
		g.mu.Lock()
		n = min(len(g.waiting), groupMost)
		group := g.waiting[:n:n]
		g.waiting = g.waiting[n:]
		if n == 0 {
			g.groups--
			g.mu.Unlock()
			return
		}
		g.mu.Unlock()
		l.recordGroup(ctx, group)
	}
}

// recordGroup answers those whom nobody waits for any more, and writes the others.
func (l *Ledger) recordGroup(ctx context.Context, group []*recording) {
	group = slices.DeleteFunc(group, (*recording).left)
	if len(group) == 0 {
		return
	}
	if len(group) == 1 {
		written := make(chan struct{})
		go func() { //nolint:contextcheck // it has its own
			defer close(written)
			l.recordAlone(group[0])
		}()
		patience := time.NewTimer(lockPatience)
		defer patience.Stop()
		select {
		case <-written:
		case <-patience.C:
		}
		return
	}
	within, cancel := context.WithTimeout(ctx, groupTimeout)
	defer cancel()
	alone, err := l.recordTogether(within, group)
	var unsure *unsureError
	if err != nil && !errors.As(err, &unsure) {
		alone = group
		l.sayWhyAlone(err)
	}
	for _, r := range group {
		if !slices.Contains(alone, r) {
			r.err = err
			l.answered(r) //nolint:contextcheck // it has its own
		}
	}
	for _, r := range alone {
		// One that waits for something holds up nobody else.
		go l.recordAlone(r) //nolint:contextcheck // it has its own
	}
}

// sayWhyAlone logs why a group is written one by one when it is not because of what
// others write: each is written all the same, and nobody would see it but by how long
// it takes.
func (l *Ledger) sayWhyAlone(err error) {
	var pg *pgconn.PgError
	if err = fromPostgres(err); !errors.As(err, &pg) || pg.Code == lockNotAvailable || errors.Is(err, errRace) || errors.Is(err, ErrTooSlow) {
		return
	}
	l.log.Warn("incidents that came together are written one by one", "error", err)
}

// left reports whether nobody waits for it any more, and then ends it.
func (r *recording) left() bool {
	if r.err = r.ctx.Err(); r.err != nil {
		close(r.done)
	}
	return r.err != nil
}

// recordAlone writes one incident in a transaction of its own.
func (l *Ledger) recordAlone(r *recording) {
	defer l.answered(r)
	defer caught(&r.err)
	ctx, cancel := context.WithTimeout(r.ctx, groupTimeout)
	defer cancel()
	r.err = l.recordWithin(ctx, r, lockPatience)
	var pg *pgconn.PgError
	if !errors.As(r.err, &pg) || pg.Code != lockNotAvailable {
		return
	}
	select {
	case l.recorder.patient <- struct{}{}:
		defer func() { <-l.recorder.patient }()
		r.err = l.recordWithin(ctx, r, 0)
	case <-ctx.Done():
		r.err = ctx.Err()
	}
}

// recordWithin writes an incident, and waits so long for each lock; 0 is for ever.
func (l *Ledger) recordWithin(ctx context.Context, r *recording, patience time.Duration) error {
	defer l.fresh.changed() // also after an error, which does not say that nothing was committed
	var p *passing
	defer func() { l.recorder.leave(p) }()
	return writeOn(ctx, impatient{l.pool, patience}, func(tx pgx.Tx) error {
		l.recorder.leave(p) // the attempt before, which has raced
		p, r.met = nil, nil
		var err error
		r.doc, err = once(ctx, l, tx, r.change.Once, func() (Document, error) {
			doc, d, err := l.record(ctx, tx, r.change, r.given)
			if err != nil {
				return doc, err
			}
			var others []*passing
			p, others = l.recorder.enter([]*incidents.Incident{d.in})
			doc.Similar, err = d.queueDuplicates(ctx)
			r.met = l.meet(d.in, passersByOf(others), doc.Similar)
			return doc, err
		})
		return err
	})
}

// impatient begins transactions that wait so long for each lock; 0 is for ever.
type impatient struct {
	pool     *pgxpool.Pool
	patience time.Duration
}

// Begin begins one in a single round trip.
func (i impatient) Begin(ctx context.Context) (pgx.Tx, error) {
	return i.pool.BeginTx(ctx, pgx.TxOptions{BeginQuery: fmt.Sprintf("BEGIN; SET LOCAL lock_timeout = %d", i.patience.Milliseconds())})
}
