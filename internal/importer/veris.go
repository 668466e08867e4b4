package importer

import (
	"encoding/json"

	"github.com/breachledger/breachledger/internal/exchange/jsonstream"
	"github.com/breachledger/breachledger/internal/exchange/veris"
	"github.com/breachledger/breachledger/internal/incidents"
)

// VERIS is the format of the VERIS Community Database. Strict refuses a document
// that breaks a rule of VERIS; otherwise what is usable is read, and the rest is
// noted.
func VERIS(strict bool) Format {
	return Format{
		Name: "veris", Version: 1, KeepOriginal: true,
		ID:   verisID,
		Kept: func(document []byte) []byte { return veris.WithoutTexts(document) },
		Read: func(document []byte) (incidents.Incident, incidents.Problems, incidents.Problems) {
			result, problems := veris.Decode(document, veris.Options{Strict: strict, Unchecked: true})
			return result.Incident, result.Notes, problems
		},
	}
}

// verisID is asked of every document, also of those that are not read.
func verisID(document []byte) string {
	if texts, ok := jsonstream.Texts(document, "source_id", "incident_id"); ok && texts[1] != "" {
		return texts[0] + ":" + texts[1]
	}
	var of struct {
		SourceID string `json:"source_id"`
		ID       string `json:"incident_id"`
	}
	if json.Unmarshal(document, &of) != nil || of.ID == "" {
		return ""
	}
	return of.SourceID + ":" + of.ID
}
