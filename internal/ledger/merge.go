package ledger

import (
	"bytes"
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger/internal/dbsqlc"
)

// Merge moves every claim and source of an incident into another one, which
// keeps its headline. The address of the first leads to the second from then
// on; both keep their histories. Restoring a version of the first undoes it.
func (l *Ledger) Merge(ctx context.Context, c Change, ref, ifMatch, into string) (Document, error) {
	if err := needs(c.By, access.Editor); err != nil {
		return Document{}, err
	}
	doc, err := writeOnce(ctx, l, c.Once, func(tx pgx.Tx) (Document, error) { return l.merge(ctx, tx, c, ref, ifMatch, into) })
	return doc, explain("merge incidents", err)
}

func (l *Ledger) merge(ctx context.Context, tx pgx.Tx, c Change, ref, ifMatch, into string) (Document, error) {
	from, err := l.resolveRef(ctx, tx, c.By, ref)
	if err != nil {
		return Document{}, err
	}
	to, err := l.resolveRef(ctx, tx, c.By, into)
	if absent(err) {
		return Document{}, incidents.Problems{{Pointer: "/into", Detail: fmt.Sprintf("names no incident to merge into: %v", err)}}
	}
	if err != nil {
		return Document{}, err
	}
	if from == to {
		return Document{}, incidents.Problems{{Pointer: "/into", Detail: "is the same incident"}}
	}
	source, target, err := l.lockPair(ctx, tx, from, to)
	if err != nil {
		return Document{}, err
	}
	if err := checkMatch(ifMatch, source.etag); err != nil {
		return Document{}, err
	}
	for _, one := range []held{source, target} {
		if p := one.in.Publication; !stands(p) {
			return Document{}, &StateError{Is: p, Must: []incidents.Publication{incidents.Published, incidents.Draft}}
		}
	}
	if source.in.Publication == incidents.Published && target.in.Publication == incidents.Draft {
		return Document{}, &StateError{
			Is: incidents.Draft, Must: []incidents.Publication{incidents.Published},
			Why: fmt.Sprintf("%s is published and %s is a draft, where nobody could follow: publish %s first", source.in.Slug, target.in.Slug, target.in.Slug),
		}
	}
	moved := source.in.Clone()
	at := l.after(source.in, target.in) // by which undoing it finds the other's version
	c.Action = mergeInto + target.in.Slug
	// First the source, which gives up the references that only one may carry.
	if _, err := l.apply(ctx, tx, c, source.in, editing{at: at, change: func(in *incidents.Incident) (string, error) {
		new(incidents.Incident).Absorb(in)
		in.Publication, in.MergedInto = incidents.Merged, to
		return "", nil
	}}); err != nil {
		return Document{}, err
	}
	c.Action = mergeFrom + moved.Slug
	doc, err := l.apply(ctx, tx, c, target.in, editing{at: at, fresh: claimIDs(moved), change: func(in *incidents.Incident) (string, error) {
		in.Absorb(moved.Clone())
		return "", nil
	}})
	if err != nil {
		return Document{}, err
	}
	if err := l.q.DuplicateMerged(ctx, tx, dbsqlc.DuplicateMergedParams{One: from, Other: to, DecidedBy: c.By.Name, DecidedAt: l.clock()}); err != nil {
		return Document{}, fmt.Errorf("decide on a pair: %w", err)
	}
	return doc, nil
}

// What a merge is called in the histories of both, before the other's slug.
const (
	mergeInto = "merge into "
	mergeFrom = "merge from "
	giveBack  = "give back " // what undoes it
)

func claimIDs(in *incidents.Incident) map[uuid.UUID]bool {
	ids := map[uuid.UUID]bool{}
	in.EachClaim(func(_ string, c *incidents.Claim) { ids[c.ID] = true })
	return ids
}

// held is a document that is locked until the transaction ends.
type held struct {
	in   *incidents.Incident
	etag string
}

// lockPair holds two incidents, in the order of their ids, so that two merges
// cannot wait for each other.
func (l *Ledger) lockPair(ctx context.Context, tx pgx.Tx, a, b uuid.UUID) (first, second held, err error) {
	order := []uuid.UUID{a, b}
	if bytes.Compare(a[:], b[:]) > 0 {
		order = []uuid.UUID{b, a}
	}
	etags := map[uuid.UUID]string{}
	for _, id := range order {
		row, err := l.lock(ctx, tx, id)
		if err != nil {
			return first, second, err
		}
		etags[id] = row.Etag
	}
	documents, err := l.load(ctx, tx, []uuid.UUID{a, b})
	if err != nil {
		return first, second, err
	}
	for _, in := range documents {
		if in.ID == a {
			first = held{in, etags[a]}
		} else {
			second = held{in, etags[b]}
		}
	}
	return first, second, nil
}
