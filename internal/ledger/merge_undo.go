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

// unmerge takes back out of the target what a merge moved into it, and gives the
// merged incident back what it said in an earlier version.
func (l *Ledger) unmerge(ctx context.Context, tx pgx.Tx, c Change, id uuid.UUID, ifMatch string, was *incidents.Incident) (Document, error) {
	if was.Publication == incidents.Merged {
		return Document{}, incidents.Problems{{Pointer: "/version", Detail: "is the version that the merge wrote; restore one from before it"}}
	}
	loaded, err := l.load(ctx, tx, []uuid.UUID{id})
	if err != nil {
		return Document{}, err
	}
	if loaded[0].Publication != incidents.Merged {
		return Document{}, errRace // somebody else has undone it
	}
	source, target, err := l.lockPair(ctx, tx, id, loaded[0].MergedInto)
	if err != nil {
		return Document{}, err
	}
	if source.in.Publication != incidents.Merged || source.in.MergedInto != target.in.ID {
		return Document{}, errRace
	}
	if err := checkMatch(ifMatch, source.etag); err != nil {
		return Document{}, err
	}
	if target.in.Publication == incidents.Merged {
		return Document{}, l.mergedOn(ctx, tx, target.in)
	}
	moved, before, err := l.beforeMerge(ctx, tx, source.in, target.in)
	if err != nil {
		return Document{}, err
	}
	own := c
	own.Action = giveBack + source.in.Slug
	if _, err := l.apply(ctx, tx, own, target.in, editing{change: func(in *incidents.Incident) (string, error) {
		in.Release(moved, before)
		return "", nil
	}}); err != nil {
		return Document{}, err
	}
	doc, err := l.apply(ctx, tx, c, source.in, editing{fresh: claimIDs(was), restores: true, change: func(in *incidents.Incident) (string, error) {
		slug := in.Slug
		in.Replace(*was)
		in.Slug, in.Publication, in.MergedInto = slug, moved.Publication, uuid.Nil
		return "", l.claimsFree(ctx, tx, in)
	}})
	if err != nil {
		return Document{}, err
	}
	if err := l.q.DuplicateReopen(ctx, tx, dbsqlc.DuplicateReopenParams{One: id, Other: target.in.ID}); err != nil {
		return Document{}, fmt.Errorf("reopen a pair: %w", err)
	}
	return doc, nil
}

// mergedOn refuses to undo a merge whose target was itself merged: its claims are
// no longer where the merge moved them.
func (l *Ledger) mergedOn(ctx context.Context, tx pgx.Tx, target *incidents.Incident) error {
	into, err := l.documentRow(ctx, tx, target.MergedInto.String())
	if err != nil {
		return fmt.Errorf("look up what an incident was merged into: %w", err)
	}
	return &StateError{
		Is: incidents.Merged, Must: []incidents.Publication{incidents.Published, incidents.Draft},
		Why: fmt.Sprintf("%s was itself merged into %s: undo that first, by restoring %s", target.Slug, into.Slug, target.Slug),
	}
}

// beforeMerge is what the two said before the merge that still holds: the source,
// whose latest version the merge wrote, and the target. Their actors go by the
// slugs that they have now.
func (l *Ledger) beforeMerge(ctx context.Context, tx pgx.Tx, source, target *incidents.Incident) (moved, before *incidents.Incident, err error) {
	if moved, err = l.versionOf(ctx, tx, source.ID, source.Version-1); err != nil {
		return nil, nil, err
	}
	merged, err := l.q.RevisionOfAction(ctx, tx, dbsqlc.RevisionOfActionParams{IncidentID: target.ID, Action: mergeFrom + source.Slug, Since: source.UpdatedAt})
	switch {
	case errors.Is(err, pgx.ErrNoRows): // the target had all of it already
		return moved, target.Clone(), nil
	case err != nil:
		return nil, nil, fmt.Errorf("find the merge: %w", err)
	}
	if before, err = l.versionOf(ctx, tx, target.ID, int(merged)-1); err != nil {
		return nil, nil, err
	}
	return moved, before, l.presentSlugs(ctx, tx, []*incidents.Incident{moved, before})
}

// presentSlugs gives the actors of old versions the slugs by which they go now: they
// may have been merged into others since.
func (l *Ledger) presentSlugs(ctx context.Context, tx pgx.Tx, versions []*incidents.Incident) error {
	slugs := []string{}
	each := func(f func(r *incidents.ActorRef)) {
		for _, in := range versions {
			in.EachActor(func(_ string, r *incidents.ActorRef) { f(r) })
		}
	}
	each(func(r *incidents.ActorRef) { slugs = append(slugs, r.Slug) })
	rows, err := l.q.ActorsNamed(ctx, tx, dbsqlc.ActorsNamedParams{Keys: []string{}, Slugs: unique(slugs)})
	if err != nil {
		return fmt.Errorf("look up the actors of old versions: %w", err)
	}
	now := map[string]string{}
	for _, row := range rows {
		now[row.Asked] = row.Slug
	}
	each(func(r *incidents.ActorRef) { r.Slug = now[r.Slug] })
	return nil
}
