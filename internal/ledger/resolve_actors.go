package ledger

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger/internal/dbsqlc"
	"github.com/breachledger/breachledger/internal/ledger/internal/pgbatch"
)

// actorResolver turns the actor references of documents into actors: known
// ones by slug or any of their names, new ones as described in place.
type actorResolver struct {
	bySlug   map[string]incidents.Actor
	byName   map[string]incidents.Actor // by folded name
	created  []incidents.Actor
	by       access.Role
	exact    bool // a description that contradicts the ledger is a problem
	problems incidents.Problems
}

// resolveActors gives every reference of the documents its actor, and plans the
// actors to be created. What cannot be resolved is in the resolver's problems.
func resolveActors(ctx context.Context, look lookups, in *incidents.Incident, by access.Role, exact bool) (*actorResolver, error) {
	keys, slugs := actorNamesIn(in)
	a := &actorResolver{bySlug: map[string]incidents.Actor{}, byName: map[string]incidents.Actor{}, by: by, exact: exact}
	if err := lookUpActors(ctx, look, a, keys, slugs); err != nil {
		return nil, err
	}
	// Actors described in place first: the short form may then name them too.
	in.EachActor(func(pointer string, r *incidents.ActorRef) {
		if r.ID == uuid.Nil && r.Given == "" && !r.IsZero() {
			a.describe(pointer, r)
		}
	})
	in.EachActor(func(pointer string, r *incidents.ActorRef) {
		if r.ID == uuid.Nil && r.Given != "" {
			a.name(pointer, r)
		}
	})
	return a, nameNewActors(ctx, look, a)
}

// actorNamesIn are the folded names and the slugs of a document's actors that
// are not resolved yet.
func actorNamesIn(in *incidents.Incident) (keys, slugs []string) {
	in.EachActor(func(_ string, r *incidents.ActorRef) {
		k, s := refNames(r)
		keys, slugs = append(keys, k...), append(slugs, s...)
	})
	return keys, slugs
}

// refNames are those of one reference.
func refNames(r *incidents.ActorRef) (keys, slugs []string) {
	if r.ID != uuid.Nil {
		return nil, nil
	}
	for _, name := range append(r.Actor().Names(), r.Given) {
		if key := incidents.FoldName(name); key != "" {
			keys = append(keys, key)
		}
	}
	for _, slug := range []string{r.Slug, r.Given} {
		if incidents.ValidSlug(slug) {
			slugs = append(slugs, slug)
		}
	}
	return keys, slugs
}

func lookUpActors(ctx context.Context, look lookups, a *actorResolver, keys, slugs []string) error {
	if len(keys) == 0 && len(slugs) == 0 {
		return nil
	}
	rows, err := look.actorsNamed(ctx, unique(keys), unique(slugs))
	if err != nil {
		return fmt.Errorf("look up actors: %w", err)
	}
	a.know(rows)
	return nil
}

// know keeps what was found of the actors asked for.
func (a *actorResolver) know(rows []dbsqlc.ActorsNamedRow) {
	for _, row := range rows {
		actor := incidents.Actor{
			ID: row.ID, Slug: row.Slug, Name: row.Name, Kind: row.Kind, Sector: row.Sector, Country: orZero(row.Country), Domain: orZero(row.Domain),
		}
		if row.AskedBy == "slug" {
			a.bySlug[row.Asked] = actor
		} else {
			a.byName[row.Asked] = actor
		}
	}
}

// describe resolves a reference in the long form.
func (a *actorResolver) describe(pointer string, r *incidents.ActorRef) {
	if known, ok := a.bySlug[r.Slug]; ok {
		a.agree(pointer, r, known)
		*r = known.Ref()
		return
	}
	if r.Name == "" && r.Slug == "" {
		return // reported already
	}
	if r.Name == "" {
		a.problems.Add(pointer+"/slug", "no actor has the slug %q; give a name to make a new one", r.Slug)
		return
	}
	actor := r.Actor()
	var named []incidents.Actor
	for _, name := range actor.Names() {
		if known, ok := a.byName[incidents.FoldName(name)]; ok && !slices.ContainsFunc(named, func(o incidents.Actor) bool { return o.ID == known.ID }) {
			named = append(named, known)
		}
	}
	switch {
	case len(named) > 1:
		a.problems.Add(pointer, "its names belong to two actors, %s (%s) and %s (%s): if they are the same, merge one into the other, else leave out the name that is the other's",
			named[0].Name, named[0].Slug, named[1].Name, named[1].Slug)
	case len(named) == 1:
		a.agree(pointer, r, named[0])
		*r = named[0].Ref()
	default:
		ownNames(a.by, pointer, actor, &a.problems)
		actor.Kind, actor.Sector = classed(actor)
		actor.ID = incidents.NewID()
		a.created = append(a.created, actor)
		a.bySlug[actor.Slug] = actor
		delete(a.bySlug, "")
		for _, name := range actor.Names() {
			a.byName[incidents.FoldName(name)] = actor
		}
		*r = actor.Ref()
	}
}

// name resolves a reference in the short form.
func (a *actorResolver) name(pointer string, r *incidents.ActorRef) {
	if known, ok := a.bySlug[r.Given]; ok {
		*r = known.Ref()
		return
	}
	if known, ok := a.byName[incidents.FoldName(r.Given)]; ok {
		*r = known.Ref()
		return
	}
	a.problems.Add(pointer, "no actor has the slug or name %q; to make a new one, describe it as an object with a name, a kind and a sector", r.Given)
}

// nameNewActors gives the new actors their slugs.
func nameNewActors(ctx context.Context, look lookups, a *actorResolver) error {
	if len(a.created) == 0 {
		return nil
	}
	taken := map[string]bool{}
	wanted := make([]string, len(a.created))
	var candidates []string
	for i, actor := range a.created {
		wanted[i] = actor.Slug
		if wanted[i] == "" {
			wanted[i] = actorSlug(actor.Name)
		} else {
			taken[wanted[i]] = true // given: a made-up one steps aside
		}
		candidates = append(candidates, slugCandidates(wanted[i])...)
	}
	rows, err := look.actorSlugsTaken(ctx, candidates)
	if err != nil {
		return fmt.Errorf("look up actors' slugs: %w", err)
	}
	for _, slug := range rows {
		taken[slug] = true
	}
	for i := range a.created {
		if a.created[i].Slug == "" {
			a.created[i].Slug = freeSlug(wanted[i], taken)
		}
		taken[a.created[i].Slug] = true
	}
	return nil
}

// settle puts the final slugs of new actors into the document.
func (a *actorResolver) settle(in *incidents.Incident) {
	byID := map[uuid.UUID]incidents.Actor{}
	for _, actor := range a.created {
		byID[actor.ID] = actor
	}
	in.EachActor(func(_ string, r *incidents.ActorRef) {
		if actor, ok := byID[r.ID]; ok {
			*r = actor.Ref()
		}
	})
}

// queueActors queues the rows of new actors. A name that somebody else has
// taken since makes the write start over.
func (l *Ledger) queueActors(ctx context.Context, q *pgbatch.Queue, actors []incidents.Actor) error {
	// One order for all writers, so that two of them cannot wait for each other.
	slices.SortFunc(actors, func(x, y incidents.Actor) int { return strings.Compare(x.Slug, y.Slug) })
	for _, actor := range actors {
		if err := l.q.ActorInsert(ctx, q, dbsqlc.ActorInsertParams{
			ID: actor.ID, Slug: actor.Slug, Name: actor.Name, Kind: actor.Kind, Sector: actor.Sector,
			Country: nullable(actor.Country), Domain: nullable(actor.Domain),
		}); err != nil {
			return err
		}
		for _, n := range keyedNames(actor.Names()) {
			if _, err := l.q.ActorNameInsert(ctx, q.MustChange(errRace), dbsqlc.ActorNameInsertParams{Key: n.key, ActorID: actor.ID, Name: n.name}); err != nil {
				return err
			}
		}
	}
	return nil
}

func actorSlug(name string) string {
	if slug := incidents.Slugify(name); incidents.ValidSlug(slug) {
		return slug
	}
	return "actor"
}
