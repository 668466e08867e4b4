package ledger

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger/internal/pgbatch"
)

// batch is a bulk import under way.
type batch struct {
	l       *Ledger
	change  Change
	items   []ImportItem
	results []ImportResult
	fresh   []int    // items that are new
	others  []int    // imported before, or repeated within the batch
	drafts  []*draft // of the fresh ones
	kept    []int    // of these, what is to be stored
	look    *batchLookups
	slugs   []string // reserved
	shared  sharedRows
	staged  []newIncident
	rows    pgbatch.Copier
	ids     []uuid.UUID
	large   []uuid.UUID // of these, those with large numbers
	alone   bool        // it is a transaction of its own
}

// Import stores a batch. A document that cannot be stored is refused by itself;
// the others are stored. Actors and sources, which other batches name too, are
// made in a short transaction of their own, so that nobody waits for long; the
// rest follows in another.
func (b *Bulk) Import(ctx context.Context, c Change, items []ImportItem) ([]ImportResult, error) {
	if err := b.replan(ctx); err != nil {
		return nil, err
	}
	var k *batch
	err := retrying(ctx, func(attempt int) error {
		k = &batch{l: b.l, change: c, items: items, results: make([]ImportResult, len(items)), alone: b.tx == nil}
		defer func() { b.l.slugs.release(k.slugs) }()
		if err := k.sort(ctx, b); err != nil {
			return err
		}
		k.prepare()
		if b.tx != nil { // everything is one transaction; this is a savepoint
			return try(ctx, b.tx, attempt, func(tx pgx.Tx) error {
				if err := k.resolve(ctx, tx, nil); err != nil {
					return err
				}
				if err := k.render(ctx); err != nil {
					return err
				}
				return k.storeUnchanged(ctx, tx)
			})
		}
		if err := k.resolveAlone(ctx, b, attempt); err != nil {
			return err
		}
		if err := k.render(ctx); err != nil {
			return err
		}
		return try(ctx, b.conn, attempt, func(tx pgx.Tx) error { return k.storeUnchanged(ctx, tx) })
	})
	b.l.fresh.changed() // also after an error, which does not say that nothing was committed
	if err != nil {
		return nil, explain("import a batch", err)
	}
	return k.results, nil
}

// sort tells what is new from what was imported before.
func (k *batch) sort(ctx context.Context, b *Bulk) error {
	origins := make([]string, len(k.items))
	for i, item := range k.items {
		origins[i] = item.Origin
	}
	known, err := b.Known(ctx, origins)
	if err != nil {
		return err
	}
	for i, item := range k.items {
		if _, ok := known[item.Origin]; ok {
			k.others = append(k.others, i)
			continue
		}
		known[item.Origin] = ImportRecord{}
		k.fresh = append(k.fresh, i)
	}
	return nil
}

// prepare does what needs no database.
func (k *batch) prepare() {
	k.drafts = make([]*draft, len(k.fresh))
	now := k.l.clock()
	for n, i := range k.fresh {
		in := k.items[i].Incident.Clone()
		in.Complete()
		in.ID, in.Version, in.Publication, in.CreatedAt, in.UpdatedAt = incidents.NewID(), 1, k.change.By.Role.Publishes(), now, now
		d := &draft{l: k.l, in: in, by: k.change.By.Role, problems: k.change.Problems()}
		d.problems.Merge(in.Validate())
		k.drafts[n] = d
		k.results[i] = ImportResult{Origin: k.items[i].Origin, Slug: in.Slug, Outcome: Created, Version: 1}
	}
}
