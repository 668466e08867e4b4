package web_test

import (
	"encoding/csv"
	"html"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledgertest"
)

// TestResponseList: the responses themselves, with what they rest on, when they came and
// what became of them.
func TestResponseList(t *testing.T) {
	t.Parallel()
	s := open(t)
	bank := incidents.ActorRef{Name: "Slow Bank", Kind: incidents.Company}
	s.record(incidents.Incident{
		Title: "Tills read", Slug: "tills-read", Category: incidents.DataBreach, Disclosed: ledgertest.Date("2015-03-01"),
		Participants: []incidents.Participant{{Actor: bank, Role: incidents.RoleVictim}},
		Sources:      []incidents.Source{{Key: "s", Text: "We never lost a card, said Jo Doe."}},
		Responses: []incidents.Response{
			{
				Actor: bank, Kind: incidents.Denial, Date: ledgertest.Date("2015-03-01"), SpokenBy: "Jo Doe",
				Claim: incidents.Claim{Evidence: []incidents.Evidence{{Source: incidents.SourceRef{Key: "s"}, Quote: "We never lost a card"}}},
			},
			{Actor: bank, Kind: "refund", Status: incidents.Promised, Date: ledgertest.Date("2015-03-03"), Due: ledgertest.Date("2015-06"), Summary: "All of it."},
			{Actor: bank, Kind: "apology", Date: ledgertest.Date("2015-02-27")},
			{Actor: bank, Kind: "investigation", Summary: "Nobody knows when."},
		},
	})
	v := s.anybody()
	body := v.page("/responses/list?actor=slow-bank")
	var order []string
	for _, m := range regexp.MustCompile(`<a class="title" href="/incidents/tills-read#claim-[0-9a-f-]{36}">Slow Bank: ([a-z ]+)</a>`).FindAllStringSubmatch(body, -1) {
		order = append(order, m[1])
	}
	if got := strings.Join(order, ", "); got != "refund, denial, apology, investigation" {
		t.Errorf("the responses are %s", got)
	}
	has(t, body, `<option value="done"`, `href="/responses/list?actor=slow-bank&amp;response=apology"`, "promise overdue", "All of it.", "2 days after it became public", "due June 2015",
		"victim · spoken by Jo Doe", "quoted", "We never lost a card</q>", "on the day it became public", ">Tills read</a>", "2 days before it became public",
		"Nobody knows when.", `href="/responses/list.csv?actor=slow-bank"`, `href="/v1/responses?actor=slow-bank"`)
	body = v.page("/responses/list?actor=slow-bank&response=apology&status=done&from=2015-02&to=2015-03")
	if n := strings.Count(body, `<a class="title"`); n != 0 {
		t.Errorf("%d responses are done: an apology is stated", n)
	}
	has(t, body, `<option value="done" selected`, "status=done", `aria-current="true"`, "No response is recorded here")
	// A kind more, or none.
	body = v.page("/responses/list?actor=slow-bank&response=apology,denial")
	has(t, body, `href="/responses/list?actor=slow-bank&amp;response=denial"`, `href="/responses/list?actor=slow-bank&amp;response=apology,denial,refund"`)
	if n := strings.Count(body, `<a class="title"`); n != 2 {
		t.Errorf("%d responses are of the two kinds", n)
	}
	has(t, v.page("/responses/list?actor=chinese-government&q=anthem"), "Denies what", "of it.", "Xi denied")
	has(t, v.page("/actors/slow-bank"), `href="/responses/list?actor=slow-bank"`)
	has(t, v.page("/responses?category=data_breach"), `<a href="/responses/list?category=data_breach">The responses themselves</a>`)
}

// TestResponseListAsFile: the file has what the page is filtered by.
func TestResponseListAsFile(t *testing.T) {
	t.Parallel()
	v := open(t).anybody()
	body := v.page("/responses/list?response=denial,no_comment")
	link := html.UnescapeString(regexp.MustCompile(`href="(/responses/list\.csv[^"]*)"`).FindStringSubmatch(body)[1])
	rows, err := csv.NewReader(v.get(link).Body).ReadAll()
	if err != nil || len(rows)-1 != strings.Count(body, `<a class="title"`) || len(rows) < 4 {
		t.Errorf("%s has %d rows, %v", link, len(rows), err)
	}
	for path, status := range map[string]int{
		"/responses/list.csv?sort=date": http.StatusBadRequest, "/responses/list?status=lost": http.StatusBadRequest, "/responses/list.csv?response=lost": http.StatusBadRequest,
		"/responses/list?from=x": http.StatusBadRequest, "/responses/list?cursor=x": http.StatusBadRequest, "/responses/list?actor=&response=": http.StatusSeeOther,
	} {
		if r := v.get(path); r.Code != status {
			t.Errorf("%s: status %d, not %d", path, r.Code, status)
		}
	}
	has(t, v.get("/responses/list?status=lost&from=x").Body.String(), "stated", "promised")
}
