package factfile

import "github.com/breachledger/breachledger/internal/incidents"

// checkTogether adds the problems that files have only with each other: each
// stands alone, but all of them go into one ledger.
func checkTogether(all []parsed) {
	actors, names, slugs, addresses := register{}, register{}, register{}, register{}
	for i := range all {
		p := &all[i]
		if p.root == nil {
			continue
		}
		var problems incidents.Problems
		for j, a := range p.Actors {
			at := pointerTo("/actors", j)
			if first, ok := actors.enter(a.Slug, p.Name, a); ok {
				if field := differing(first.actor, a); field != "" {
					problems.Add(at+"/"+field, "the actor %s is described differently in %s: its %s must be the same in all files", a.Slug, first.file, field)
				}
			}
			for k, name := range a.Names() {
				pointer := at + "/name"
				if k > 0 {
					pointer = pointerTo(at+"/aliases", k-1)
				}
				if first, ok := names.enter(incidents.FoldName(name), p.Name, a); ok && first.actor.Slug != a.Slug {
					problems.Add(pointer, "the name %q belongs to the actor %s in %s", name, first.actor.Slug, first.file)
				}
			}
		}
		for j, in := range p.Incidents {
			if first, ok := slugs.enter(in.Slug, p.Name, incidents.Actor{}); ok {
				problems.Add(pointerTo("/incidents", j)+"/slug", "is the slug of an incident in %s already; of two articles about one incident each has its own slug, and the two are merged in the ledger", first.file)
			}
		}
		if first, ok := addresses.enter(p.Source.URL, p.Name, incidents.Actor{}); ok {
			problems.Add("/source/url", "is the address of the article of %s already", first.file)
		}
		p.problems = append(p.problems, located(p.Name, p.root, problems)...)
	}
}

// register remembers the file in which a key was met first.
type register map[string]entry

type entry struct {
	file  string
	actor incidents.Actor
}

// enter remembers a key and returns where another file has it already. What a
// file has twice by itself was reported when it was read.
func (r register) enter(key, file string, a incidents.Actor) (entry, bool) {
	first, known := r[key]
	if !known && key != "" {
		r[key] = entry{file, a}
	}
	return first, known && first.file != file
}

// differing names the first field in which two descriptions of an actor differ.
// Aliases may: a file lists those that it needs.
func differing(a, b incidents.Actor) string {
	for _, f := range []struct{ name, a, b string }{
		{"name", a.Name, b.Name},
		{"kind", string(a.Kind), string(b.Kind)},
		{"sector", string(a.Sector), string(b.Sector)},
		{"country", a.Country, b.Country},
		{"domain", a.Domain, b.Domain},
	} {
		if f.a != f.b {
			return f.name
		}
	}
	return ""
}
