package web_test

import (
	"regexp"
	"testing"

	"github.com/breachledger/breachledger/internal/incidents"
)

// TestResponsesSayWhatTheyAreFilteredBy: a link can bring filters for which the
// form has no field, or several values of one; they are shown, and stay.
func TestResponsesSayWhatTheyAreFilteredBy(t *testing.T) {
	t.Parallel()
	v := open(t).anybody()
	body := v.page("/responses?actor=apple&category=theft_of_funds,service_attack&state=open")
	has(t, body, `<option value="theft_of_funds,service_attack" selected>Theft of funds and service attack</option>`, `name="actor" value="apple"`,
		"Filters in force", `href="/responses?category=theft_of_funds,service_attack&amp;state=open"`, "Actor:", "apple", "take out", "/promises.csv?actor=apple&amp;")
	if body = v.page("/responses?category=data_breach&from=2014"); regexp.MustCompile("Filters in force").MatchString(body) {
		t.Error("what stands in the form is said twice")
	}
}

func TestAMedianOfOneDay(t *testing.T) {
	t.Parallel()
	s := open(t)
	day := func(text string) incidents.PartialDate {
		d, err := incidents.ParseDate(text)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	s.record(incidents.Incident{
		Title: "A quick answer", Category: incidents.DataBreach, Disclosed: day("2015-03-01"),
		Participants: []incidents.Participant{{Actor: incidents.ActorRef{Name: "Quick Bank", Kind: incidents.Company}, Role: incidents.RoleVictim}},
		Responses:    []incidents.Response{{Actor: incidents.ActorRef{Name: "Quick Bank"}, Kind: "apology", Date: day("2015-03-02")}},
	})
	wanted := regexp.MustCompile(`>1 day</?`)
	for _, path := range []string{"/actors/quick-bank", "/responses?category=data_breach"} {
		if !wanted.MatchString(s.anybody().page(path)) {
			t.Errorf("%s does not say 1 day", path)
		}
	}
}
