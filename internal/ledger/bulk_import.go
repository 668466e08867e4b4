package ledger

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger/internal/dbsqlc"
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
	rows    copier
	ids     []uuid.UUID
	large   []uuid.UUID // of these, those with large numbers
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
		k = &batch{l: b.l, change: c, items: items, results: make([]ImportResult, len(items))}
		defer func() { b.l.slugs.release(k.slugs) }()
		if err := k.sort(ctx, b); err != nil {
			return err
		}
		k.prepare()
		if b.tx != nil { // everything is one transaction; this is a savepoint
			return try(ctx, b.tx, attempt, func(tx pgx.Tx) error {
				if err := k.resolve(ctx, tx); err != nil {
					return err
				}
				if err := k.render(ctx); err != nil {
					return err
				}
				return k.store(ctx, tx)
			})
		}
		if err := k.resolveAlone(ctx, b, attempt); err != nil {
			return err
		}
		if err := k.render(ctx); err != nil {
			return err
		}
		return try(ctx, b.conn, attempt, func(tx pgx.Tx) error {
			if err := k.unchanged(ctx, tx); err != nil {
				return err
			}
			return k.store(ctx, tx)
		})
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
		d := &draft{l: k.l, in: in, problems: k.change.problems()}
		d.problems.Merge(in.Validate())
		k.drafts[n] = d
		k.results[i] = ImportResult{Origin: k.items[i].Origin, Slug: in.Slug, Outcome: Created, Version: 1}
	}
}

// resolveAlone resolves in a transaction of its own, one batch after another:
// the next one sees what this one makes.
func (k *batch) resolveAlone(ctx context.Context, b *Bulk, attempt int) error {
	if len(k.fresh) == 0 {
		return nil
	}
	k.l.naming.Lock()
	defer k.l.naming.Unlock()
	return try(ctx, b.conn, attempt, func(tx pgx.Tx) error { return k.resolve(ctx, tx) })
}

// resolve ties the documents to actors and sources, makes those that are new,
// and gives slugs.
func (k *batch) resolve(ctx context.Context, tx pgx.Tx) error {
	documents := make([]*incidents.Incident, len(k.drafts))
	for n, d := range k.drafts {
		documents[n] = d.in
	}
	reserved := k.l.slugs.reserved()
	var err error
	if k.look, err = ask(ctx, presentLookups{directLookups{k.l, tx}}, documents); err != nil {
		return fmt.Errorf("look up what a batch names: %w", err)
	}
	for n, d := range k.drafts {
		d.tx, d.look = tx, k.look
		k.look.reserve(reserved, d.in)
		i := k.fresh[n]
		err := k.resolveOne(ctx, d)
		var exists *ExistsError
		if errors.As(err, &exists) {
			// Another import of the same document may have stored it since.
			rows, lookErr := k.l.q.ImportRecordsByOrigin(ctx, tx, []string{k.items[i].Origin})
			if lookErr != nil {
				return fmt.Errorf("look up imports: %w", lookErr)
			}
			if len(rows) > 0 {
				return errRace
			}
		}
		if k.results[i], err = refusable(k.results[i], err); err != nil {
			return err
		}
		if k.results[i].Outcome != Created {
			continue
		}
		k.results[i].Slug = d.in.Slug
		k.kept = append(k.kept, n)
		k.look.learn(d)
		k.slugs = append(k.slugs, d.in.Slug)
		k.shared.add(d)
	}
	k.l.slugs.reserve(k.slugs)
	return k.shared.send(ctx, k.l, tx)
}

func (k *batch) resolveOne(ctx context.Context, d *draft) error {
	if err := d.resolve(ctx); err != nil {
		return err
	}
	if err := d.freeReferences(ctx); err != nil {
		return err
	}
	if err := d.newSlug(ctx); err != nil {
		return err
	}
	return d.problems.OrNil()
}

// refusable turns what is wrong with one document into a refusal of it alone.
func refusable(r ImportResult, err error) (ImportResult, error) {
	var problems incidents.Problems
	var exists *ExistsError
	switch {
	case errors.As(err, &problems):
		r.Outcome, r.Problems = Refused, problems
		return r, nil
	case errors.As(err, &exists):
		r.Outcome, r.Slug = Refused, exists.Slug
		r.Problems = incidents.Problems{{Pointer: "/external_refs", Detail: exists.Error()}}
		return r, nil
	default:
		return r, err
	}
}

// render makes the rows.
func (k *batch) render(ctx context.Context) error {
	for _, n := range k.kept {
		in, item := k.drafts[n].in, k.items[k.fresh[n]]
		in.Link(func(uuid.UUID) bool { return false })
		in.JoinActors()
		in.Derive()
		r, err := render(in)
		if err != nil {
			return err
		}
		published := &in.CreatedAt
		if in.Publication != incidents.Published {
			published = nil
		}
		k.staged = append(k.staged, newIncident{incidentRow(in, r), published})
		k.ids = append(k.ids, in.ID)
		if in.Victims != nil && orZero(in.Victims.Quantity) >= largeFrom {
			k.large = append(k.large, in.ID)
		}
		if err := k.addRows(ctx, item, in, r); err != nil {
			return err
		}
	}
	return nil
}

func (k *batch) addRows(ctx context.Context, item ImportItem, in *incidents.Incident, r rendered) error {
	if err := k.l.queueChildren(ctx, &k.rows, in); err != nil {
		return err
	}
	if err := k.l.q.RevisionInsert(ctx, &k.rows, dbsqlc.RevisionInsertParams{
		IncidentID: in.ID, Version: 1, At: in.UpdatedAt, Author: k.change.By.Name, Action: k.change.Action,
		Reason: nullable(k.change.Reason), Document: r.document,
	}); err != nil {
		return err
	}
	return k.l.q.ImportRecordInsert(ctx, &k.rows, dbsqlc.ImportRecordInsertParams{
		Origin: item.Origin, IncidentID: in.ID, Digest: item.Digest, Version: 1, ImportedAt: in.UpdatedAt, Original: item.Original,
	})
}

// store writes what is new, then what was imported before.
func (k *batch) store(ctx context.Context, tx pgx.Tx) error {
	if len(k.staged) > 0 {
		if err := k.l.copyIncidents(ctx, tx, k.staged); err != nil {
			return err
		}
		if err := k.rows.send(ctx, tx); err != nil {
			return err
		}
		if err := k.l.queueImported(ctx, tx, k.ids, k.large); err != nil {
			return err
		}
	}
	for _, i := range k.others {
		var err error
		if k.results[i], err = refusable(k.l.importItem(ctx, tx, k.change, k.items[i])); err != nil {
			return err
		}
	}
	return nil
}
