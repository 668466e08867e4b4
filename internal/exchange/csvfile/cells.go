package csvfile

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/breachledger/breachledger/internal/incidents"
)

func date(d incidents.PartialDate) Cell { return Text(d.String()) }

func maybeID(id uuid.UUID) Cell {
	if id == uuid.Nil {
		return Empty
	}
	return Text(id.String())
}

func maybeTime(t time.Time) Cell {
	if t.IsZero() {
		return Empty
	}
	return Time(t)
}

func maybeActor(r *incidents.ActorRef) Cell {
	if r == nil {
		return Empty
	}
	return Text(actorName(*r))
}

// actorName is the name, or the short form before an actor is resolved.
func actorName(r incidents.ActorRef) string { return cmp.Or(r.Name, r.Given, r.Slug) }

// inRole are the names of those in a role.
func inRole(role incidents.Role) func(*incidents.Incident) Cell {
	return func(in *incidents.Incident) Cell {
		var names []string
		for _, p := range in.Participants {
			if p.Role == role {
				names = append(names, actorName(p.Actor))
			}
		}
		return list(names)
	}
}

// best is the piece of evidence to show where there is room for one: the first
// with a quote.
func best(c incidents.Claim) incidents.Evidence {
	for _, e := range c.Evidence {
		if e.Quote != "" {
			return e
		}
	}
	if len(c.Evidence) > 0 {
		return c.Evidence[0]
	}
	return incidents.Evidence{}
}

// sourceName is the address of a source, its title where it has none, and its id
// where it has neither.
func sourceName(s incidents.SourceRef) string {
	switch {
	case s.URL != "":
		return s.URL
	case s.Title != "":
		return s.Title
	case s.ID != uuid.Nil:
		return s.ID.String()
	default:
		return ""
	}
}

// cited are the sources of a claim.
func cited(in *incidents.Incident, c incidents.Claim) Cell {
	var names []string
	for _, e := range c.Evidence {
		if name := sourceName(described(in, e.Source)); name != "" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return list(names)
}

// described is a source that evidence names by the key that the document gives it.
func described(in *incidents.Incident, r incidents.SourceRef) incidents.SourceRef {
	for _, s := range in.Sources {
		if s.Key != "" && (s.Key == r.Given || s.Key == r.Key) {
			return s.Ref()
		}
	}
	return r
}

func sources(in *incidents.Incident) Cell {
	var names []string
	for _, s := range in.Sources {
		if name := sourceName(s.Ref()); name != "" {
			names = append(names, name)
		}
	}
	return list(names)
}

func refs(in *incidents.Incident) Cell {
	all := make([]string, len(in.ExternalRefs))
	for i, r := range in.ExternalRefs {
		all[i] = r.Scheme + ":" + r.ID
	}
	return list(all)
}

// by adds whose claim it is.
func by(words string, r *incidents.ActorRef) string {
	if r == nil {
		return words
	}
	return words + " (" + actorName(*r) + ")"
}

func otherCounts(in *incidents.Incident) Cell {
	var words []string
	for _, c := range in.Counts {
		if !c.Headline {
			words = append(words, by(c.Text, c.ClaimedBy))
		}
	}
	return list(words)
}

func otherLosses(in *incidents.Incident) Cell {
	var words []string
	for i, l := range in.Losses {
		if i > 0 {
			words = append(words, by(l.Words(), l.ClaimedBy))
		}
	}
	return list(words)
}

func attributionWords(in *incidents.Incident) Cell {
	var words []string
	for _, a := range in.Attributions {
		whose := "the source itself"
		switch {
		case a.Claimant != nil:
			whose = actorName(*a.Claimant)
		case a.Support == incidents.Unsourced:
			whose = "somebody who is not named"
		}
		w := whose + " accuses " + actorName(a.Accused)
		if a.Contested {
			w += " (contested)"
		}
		words = append(words, w)
	}
	return list(words)
}

func responseWords(in *incidents.Incident) Cell {
	var words []string
	for _, r := range in.Responses {
		w := fmt.Sprintf("%s: %s (%s)", actorName(r.Actor), incidents.Label(r.Kind), strings.ToLower(incidents.Label(r.Status)))
		if !r.Date.IsZero() {
			w += " " + r.Date.String()
		}
		words = append(words, w)
	}
	return list(words)
}
