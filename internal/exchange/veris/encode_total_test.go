package veris

import (
	"encoding/json"
	"testing"

	"github.com/breachledger/breachledger/internal/incidents"
)

// TestTheTotalHoldsItsParts: data_total is of all varieties, so that none of them
// has an amount above it.
func TestTheTotalHoldsItsParts(t *testing.T) {
	t.Parallel()
	count := func(unit incidents.Unit, n int64) incidents.Count { return incidents.Count{Unit: unit, Quantity: &n} }
	for _, test := range []struct {
		counts  []incidents.Count
		classes []incidents.DataClass
		total   int64
	}{
		{[]incidents.Count{count(incidents.People, 50), count("cards", 120)}, []incidents.DataClass{"card_number", "contact"}, 120},
		{[]incidents.Count{count(incidents.Records, 500), count("cards", 120)}, []incidents.DataClass{"card_number"}, 500},
		{[]incidents.Count{count(incidents.People, 50), count("cards", 120)}, []incidents.DataClass{"contact"}, 50}, // no amount is written
	} {
		in := &incidents.Incident{Title: "Cards", Category: incidents.DataBreach, Counts: test.counts, DataClasses: test.classes}
		doc, err := Encode(*in, nil)
		if err != nil {
			t.Fatal(err)
		}
		valid(t, doc)
		var read struct {
			Attribute struct {
				Confidentiality struct {
					Total *int64 `json:"data_total"`
				}
			}
		}
		if err := json.Unmarshal(doc, &read); err != nil {
			t.Fatal(err)
		}
		if got := read.Attribute.Confidentiality.Total; got == nil || *got != test.total {
			t.Errorf("want %d in %s", test.total, doc)
		}
	}
}
