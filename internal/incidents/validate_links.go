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
	v.supersedes(in.Counts)

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
// somebody else, that those whom the claims name are too many, or that the whole is
// too large. A document that passes is valid when it is sent back.
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

func (v *validator) supersedes(counts []Count) {
	older := supersedes(counts)
	circular := onCircle(older)
	for i, c := range counts {
		p := at("/counts", i, "supersedes")
		switch {
		case c.Supersedes == "":
		case older[i] < 0:
			v.Add(p, "%q is neither the id nor the key of a count of this incident", clip(string(c.Supersedes)))
		case older[i] == i:
			v.Add(p, "a count cannot supersede itself")
		case circular[i]:
			v.Add(p, "a count cannot supersede itself by way of others")
		}
	}
}

// supersedes gives for each count the place of the one that it supersedes, -1
// for none.
func supersedes(counts []Count) []int {
	index := claimIndexOf(counts)
	older := make([]int, len(counts))
	for i, c := range counts {
		older[i] = index.find(c.Supersedes)
	}
	return older
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
