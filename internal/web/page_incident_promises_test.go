package web_test

import (
	"strings"
	"testing"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledgertest"
)

// TestAnIncidentTellsWhatBecameOfPromises: a promise says that it was kept or broken and
// by which response, as the register does; its answers stand in the order of their dates.
func TestAnIncidentTellsWhatBecameOfPromises(t *testing.T) {
	t.Parallel()
	s := open(t)
	bank := incidents.ActorRef{Name: "Promising Bank", Kind: incidents.Company}
	one := func(key, fulfils, kind, status, day string) incidents.Response {
		r := incidents.Response{Claim: incidents.Claim{Key: key}, Actor: bank, Kind: incidents.ResponseKind(kind), Status: incidents.ResponseStatus(status), Fulfils: incidents.ClaimRef(fulfils), Summary: "The " + key + "."}
		if day != "" {
			r.Date = ledgertest.Date(day)
		}
		return r
	}
	slug := s.record(incidents.Incident{
		Title: "Promises", Category: incidents.DataBreach, Participants: []incidents.Participant{{Actor: bank, Role: incidents.RoleVictim}},
		Responses: []incidents.Response{
			one("undated", "", "apology", "", ""), one("monitoring", "", "credit_monitoring", "promised", "2014-01-10"), one("security", "", "remediation", "promised", "2017-05-23"),
			one("failure", "security", "remediation", "broken", "2018-02"), one("again", "monitoring", "credit_monitoring", "done", "2015-01-13"), one("enrolment", "monitoring", "credit_monitoring", "done", "2014-01-13"),
			one("try", "monitoring", "credit_monitoring", "broken", "2014-01-12"),
		},
	})
	_, body, _ := strings.Cut(s.anybody().page("/incidents/"+slug), `<h2 id="responses">`)
	body, rest, _ := strings.Cut(body, `<h2 id="timeline">`)
	has(t, body, `<span class="badge promised">promised</span> <span class="badge kept">kept</span>`, `Kept: <a href="#claim-`, "credit monitoring, 13 January 2014</a>",
		`Keeps the promise: <a href="#claim-`, "credit monitoring, 10 January 2014</a>",
		`<span class="badge promised">promised</span> <span class="badge broken">broken</span>`, `Broken: <a href="#claim-`, "remediation, February 2018</a>",
		`Breaks the promise: <a href="#claim-`, "remediation, 23 May 2017</a>")
	at := -1
	for _, key := range []string{"monitoring", "try", "enrolment", "again", "security", "failure", "undated"} {
		if next := strings.Index(body, "<p>The "+key+".</p>"); next <= at {
			t.Errorf("the %s stands at %d, before %d", key, next, at)
		} else {
			at = next
		}
	}
	has(t, rest, "Promising Bank: credit monitoring (promised)", "Promising Bank: credit monitoring (promise kept)", "Promising Bank: remediation (broken)")
	has(t, s.as(access.Editor).page("/incidents/"+slug+"/edit"), "Promising Bank: credit monitoring (promised), 10 January 2014", "Promising Bank: credit monitoring, 13 January 2014")
}
