package web_test

import (
	"fmt"
	"testing"

	"github.com/breachledger/breachledger/internal/incidents"
)

// TestContextOfTheLastSource: a page opens so many texts at most, and none from which
// nothing is quoted.
func TestContextOfTheLastSource(t *testing.T) {
	t.Parallel()
	s := open(t)
	in := incidents.Incident{Title: "Many sources", Category: incidents.CategoryOther}
	for i := range 25 {
		in.Sources = append(in.Sources, incidents.Source{Key: fmt.Sprint("s", i), Title: fmt.Sprint("Source ", i), Text: fmt.Sprintf("Article %d says before that it hit 5 people and after.", i)})
	}
	in.Counts = []incidents.Count{{
		Unit: incidents.People, Quantity: new(int64(5)), Claim: incidents.Claim{Evidence: []incidents.Evidence{{Source: incidents.SourceRef{Key: "s24"}, Quote: "it hit 5 people"}}},
	}}
	has(t, s.anybody().page("/incidents/"+s.record(in)), "Article 24 says before that <mark>it hit 5 people</mark> and after.")
}
