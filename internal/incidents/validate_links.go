package incidents

import (
	"strings"

	"github.com/google/uuid"
)

// links checks the references from claim to claim, and that ids and keys are
// each given once.
func (v *validator) links(in *Incident) {
	ids, keys := map[uuid.UUID]bool{}, map[string]bool{}
	in.EachClaim(func(p string, c *Claim) {
		if c.ID != uuid.Nil && ids[c.ID] {
			v.Add(p+"/id", "another claim has this id already")
		}
		if c.Key != "" && keys[c.Key] {
			v.Add(p+"/key", "another claim has this key already")
		}
		v.key(p+"/key", c.Key)
		ids[c.ID], keys[c.Key] = true, true
	})
	v.countLinks(in.Counts)

	attributions, responses := claimIndex{}, claimIndex{}
	for i, a := range in.Attributions {
		attributions.add(i, a.Claim)
	}
	for i, r := range in.Responses {
		responses.add(i, r.Claim)
	}
	for i, r := range in.Responses {
		p := at("/responses", i)
		if r.Answers != "" && attributions.find(r.Answers) < 0 {
			v.Add(p+"/answers", "%q is neither the id nor the key of an attribution of this incident", clip(string(r.Answers)))
		}
		if r.Fulfils == "" {
			continue
		}
		j := responses.find(r.Fulfils)
		switch {
		case j < 0:
			v.Add(p+"/fulfils", "%q is neither the id nor the key of a response of this incident", clip(string(r.Fulfils)))
		case in.Responses[j].Status != Promised:
			v.Add(p+"/fulfils", "the response that it names is not a promise: its status is %s", clip(string(in.Responses[j].Status)))
		case knownToDiffer(in.Responses[j].Actor, r.Actor):
			v.Add(p+"/fulfils", "the promise that it names was made by another actor")
		}
	}
}

// ValidateResolved returns what only shows once every actor and source is
// resolved: that two names mean the same actor, that a promise is kept by
// somebody else, that the claims name too many actors, or that the document is too
// large. A document that passes is valid when it is sent back.
func (in *Incident) ValidateResolved() Problems {
	v := &validator{}
	v.participants(in.Participants)
	v.atMost("/sources", len(in.Sources), MaxClaims)
	v.links(in)
	v.size(in)
	return v.problems()
}

// knownToDiffer reports whether two references lead to two actors. Before they
// are resolved nobody can tell: two names may belong to one actor.
func knownToDiffer(a, b ActorRef) bool {
	return a.ID != uuid.Nil && b.ID != uuid.Nil && a.ID != b.ID
}

// between checks one kind of reference from count to count. next holds the place that
// each leads to; verb is what the reference says, such as "supersede".
func (v *validator) between(counts []Count, field, verb string, next []int, link func(Count) ClaimRef) {
	circular := onCircle(next)
	for i, c := range counts {
		p := at("/counts", i, field)
		switch {
		case link(c) == "":
		case next[i] < 0:
			v.Add(p, "%q is neither the id nor the key of a count of this incident", clip(string(link(c))))
		case next[i] == i:
			v.Add(p, "a count cannot %s itself", verb)
		case circular[i]:
			v.Add(p, "a count cannot %s itself by way of others", verb)
		}
	}
}

// countLinks checks the references between counts.
func (v *validator) countLinks(counts []Count) {
	older, whole := supersedes(counts), partOf(counts)
	v.between(counts, "supersedes", "supersede", older, func(c Count) ClaimRef { return c.Supersedes })
	v.between(counts, "part_of", "be a part of", whole, func(c Count) ClaimRef { return c.PartOf })
	for i, c := range counts {
		if whole[i] < 0 || whole[i] == i {
			continue
		}
		p := at("/counts", i, "part_of")
		if whole[i] == older[i] {
			v.Add(p, "a count is not a part of the one that it supersedes")
		}
		low, _ := c.Bounds()
		_, most := counts[whole[i]].Bounds()
		if c.Unit == counts[whole[i]].Unit && low != nil && most != nil && *low > *most {
			v.Add(p, "a part cannot be more than the whole, which is at most %s", Number(*most))
		}
	}
}

// supersedes gives for each count the place of the one that it supersedes, -1
// for none.
func supersedes(counts []Count) []int {
	return linked(counts, func(c Count) ClaimRef { return c.Supersedes })
}

// superseded tells which counts another one supersedes.
func superseded(counts []Count) []bool {
	out := make([]bool, len(counts))
	for i, older := range supersedes(counts) {
		if older >= 0 && older != i {
			out[older] = true
		}
	}
	return out
}

// partOf gives for each count the place of the one that it is a part of, -1 for
// none.
func partOf(counts []Count) []int {
	return linked(counts, func(c Count) ClaimRef { return c.PartOf })
}

func linked(counts []Count, link func(Count) ClaimRef) []int {
	var index claimIndex // most documents need none
	next := make([]int, len(counts))
	for i, c := range counts {
		if link(c) != "" && index == nil {
			index = claimIndexOf(counts)
		}
		next[i] = index.find(link(c))
	}
	return next
}

// onCircle tells which places come back to themselves when one follows next
// (-1 = the end). A place that only leads into a circle is not on it.
func onCircle(next []int) []bool {
	circular := make([]bool, len(next))
	walk := make([]int, len(next)) // the number of the walk that came by first, 0 = none
	for start := range next {
		i := start
		for i >= 0 && walk[i] == 0 {
			walk[i] = start + 1
			i = next[i]
		}
		if i < 0 || walk[i] != start+1 {
			continue // the end, or ground that an earlier walk covered
		}
		for !circular[i] {
			circular[i] = true
			i = next[i]
		}
	}
	return circular
}

// claimIndex finds a claim's place by its id or key. No key has the form of an id.
type claimIndex map[ClaimRef]int

func (x claimIndex) add(place int, c Claim) {
	for _, name := range []ClaimRef{ClaimRef(c.ID.String()), ClaimRef(c.Key)} {
		if _, taken := x[name]; !taken {
			x[name] = place
		}
	}
}

// find is the place of the claim, -1 when there is none.
func (x claimIndex) find(r ClaimRef) int {
	if r == "" || strings.EqualFold(string(r), uuid.Nil.String()) {
		return -1
	}
	if place, ok := x[r]; ok {
		return place
	}
	if uuid.Validate(string(r)) == nil {
		if place, ok := x[ClaimRef(strings.ToLower(string(r)))]; ok {
			return place
		}
	}
	return -1
}
