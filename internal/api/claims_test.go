package api_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/breachledger/breachledger/internal/access"
)

// accusing is an incident in which every kind of reference names somebody.
const accusing = `{"title":"Accused","category":"other",
 "participants":[{"actor":{"name":"Acme Pay","kind":"company"},"role":"victim"}],
 "counts":[{"unit":"cards","quantity":5,"claimed_by":"Acme Pay"}],
 "losses":[{"kind":"stolen","amount":"5","currency":"USD","claimed_by":"Acme Pay"}],
 "attributions":[{"accused":{"name":"Wrong Person","kind":"person"},"claimant":{"name":"Wrong Police","kind":"agency"},"basis":"media_attributes"}],
 "responses":[{"actor":{"name":"Wrong Firm","kind":"company"},"kind":"apology"}]}`

// patch changes a part of an incident.
func (s *service) patch(tb testing.TB, path, body string) reply {
	tb.Helper()
	return s.send(tb, request{method: http.MethodPatch, path: path, role: access.Editor, body: body, header: map[string]string{"If-Match": "*"}})
}

// TestPatchReplacesActors: an object in a merge patch describes an actor, and a
// string names one; neither inherits anything from the one that stood there.
func TestPatchReplacesActors(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ list, field string }{
		{"counts", "claimed_by"}, {"losses", "claimed_by"}, {"attributions", "accused"}, {"attributions", "claimant"},
		{"responses", "actor"}, {"participants", "actor"},
	} {
		t.Run(c.list+"."+c.field, func(t *testing.T) {
			t.Parallel()
			s := start(t)
			made := s.post(t, "/v1/incidents", accusing).must(t, http.StatusCreated).json(t)
			id := "acme-pay:victim"
			path := func() string { return "/v1/incidents/accused/" + c.list + "/" + id }
			if c.list != "participants" {
				id = text(t, made, c.list, 0, "id")
			}
			for _, to := range []struct{ body, name string }{
				{`{"name":"Right One","kind":"person"}`, "Right One"}, {`"Acme Pay"`, "Acme Pay"}, {`{"slug":"right-one"}`, "Right One"},
			} {
				s.patch(t, path(), `{"`+c.field+`":`+to.body+`}`).must(t, http.StatusOK)
				read := s.get(t, "/v1/incidents/accused").json(t)
				same(t, "the name after "+to.body, text(t, read, c.list, 0, c.field, "name"), to.name)
				slug := text(t, read, c.list, 0, c.field, "slug")
				same(t, "the actor behind the slug", text(t, s.get(t, "/v1/actors/"+slug).must(t, http.StatusOK).json(t), "name"), to.name)
				if c.list == "participants" {
					id = slug + ":victim"
				}
			}
			for _, body := range []string{`{"kind":"person"}`, `{"sector":"bank","country":"DE"}`, `{"aliases":["Right"]}`, `{}`} {
				p := s.patch(t, path(), `{"`+c.field+`":`+body+`}`).must(t, http.StatusUnprocessableEntity).problem(t)
				if len(p.Errors) != 1 || !strings.HasPrefix(p.Errors[0].Pointer, "/"+c.field) || !strings.Contains(p.Errors[0].Detail, "the slug of a known actor") && !strings.Contains(p.Errors[0].Detail, "the slug or name") {
					t.Errorf("%s: the errors are %+v, want one that says what is allowed", body, p.Errors)
				}
			}
		})
	}
}
