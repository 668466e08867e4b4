package api_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/breachledger/breachledger/internal/access"
)

// TestAnEditDoesNotPublish: whoever sends another publication with an edit is told
// that it changes nothing of it; the present one, or none, may stand there.
func TestAnEditDoesNotPublish(t *testing.T) {
	t.Parallel()
	s := start(t)
	made := s.post(t, "/v1/incidents", `{"title":"A breach","category":"other"}`).must(t, http.StatusCreated)
	edit := func(method, body string) reply {
		return s.send(t, request{method: method, path: "/v1/incidents/a-breach", role: access.Editor, body: body, header: map[string]string{"If-Match": "*"}})
	}
	for _, method := range []string{http.MethodPut, http.MethodPatch} {
		for _, to := range []string{"draft", "retracted", "merged", "secret"} {
			p := edit(method, `{"title":"Another","category":"other","publication":"`+to+`","colour":"red","tags":["No tag"]}`).must(t, http.StatusUnprocessableEntity).problem(t)
			if len(p.Errors) != 3 || p.Errors[0].Pointer != "/colour" || p.Errors[1].Pointer != "/publication" || strings.Join(p.Errors[1].Allowed, " ") != "published" {
				t.Errorf("%s to %s: %+v", method, to, p.Errors)
			}
		}
		for _, to := range []string{`"published"`, "null"} {
			edit(method, `{"title":"A breach","category":"other","publication":`+to+`}`).must(t, http.StatusOK)
		}
	}
	edit(http.MethodPut, string(made.body)).must(t, http.StatusOK)
}
