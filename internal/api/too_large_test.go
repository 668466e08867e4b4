package api_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/breachledger/breachledger/internal/access"
)

// TestADocumentThatGrows: each piece of evidence names its source in full, so that a
// body of some 600 kB made an incident of 100 MB, larger than a line of a backup can be.
func TestADocumentThatGrows(t *testing.T) {
	t.Parallel()
	s := start(t)
	evidence := "[" + strings.TrimSuffix(strings.Repeat(`{"source":"k"},`, 50), ",") + "]"
	document := func(counts int) string {
		claims := make([]string, counts)
		for i := range claims {
			claims[i] = fmt.Sprintf(`{"unit": "people", "quantity": 5, "headline": %t, "evidence": %s}`, i == 0, evidence)
		}
		return fmt.Sprintf(`{"title": "It grows", "category": "other", "counts": [%s], "sources": [{"key": "k", "title": "It", "url": "https://example.com/%s"}]}`,
			strings.Join(claims, ","), strings.Repeat("a", 1900))
	}
	log := func(counts int) reply {
		return s.send(t, request{method: http.MethodPost, path: "/v1/incidents", role: access.Contributor, body: document(counts)})
	}
	for _, p := range log(500).must(t, http.StatusUnprocessableEntity).problem(t).Errors {
		if p.Pointer != "" || !strings.Contains(p.Detail, "may have 4,194,304") {
			t.Errorf("%s: %s", p.Pointer, p.Detail)
		}
	}
	grown := log(39).must(t, http.StatusCreated).json(t)
	claim := `{"unit": "people", "quantity": 5, "evidence": ` + strings.ReplaceAll(evidence, `"k"`, fmt.Sprintf("%q", text(t, grown, "sources", 0, "id"))) + `}`
	path := "/v1/incidents/" + text(t, grown, "slug") + "/counts"
	last := 0
	for range 3 { // the body alone does not tell
		last = s.send(t, request{method: http.MethodPost, path: path, role: access.Contributor, body: claim}).status
	}
	if last != http.StatusUnprocessableEntity {
		t.Errorf("the last claim: status %d", last)
	}
}

// TestTooManyQuotes: each quote is looked for in a whole text, so that many of them keep
// the server busy, whatever their size.
func TestTooManyQuotes(t *testing.T) {
	t.Parallel()
	s := start(t)
	article := strings.Repeat("Nothing is said here. ", 3000) + "It was us."
	source := s.post(t, "/v1/sources", fmt.Sprintf(`{"title": "A long one", "text": %q}`, article)).must(t, http.StatusCreated).json(t)
	evidence := strings.TrimSuffix(strings.Repeat(fmt.Sprintf(`{"source":%q,"quote":"was us."},`, text(t, source, "id")), 50), ",")
	claim := `{"unit": "people", "quantity": 5, "evidence": [` + evidence + `]}`
	log := func(counts int) reply {
		claims := strings.TrimSuffix(strings.Repeat(claim+",", counts-1), ",")
		body := fmt.Sprintf(`{"title": "Much is quoted", "category": "other", "counts": [%s,%s]}`, strings.Replace(claim, `"people"`, `"people", "headline": true`, 1), claims)
		return s.post(t, "/v1/incidents", body)
	}
	errs := log(200).must(t, http.StatusUnprocessableEntity).problem(t).Errors
	if len(errs) != 1 || !strings.Contains(errs[0].Detail, "has 10,000 quotes, and may have 2,000") {
		t.Errorf("%+v", errs)
	}
	log(40).must(t, http.StatusCreated)
}
