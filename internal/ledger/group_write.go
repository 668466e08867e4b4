package ledger

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger/internal/dbsqlc"
	"github.com/breachledger/breachledger/internal/ledger/internal/pgbatch"
)

// recordTogether writes a group in one transaction. It returns those that are to
// be written alone: they have problems, or have been written before under their
// Idempotency-Key. With an error nothing is written, but for an [unsureError].
func (l *Ledger) recordTogether(ctx context.Context, group []*recording) (alone []*recording, err error) {
	defer caught(&err)
	tx, err := impatient{l.pool, lockPatience}.Begin(ctx)
	if err != nil {
		return nil, fmt.Errorf("begin: %w", err)
	}
	g := &together{l: l, tx: tx}
	defer func() { l.recorder.leave(g.passing) }()
	defer func() { _ = tx.Rollback(ctx) }() // it is the first error that counts; after a commit it does nothing
	if alone, err = g.claim(ctx, group); err != nil {
		return nil, err
	}
	unfit, err := g.prepare(ctx)
	if err != nil {
		return nil, err
	}
	alone = append(alone, unfit...)
	if err := g.store(ctx); err != nil {
		return nil, err
	}
	if err := g.finish(ctx); err != nil {
		return nil, err
	}
	if slices.ContainsFunc(g.members, func(r *recording) bool { return r.ctx.Err() != nil }) {
		return nil, errAlone // who has gone while it waited is left out
	}
	defer l.fresh.changed() // also after an error, which does not say that nothing was committed
	if err := tx.Commit(ctx); err != nil {
		if refused(err) {
			return nil, err
		}
		return alone, &unsureError{err}
	}
	return alone, nil
}

// unsureError is that of a commit of which no answer came: the group is written, or
// it is not. To write it again would be to write it twice.
type unsureError struct{ error }

func (e *unsureError) Unwrap() error { return e.error }

// refused reports whether PostgreSQL has said that nothing was committed. It has
// not when it ended the connection, which it may do after the commit.
func refused(err error) bool {
	var pg *pgconn.PgError
	return errors.Is(err, pgx.ErrTxCommitRollback) || errors.As(err, &pg) && pg.SeverityUnlocalized == "ERROR"
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
	drafts  []*draft       // of members
	claimed pgbatch.Queue  // what releases the keys of those that are to be written alone
	below   pgbatch.Copier // rows of what belongs to an incident
	unknown otherForms     // of the organisations that the members make
	passing *passing       // once it is to look for likely duplicates
}

// claim takes the Idempotency-Keys of the group.
func (g *together) claim(ctx context.Context, group []*recording) (alone []*recording, err error) {
	q := &pgbatch.Queue{}
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
	if err := q.Send(ctx, g.tx); err != nil {
		return nil, err
	}
	for i, r := range keyed {
		if q.Affected[i] == 0 {
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
	look, err := ask(ctx, directLookups{g.l, g.tx}, documents, nil)
	if err != nil {
		return nil, err
	}
	fit := g.members[:0:0]
	for i, r := range g.members {
		in := documents[i]
		problems := r.change.Problems()
		in.ID, in.Version, in.Publication = incidents.NewID(), 1, r.change.begins(r.given.Publication, &problems)
		in.CreatedAt = g.l.clock()
		in.UpdatedAt = in.CreatedAt
		d := &draft{l: g.l, tx: g.tx, in: in, by: r.change.By.Role, exact: r.change.ExactActors, problems: problems, look: look}
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

// store writes the rows of all incidents, and what they refer to.
func (g *together) store(ctx context.Context) error {
	q := &g.claimed
	var actors []incidents.Actor
	for _, d := range g.drafts {
		actors = append(actors, d.actors.created...)
	}
	if err := g.l.queueActors(ctx, q, actors); err != nil {
		return err
	}
	var rows []newIncident
	for i, d := range g.drafts {
		if len(d.sources.changed(d.in)) > 0 {
			return errAlone // what else shows the source is rendered anew
		}
		g.unknown.add(i, d)
		d.actors.created = nil // they are queued
		doc, err := d.queue(ctx, q, &g.below, func(row dbsqlc.IncidentInsertParams) error {
			rows = append(rows, newlyLogged(row))
			return nil
		})
		if err != nil {
			return err
		}
		g.members[i].doc = doc
	}
	if err := q.Send(ctx, g.tx); err != nil || len(rows) == 0 {
		return err
	}
	return g.l.copyIncidents(ctx, g.tx, rows)
}

// revisions are the first versions of all, one statement for each author.
func (g *together) revisions() []dbsqlc.RevisionsOfNewParams {
	type author struct{ name, action, reason string }
	by := map[author][]uuid.UUID{}
	for i, d := range g.drafts {
		c := g.members[i].change
		as := author{c.By.Name, c.Action, c.Reason}
		by[as] = append(by[as], d.in.ID)
	}
	var out []dbsqlc.RevisionsOfNewParams
	for as, ids := range by {
		out = append(out, dbsqlc.RevisionsOfNewParams{Ids: ids, Author: as.name, Action: as.action, Reason: nullable(as.reason)})
	}
	return out
}

// errAlone says that something in a group wants a transaction of its own.
var errAlone = errors.New("not to be written in a group")

// finish writes what belongs to the incidents and their first versions, looks for
// likely duplicates, and keeps the answers of those with an Idempotency-Key.
func (g *together) finish(ctx context.Context) error {
	var similar similarTo
	documents := make([]*incidents.Incident, len(g.drafts))
	for i, d := range g.drafts {
		documents[i] = d.in
		similar.add(g.l, d.in, d.sources.knownBefore(d.in))
	}
	var others []*passing
	g.passing, others = g.l.recorder.enter(documents)
	rows, err := g.below.Inserts(ctx, g.tx)
	if err != nil {
		return err
	}
	revisions := g.revisions()
	var candidates [][]dbsqlc.SimilarCandidatesRow
	err = pgbatch.Pipeline(ctx, g.tx, len(rows)+len(revisions)+1, func(i int, db dbsqlc.DBTX) (err error) {
		switch version := i - len(rows); {
		case i < len(rows):
			return rows[i].Run(ctx, db)
		case version < len(revisions):
			return g.l.q.RevisionsOfNew(ctx, db, revisions[version])
		}
		candidates, err = similar.ask(ctx, g.l, db) // last, as they are candidates of each other
		return err
	})
	if err != nil {
		return fmt.Errorf("write what belongs to incidents: %w", err)
	}
	named, err := g.unknown.ask(ctx, g.l, g.tx)
	if err != nil {
		return err
	}
	q := &pgbatch.Queue{}
	var pairs []pair
	passers := passersByOf(others)
	for i, r := range g.members {
		r.doc.Similar = likeliest(g.drafts[i].in, candidates[i], nil)
		if len(named[i]) > 0 { // rare: asked again with these among the candidates
			if r.doc.Similar, err = g.l.likely(ctx, g.tx, g.drafts[i].in, named[i], true); err != nil {
				return err
			}
		}
		r.met = g.l.meet(g.drafts[i].in, passers, r.doc.Similar)
		pairs = append(pairs, pairsOf(g.drafts[i].in.ID, r.doc.Similar)...)
		if err := g.l.keep(ctx, q, r.change.Once, r.doc); err != nil {
			return err
		}
	}
	if err := g.l.queuePairs(ctx, q, pairs); err != nil {
		return err
	}
	if err := g.l.q.IdempotencyKeysExpire(ctx, q, g.l.clock().Add(-keptFor)); err != nil {
		return err
	}
	return q.Send(ctx, g.tx)
}
