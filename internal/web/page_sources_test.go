package web_test

import (
	"fmt"
	"html"
	"regexp"
	"strings"
	"testing"

	"github.com/breachledger/breachledger/internal/incidents"
)

// TestASourceOfManyIncidents: a page has some of them and leads to the rest, and a quote
// leads to its passage whatever page its incident is on.
func TestASourceOfManyIncidents(t *testing.T) {
	t.Parallel()
	s := open(t)
	var first string
	for i := range 52 {
		in := incidents.Incident{Title: fmt.Sprintf("Tills %d", i), Category: incidents.DataBreach, Sources: []incidents.Source{{Text: "First words. Other words."}}}
		quote := "Other words."
		if i == 0 {
			quote = "First words."
		}
		in.Counts = []incidents.Count{{Unit: incidents.People, Qualifier: incidents.NotDisclosed, Claim: incidents.Claim{Evidence: []incidents.Evidence{{Quote: quote}}}}}
		if slug := s.record(in); i == 0 {
			first = slug
		}
	}
	v := s.anybody()
	listed := func(page string) int {
		return strings.Count(regexp.MustCompile(`(?s)<p class="links"><a href="/incidents/.*?</p>`).FindString(page), `"/incidents/`)
	}
	link := regexp.MustCompile(`href="(/sources/[0-9a-f-]{36})(\?at=0-12)#(q-0-12)"`).FindStringSubmatch(v.page("/incidents/" + first))
	if link == nil {
		t.Fatal("no quote leads to its passage")
	}
	page := v.page(link[1])
	next := regexp.MustCompile(`<a href="([^"]*)" rel="next">`).FindStringSubmatch(page)
	if listed(page) != 50 || strings.Contains(page, `id="q-0-12"`) || next == nil {
		t.Fatalf("the first page has %d incidents, and leads to %q", listed(page), next)
	}
	page = v.page(html.UnescapeString(next[1]))
	has(t, page, `id="q-0-12"`)
	if listed(page) != 2 || strings.Contains(page, `rel="next"`) {
		t.Errorf("the last page has %d incidents", listed(page))
	}
	has(t, v.page(link[1]+link[2]), `id="q-0-12"`, `class="quote here"`, "/incidents/"+first+"#claim-")
}
