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
