package veris

import (
	"strings"

	"github.com/breachledger/breachledger/internal/incidents"
)

// sectorCodes are the sectors by how a NAICS code begins; the longest beginning
// that fits says it. The table follows that of incidents.Sector, where a code
// alone can tell: 523 may be crypto or not, so it is fintech.
var sectorCodes = map[string]incidents.Sector{
	"11": "other", "21": "other", "22": "other", "23": "other", "31": "other", "32": "other", "33": "other",
	"334": "technology", // computers and electronics
	"42":  "other",
	"44":  "merchant", "45": "merchant", // shops
	"48": "other", "49": "other",
	"51":     "technology", // information
	"52":     "other",      // finance in general
	"521":    "bank",       // central banks
	"522":    "fintech",
	"5221":   "bank",
	"52221":  "bank", // issuers of credit cards
	"522320": "payment_processor",
	"52232":  "payment_processor",
	"523":    "fintech",
	"524114": "health", // health insurance
	"53":     "other", "54": "other",
	"5415": "technology", // computer systems design
	"55":   "other", "56": "other", "61": "other",
	"62": "health",
	"71": "other",
	"72": "merchant", // hotels and restaurants
	"81": "other",
	"92": "government",
}

// sectorOf maps a NAICS code of two to six digits, or a range of sectors.
func sectorOf(naics string) incidents.Sector {
	first, _, _ := strings.Cut(naics, "-")
	for n := len(first); n >= 2; n-- {
		if s, ok := sectorCodes[first[:n]]; ok {
			return s
		}
	}
	return incidents.SectorUnknown
}

// kindOf says what a victim is. Schools and universities (61) may be either, and
// of an unknown sector nothing is known.
func kindOf(naics string) incidents.ActorKind {
	switch {
	case strings.HasPrefix(naics, "92"):
		return incidents.Agency
	case strings.HasPrefix(naics, "61"), sectorOf(naics) == incidents.SectorUnknown:
		return incidents.ActorOther
	default:
		return incidents.Company
	}
}

// industries are the NAICS codes by which sectors are written.
var industries = map[incidents.Sector]string{
	"bank": "5221", "payment_processor": "522320", "card_network": "522320", "wallet": "522320", "crypto": "523",
	"merchant": "44", "fintech": "522", "technology": "51", "health": "62", "government": "92",
}

// unknownIndustry is the NAICS code of VERIS for "not known".
const unknownIndustry = "000"

func industryOf(s incidents.Sector) string {
	if code, ok := industries[s]; ok {
		return code
	}
	return unknownIndustry
}
