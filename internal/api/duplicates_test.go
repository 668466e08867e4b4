package api_test

import (
	"net/http"
	"slices"
	"testing"

	"github.com/breachledger/breachledger/internal/access"
)

// TestProblemsOfAPairComeInOrder: the same request gets the same answer each time.
func TestProblemsOfAPairComeInOrder(t *testing.T) {
	t.Parallel()
	s := start(t)
	for range 20 {
		p := s.send(t, request{method: http.MethodPost, path: "/v1/duplicates/not-the-same", role: access.Editor, body: `{}`}).problem(t)
		pointers := make([]string, len(p.Errors))
		for i, e := range p.Errors {
			pointers[i] = e.Pointer
		}
		if want := []string{"/one", "/other"}; !slices.Equal(pointers, want) {
			t.Fatalf("the problems are at %q, want %q", pointers, want)
		}
	}
}
