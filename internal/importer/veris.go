package importer

import (
	"encoding/json"

	"github.com/breachledger/breachledger/internal/exchange/veris"
	"github.com/breachledger/breachledger/internal/incidents"
)

// VERIS is the format of the VERIS Community Database. Strict refuses a document
// that breaks a rule of VERIS; otherwise what is usable is read, and the rest is
// noted.
func VERIS(strict bool) Format {
	return Format{
		Name: "veris", Version: 1, KeepOriginal: true,
		ID: func(document []byte) string {
			var of struct {
				SourceID string `json:"source_id"`
				ID       string `json:"incident_id"`
			}
			if json.Unmarshal(document, &of) != nil || of.ID == "" {
				return ""
			}
			return of.SourceID + ":" + of.ID
		},
		Read: func(document []byte) (incidents.Incident, incidents.Problems, incidents.Problems) {
			result, problems := veris.Decode(document, veris.Options{Strict: strict})
			return result.Incident, result.Notes, problems
		},
	}
}
