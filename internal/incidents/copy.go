package incidents

import "slices"

// Clone is a copy that shares nothing that this package's methods change.
func (in Incident) Clone() *Incident {
	c := in
	c.Countries, c.Vectors, c.DataClasses = slices.Clone(in.Countries), slices.Clone(in.Vectors), slices.Clone(in.DataClasses)
	c.PaymentMethods, c.Tags = slices.Clone(in.PaymentMethods), slices.Clone(in.Tags)
	c.Participants, c.Sources, c.ExternalRefs = slices.Clone(in.Participants), slices.Clone(in.Sources), slices.Clone(in.ExternalRefs)
	c.Counts, c.Losses = slices.Clone(in.Counts), slices.Clone(in.Losses)
	c.Attributions, c.Responses = slices.Clone(in.Attributions), slices.Clone(in.Responses)
	for i := range c.Counts {
		c.Counts[i].ClaimedBy = clonePointer(c.Counts[i].ClaimedBy)
	}
	for i := range c.Losses {
		c.Losses[i].ClaimedBy = clonePointer(c.Losses[i].ClaimedBy)
	}
	for i := range c.Attributions {
		c.Attributions[i].Claimant = clonePointer(c.Attributions[i].Claimant)
	}
	c.EachClaim(func(_ string, claim *Claim) { claim.Evidence = slices.Clone(claim.Evidence) })
	return &c
}

func clonePointer[T any](p *T) *T {
	if p == nil {
		return nil
	}
	v := *p
	return &v
}

// Replace puts another document in this one's place. What only the server sets
// stays, and so does the slug when the other gives none.
func (in *Incident) Replace(with Incident) {
	was := *in
	*in = *with.Clone()
	in.ID, in.Publication, in.RetractionReason, in.MergedInto = was.ID, was.Publication, was.RetractionReason, was.MergedInto
	in.Version, in.CreatedAt, in.UpdatedAt = was.Version, was.CreatedAt, was.UpdatedAt
	if in.Slug == "" {
		in.Slug = was.Slug
	}
}
