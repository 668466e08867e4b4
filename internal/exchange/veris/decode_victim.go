package veris

import (
	"regexp"
	"slices"
	"strings"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/strict"
)

func (d *decoder) victim() {
	countries := d.countries("victim", "country")
	d.in.Countries = append(d.in.Countries, countries...)
	naics := d.text("/victim/industry", find(d.doc, "victim", "industry"))
	country := ""
	if len(countries) == 1 {
		country = countries[0]
	}
	d.actor(incidents.RoleVictim, "/victim/victim_id", d.text("/victim/victim_id", find(d.doc, "victim", "victim_id")), naics, country)
	d.secondary(find(d.doc, "victim", "secondary", "victim_id"))
}

// countries are the known codes at the path.
func (d *decoder) countries(path ...string) []string {
	var out []string
	for _, code := range d.texts(path...) {
		switch {
		case incidents.KnownCountry(code) && !slices.Contains(out, code):
			out = append(out, code)
		case code != unknown && code != other && !incidents.KnownCountry(code):
			d.note("/"+strings.Join(path, "/"), "was not read in part: %s is not a country code", quoted(code))
		}
	}
	return out
}

const longestName = 200

// mostParticipants leaves room for those whom the attributions accuse.
const mostParticipants = 3 * incidents.MaxClaims

// actor adds a participant, unless the name names nobody.
func (d *decoder) actor(role incidents.Role, pointer, name, naics, country string) {
	name = strings.TrimRight(strings.TrimPrefix(strings.TrimPrefix(name, "http://"), "https://"), "/ ")
	switch {
	case nobody(name):
		return
	case len([]rune(name)) > longestName:
		d.note(pointer, "was not read: a name must have at most %d characters", longestName)
		return
	}
	r := incidents.ActorRef{Name: name, Kind: kindOf(naics), Sector: sectorOf(naics), Country: country}
	if domain := strings.ToLower(strings.TrimPrefix(name, "www.")); domainName.MatchString(domain) {
		r.Domain = domain
	}
	if d.names(role, r) {
		d.in.Participants = append(d.in.Participants, incidents.Participant{Actor: r, Role: role})
	}
}

var domainName = regexp.MustCompile(`^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.){1,4}[a-z]{2,10}$`)

// anonymous are ways to say that the victim is not named, or that there are many:
// "Unknown Medical Center in the UK", "unnamed mall", "Various Gas Stations".
var anonymous = regexp.MustCompile(`^(unknown|unnamed|unidentified|undisclosed|various|several|random|mass event$|gas station$|online forums$|campaign office$|ph?ysi?cians offices$|gov ?t and business$)`)

func nobody(name string) bool {
	return incidents.IsNobody(name) || anonymous.MatchString(incidents.FoldName(name))
}

// secondary reads the organisations that were hit by way of the victim. Flattened
// data has them in one text, parted by commas without a blank; a comma with a
// blank stands within a name ("Acme, Inc.") or parts several that a person wrote
// into one field, and then nobody can tell where they end.
func (d *decoder) secondary(n *strict.Node) {
	const pointer = "/victim/secondary/victim_id"
	for _, i := range items(pointer, n) {
		parts := []string{d.text(i.pointer, i.node)}
		if n.Kind != strict.List {
			parts = commaBetweenNames.Split(parts[0], -1)
		}
		for _, name := range parts {
			if d.full(pointer, len(d.in.Participants), mostParticipants) {
				return
			}
			name, naics, _ := strings.Cut(name, ";") // "verizon;517911"
			name = strings.TrimSpace(name)
			if severalNames(name) {
				d.note(i.pointer, "was not read in part: %s seems to be several names", quoted(name))
				continue
			}
			d.actor(incidents.RoleAffectedPlatform, i.pointer, name, strings.TrimSpace(naics), "")
		}
	}
}

var (
	commaBetweenNames = regexp.MustCompile(`\s*,(?:\b|\s{2,})`)
	legalForm         = regexp.MustCompile(`(?i),\s+(inc|incorporated|llc|l\.l\.c|llp|lp|ltd|limited|pllc|p\.?c|p\.?a|s\.?a|n\.?a|m\.?d|d\.?c|d\.?d\.?s|co|corp|gmbh|ag)\.?(?:\s*\([^)]*\))?$`)
)

func severalNames(name string) bool {
	return strings.Contains(legalForm.ReplaceAllString(name, ""), ", ")
}
