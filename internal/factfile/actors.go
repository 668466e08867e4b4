package factfile

import (
	"fmt"
	"slices"

	"github.com/breachledger/breachledger/internal/incidents"
)

// actorList is the actors of a file by everything that may refer to them.
type actorList struct {
	actors   []incidents.Actor
	bySlug   map[string]int
	byName   map[string]int // by folded name
	used     []bool
	unknown  bool // a reference did not resolve
	problems incidents.Problems
}

func newActorList(actors []incidents.Actor) *actorList {
	l := &actorList{actors: actors, bySlug: map[string]int{}, byName: map[string]int{}, used: make([]bool, len(actors))}
	for i, a := range actors {
		at := pointerTo("/actors", i)
		l.problems = append(l.problems, a.Validate(at)...)
		switch first, twice := l.bySlug[a.Slug]; {
		case a.Slug == "":
			l.problems.Add(at+"/slug", "is required")
		case twice:
			l.problems.Add(at+"/slug", "is the slug of /actors/%d already", first)
		default:
			l.bySlug[a.Slug] = i
		}
	}
	for i, a := range actors {
		at := pointerTo("/actors", i)
		l.name(i, at+"/name", a.Name)
		for j, alias := range a.Aliases {
			l.name(i, pointerTo(at+"/aliases", j), alias)
		}
	}
	return l
}

// legalForms are what is left of [Acme, Inc.] behind its comma.
var legalForms = map[string]bool{"inc": true, "llc": true, "ltd": true, "limited": true, "plc": true, "corp": true, "gmbh": true, "co": true}

// name claims a name for an actor: a name belongs to one, and no name reads as
// the slug of another.
func (l *actorList) name(i int, pointer, name string) {
	key := incidents.FoldName(name)
	if key == "" {
		return // reported as a name of nobody
	}
	owner, taken := l.byName[key]
	if slug, ok := l.bySlug[incidents.Slugify(name)]; ok && !taken && slug != i {
		owner, taken = slug, true
	}
	switch {
	case legalForms[key]:
		l.problems.Add(pointer, "%q alone is nobody's name: within brackets a comma ends a value, so put a name that has one in quotes", name)
	case taken && owner != i:
		l.problems.Add(pointer, "the name %q belongs to /actors/%d (%s) already", name, owner, l.actors[owner].Slug)
	case taken:
		l.problems.Add(pointer, "the name %q is listed twice", name)
	default:
		l.byName[key] = i
	}
}

// resolve turns a slug or name into the reference that a stored document holds.
func (l *actorList) resolve(pointer string, r *incidents.ActorRef) *incidents.Problem {
	switch {
	case r.IsZero():
		return nil // reported with the rest of the document
	case r.Given == "":
		return &incidents.Problem{Pointer: pointer, Detail: "must be the slug or a name of an actor that stands under actors, not a description"}
	}
	i, ok := l.bySlug[r.Given]
	if !ok {
		i, ok = l.byName[incidents.FoldName(r.Given)]
	}
	if !ok {
		l.unknown = true
		return &incidents.Problem{Pointer: pointer, Detail: fmt.Sprintf("%q is neither the slug nor a name of an actor that stands under actors", r.Given), Allowed: l.slugs()}
	}
	l.used[i] = true
	*r = l.actors[i].Ref()
	return nil
}

func (l *actorList) slugs() []string {
	var out []string
	for _, a := range l.actors {
		if a.Slug != "" && !slices.Contains(out, a.Slug) {
			out = append(out, a.Slug)
		}
	}
	return out
}

// unused reports the actors whom no incident names: mostly a slip. A name that
// resolved to nobody may have been theirs.
func (l *actorList) unused() incidents.Problems {
	var problems incidents.Problems
	for i, used := range l.used {
		if !used && !l.unknown {
			problems.Add(pointerTo("/actors", i), "is named by no incident of the file")
		}
	}
	return problems
}
