package veris

import (
	"slices"
	"strconv"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/strict"
)

// victimNode is the first victim; the others, and platforms that were affected,
// are secondary ones. It is nil when nobody and no country is known.
func victimNode(in *incidents.Incident) *strict.Node {
	var first *incidents.ActorRef
	var others []string
	if i := slices.IndexFunc(in.Participants, func(p incidents.Participant) bool { return p.Role == incidents.RoleVictim }); i >= 0 {
		first = &in.Participants[i].Actor
	}
	for _, p := range in.Participants {
		name := nameOf(p.Actor)
		if p.Role.Breached() && (first == nil || name != nameOf(*first)) && !slices.Contains(others, name) { // some have both roles
			others = append(others, name)
		}
	}
	if first == nil && others == nil && len(in.Countries) == 0 {
		return nil
	}
	n := object()
	industry, countries := unknownIndustry, slices.Clone(in.Countries)
	if first != nil {
		set(n, "victim_id", text(nameOf(*first)))
		industry = industryOf(first.Sector)
		if first.Country != "" && len(countries) == 0 {
			countries = []string{first.Country}
		}
	}
	if len(countries) == 0 {
		countries = []string{unknown}
	}
	set(n, "industry", text(industry))
	set(n, "employee_count", text(unknown))
	set(n, "country", terms(countries...))
	set(n, "government", terms(governmentOf(industry)))
	if others != nil {
		set(n, "secondary", set(set(object(), "victim_id", terms(others...)), "amount", number(strconv.Itoa(len(others)))))
	}
	return n
}

// governmentOf is the level of government, which NAICS doesn't tell.
func governmentOf(industry string) string {
	if len(industry) >= 2 && industry[:2] == "92" {
		return unknown
	}
	return notApplicable
}

func nameOf(r incidents.ActorRef) string {
	for _, name := range []string{r.Name, r.Given, r.Slug} {
		if name != "" {
			return name
		}
	}
	return unknown
}

// actorNode says from where it came: from within, by way of a partner, from
// outside. Accused actors are not named: VERIS can't say who accuses them, how
// sure they are, and that they deny it.
func actorNode(in *incidents.Incident) *strict.Node {
	n := object()
	if slices.Contains(in.Vectors, "insider") {
		set(n, "internal", set(set(object(), "variety", terms(unknown)), "motive", terms(unknown)))
	}
	if slices.Contains(in.Vectors, "third_party") {
		set(n, "partner", set(set(object(), "motive", terms(unknown)), "country", terms(unknown)))
	}
	external := len(in.Attributions) > 0 || slices.ContainsFunc(in.Vectors, func(v incidents.Vector) bool { return attacks[v] })
	if external {
		set(n, "external", set(set(object(), "variety", terms(unknown)), "motive", terms(unknown)))
	}
	if len(n.Members) == 0 {
		set(n, "unknown", object())
	}
	return n
}

// attacks are the vectors of attackers from outside.
var attacks = map[incidents.Vector]bool{
	"phishing": true, "social_engineering": true, "stolen_credentials": true, "credential_stuffing": true, "malware": true,
	"ransomware": true, "skimming": true, "exploit": true, "sim_swap": true, "denial_of_service": true, "unauthorised_access": true,
}
