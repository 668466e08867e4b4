package main

import (
	"html"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/breachledger/breachledger/internal/api"
	"github.com/breachledger/breachledger/internal/ledger"
)

// TestSameFromTheAPI: where the list of incidents accepts a search, the feed and
// the API that it leads to do too, and it is the same search.
func TestSameFromTheAPI(t *testing.T) {
	t.Parallel()
	s := newBoth(t, api.Config{}, ledger.Config{})
	link := regexp.MustCompile(`<a [^>]*href="(/v1/incidents[^"]*|/feed\.atom[^"]*)"`)
	for given, want := range map[string]string{
		"":                                       "",
		"?min_victims=1,000":                     "?min_victims=1000",
		"?max_victims=5%20000_000":               "?max_victims=5000000",
		"?country=us,%20de":                      "?country=US,DE",
		"?updated_since=2014-05-01&utm_source=x": "?updated_since=2014-05-01T00:00:00Z",
		"?updated_since=2014-05-01T12:00:00%2B02:00":                          "?updated_since=2014-05-01T10:00:00Z",
		"?utm_source=x&q=%20acme%20":                                          "?q=acme",
		"?payment=1&unanswered=F&contested=True":                              "?contested=true&payment=true&unanswered=false",
		"?compilations=1":                                                     "?compilations=true",
		"?compilations=0":                                                     "",
		"?from=2014&to=2015-03&date=occurred":                                 "?date=occurred&from=2014&to=2015-03",
		"?category=data_breach,%20extortion&sector=health&actor_kind=company": "?actor_kind=company&category=data_breach,extortion&sector=health",
		"?vector=phishing&data_class=health&payment_method=wallet&role=victim&unit=people&support=quoted&certainty=confirmed&response=apology": "?certainty=confirmed&data_class=health&payment_method=wallet&response=apology&role=victim&support=quoted&unit=people&vector=phishing",
		"?tag=a,b&actor=Acme&publication=published": "?actor=Acme&publication=published&tag=a,b",
	} {
		w := ask(t, s, "/incidents"+given)
		if w.Code != http.StatusOK {
			t.Errorf("/incidents%s: %d", given, w.Code)
			continue
		}
		links := link.FindAllStringSubmatch(w.Body.String(), -1)
		if len(links) != 2 {
			t.Fatalf("/incidents%s has the links %q", given, links)
		}
		for _, one := range links {
			address := html.UnescapeString(one[1])
			_, query, _ := strings.Cut(address, "?")
			if query = strings.ReplaceAll(query, "%3A", ":"); query != strings.TrimPrefix(want, "?") {
				t.Errorf("/incidents%s leads to %s, want the query %q", given, address, want)
			}
			if w := ask(t, s, address); w.Code != http.StatusOK {
				t.Errorf("/incidents%s leads to %s, which is %d %.300s", given, address, w.Code, w.Body)
			}
		}
	}
	// What the API refuses, the page does too, and says why.
	for _, query := range []string{"country=usa", "country=%C3%BCs", "q=" + strings.Repeat("a", 401)} {
		page, api := ask(t, s, "/incidents?"+query), ask(t, s, "/v1/incidents?"+query)
		if page.Code != http.StatusBadRequest || api.Code != http.StatusUnprocessableEntity || !strings.Contains(page.Body.String(), `class="errors"`) {
			t.Errorf("%.20s: %d, and %d from the API", query, page.Code, api.Code)
		}
	}
	// The order is the API's too; a feed has its own.
	for _, one := range link.FindAllStringSubmatch(ask(t, s, "/incidents?sort=-occurred").Body.String(), -1) {
		if want := strings.HasPrefix(one[1], "/v1"); strings.HasSuffix(one[1], "?sort=-occurred") != want {
			t.Errorf("the order leads to %s", one[1])
		}
	}
}
