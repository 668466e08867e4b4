package web_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/incidents"
)

// TestAFormOfManyFields: what can be shown in a form can be sent back. net/url by
// itself takes 10,000 fields, which go.mod changes.
func TestAFormOfManyFields(t *testing.T) {
	t.Parallel()
	s := open(t)
	in := incidents.Incident{Title: "Many claims", Category: incidents.DataBreach}
	acme := incidents.ActorRef{Name: "Acme", Kind: incidents.Company}
	for i := range incidents.MaxClaims {
		in.Counts = append(in.Counts, incidents.Count{Unit: incidents.People, Quantity: new(int64(5)), Headline: i == 0})
		in.Responses = append(in.Responses, incidents.Response{Actor: acme, Kind: "apology", Summary: fmt.Sprint("The ", i)})
	}
	slug := s.record(in)
	v := s.as(access.Editor)
	form := fields(t, v.page("/incidents/"+slug+"/edit"), "incident-form")
	if n := strings.Count(form.Encode(), "&"); n < 10_000 {
		t.Fatalf("the form has only %d fields", n)
	}
	form.Set("/title", "Many claims indeed")
	if r := v.post("/incidents/"+slug+"/edit", form); r.Code != http.StatusSeeOther {
		t.Errorf("saved: status %d\n%.600s", r.Code, r.Body)
	}
}

// TestRowsAreTold: whoever hears the form instead of seeing it is told to which row a
// field and a button belong.
func TestRowsAreTold(t *testing.T) {
	t.Parallel()
	s := open(t)
	v := s.as(access.Editor)
	f := fields(t, v.page("/log"), "incident-form")
	f.Set("add", "/counts")
	has(t, v.post("/log", f).Body.String(), `role="group" aria-label="Taking part 1"`, "Remove<span class=\"hide\">: Taking part 1</span>",
		`aria-label="Figure 1"`, `aria-label="Figure 1, sentence 1"`, ": Figure 1</span>", `aria-label="Figure 2"`, ": Figure 2</span>", `aria-label="Source 1"`)
}
