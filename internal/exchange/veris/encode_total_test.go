package veris

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/uuid"

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

// TestWhichCountIsTheTotal: the headline's unit may be none of VERIS's; then a whole
// goes before its parts, and what was corrected says nothing.
func TestWhichCountIsTheTotal(t *testing.T) {
	t.Parallel()
	id := func(n byte) uuid.UUID { return uuid.UUID{15: n} }
	ref := func(n byte) incidents.ClaimRef { return incidents.ClaimRef(id(n).String()) }
	count := func(n byte, quantity int64) incidents.Count {
		return incidents.Count{Claim: incidents.Claim{ID: id(n)}, Unit: incidents.Records, Qualifier: incidents.Exact, Quantity: &quantity}
	}
	part, old, whole := count(1, 900), count(2, 5000), count(3, 1200)
	part.PartOf, whole.Supersedes = ref(3), ref(2)
	headline := count(4, 7)
	headline.Unit, headline.Headline = "devices", true
	for want, counts := range map[string][]incidents.Count{
		`"data_total":1200`: {part, old, whole, headline},
		`"data_total":900`:  {part, headline},
	} {
		in := incidents.Incident{Title: "Acme", Category: incidents.DataBreach, Counts: counts}
		in.Complete()
		doc, err := Encode(in, nil)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(doc), want) {
			t.Errorf("there is no %s in\n%s", want, doc)
		}
	}
}
