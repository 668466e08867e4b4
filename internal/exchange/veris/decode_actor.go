package veris

import (
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/breachledger/breachledger/internal/incidents"
)

// actors reads who the coder thinks did it. That is an assessment, mostly of
// nobody in particular, so it becomes tags. Notes, which may name somebody,
// stay in the original.
func (d *decoder) actors() {
	for _, who := range []string{"external", "internal", "partner"} {
		n := find(d.doc, "actor", who)
		if n == nil {
			continue
		}
		d.tag("actor", who)
		for _, list := range []string{"variety", "motive"} {
			for _, s := range d.texts("actor", who, list) {
				switch {
				case !says(s):
				case list == "motive":
					d.tag("motive", s)
				default:
					d.tag("actor", who, s)
				}
			}
		}
		for _, code := range d.countries("actor", who, "country") {
			d.tag("actor-country", code)
		}
	}
	d.attributions()
	if find(d.doc, "actor", "partner") != nil {
		d.vector("third_party")
		naics := d.text("/actor/partner/industry", find(d.doc, "actor", "partner", "industry"))
		for i, name := range d.texts("actor", "partner", "name") {
			if d.full("/actor/partner/name", len(d.in.Participants), mostParticipants) {
				break
			}
			d.actor(incidents.RoleAffectedPlatform, at("/actor/partner/name", i), name, naics, "")
		}
	}
}

var confidences = map[string]incidents.Confidence{"High": "high", "Medium": "medium", "Low": "low", "None": "none"}

// attackers are the varieties of external actor that say that it attacked. The
// others don't: real records name the researcher who found a leak, and the
// journalist who reported it, as an external actor of the variety Other.
var attackers = []string{"Activist", "Organized crime", "Nation-state", "State-affiliated", "Terrorist"}

// attributions are the external actors that the record names as attackers.
func (d *decoder) attributions() {
	const pointer = "/actor/external/name"
	attacked := d.has([]string{"actor", "external", "variety"}, attackers...)
	for _, i := range items(pointer, find(d.doc, "actor", "external", "name")) {
		if d.full(pointer, len(d.in.Attributions), incidents.MaxClaims) {
			return
		}
		name := d.text(i.pointer, i.node)
		switch {
		case name == "" || nobody(name):
		case !attacked:
			d.note(i.pointer, "was not read: the record doesn't say that %s was an attacker", quoted(name))
		case uuid.Validate(name) == nil || strings.ContainsAny(name, ",;") || strings.Contains(name, " and "):
			d.note(i.pointer, "was not read: %s is not one name", quoted(name))
		case len([]rune(name)) > longestName:
			d.note(i.pointer, "was not read: a name must have at most %d characters", longestName)
		default:
			d.accuse(name)
		}
	}
}

func (d *decoder) accuse(name string) {
	accused := incidents.ActorRef{Name: name, Kind: incidents.ActorOther} // a group, a state or a person
	if !d.names(incidents.RoleAllegedAttacker, accused) {
		return
	}
	d.in.Attributions = append(d.in.Attributions, incidents.Attribution{
		Claim: incidents.Claim{Evidence: d.evidence()}, Accused: accused,
		Basis:      "third_party_attributes",
		Confidence: confidences[d.text("/confidence", d.doc.Member("confidence"))],
	})
}

// vector adds a vector once.
func (d *decoder) vector(v incidents.Vector) {
	if v != "" && !slices.Contains(d.in.Vectors, v) {
		d.in.Vectors = append(d.in.Vectors, v)
	}
}

func (d *decoder) acted(action string) bool { return find(d.doc, "action", action) != nil }

// actions reads the ways in.
func (d *decoder) actions() {
	for _, action := range actionNames {
		if !d.acted(action) {
			continue
		}
		known := vectorsOf[action]
		before := len(d.in.Vectors)
		for _, variety := range d.texts("action", action, "variety") {
			d.vector(known[variety])
		}
		if action == "hacking" && d.has([]string{"action", "hacking", "vector"}, "Partner") ||
			action == "social" && d.has([]string{"action", "social", "vector"}, "Partner") ||
			action == "malware" && d.has([]string{"action", "malware", "vector"}, "Partner") {
			d.vector("third_party")
		}
		if len(d.in.Vectors) == before { // none of its varieties has a term
			d.vector(known[""])
		}
	}
	if len(d.in.Vectors) == 0 {
		d.vector(incidents.VectorUnknown)
	}
	d.flaws()
}

// flaws are the CVE numbers that were used.
func (d *decoder) flaws() {
	for _, action := range []string{"hacking", "malware"} {
		cve := d.text("/action/"+action+"/cve", find(d.doc, "action", action, "cve"))
		for _, id := range cveNumber.FindAllString(strings.ToUpper(cve), -1) {
			r := incidents.ExternalRef{Scheme: "cve", ID: strings.ReplaceAll(id, " ", "-")}
			const most = 100
			if len(d.in.ExternalRefs) < most && !slices.Contains(d.in.ExternalRefs, r) {
				d.in.ExternalRefs = append(d.in.ExternalRefs, r)
			}
		}
	}
}
