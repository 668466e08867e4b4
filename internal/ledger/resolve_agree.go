package ledger

import (
	"fmt"
	"slices"

	"github.com/google/uuid"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/incidents"
)

// agree adds a problem for each point in which an exact description contradicts the
// actor that it turned out to name. What it adds (an alias, the sector of an actor of
// unknown sector) contradicts nothing: a new actor takes it on, and a known one is
// changed by its own route alone.
func (a *actorResolver) agree(pointer string, r *incidents.ActorRef, known incidents.Actor) {
	if !a.exact {
		return
	}
	var fresh *incidents.Actor // the same actor, when this document creates it
	if i := slices.IndexFunc(a.created, func(o incidents.Actor) bool { return o.ID == known.ID }); i >= 0 {
		fresh = &a.created[i]
		known = *fresh
	}
	_, bySlug := a.bySlug[r.Slug]
	if owner := a.byName[incidents.FoldName(r.Name)]; bySlug && r.Name != "" && owner.ID != known.ID {
		a.problems.Add(pointer+"/name", "%s, but the slug %s is that of %s; leave one of the two out", whoseName(owner), r.Slug, known.Name)
	}
	for i, alias := range r.Aliases {
		if owner, ok := a.byName[incidents.FoldName(alias)]; ok && owner.ID != known.ID {
			a.problems.Add(fmt.Sprintf("%s/aliases/%d", pointer, i), "%s, and not of %s", whoseName(owner), known.Name)
		}
	}
	if r.Slug != "" && !bySlug {
		a.problems.Add(pointer+"/slug", "is not the slug of %s; leave slug out", called(known))
	}
	for _, field := range []struct{ name, given, held, open string }{
		{"kind", string(r.Kind), string(known.Kind), string(incidents.ActorOther)},
		{"sector", string(r.Sector), string(known.Sector), string(incidents.SectorUnknown)},
		{"country", r.Country, known.Country, ""},
		{"domain", r.Domain, known.Domain, ""},
	} {
		unsaid := field.given == "" || field.given == field.open || field.held == "" || field.held == field.open
		switch {
		case unsaid || field.given == field.held:
		case fresh != nil:
			a.problems.Add(pointer+"/"+field.name, "the document describes %s as %s before", known.Name, field.held)
		default:
			a.problems.Add(pointer+"/"+field.name, "the ledger has %s as %s; change the actor itself, or leave %s out", known.Name, field.held, field.name)
		}
	}
	if fresh != nil {
		learn(fresh, r.Actor())
	}
}

// learn adds to a new actor what another description of it in the same document
// knows.
func learn(fresh *incidents.Actor, other incidents.Actor) {
	if fresh.Kind == incidents.ActorOther && other.Kind != "" {
		fresh.Kind = other.Kind
	}
	if other.Sector == "" {
		other.Sector = incidents.SectorUnknown
	}
	fillActor(fresh, other)
}

// ownNames adds a problem for each name of a new actor that is not its own, and for a slug
// that its name does not make, where the role may not give them.
func ownNames(by access.Role, pointer string, a incidents.Actor, problems *incidents.Problems) {
	if by.NamesActors() || a.Name == "" {
		return
	}
	if made := actorSlug(a.Name); a.Slug != "" && a.Slug != made {
		problems.Add(pointer+"/slug", "must be %q, which its name makes, or left out: an editor may give another", made)
	}
	for i, alias := range a.Aliases {
		if incidents.FoldName(alias) != incidents.FoldName(a.Name) {
			problems.Add(fmt.Sprintf("%s/aliases/%d", pointer, i), "must be left out: an editor gives an actor its other names")
		}
	}
}

// whoseName says whom a name belongs to; the zero actor is nobody.
func whoseName(owner incidents.Actor) string {
	if owner.ID == uuid.Nil {
		return "the ledger has no actor of this name"
	}
	return "is a name of " + called(owner)
}

// called names an actor in a message: one that is being created may have no slug yet.
func called(a incidents.Actor) string {
	if a.Slug == "" {
		return a.Name
	}
	return fmt.Sprintf("%s (%s)", a.Name, a.Slug)
}
