package incidents

import (
	"encoding/json"

	"github.com/google/uuid"
)

// AdoptClaims gives each claim without an id the id of the claim in the earlier
// document that says the same, so that a document written anew (a fact file, a
// form) keeps the addresses of the claims that did not change.
func (in *Incident) AdoptClaims(earlier *Incident) {
	known := map[string][]uuid.UUID{}
	each := func(doc *Incident, f func(content string, c *Claim)) {
		for i := range doc.Counts {
			c := doc.Counts[i]
			c.Supersedes, c.PartOf = "", ""
			f(content("count", &c, &c.Claim, c.ClaimedBy), &doc.Counts[i].Claim)
		}
		for i := range doc.Losses {
			c := doc.Losses[i]
			f(content("loss", &c, &c.Claim, c.ClaimedBy), &doc.Losses[i].Claim)
		}
		for i := range doc.Attributions {
			c := doc.Attributions[i]
			c.Contested = false
			f(content("attribution", &c, &c.Claim, c.Claimant, &c.Accused), &doc.Attributions[i].Claim)
		}
		for i := range doc.Responses {
			c := doc.Responses[i]
			c.Fulfils, c.Answers = "", ""
			f(content("response", &c, &c.Claim, &c.Actor), &doc.Responses[i].Claim)
		}
	}
	taken := map[uuid.UUID]bool{}
	in.EachClaim(func(_ string, c *Claim) { taken[c.ID] = true })
	before := earlier.Clone()
	before.Complete()
	each(before, func(content string, c *Claim) {
		if !taken[c.ID] {
			known[content] = append(known[content], c.ID)
		}
	})
	in.Complete()
	each(in, func(content string, c *Claim) {
		if ids := known[content]; c.ID == uuid.Nil && len(ids) > 0 {
			c.ID, known[content] = ids[0], ids[1:]
		}
	})
}

// DropClaimIDs removes the ids that keep does not accept, such as those of another
// ledger. References to these claims stay, by key.
func (in *Incident) DropClaimIDs(keep func(uuid.UUID) bool) {
	keys := map[ClaimRef]ClaimRef{}
	in.EachClaim(func(_ string, c *Claim) {
		if c.ID == uuid.Nil || keep(c.ID) {
			return
		}
		if c.Key == "" {
			c.Key = c.ID.String()
		}
		keys[ClaimRef(c.ID.String())] = ClaimRef(c.Key)
		c.ID = uuid.Nil
	})
	in.eachLink(func(_ string, r *ClaimRef) {
		if id, err := uuid.Parse(string(*r)); err == nil {
			if key, ok := keys[ClaimRef(id.String())]; ok {
				*r = key
			}
		}
	})
}

// content is what a claim says, without what the server sets. claim must have no
// references to other claims any more. Actors count by name: they may not be
// resolved yet.
func content(kind string, claim any, common *Claim, actors ...*ActorRef) string {
	quotes := make([]string, len(common.Evidence))
	for i, e := range common.Evidence {
		quotes[i] = e.Quote
	}
	names := make([]string, len(actors))
	for i, a := range actors {
		if a != nil {
			names[i] = FoldName(a.Name + a.Given)
		}
	}
	*common = Claim{}
	var plain map[string]any
	raw, _ := json.Marshal(claim)
	_ = json.Unmarshal(raw, &plain)
	for _, field := range []string{"claimed_by", "claimant", "accused", "actor", "text", "support", "headline"} {
		delete(plain, field)
	}
	out, _ := json.Marshal([]any{kind, plain, quotes, names})
	return string(out)
}
