package api_test

import (
	"fmt"
	"net/http"
	"slices"
	"testing"

	"github.com/breachledger/breachledger/internal/access"
)

// TestProblemsOfAPairComeInOrder: the same request gets the same answer each time.
func TestProblemsOfAPairComeInOrder(t *testing.T) {
	t.Parallel()
	s := start(t)
	for i := range 20 {
		path := []string{"/v1/duplicates/not-the-same", "/v1/duplicates/actors/not-the-same"}[i%2]
		p := s.send(t, request{method: http.MethodPost, path: path, role: access.Editor, body: `{}`}).problem(t)
		pointers := make([]string, len(p.Errors))
		for i, e := range p.Errors {
			pointers[i] = e.Pointer
		}
		if want := []string{"/one", "/other"}; !slices.Equal(pointers, want) {
			t.Fatalf("the problems are at %q, want %q", pointers, want)
		}
	}
}

// TestActorsThatMayBeOne: the way from two actors to one, or to a decision.
func TestActorsThatMayBeOne(t *testing.T) {
	t.Parallel()
	s := start(t)
	for i, name := range []string{"Acme Pay", "Acme Pay, Inc.", "Hess AG", "Hess Corporation"} {
		s.post(t, "/v1/incidents", fmt.Sprintf(`{"title":"Breach %d","category":"other","participants":[{"actor":{"name":%q,"kind":"company"},"role":"victim"}]}`, i, name)).must(t, http.StatusCreated)
	}
	pairs := func() int {
		t.Helper()
		return len(s.get(t, "/v1/duplicates/actors").must(t, http.StatusOK).json(t)["data"].([]any))
	}
	same(t, "the pairs at first", pairs(), 2)
	similar := s.get(t, "/v1/actors/acme-pay/similar").must(t, http.StatusOK).json(t)["data"].([]any)[0].(map[string]any)
	same(t, "who is like Acme Pay", similar["slug"], any("acme-pay-inc"))
	same(t, "why", similar["reason"], any("a name is the same but for its legal form"))

	const path = "/v1/duplicates/actors/not-the-same"
	apart := `{"one":"hess-ag","other":"hess-corporation"}`
	s.send(t, request{method: http.MethodPost, path: path, role: access.Contributor, body: apart}).must(t, http.StatusForbidden)
	s.post(t, path, `{"one":"hess-ag","other":"hess-nobody"}`).must(t, http.StatusUnprocessableEntity)
	same(t, "the pairs after what was refused", pairs(), 2)
	s.post(t, path, apart).must(t, http.StatusNoContent)
	same(t, "the pairs after a decision", pairs(), 1)
	s.post(t, "/v1/actors/acme-pay-inc/merge", `{"into":"acme-pay"}`).must(t, http.StatusOK)
	same(t, "the pairs after a merge", pairs(), 0)
	same(t, "where the merged one leads", s.get(t, "/v1/actors/acme-pay-inc/similar").must(t, http.StatusPermanentRedirect).header.Get("Location"), "/v1/actors/acme-pay")
}
