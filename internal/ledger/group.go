package ledger

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger/internal/dbsqlc"
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
)

// recording is an incident that waits to be written.
type recording struct {
	change Change
	given  incidents.Incident
	doc    Document
	err    error
	done   chan struct{}
}

// recorder gathers those that wait.
type recorder struct {
	mu      sync.Mutex
	waiting []*recording
	groups  int // under way
}

// join has a recording written, with others or alone, and waits until it is.
func (l *Ledger) join(ctx context.Context, r *recording) (Document, error) {
	r.done = make(chan struct{})
	g := &l.recorder
	g.mu.Lock()
	g.waiting = append(g.waiting, r)
	begin := g.groups < groupsAtOnce
	if begin {
		g.groups++
	}
	g.mu.Unlock()
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
	for {
		g.mu.Lock()
		n := min(len(g.waiting), groupMost)
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

func (l *Ledger) recordGroup(ctx context.Context, group []*recording) {
	if len(group) == 1 {
		l.recordAlone(ctx, group[0])
		return
	}
	within, cancel := context.WithTimeout(ctx, groupTimeout)
	defer cancel()
	alone, err := l.recordTogether(within, group)
	if err != nil {
		alone = group
	}
	for _, r := range group {
		if !slices.Contains(alone, r) {
			close(r.done)
		}
	}
	for _, r := range alone {
		// One that waits for something holds up nobody else.
		go l.recordAlone(ctx, r)
	}
}

// recordAlone writes one incident in a transaction of its own.
func (l *Ledger) recordAlone(ctx context.Context, r *recording) {
	defer close(r.done)
	defer caught(&r.err)
	ctx, cancel := context.WithTimeout(ctx, groupTimeout)
	defer cancel()
	r.err = l.write(ctx, func(tx pgx.Tx) error {
		var err error
		r.doc, err = once(ctx, l, tx, r.change.Once, func() (Document, error) {
			doc, recorded, err := l.record(ctx, tx, r.change, r.given)
			if err != nil {
				return doc, err
			}
			doc.Similar, err = l.queueDuplicates(ctx, tx, recorded)
			return doc, err
		})
		return err
	})
}

// recordTogether writes a group in one transaction. It returns those that are to
// be written alone: they have problems, or have been written before under their
// Idempotency-Key. With an error nothing is written.
func (l *Ledger) recordTogether(ctx context.Context, group []*recording) (alone []*recording, err error) {
	defer caught(&err)
	err = fromPostgres(pgx.BeginFunc(ctx, l.pool, func(tx pgx.Tx) error {
		g := &together{l: l, tx: tx}
		if alone, err = g.claim(ctx, group); err != nil {
			return err
		}
		unfit, err := g.prepare(ctx)
		if err != nil {
			return err
		}
		alone = append(alone, unfit...)
		if err := g.store(ctx); err != nil {
			return err
		}
		return g.finish(ctx)
	}))
	if err == nil {
		l.fresh.changed()
	}
	return alone, err
}

// caught turns a panic into an error. It happens on no request's goroutine, so
// that it would end the program; the error is the fault of one request only.
func caught(err *error) {
	if p := recover(); p != nil {
		*err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
	}
}

// together is a group being written.
type together struct {
	l       *Ledger
	tx      pgx.Tx
	members []*recording
	drafts  []*draft // of members
	claimed queue    // what releases the keys of those that are to be written alone
}

// claim takes the Idempotency-Keys of the group.
func (g *together) claim(ctx context.Context, group []*recording) (alone []*recording, err error) {
	q := &queue{}
	now := g.l.clock()
	var keyed []*recording
	for _, r := range group {
		if r.change.Once == nil || r.change.Once.Key == "" {
			g.members = append(g.members, r)
			continue
		}
		keyed = append(keyed, r)
		if _, err := g.l.q.IdempotencyKeyClaim(ctx, q, dbsqlc.IdempotencyKeyClaimParams{
			ApiKeyID: r.change.Once.APIKey, Key: r.change.Once.Key, RequestHash: r.change.Once.Hash, CreatedAt: now, ExpiredBefore: now.Add(-keptFor),
		}); err != nil {
			return nil, err
		}
	}
	if err := q.send(ctx, g.tx); err != nil {
		return nil, err
	}
	for i, r := range keyed {
		if q.affected[i] == 0 {
			alone = append(alone, r)
		} else {
			g.members = append(g.members, r)
		}
	}
	return alone, nil
}

// prepare checks and resolves the documents. Those that cannot be stored are
// left to be written alone, where they get their answer.
func (g *together) prepare(ctx context.Context) (unfit []*recording, err error) {
	documents := make([]*incidents.Incident, len(g.members))
	for i, r := range g.members {
		documents[i] = r.given.Clone()
		documents[i].Complete()
	}
	look, err := ask(ctx, directLookups{g.l, g.tx}, documents)
	if err != nil {
		return nil, err
	}
	fit := g.members[:0:0]
	for i, r := range g.members {
		in := documents[i]
		in.ID, in.Version, in.Publication = incidents.NewID(), 1, r.change.By.Role.Publishes()
		in.CreatedAt = g.l.clock()
		in.UpdatedAt = in.CreatedAt
		d := &draft{l: g.l, tx: g.tx, in: in, problems: r.change.problems(), look: look}
		switch err := d.fit(ctx); {
		case errors.Is(err, errRace):
			return nil, err
		case err != nil:
			unfit = append(unfit, r)
			if err := g.release(ctx, r); err != nil {
				return nil, err
			}
			continue
		}
		look.learn(d)
		fit, g.drafts = append(fit, r), append(g.drafts, d)
	}
	g.members = fit
	return unfit, nil
}

// release gives back the key of one that is written alone, which takes it again.
func (g *together) release(ctx context.Context, r *recording) error {
	if r.change.Once == nil || r.change.Once.Key == "" {
		return nil
	}
	return g.l.q.IdempotencyKeyRelease(ctx, &g.claimed, dbsqlc.IdempotencyKeyReleaseParams{ApiKeyID: r.change.Once.APIKey, Key: r.change.Once.Key})
}

// fit resolves and checks a new document; what is wrong with it is the error.
func (d *draft) fit(ctx context.Context) error {
	d.problems.Merge(d.in.Validate())
	if err := d.resolve(ctx); err != nil {
		return err
	}
	// A known incident is reported as such, also where its slug is given again.
	if err := d.freeReferences(ctx); err != nil {
		return err
	}
	if err := d.newSlug(ctx); err != nil {
		return err
	}
	if err := d.problems.OrNil(); err != nil {
		return err
	}
	d.in.Link(func(uuid.UUID) bool { return false })
	return nil
}

// store writes the rows of all of them.
func (g *together) store(ctx context.Context) error {
	q := &g.claimed
	var actors []incidents.Actor
	for _, d := range g.drafts {
		actors = append(actors, d.actors.created...)
	}
	if err := g.l.queueActors(ctx, q, actors); err != nil {
		return err
	}
	for i, d := range g.drafts {
		if len(d.sources.changed(d.in)) > 0 {
			return errAlone // what else shows the source is rendered anew
		}
		d.actors.created = nil
		doc, err := d.queue(ctx, q, g.members[i].change, func(row dbsqlc.IncidentInsertParams) error { return g.l.q.IncidentInsert(ctx, q, row) })
		if err != nil {
			return err
		}
		g.members[i].doc = doc
	}
	return q.send(ctx, g.tx)
}

// errAlone says that something in a group wants a transaction of its own.
var errAlone = errors.New("not to be written in a group")

// finish looks for likely duplicates, and keeps the answers of those with an
// Idempotency-Key.
func (g *together) finish(ctx context.Context) error {
	candidates := make([][]dbsqlc.SimilarCandidatesRow, len(g.drafts))
	err := pipelined(ctx, g.tx, len(g.drafts), func(i int, db dbsqlc.DBTX) (err error) {
		candidates[i], err = g.l.q.SimilarCandidates(ctx, db, g.l.similarTo(g.drafts[i].in, nil))
		return err
	})
	if err != nil {
		return fmt.Errorf("look for similar incidents: %w", err)
	}
	q := &queue{}
	var pairs []pair
	for i, r := range g.members {
		r.doc.Similar = likeliest(g.drafts[i].in, candidates[i])
		pairs = append(pairs, pairsOf(g.drafts[i].in, r.doc.Similar)...)
		if r.change.Once == nil || r.change.Once.Key == "" {
			continue
		}
		result, err := json.Marshal(r.doc)
		if err != nil {
			return fmt.Errorf("keep an answer: %w", err)
		}
		if err := g.l.q.IdempotencyKeyKeep(ctx, q, dbsqlc.IdempotencyKeyKeepParams{ApiKeyID: r.change.Once.APIKey, Key: r.change.Once.Key, Result: result}); err != nil {
			return err
		}
	}
	if err := g.l.queuePairs(ctx, q, pairs); err != nil {
		return err
	}
	if err := g.l.q.IdempotencyKeysExpire(ctx, q, g.l.clock().Add(-keptFor)); err != nil {
		return err
	}
	return q.send(ctx, g.tx)
}
