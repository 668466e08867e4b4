package importer

import (
	"encoding/json"

	"github.com/breachledger/breachledger/internal/exchange/hibp"
	"github.com/breachledger/breachledger/internal/incidents"
)

// HIBP is the format of Have I Been Pwned's breaches.
func HIBP() Format {
	return Format{
		Name: "hibp", Version: 1, KeepOriginal: true,
		ID: func(document []byte) string {
			var of struct {
				Name string `json:"Name"`
			}
			_ = json.Unmarshal(document, &of) // what is no JSON has no name
			return of.Name
		},
		Read: func(document []byte) (incidents.Incident, incidents.Problems, incidents.Problems) {
			result, problems := hibp.Decode(document)
			return result.Incident, result.Notes, problems
		},
	}
}
