package incidents

import (
	"slices"

	"github.com/google/uuid"
)

// Complete fills in every default that the document leaves open, gives every list
// a value, and writes the addresses of sources in one way. It is the first step
// with a document from outside.
func (in *Incident) Complete() {
	setDefault(&in.Certainty, Confirmed)
	for i := range in.Counts {
		setDefault(&in.Counts[i].Qualifier, Exact)
		in.Counts[i].Evidence = orEmpty(in.Counts[i].Evidence)
	}
	if len(in.Counts) == 1 {
		in.Counts[0].Headline = true
	}
	for i := range in.Losses {
		setDefault(&in.Losses[i].Qualifier, Exact)
		setDefault(&in.Losses[i].Scope, ScopeUnspecified)
		in.Losses[i].Evidence = orEmpty(in.Losses[i].Evidence)
		if m := in.Losses[i].Converted; m != nil && m.Qualifier == Exact { // one way to say it
			in.Losses[i].Converted = &Money{Amount: m.Amount, Currency: m.Currency}
		}
	}
	for i := range in.Attributions {
		setDefault(&in.Attributions[i].Confidence, "none")
		in.Attributions[i].Evidence = orEmpty(in.Attributions[i].Evidence)
	}
	for i := range in.Responses {
		setDefault(&in.Responses[i].Status, in.Responses[i].Kind.DefaultStatus())
		in.Responses[i].Evidence = orEmpty(in.Responses[i].Evidence)
	}
	in.Countries, in.Vectors = orEmpty(in.Countries), orEmpty(in.Vectors)
	in.DataClasses, in.PaymentMethods = orEmpty(in.DataClasses), orEmpty(in.PaymentMethods)
	in.Tags, in.Participants, in.Counts = orEmpty(in.Tags), orEmpty(in.Participants), orEmpty(in.Counts)
	in.Losses, in.Attributions, in.Responses = orEmpty(in.Losses), orEmpty(in.Attributions), orEmpty(in.Responses)
	in.Sources, in.ExternalRefs = orEmpty(in.Sources), orEmpty(in.ExternalRefs)
	in.normalAddresses()
}

func setDefault[T ~string](field *T, value T) {
	if *field == "" {
		*field = value
	}
}

// EachClaim calls f for every claim with its JSON Pointer.
func (in *Incident) EachClaim(f func(pointer string, c *Claim)) {
	for i := range in.Counts {
		f(at("/counts", i), &in.Counts[i].Claim)
	}
	for i := range in.Losses {
		f(at("/losses", i), &in.Losses[i].Claim)
	}
	for i := range in.Attributions {
		f(at("/attributions", i), &in.Attributions[i].Claim)
	}
	for i := range in.Responses {
		f(at("/responses", i), &in.Responses[i].Claim)
	}
}

// EachActor calls f for every reference to an actor with its JSON Pointer.
func (in *Incident) EachActor(f func(pointer string, r *ActorRef)) {
	for i := range in.Participants {
		f(at("/participants", i, "actor"), &in.Participants[i].Actor)
	}
	for i := range in.Counts {
		if in.Counts[i].ClaimedBy != nil {
			f(at("/counts", i, "claimed_by"), in.Counts[i].ClaimedBy)
		}
	}
	for i := range in.Losses {
		if in.Losses[i].ClaimedBy != nil {
			f(at("/losses", i, "claimed_by"), in.Losses[i].ClaimedBy)
		}
	}
	for i := range in.Attributions {
		f(at("/attributions", i, "accused"), &in.Attributions[i].Accused)
		if in.Attributions[i].Claimant != nil {
			f(at("/attributions", i, "claimant"), in.Attributions[i].Claimant)
		}
	}
	for i := range in.Responses {
		f(at("/responses", i, "actor"), &in.Responses[i].Actor)
	}
}

// eachLink calls f for every reference from claim to claim.
func (in *Incident) eachLink(f func(pointer string, r *ClaimRef)) {
	for i := range in.Counts {
		f(at("/counts", i, "supersedes"), &in.Counts[i].Supersedes)
		f(at("/counts", i, "part_of"), &in.Counts[i].PartOf)
	}
	for i := range in.Responses {
		f(at("/responses", i, "fulfils"), &in.Responses[i].Fulfils)
		f(at("/responses", i, "answers"), &in.Responses[i].Answers)
	}
}

// Whole is the count that another one is a part of; nil when it names none. It
// expects a linked document, in which claims refer to each other by id.
func (in *Incident) Whole(part Count) *Count {
	if part.PartOf == "" { // as nearly all are
		return nil
	}
	id, err := uuid.Parse(string(part.PartOf))
	if err != nil {
		return nil
	}
	if i := slices.IndexFunc(in.Counts, func(c Count) bool { return c.ID == id }); i >= 0 {
		return &in.Counts[i]
	}
	return nil
}

// Link gives every claim an id and turns references by key into references by
// id. A claim whose id keep accepts stays that claim; every other one is new.
// It expects a valid document.
func (in *Incident) Link(keep func(uuid.UUID) bool) {
	ids := map[ClaimRef]ClaimRef{}
	in.EachClaim(func(_ string, c *Claim) {
		old := c.ID
		if old == uuid.Nil || !keep(old) {
			c.ID = NewID()
		}
		if old != uuid.Nil {
			ids[ClaimRef(old.String())] = ClaimRef(c.ID.String())
		}
		if c.Key != "" {
			ids[ClaimRef(c.Key)] = ClaimRef(c.ID.String())
			c.Key = ""
		}
	})
	in.eachLink(func(_ string, r *ClaimRef) {
		if id, err := uuid.Parse(string(*r)); err == nil {
			*r = ClaimRef(id.String()) // one spelling
		}
		if id, ok := ids[*r]; ok {
			*r = id
		}
	})
}

// NewID makes a UUIDv7. Ids of one process ascend.
func NewID() uuid.UUID {
	id, err := uuid.NewV7()
	if err != nil {
		// The operating system has no randomness to give: nothing can go on.
		panic(err)
	}
	return id
}

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
