package api_test

import (
	"net/http"
	"testing"

	"github.com/breachledger/breachledger/internal/access"
)

// TestATextThatComesLater: who has logged an incident finds the article afterwards,
// gives it to the source that is cited already, and quotes from it.
func TestATextThatComesLater(t *testing.T) {
	t.Parallel()
	s := start(t)
	send := func(method, path, body string) reply {
		return s.send(t, request{method: method, path: "/v1/incidents" + path, role: access.Contributor, body: body, header: map[string]string{"If-Match": "*"}})
	}
	logged := s.send(t, request{method: http.MethodPost, path: "/v1/incidents", role: access.Contributor, body: `{"title": "Later", "category": "other",
		"counts": [{"unit": "people", "quantity": 5, "evidence": [{"source": {"url": "https://example.com/notice"}}]}]}`}).must(t, http.StatusCreated).json(t)
	path, source := "/"+text(t, logged, "slug"), text(t, logged, "sources", 0, "id")
	given := send(http.MethodPost, path+"/sources", `{"url": "https://EXAMPLE.com:443/notice", "title": "Notice", "text": "It hit 5 people."}`).must(t, http.StatusCreated).json(t)
	if sources := at(t, given, "sources").([]any); len(sources) != 1 || text(t, given, "sources", 0, "id") != source || text(t, given, "sources", 0, "title") != "Notice" {
		t.Errorf("the sources are %v", sources)
	}
	again := send(http.MethodPost, path+"/sources", `{"id": "`+source+`"}`).must(t, http.StatusCreated).json(t)
	if at(t, again, "version") != at(t, given, "version") {
		t.Error("what is known already makes a version")
	}
	send(http.MethodPost, path+"/sources", `{"id": "`+source+`", "text": "It hit 6 people."}`).must(t, http.StatusUnprocessableEntity)
	quoted := send(http.MethodPatch, path+"/counts/"+text(t, logged, "counts", 0, "id"), `{"evidence": [{"source": "`+source+`", "quote": "hit 5 people"}]}`).must(t, http.StatusOK).json(t)
	if got := text(t, quoted, "counts", 0, "support"); got != "quoted" {
		t.Errorf("the count is %s", got)
	}
}
