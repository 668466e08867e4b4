package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/incidents"
)

// TestFormsAreBounded: a form that no page makes is refused before it is read: rows
// offer each other to choose, so that what would be shown grows with their square.
func TestFormsAreBounded(t *testing.T) {
	t.Parallel()
	v := open(t).as(access.Contributor)
	rows := func(list, field string, n int) url.Values {
		out := url.Values{}
		for i := range n {
			out.Set(fmt.Sprintf("%s/%d/%s", list, i, field), fmt.Sprint("k", i))
		}
		return out
	}
	wide := rows("/counts/0/evidence", "quote", 501)
	sentences := rows("/sources", "url", 200)
	for i := range 400 {
		for j := range 4 {
			sentences.Set(fmt.Sprintf("/counts/%d/evidence/%d/quote", i, j), "x")
		}
	}
	for name, c := range map[string]struct {
		form   url.Values
		status int
	}{
		"a long name":             {url.Values{"/" + strings.Repeat("a", 100): {"x"}}, http.StatusBadRequest},
		"a deep name":             {url.Values{strings.Repeat("/0", 9): {"x"}}, http.StatusBadRequest},
		"many counts":             {rows("/counts", "key", 501), http.StatusRequestEntityTooLarge},
		"many sentences":          {wide, http.StatusRequestEntityTooLarge},
		"many who take part":      {rows("/participants", "role", 2001), http.StatusRequestEntityTooLarge},
		"sentences times sources": {sentences, http.StatusRequestEntityTooLarge},
	} {
		for _, path := range []string{"/log", "/incidents/opm-breach/edit", "/incidents/opm-breach/respond"} {
			c.form.Set("add", "/counts")
			if r := v.post(path, c.form); r.Code != c.status {
				t.Errorf("%s to %s: status %d", name, path, r.Code)
			}
		}
	}
	// What is stored may be more than a form can hold.
	source := incidents.SourceRef{Key: "k0"}
	large := incidents.Incident{Title: "Large", Category: incidents.CategoryOther}
	for i := range 200 {
		large.Sources = append(large.Sources, incidents.Source{Key: fmt.Sprint("k", i), Title: fmt.Sprint("Source ", i)})
	}
	for i := range 100 {
		large.Counts = append(large.Counts, incidents.Count{
			Claim: incidents.Claim{Evidence: slices.Repeat([]incidents.Evidence{{Source: source}}, 15)},
			Unit:  incidents.People, Quantity: new(int64(5)), Headline: i == 0,
		})
	}
	slug := v.record(large)
	if r := v.as(access.Editor).get("/incidents/" + slug + "/edit"); r.Code != http.StatusRequestEntityTooLarge {
		t.Errorf("the form of a large incident: status %d, %d bytes", r.Code, r.Body.Len())
	}
	most := rows("/participants", "role", 2000)
	most.Set("add", "/counts")
	if r := v.post("/log", most); r.Code != http.StatusOK {
		t.Errorf("as many as an incident has: status %d", r.Code)
	}
}
