package likeness

import (
	"slices"
	"strings"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger/internal/trigram"
)

// title is that of an incident as others are compared with it: without the words that
// titles are usually made of, and without what its breached organisations are called. Of
// two incidents of one organisation both titles name it, which says nothing of whether
// they are one; of others, "Wonga data breach" and "Bell Canada data breach" are no more
// alike than the names are.
type title struct {
	telling, names, beyond trigram.Set
	other                  trigram.Set // memory for those of the title that it is compared with
}

// usual are the words that titles of incidents are usually made of.
var usual = trigram.Of("data breach breaches breached hack hacks hacked hacker hackers hacking leak leaks leaked cyber cyberattack attack attacks attacked " +
	"security incident theft stolen fraud card cards skimming phishing malware ransomware customer customers")

func titleOf(in *incidents.Incident) title {
	var names strings.Builder
	for _, p := range in.Participants {
		if p.Role.Breached() {
			names.WriteString(p.Actor.Name + " ")
		}
	}
	t := title{telling: trigram.Of(in.Title), names: trigram.Of(names.String())}
	t.beyond = slices.Clone(t.telling).Without(t.names)
	t.telling = t.telling.Without(usual)
	return t
}

// similarity is that of another title, 0 to 1. sameBreached is that both incidents
// breached the same organisation.
func (t *title) similarity(other string, sameBreached bool) float64 {
	t.other = t.other.Overwritten(other)
	if !sameBreached {
		return t.telling.Similarity(t.other.Without(usual))
	}
	return t.beyond.Similarity(t.other.Without(t.names))
}
