package api_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/api"
	"github.com/breachledger/breachledger/internal/ledgertest"
)

// TestSearchGoldens: what searches, facets and promises of the seeds look like.
func TestSearchGoldens(t *testing.T) {
	t.Parallel()
	s := seeded(t)
	for name, path := range map[string]string{
		"search":          "/v1/incidents?q=fingerprint+or+phishing",
		"search-phrase":   "/v1/incidents?q=%22small+number%22&sort=-victims",
		"facets":          "/v1/incidents?facets=category,certainty,publication,vector,data_class,payment_method,country,sector,role,unit,support,year,tag&count=true&limit=1",
		"report-promises": "/v1/reports/promises",
		"response-list":   "/v1/responses?count=true",
	} {
		golden(t, "seeds/"+name+".golden.json", stable(t, s.get(t, path).must(t, http.StatusOK).body))
	}
}

func TestSearchParameters(t *testing.T) {
	t.Parallel()
	s := newWorld(t).service
	list := s.get(t, "/v1/incidents").must(t, http.StatusOK).json(t)
	if keys := len(list); keys != 2 {
		t.Errorf("a plain list has %d members: %v", keys, list)
	}
	if item, _ := at(t, list, "data", 0).(map[string]any); item["highlight"] != nil {
		t.Errorf("without a search there is a highlight: %v", item)
	}
	list = s.get(t, "/v1/incidents?q=skimming&count=true&facets=year&limit=1").must(t, http.StatusOK).json(t)
	if text(t, list, "total", "text") != "2" || at(t, list, "total", "more") != false || text(t, list, "facets", "year", 0, "value") != "2026" || at(t, list, "facets", "bounded") != false {
		t.Errorf("%v", list)
	}
	list = s.get(t, "/v1/incidents?facets=tag,country&q=nonsense&count=true").must(t, http.StatusOK).json(t)
	if facets, _ := at(t, list, "facets").(map[string]any); len(facets) != 4 || text(t, list, "total", "text") != "0" {
		t.Errorf("%v", list)
	}
	for path, parameter := range map[string]string{
		"/v1/incidents?sort=relevance":        "sort",
		"/v1/incidents?facets=title":          "facets",
		"/v1/incidents?count=maybe":           "count",
		"/v1/incidents?q=a%00b":               "q",
		"/v1/reports/promises?state=lost":     "state",
		"/v1/responses?status=lost":           "status",
		"/v1/reports/promises?sort=-victims":  "sort",
		"/v1/reports/breaches?facets=year":    "facets",
		"/v1/reports/responses?state=overdue": "state",
	} {
		got := s.get(t, path).must(t, http.StatusUnprocessableEntity).problem(t)
		if len(got.Errors) != 1 || got.Errors[0].Parameter != parameter || got.Errors[0].Pointer != "" {
			t.Errorf("%s: %+v", path, got)
		}
	}
}

// Those who may not read whole articles find nothing by their words, and see in
// highlights what is quoted, and no more.
func TestSearchesKeepTextsClosed(t *testing.T) {
	t.Parallel()
	s := startWith(t, ledgertest.Open(t), api.Config{KeyedTexts: true})
	w := &world{service: s}
	w.incident(t, acme, false)
	passages := func(q string, role access.Role) string {
		t.Helper()
		found := s.send(t, request{path: "/v1/incidents?q=" + q, role: role}).must(t, http.StatusOK).json(t)
		if all, _ := found["data"].([]any); len(all) == 0 {
			return "nothing"
		}
		item := at(t, found, "data", 0)
		var out strings.Builder
		highlights, _ := at(t, item, "highlight").([]any)
		for _, h := range highlights {
			parts, _ := at(t, h, "parts").([]any)
			for _, p := range parts {
				out.WriteString(text(t, p, "text"))
			}
		}
		return out.String()
	}
	got := []string{passages("refund", access.Anonymous), passages("blames+or+thieves", access.Anonymous), passages("refund", access.Reader)}
	want := []string{"nothing", "Card ThievesNotice to customers — about 4,100 cards were skimmed … It blames Card Thieves",
		"that about 4,100 cards were skimmed. It blames Card Thieves, and promises to refund 120,000 dollars"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	for _, path := range []string{"/v1/incidents?q=refund&sort=-victims&count=true", "/v1/reports/breaches?q=refund", "/v1/reports/promises?q=refund", "/feed.atom?q=refund"} {
		for role, found := range map[access.Role]bool{access.Anonymous: false, access.Reader: true} {
			got := s.send(t, request{path: path, role: role}).must(t, http.StatusOK)
			if strings.Contains(string(got.body), "acme-pay") != found {
				t.Errorf("%s, %s: %s", path, role, got.body)
			}
		}
	}
}
