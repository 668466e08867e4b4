package ledger

import (
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/breachledger/breachledger/internal/incidents"
)

// filledNames are the names of each actor under their keys.
type filledNames map[uuid.UUID][]keyedName

func namesOf(actors []incidents.Actor) filledNames {
	out := filledNames{}
	for _, a := range actors {
		out[a.ID] = keyedNames(a.Names())
	}
	return out
}

// searched are the names and the texts of sources that an incident is found by,
// in the order in which incident_search has them.
func (n filledNames) searched(in *incidents.Incident) (names, texts string) {
	var found []keyedName
	seen := map[uuid.UUID]bool{}
	for _, p := range in.Participants {
		if !seen[p.Actor.ID] {
			found = append(found, n[p.Actor.ID]...)
			seen[p.Actor.ID] = true
		}
	}
	slices.SortFunc(found, func(a, b keyedName) int { return strings.Compare(a.key, b.key) })
	var all []string
	for _, one := range found {
		all = append(all, one.name)
	}
	sources := slices.SortedFunc(slices.Values(in.Sources), func(a, b incidents.Source) int { return slices.Compare(a.ID[:], b.ID[:]) })
	var each []string
	for _, s := range sources {
		parts := slices.DeleteFunc([]string{s.Title, s.Publisher, s.Text}, func(part string) bool { return part == "" })
		each = append(each, firstRunes(strings.Join(parts, " "), 95_000/len(sources)))
	}
	return strings.Join(all, " / "), strings.Join(each, " / ")
}

func firstRunes(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n])
	}
	return s
}
