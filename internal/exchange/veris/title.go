package veris

import (
	"strings"

	"github.com/breachledger/breachledger/internal/incidents"
)

// title says to whom it happened and what, since VERIS has no titles:
// "Corvallis Clinic: theft of a laptop".
func (d *decoder) title() string {
	return d.whom() + ": " + d.what()
}

func (d *decoder) whom() string {
	for _, p := range d.in.Participants {
		if p.Role == incidents.RoleVictim {
			return p.Actor.Name
		}
	}
	naics := d.text("/victim/industry", find(d.doc, "victim", "industry"))
	out := "Unnamed " + unnamed[sectorOf(naics)]
	if out == "Unnamed " {
		out += "organisation"
	}
	if len(d.in.Countries) == 1 {
		out += " (" + d.in.Countries[0] + ")"
	}
	return out
}

var unnamed = map[incidents.Sector]string{
	"bank": "bank", "payment_processor": "payment processor", "fintech": "financial company", "merchant": "merchant",
	"technology": "technology company", "health": "health organisation", "government": "public body",
}

// phrases say what happened, by action and variety; the first that fits is used.
var phrases = []struct{ action, variety, phrase string }{
	{"malware", "Ransomware", "ransomware"},
	{"social", "Extortion", "extortion"},
	{"physical", "Skimmer", "card skimming"},
	{"malware", "Ram scraper", "card-stealing malware"},
	{"malware", "RAM scraper", "card-stealing malware"},
	{"hacking", "DoS", "denial of service"},
	{"social", "Phishing", "phishing"},
	{"social", "Pretexting", "social engineering"},
	{"hacking", "Use of stolen creds", "use of stolen credentials"},
	{"hacking", "Brute force", "guessed credentials"},
	{"hacking", "SQLi", "SQL injection"},
	{"hacking", "Exploit vuln", "exploited flaw"},
	{"malware", "", "malware"},
	{"hacking", "", "hacking"},
	{"misuse", "", "misuse of access"},
	{"physical", "Theft", "theft of "},
	{"error", "Loss", "loss of "},
	{"error", "Misdelivery", "data sent to the wrong recipient"},
	{"error", "Publishing error", "data published by mistake"},
	{"error", "Disposal error", "careless disposal"},
	{"error", "Misconfiguration", "misconfiguration"},
	{"error", "Programming error", "programming error"},
	{"error", "Malfunction", "malfunction"},
	{"error", "Gaffe", "careless disclosure"},
	{"physical", "Tampering", "tampering"},
	{"social", "", "social engineering"},
	{"physical", "", "physical attack"},
	{"error", "", "error"},
	{"environmental", "", "environmental damage"},
}

func (d *decoder) what() string {
	for _, p := range phrases {
		switch {
		case !d.acted(p.action), p.variety != "" && !d.has([]string{"action", p.action, "variety"}, p.variety):
		case strings.HasSuffix(p.phrase, " "):
			return p.phrase + d.thing()
		default:
			return p.phrase
		}
	}
	if d.in.Category == incidents.DataBreach {
		return "data breach"
	}
	return "incident of unknown cause"
}

// things are what can be stolen and lost.
var things = map[string]string{
	"M - Documents": "documents", "U - Laptop": "a laptop", "U - Desktop": "a computer", "U - Desktop or laptop": "a computer",
	"M - Flash drive": "a flash drive", "M - Disk drive": "a disk drive", "M - Disk media": "disks", "M - Tapes": "tapes",
	"U - Mobile phone": "a mobile phone", "U - Tablet": "a tablet", "M - Payment card": "payment cards", "S - Database": "a database server",
	"M - Smart card": "a smart card", "U - Media": "a device", "S - File": "a file server", "S - Backup": "a backup",
}

func (d *decoder) thing() string {
	for _, i := range items("/asset/assets", find(d.doc, "asset", "assets")) {
		if v := i.node.Member("variety"); v != nil && things[v.Text] != "" {
			return things[v.Text]
		}
	}
	return "a device or documents"
}
