package ledger

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/breachledger/breachledger/internal/incidents"
)

// resolveAlone resolves in a transaction of its own, one batch after another:
// the next one sees what this one makes.
func (k *batch) resolveAlone(ctx context.Context, b *Bulk, attempt int) error {
	if len(k.fresh) == 0 {
		return nil
	}
	k.l.naming.Lock()
	defer k.l.naming.Unlock()
	return try(ctx, b.conn, attempt, func(tx pgx.Tx) error { return k.resolve(ctx, tx, &k.l.slugs) })
}

// resolve ties the documents to actors and sources, makes those that are new, and
// assigns slugs. book remembers the numbers of slugs that are taken; it is nil where the
// transaction may still be undone.
func (k *batch) resolve(ctx context.Context, tx pgx.Tx, book *slugBook) error {
	documents := make([]*incidents.Incident, len(k.drafts))
	for n, d := range k.drafts {
		documents[n] = d.in
	}
	reserved := k.l.slugs.reserved()
	for _, in := range documents {
		delete(reserved, in.Slug) // the other may be the same document: whoever stores it first has it
	}
	var err error
	if k.look, err = ask(ctx, presentLookups{directLookups{k.l, tx}, book}, documents, reserved); err != nil {
		return fmt.Errorf("look up what a batch names: %w", err)
	}
	for n, d := range k.drafts {
		d.tx, d.look = tx, k.look
		i := k.fresh[n]
		err := k.resolveOne(ctx, d)
		if err != nil {
			err = k.l.orImported(ctx, tx, k.items[i].Origin, err)
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
		if k.slugs = append(k.slugs, d.in.Slug); d.in.Slug != d.wanted {
			k.slugs = append(k.slugs, d.wanted) // so that the next one asks for more of its forms
		}
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
		r.Problems = exists.Problems()
		return r, nil
	default:
		return r, err
	}
}
