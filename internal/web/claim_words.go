package web

import (
	"slices"

	"github.com/breachledger/breachledger/internal/incidents"
)

// Claims in a few words, where they stand by themselves: in citations, and beside the
// text of a source. Whose a figure is, and what became of it, is part of what is cited.

// countWords is a count: "143 people, claimed by Acme, corrected to 148 people".
func countWords(in *incidents.Incident, c incidents.Count) string {
	out := c.Text + claimedBy(c.ClaimedBy)
	if later := corrections(in, c); len(later) > 0 {
		texts := make([]string, len(later))
		for i, one := range later {
			texts[i] = one.Text
		}
		out += ", corrected to " + list(texts)
	}
	return out
}

// corrections are the counts that correct this one, in the order of the incident.
func corrections(in *incidents.Incident, c incidents.Count) []incidents.Count {
	var out []incidents.Count
	for _, o := range in.Counts {
		if string(o.Supersedes) == c.ID.String() {
			out = append(out, o)
		}
	}
	return out
}

func lossWords(l incidents.Loss) string { return l.Text + claimedBy(l.ClaimedBy) }

// claimedBy says whose figure it is; "" where it is the source's own.
func claimedBy(who *incidents.ActorRef) string {
	if who == nil {
		return ""
	}
	return ", claimed by " + who.Name
}

// accusationWords is an attribution: "Acme accused by the police, denied by Acme".
func accusationWords(in *incidents.Incident, a incidents.Attribution) string {
	out := a.Accused.Name + " accused"
	if a.Claimant != nil {
		out += " by " + a.Claimant.Name
	}
	var denying []string
	for _, r := range in.Responses {
		if string(r.Answers) == a.ID.String() && !slices.Contains(denying, r.Actor.Name) {
			denying = append(denying, r.Actor.Name)
		}
	}
	if len(denying) > 0 {
		out += ", denied by " + list(denying)
	}
	return out
}

// responseWords is a response in a few words. A promise, kept or not, does not read
// as if it had been done.
func responseWords(r incidents.Response) string {
	out := r.Actor.Name + ": " + lower(label(r.Kind))
	switch {
	case r.Status == incidents.Promised || r.Status == incidents.Broken:
		out += " (" + lower(label(r.Status)) + ")"
	case r.Fulfils != "":
		out += " (promise kept)"
	}
	return out
}
