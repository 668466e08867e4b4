package ledger

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger/internal/dbsqlc"
	"github.com/breachledger/breachledger/internal/ledger/internal/pgbatch"
)

// CreateActor adds an actor, and returns its slug.
func (l *Ledger) CreateActor(ctx context.Context, c Change, a incidents.Actor) (string, error) {
	slug, err := writeOnce(ctx, l, c.Once, func(tx pgx.Tx) (string, error) { return l.createActor(ctx, tx, c, a) })
	return slug, explain("create actor", err)
}

func (l *Ledger) createActor(ctx context.Context, tx pgx.Tx, c Change, a incidents.Actor) (string, error) {
	a.ID = incidents.NewID()
	problems := c.Problems()
	problems.Merge(a.Validate(""))
	ownNames(c.By.Role, "", a, &problems)
	a.Kind, a.Sector = classed(a)
	if err := l.namesFree(ctx, tx, a, &problems); err != nil {
		return "", err
	}
	wanted := a.Slug
	if wanted == "" {
		wanted = actorSlug(a.Name)
	}
	rows, err := l.q.ActorSlugsTaken(ctx, tx, slugCandidates(wanted))
	if err != nil {
		return "", fmt.Errorf("look up actors' slugs: %w", err)
	}
	if a.Slug != "" && slices.Contains(rows, a.Slug) {
		problems.Add("/slug", "another actor has the slug %q", a.Slug)
	}
	if err := problems.OrNil(); err != nil {
		return "", err
	}
	taken := map[string]bool{}
	for _, slug := range rows {
		taken[slug] = true
	}
	a.Slug = freeSlug(wanted, taken)
	q := &pgbatch.Queue{}
	if err := l.queueActors(ctx, q, []incidents.Actor{a}); err != nil {
		return "", err
	}
	if err := l.queueActorChange(ctx, q, c, nil, a, nil); err != nil {
		return "", err
	}
	return a.Slug, q.Send(ctx, tx)
}

// classed are the kind and the sector of an actor, with what stands for one that is
// not stated.
func classed(a incidents.Actor) (incidents.ActorKind, incidents.Sector) {
	return cmp.Or(a.Kind, incidents.ActorOther), cmp.Or(a.Sector, incidents.SectorUnknown)
}

// namesFree adds a problem for each name that belongs to another actor.
func (l *Ledger) namesFree(ctx context.Context, tx pgx.Tx, a incidents.Actor, problems *incidents.Problems) error {
	pointers := map[string]string{}
	for i, name := range a.Names() {
		pointer := "/name"
		if i > 0 {
			pointer = fmt.Sprintf("/aliases/%d", i-1)
		}
		if key := incidents.FoldName(name); key != "" && pointers[key] == "" && storable(key) {
			pointers[key] = pointer
		}
	}
	owners, err := l.q.ActorNameOwners(ctx, tx, dbsqlc.ActorNameOwnersParams{Keys: slices.Sorted(maps.Keys(pointers)), ExceptID: a.ID})
	if err != nil {
		return fmt.Errorf("look up names: %w", err)
	}
	for _, o := range owners {
		problems.Add(pointers[o.Key], "the name belongs to the actor %s", o.Slug)
	}
	return nil
}

// EditActor changes an actor: its names, kind, sector, country or domain. Every
// incident that names it is rendered anew. The slug stays.
func (l *Ledger) EditActor(ctx context.Context, c Change, slug string, change func(*incidents.Actor) error) error {
	return explain("edit actor", l.changeOnce(ctx, c.Once, func(tx pgx.Tx) error { return l.editActor(ctx, tx, c, slug, change) }))
}

func (l *Ledger) editActor(ctx context.Context, tx pgx.Tx, c Change, slug string, change func(*incidents.Actor) error) error {
	a, err := l.lockActor(ctx, tx, slug)
	if err != nil {
		return err
	}
	before, had := a, a.Names()
	before.Aliases = slices.Clone(a.Aliases)
	if err := change(&a); err != nil {
		return err
	}
	problems := c.Problems()
	problems.Merge(editedProblems(a, len(had)))
	a.Kind, a.Sector = classed(a)
	if a.Slug != slug {
		problems.Add("/slug", "is permanent; it is %q", slug)
	}
	if err := l.namesFree(ctx, tx, a, &problems); err != nil {
		return err
	}
	keys := map[string]string{}
	for _, n := range keyedNames(a.Names()) {
		keys[n.key] = n.name
	}
	q := &pgbatch.Queue{}
	if err := l.keepMerged(ctx, tx, q, a.ID, had, keys, &problems); err != nil {
		return err
	}
	if err := problems.OrNil(); err != nil {
		return err
	}
	keep := slices.Sorted(maps.Keys(keys))
	if err := l.q.ActorNamesDelete(ctx, q, dbsqlc.ActorNamesDeleteParams{ActorID: a.ID, Keep: keep}); err != nil {
		return err
	}
	for _, key := range keep {
		if err := l.q.ActorNamePut(ctx, q.MustChange(errRace), dbsqlc.ActorNamePutParams{Key: key, ActorID: a.ID, Name: keys[key]}); err != nil {
			return err
		}
	}
	if err := l.queueActorUpdate(ctx, q, a); err != nil {
		return err
	}
	if err := l.queueActorChange(ctx, q, c, &before, a, nil); err != nil {
		return err
	}
	if err := q.Send(ctx, tx); err != nil {
		return err
	}
	return l.renderNaming(ctx, tx, a.ID)
}

// editedProblems are what is wrong with an actor that had so many names. Merges can have
// given it more than may be written, and none of them may go: more it does not get.
func editedProblems(a incidents.Actor, had int) incidents.Problems {
	problems := a.Validate("")
	if len(a.Names()) <= had {
		problems = slices.DeleteFunc(problems, func(p incidents.Problem) bool { return p.Pointer == "/aliases" })
	}
	return problems
}

func (l *Ledger) queueActorUpdate(ctx context.Context, q *pgbatch.Queue, a incidents.Actor) error {
	return l.q.ActorUpdate(ctx, q, dbsqlc.ActorUpdateParams{
		ID: a.ID, Slug: a.Slug, Name: a.Name, Kind: a.Kind, Sector: a.Sector, Country: nullable(a.Country), Domain: nullable(a.Domain), UpdatedAt: l.clock(),
	})
}

// lockActor holds an actor, with its aliases, until the transaction ends.
func (l *Ledger) lockActor(ctx context.Context, tx pgx.Tx, slug string) (incidents.Actor, error) {
	if !incidents.ValidSlug(slug) {
		return incidents.Actor{}, fmt.Errorf("%w: %q is not the slug of an actor", ErrNotFound, slug)
	}
	row, err := l.q.ActorLock(ctx, tx, slug)
	if err != nil {
		return incidents.Actor{}, fmt.Errorf("lock the actor: %w", notFound(err, "actor "+slug))
	}
	if row.MergedInto != nil {
		merged, err := l.q.ActorBySlug(ctx, tx, slug)
		if err != nil {
			return incidents.Actor{}, fmt.Errorf("look up the actor that %s was merged into: %w", slug, err)
		}
		return incidents.Actor{}, &MovedError{Slug: orZero(merged.MergedIntoSlug)}
	}
	names, err := l.allNames(ctx, tx, []uuid.UUID{row.ID})
	if err != nil {
		return incidents.Actor{}, err
	}
	return incidents.Actor{
		ID: row.ID, Slug: row.Slug, Name: row.Name, Kind: row.Kind, Sector: row.Sector, Country: orZero(row.Country), Domain: orZero(row.Domain),
		Aliases: without(names[row.ID], row.Name),
	}, nil
}

// renderNaming renders every incident anew that names an actor.
func (l *Ledger) renderNaming(ctx context.Context, tx pgx.Tx, actor uuid.UUID) error {
	ids, err := l.q.IncidentsNaming(ctx, tx, actor)
	if err != nil {
		return fmt.Errorf("look up the incidents that name an actor: %w", err)
	}
	for some := range slices.Chunk(ids, renderAtOnce) {
		if err := l.renderAnew(ctx, tx, some); err != nil {
			return err
		}
	}
	return nil
}
