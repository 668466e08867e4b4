package atom

import (
	"strconv"
	"strings"

	"github.com/breachledger/breachledger/internal/incidents"
)

// EntryOf is an incident as an entry. It sets everything but the addresses.
func EntryOf(c incidents.Card) Entry {
	e := Entry{ID: c.ID, Title: c.Title, Summary: Summary(c), Updated: c.UpdatedAt}
	add := func(vocabulary, term, label string) {
		e.Categories = append(e.Categories, Category{vocabulary, term, label})
	}
	add("category", string(c.Category), incidents.Label(c.Category))
	if c.Certainty != incidents.Confirmed && c.Certainty != "" {
		add("certainty", string(c.Certainty), incidents.Label(c.Certainty))
	}
	for _, v := range c.Vectors {
		add("vector", string(v), incidents.Label(v))
	}
	if c.Payment {
		add("payment", "true", "Payments")
	}
	seen := map[incidents.Sector]bool{"": true, incidents.SectorUnknown: true}
	for _, a := range c.Actors {
		if a.Role.Breached() && !seen[a.Sector] {
			seen[a.Sector] = true
			add("sector", string(a.Sector), incidents.Label(a.Sector))
		}
	}
	for _, country := range c.Countries {
		add("country", country, "")
	}
	return e
}

// Summary is an incident in a few sentences: what it is, its headline count with
// its qualifier, its claimant and its support, and how it was answered.
func Summary(c incidents.Card) string {
	var out []string
	say := func(s string) { out = append(out, s+".") }
	what := incidents.Label(c.Category)
	if c.Certainty != incidents.Confirmed && c.Certainty != "" {
		what += " (" + strings.ToLower(incidents.Label(c.Certainty)) + ")"
	}
	if breached := names(c, incidents.Role.Breached); breached != "" {
		what += ": " + breached
	}
	say(what)
	say(headline(c.Victims))
	if c.Occurred != nil {
		say("Occurred " + period(*c.Occurred))
	}
	if !c.Disclosed.IsZero() {
		say("Disclosed " + c.Disclosed.String())
	}
	if accused := names(c, func(r incidents.Role) bool { return r == incidents.RoleAllegedAttacker }); accused != "" {
		say("Accused: " + accused)
	}
	if c.Contested { // which one, of several, a card does not say
		say("An accusation is contested")
	}
	switch {
	case c.Unanswered:
		say("No response of those breached recorded")
	case c.ResponseCount == 1:
		say("1 response recorded")
	case c.ResponseCount > 1:
		say(strconv.Itoa(c.ResponseCount) + " responses recorded")
	}
	return strings.Join(out, " ")
}

// headline is the headline count, never as a bare number.
func headline(v *incidents.Victims) string {
	if v == nil {
		return "No number of those affected recorded"
	}
	whose := "stated by the source itself, "
	switch {
	case v.ClaimedBy != nil:
		whose = "stated by " + v.ClaimedBy.Name + ", "
	case v.Support == incidents.Unsourced: // there is no source that could say so
		whose = ""
	}
	return capital(v.Text) + ", " + whose + strings.ToLower(incidents.Label(v.Support))
}

func capital(s string) string {
	if s == "" || s[0] < 'a' || s[0] > 'z' {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

func period(p incidents.Period) string {
	switch {
	case p.From.IsZero():
		return "until " + p.To.String()
	case p.To.IsZero(), p.To == p.From:
		return p.From.String()
	default:
		return p.From.String() + " to " + p.To.String()
	}
}

// names are the names of those in a role, each once.
func names(c incidents.Card, in func(incidents.Role) bool) string {
	var out []string
	seen := map[string]bool{}
	for _, a := range c.Actors {
		if in(a.Role) && !seen[a.Name] {
			seen[a.Name] = true
			out = append(out, a.Name)
		}
	}
	return strings.Join(out, ", ")
}
