package incidents

import (
	"slices"

	"github.com/google/uuid"
)

// Absorb moves the claims, participants, sources and references of another
// incident into this one, and leaves the other without them. The claims keep
// their ids. This incident keeps its headline when it has one.
func (in *Incident) Absorb(other *Incident) {
	headline := slices.ContainsFunc(in.Counts, func(c Count) bool { return c.Headline })
	for _, c := range other.Counts {
		c.Headline = c.Headline && !headline
		in.Counts = append(in.Counts, c)
	}
	in.Losses = append(in.Losses, other.Losses...)
	in.Attributions = append(in.Attributions, other.Attributions...)
	in.Responses = append(in.Responses, other.Responses...)
	for _, p := range other.Participants {
		if !slices.ContainsFunc(in.Participants, samePart(p)) {
			in.Participants = append(in.Participants, p)
		}
	}
	for _, s := range other.Sources {
		if !slices.ContainsFunc(in.Sources, func(o Source) bool { return o.ID == s.ID }) {
			in.Sources = append(in.Sources, s)
		}
	}
	for _, r := range other.ExternalRefs {
		if !slices.Contains(in.ExternalRefs, r) {
			in.ExternalRefs = append(in.ExternalRefs, r)
		}
	}
	other.empty()
}

func (in *Incident) empty() {
	in.Counts, in.Losses, in.Attributions, in.Responses = nil, nil, nil, nil
	in.Participants, in.Sources, in.ExternalRefs = nil, nil, nil
}

// Release undoes Absorb: it removes what came from the other incident. before is
// this incident as it was before it absorbed the other; what both had stays.
func (in *Incident) Release(other, before *Incident) {
	gone := map[uuid.UUID]bool{}
	other.EachClaim(func(_ string, c *Claim) { gone[c.ID] = true })
	in.Counts = slices.DeleteFunc(in.Counts, func(c Count) bool { return gone[c.ID] })
	in.Losses = slices.DeleteFunc(in.Losses, func(c Loss) bool { return gone[c.ID] })
	in.Attributions = slices.DeleteFunc(in.Attributions, func(c Attribution) bool { return gone[c.ID] })
	in.Responses = slices.DeleteFunc(in.Responses, func(c Response) bool { return gone[c.ID] })
	in.eachLink(func(_ string, r *ClaimRef) {
		if id, err := uuid.Parse(string(*r)); err == nil && gone[id] {
			*r = ""
		}
	})
	in.Participants = slices.DeleteFunc(in.Participants, func(p Participant) bool {
		return slices.ContainsFunc(other.Participants, samePart(p)) && !slices.ContainsFunc(before.Participants, samePart(p))
	})
	in.ExternalRefs = slices.DeleteFunc(in.ExternalRefs, func(r ExternalRef) bool {
		return slices.Contains(other.ExternalRefs, r) && !slices.Contains(before.ExternalRefs, r)
	})
	cited := map[uuid.UUID]bool{}
	in.EachClaim(func(_ string, c *Claim) {
		for _, e := range c.Evidence {
			cited[e.Source.ID] = true
		}
	})
	for _, s := range before.Sources {
		cited[s.ID] = true
	}
	theirs := func(s Source) bool {
		return slices.ContainsFunc(other.Sources, func(o Source) bool { return o.ID == s.ID })
	}
	in.Sources = slices.DeleteFunc(in.Sources, func(s Source) bool { return theirs(s) && !cited[s.ID] })
	in.fallBackTo(before)
}

// fallBackTo gives a document that has lost its headline the one that before had, or
// else its first count, in either case only if no other supersedes it.
func (in *Incident) fallBackTo(before *Incident) {
	if slices.ContainsFunc(in.Counts, func(c Count) bool { return c.Headline }) {
		return
	}
	leads := func(c Count) bool {
		return slices.ContainsFunc(before.Counts, func(b Count) bool { return b.Headline && b.ID == c.ID })
	}
	best, superseded := -1, superseded(in.Counts)
	for i, c := range in.Counts {
		if !superseded[i] && (best < 0 || leads(c)) {
			best = i
		}
	}
	if best >= 0 {
		in.Counts[best].Headline = true
	}
}

func samePart(p Participant) func(Participant) bool {
	return func(o Participant) bool { return o.Role == p.Role && o.Actor.Slug == p.Actor.Slug }
}

// Lead makes one count the headline and every other none.
func (in *Incident) Lead(id uuid.UUID) {
	for i := range in.Counts {
		in.Counts[i].Headline = in.Counts[i].ID == id
	}
}

// AddCount adds a count. One that is marked takes the headline over, and so
// does one that supersedes the headline.
func (in *Incident) AddCount(c Count) {
	in.Counts = append(in.Counts, c)
	old := slices.IndexFunc(in.Counts, func(o Count) bool { return o.Headline && o.ID != c.ID })
	if c.Headline || old >= 0 && claimIndexOf(in.Counts).find(c.Supersedes) == old {
		in.Lead(c.ID)
	}
}

func claimIndexOf(counts []Count) claimIndex {
	x := claimIndex{}
	for i, c := range counts {
		x.add(i, c.Claim)
	}
	return x
}
