package incidents

import (
	"cmp"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
)

// anew is a document as it is written again: without ids, versions and what the
// server derives, its claims referring to each other by key.
func anew(in *Incident) *Incident {
	out := in.Clone()
	keys := map[ClaimRef]ClaimRef{}
	n := 0
	out.EachClaim(func(_ string, c *Claim) {
		n++
		c.Key = "claim-" + string(rune('a'+n))
		keys[ClaimRef(c.ID.String())] = ClaimRef(c.Key)
		c.ID, c.Support = uuid.Nil, ""
	})
	out.eachLink(func(_ string, r *ClaimRef) {
		if *r != "" {
			*r = keys[*r]
		}
	})
	for i := range out.Counts {
		out.Counts[i].Text = ""
	}
	for i := range out.Losses {
		out.Losses[i].Text = ""
	}
	for i := range out.Attributions {
		out.Attributions[i].Contested = false
	}
	out.ID, out.Version = uuid.Nil, 0
	return out
}

// idsOf are the ids of all claims in their order.
func idsOf(in *Incident) []uuid.UUID {
	var out []uuid.UUID
	in.EachClaim(func(_ string, c *Claim) { out = append(out, c.ID) })
	return out
}

func TestAdoptClaims(t *testing.T) {
	t.Parallel()
	before := full(t)
	all := idsOf(before)
	const counts, losses, attributions = 4, 2, 1
	none := uuid.Nil
	tests := []struct {
		name   string
		change func(in *Incident)
		want   []uuid.UUID
	}{
		{"nothing changed", func(*Incident) {}, all},
		{"the order changed", func(in *Incident) { slices.Reverse(in.Counts) }, append([]uuid.UUID{all[3], all[2], all[1], all[0]}, all[counts:]...)},
		{"a quantity changed", func(in *Incident) { in.Counts[0].Quantity = new(int64(1)) }, with(all, 0, none)},
		{"a unit changed", func(in *Incident) { in.Counts[2].Unit = Accounts }, with(all, 2, none)},
		{"what is counted changed", func(in *Incident) { in.Counts[3].Counted = "those without" }, with(all, 3, none)},
		{"a date changed", func(in *Incident) { in.Counts[0].AsOf = date(t, "2014") }, with(all, 0, none)},
		{"the claimant of a figure changed", func(in *Incident) { in.Counts[0].ClaimedBy = &in.Participants[2].Actor }, with(all, 0, none)},
		{"a quote changed", func(in *Incident) { in.Losses[0].Evidence[0].Quote = "another sentence" }, with(all, counts, none)},
		{"a loss changed", func(in *Incident) { in.Losses[0].Amount = amount("2000.51") }, with(all, counts, none)},
		{"a loss is written otherwise", func(in *Incident) { in.Losses[0].Amount = amount("2000.500") }, all},
		{"an accused changed", func(in *Incident) { in.Attributions[0].Accused = in.Participants[2].Actor }, with(all, counts+losses, none)},
		{"a response changed", func(in *Incident) { in.Responses[0].Summary = "It was." }, with(all, counts+losses+attributions, none)},
		{"the headline moved", func(in *Incident) { in.Counts[0].Headline, in.Counts[1].Headline = false, true }, all},
		{"a link changed", func(in *Incident) {
			in.Counts[0].Supersedes, in.Counts[3].PartOf, in.Responses[2].Fulfils, in.Responses[0].Answers = "", "", "", ""
		}, all},
		{"a name is spelt otherwise", func(in *Incident) { in.Responses[1].Actor = named("ACME  pay") }, all},
		{"the defaults are left out", func(in *Incident) { in.Attributions[0].Confidence, in.Losses[1].Scope = "high", "" }, all},
		{"a claim was added before the others", func(in *Incident) {
			in.Losses = append([]Loss{{Kind: "fine", Qualifier: NotDisclosed}}, in.Losses...)
		}, slices.Insert(slices.Clone(all), counts, none)},
		{"a claim was removed", func(in *Incident) { in.Losses = in.Losses[1:] }, slices.Delete(slices.Clone(all), counts, counts+1)},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			in := anew(before)
			for i := range in.Losses { // evidence is the test's own
				in.Losses[i].Evidence = slices.Clone(in.Losses[i].Evidence)
			}
			test.change(in)
			in.AdoptClaims(before)
			if got := idsOf(in); !slices.Equal(got, test.want) {
				t.Errorf("the claims have the ids\n%v\nwant\n%v", got, test.want)
			}
			if got := idsOf(before); !slices.Equal(got, all) {
				t.Errorf("the earlier document changed: %v", got)
			}
		})
	}
}

func with(ids []uuid.UUID, i int, id uuid.UUID) []uuid.UUID {
	out := slices.Clone(ids)
	out[i] = id
	return out
}

// Of claims that say the same, each takes one id, in their order.
func TestAdoptClaimsThatSayTheSame(t *testing.T) {
	t.Parallel()
	twin := Response{Actor: named("Acme"), Kind: "apology", Status: Stated}
	before := &Incident{Responses: []Response{twin, twin}}
	before.Responses[0].ID, before.Responses[1].ID = id(1), id(2)
	in := &Incident{Responses: []Response{twin, twin, twin}}
	in.AdoptClaims(before)
	if got := idsOf(in); !slices.Equal(got, []uuid.UUID{id(1), id(2), uuid.Nil}) {
		t.Errorf("the claims have the ids %v", got)
	}
	in.AdoptClaims(before) // an id that a claim has already is given to no other
	if got := idsOf(in); !slices.Equal(got, []uuid.UUID{id(1), id(2), uuid.Nil}) {
		t.Errorf("adopted again, the claims have the ids %v", got)
	}
}

// Another ledger's document names its claims by ids of its own.
func TestDropClaimIDs(t *testing.T) {
	t.Parallel()
	before := full(t)
	foreign := before.Clone()
	ids := map[ClaimRef]ClaimRef{}
	foreign.EachClaim(func(_ string, c *Claim) {
		if c.ID != before.Counts[1].ID {
			theirs := NewID()
			ids[ClaimRef(c.ID.String())] = ClaimRef(strings.ToUpper(theirs.String()))
			c.ID = theirs
		}
	})
	foreign.eachLink(func(_ string, r *ClaimRef) { *r = cmp.Or(ids[*r], *r) })
	own := map[uuid.UUID]bool{}
	before.EachClaim(func(_ string, c *Claim) { own[c.ID] = true })
	keep := func(id uuid.UUID) bool { return own[id] }
	foreign.DropClaimIDs(keep)
	foreign.AdoptClaims(before)
	foreign.Link(keep)
	if got, want := idsOf(foreign), idsOf(before); !slices.Equal(got, want) {
		t.Errorf("the claims have the ids\n%v\nwant\n%v", got, want)
	}
	links := func(in *Incident) (out []ClaimRef) {
		in.eachLink(func(_ string, r *ClaimRef) { out = append(out, *r) })
		return out
	}
	if got, want := links(foreign), links(before); !slices.Equal(got, want) || !slices.ContainsFunc(got, func(r ClaimRef) bool { return r != "" }) {
		t.Errorf("the references are\n%v\nwant\n%v", got, want)
	}
}

// A claim that comes with an id keeps it.
func TestAdoptClaimsLeavesIDs(t *testing.T) {
	t.Parallel()
	before := full(t)
	in := anew(before)
	in.Counts[0].ID = id(99)
	in.AdoptClaims(before)
	if in.Counts[0].ID != id(99) || in.Counts[1].ID != before.Counts[1].ID {
		t.Errorf("the claims have the ids %v", idsOf(in))
	}
}
