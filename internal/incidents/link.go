package incidents

import (
	"slices"

	"github.com/google/uuid"
)

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
