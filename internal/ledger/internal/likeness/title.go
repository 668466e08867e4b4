package likeness

import (
	"slices"
	"strings"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger/internal/trigram"
)

// title is that of an incident as others are compared with it: whole, and without
// what its breached organisations are called. Of two incidents of one organisation
// both titles name it, which says nothing of whether they are one.
type title struct {
	whole, names, beyond trigram.Set
	other                trigram.Set // memory for those of the title that it is compared with
}

func titleOf(in *incidents.Incident) title {
	var names strings.Builder
	for _, p := range in.Participants {
		if p.Role.Breached() {
			names.WriteString(p.Actor.Name + " ")
		}
	}
	t := title{whole: trigram.Of(in.Title), names: trigram.Of(names.String())}
	t.beyond = slices.Clone(t.whole).Without(t.names)
	return t
}

// similarity is that of another title, 0 to 1. sameBreached is that both incidents
// breached the same organisation.
func (t *title) similarity(other string, sameBreached bool) float64 {
	t.other = t.other.Overwritten(other)
	if !sameBreached {
		return t.whole.Similarity(t.other)
	}
	return t.beyond.Similarity(t.other.Without(t.names))
}
