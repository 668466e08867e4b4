package web_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledgertest"
)

// TestResponsesSayWhatTheyAreFilteredBy: a link can bring filters for which the
// form has no field, or several values of one; they are shown, and stay.
func TestResponsesSayWhatTheyAreFilteredBy(t *testing.T) {
	t.Parallel()
	v := open(t).anybody()
	body := v.page("/responses?country=CN&category=theft_of_funds,service_attack&state=open")
	has(t, body, `<option value="theft_of_funds,service_attack" selected>Theft of funds and service attack</option>`, `name="country" value="CN"`,
		"Filters in force", `href="/responses?category=theft_of_funds,service_attack&amp;state=open"`, "Country:", "China", "take out", "/promises.csv?category=")
	if body = v.page("/responses?category=data_breach&from=2014"); regexp.MustCompile("Filters in force").MatchString(body) {
		t.Error("what stands in the form is said twice")
	}
}

// TestCompareOrganisations: some can be named, and stand side by side.
func TestCompareOrganisations(t *testing.T) {
	t.Parallel()
	v := open(t).anybody()
	has(t, v.page("/actors/apple"), `href="/responses?actor=apple"`)
	body := v.page("/responses?actor=Apple,+chinese+GOVERNMENT")
	has(t, body, ">Organisations</label>", `name="actor"`, `value="Apple, chinese GOVERNMENT"`, `<h2 id="table">`)
	if strings.Contains(body, "Filters in force") {
		t.Error("what stands in the form is said twice")
	}
	var named []string
	for _, m := range regexp.MustCompile(`<th scope="row"><a href="/actors/([^"]+)"`).FindAllStringSubmatch(body, -1) {
		named = append(named, m[1])
	}
	if slices.Sort(named); !slices.Equal(slices.Compact(named), []string{"apple", "chinese-government"}) {
		t.Errorf("the report is about %q", named)
	}
}

func TestAMedianOfOneDay(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.record(incidents.Incident{
		Title: "A quick answer", Category: incidents.DataBreach, Disclosed: ledgertest.Date("2015-03-01"),
		Participants: []incidents.Participant{{Actor: incidents.ActorRef{Name: "Quick Bank", Kind: incidents.Company}, Role: incidents.RoleVictim}},
		Responses:    []incidents.Response{{Actor: incidents.ActorRef{Name: "Quick Bank"}, Kind: "apology", Date: ledgertest.Date("2015-03-02")}},
	})
	wanted := regexp.MustCompile(`>1 day</?`)
	for _, path := range []string{"/actors/quick-bank", "/responses?category=data_breach"} {
		if !wanted.MatchString(s.anybody().page(path)) {
			t.Errorf("%s does not say 1 day", path)
		}
	}
}

// TestAnIncidentTellsOverduePromises: as the register of promises does.
func TestAnIncidentTellsOverduePromises(t *testing.T) {
	t.Parallel()
	s := open(t)
	bank := incidents.ActorRef{Name: "Promising Bank", Kind: incidents.Company}
	promise := func(key, due, what string) incidents.Response {
		return incidents.Response{Claim: incidents.Claim{Key: key}, Actor: bank, Kind: "refund", Status: incidents.Promised, Due: ledgertest.Date(due), Summary: what}
	}
	slug := s.record(incidents.Incident{
		Title: "Promises", Category: incidents.DataBreach, Participants: []incidents.Participant{{Actor: bank, Role: incidents.RoleVictim}},
		Responses: []incidents.Response{
			promise("late", "2015", "Late."), promise("kept", "2015", "Kept."), promise("open", "2200", "Open."),
			{Actor: bank, Kind: "refund", Status: "done", Fulfils: "kept", Summary: "It paid."},
		},
	})
	const late = `<span class="badge promised">promised</span> <span class="badge overdue">overdue</span>`
	v := s.anybody()
	body := v.page("/incidents/" + slug)
	has(t, body, late, "Late.", "Kept.", "Open.")
	if n := strings.Count(body, "badge overdue"); n != 1 {
		t.Errorf("%d promises are overdue, and there is one", n)
	}
	has(t, v.page("/responses?actor=promising-bank&state=overdue"), `<span class="badge overdue">overdue</span>`, "Late.")
	if strings.Contains(v.page("/incidents/"+slug+"/history/1"), "badge overdue") {
		t.Error("an old version says what is so today")
	}
}
