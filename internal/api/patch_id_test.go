package api_test

import (
	"net/http"
	"testing"
)

// TestIDsArePermanent: a patch may repeat the id of what it changes, as whoever sends
// back what they have read does, or leave it out; another one is refused and not
// passed over.
func TestIDsArePermanent(t *testing.T) {
	t.Parallel()
	s := start(t)
	made := s.post(t, "/v1/incidents", `{"title":"Accused","category":"other","sources":[{"url":"https://example.com/one"},{"url":"https://example.com/other"}],
		"participants":[{"actor":{"name":"Acme Pay","kind":"company"},"role":"victim"}],
		"counts":[{"unit":"cards","quantity":5,"headline":true},{"unit":"people","quantity":4}],
		"losses":[{"kind":"stolen","amount":"5","currency":"USD"},{"kind":"fine","amount":"4","currency":"USD"}],
		"attributions":[{"accused":"Acme Pay","basis":"media_attributes"},{"accused":"Acme Pay","basis":"third_party_attributes"}],
		"responses":[{"actor":"Acme Pay","kind":"apology"},{"actor":"Acme Pay","kind":"warning"}]}`).must(t, http.StatusCreated).json(t)
	for _, list := range []string{"counts", "losses", "attributions", "responses", "sources"} {
		own, other := text(t, made, list, 0, "id"), text(t, made, list, 1, "id")
		paths := []string{"/v1/incidents/accused/" + list + "/" + own}
		if list == "sources" {
			paths = append(paths, "/v1/sources/"+own)
		}
		for _, path := range paths {
			p := s.patch(t, path, `{"id":"`+other+`"}`).must(t, http.StatusUnprocessableEntity).problem(t)
			if len(p.Errors) != 1 || p.Errors[0].Pointer != "/id" || p.Errors[0].Detail != "is permanent; it is "+own {
				t.Errorf("%s: the errors are %+v", path, p.Errors)
			}
			s.patch(t, path, `{"id":"`+own+`"}`).must(t, http.StatusOK)
			s.patch(t, path, `{"id":null}`).must(t, http.StatusOK)
		}
	}
}

// TestNewIDsAreTheServers: what is added gets its id from the server; one that is sent is
// refused and not passed over, as PUT refuses the id of a claim that there is not.
func TestNewIDsAreTheServers(t *testing.T) {
	t.Parallel()
	s := start(t)
	doc := s.post(t, "/v1/incidents", `{"title":"Accused","category":"other","counts":[{"unit":"cards","quantity":5,"headline":true}],
		"participants":[{"actor":{"name":"Acme Pay","kind":"company"},"role":"victim"}]}`).must(t, http.StatusCreated).json(t)
	for _, id := range []string{text(t, doc, "counts", 0, "id"), "019c9f00-0000-7000-8000-000000000001"} {
		for path, part := range map[string][2]string{
			"/v1/incidents/accused/counts":       {"count", `"unit":"cards","quantity":6`},
			"/v1/incidents/accused/losses":       {"loss", `"kind":"stolen","amount":"5","currency":"USD"`},
			"/v1/incidents/accused/attributions": {"attribution", `"accused":"Acme Pay","basis":"media_attributes"`},
			"/v1/incidents/accused/responses":    {"response", `"actor":"Acme Pay","kind":"apology"`},
			"/v1/sources":                        {"source", `"title":"Notice"`},
		} {
			p := s.post(t, path, `{"id":"`+id+`",`+part[1]+`}`).must(t, http.StatusUnprocessableEntity).problem(t)
			if len(p.Errors) != 1 || p.Errors[0].Pointer != "/id" || p.Errors[0].Detail != "is given by the server to a new "+part[0]+"; leave it out" {
				t.Errorf("%s: the errors are %+v", path, p.Errors)
			}
			s.post(t, path, `{"id":null,`+part[1]+`}`).must(t, http.StatusCreated)
		}
	}
}
