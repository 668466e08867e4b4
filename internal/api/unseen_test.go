package api_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/breachledger/breachledger/internal/access"
)

// TestTheUnseenIsNotNamed: who may not see a draft learns nothing of it that was not
// asked: not its slug, which is made of its title, by its id, nor by something that
// was merged into it and was never public either.
func TestTheUnseenIsNotNamed(t *testing.T) {
	t.Parallel()
	s := start(t)
	draft := func(title string) (slug, id string) {
		r := s.send(t, request{method: http.MethodPost, path: "/v1/incidents", role: access.Contributor, body: `{"title": "` + title + `", "category": "data_breach",
			"participants": [{"actor": {"name": "` + title + ` victim", "kind": "company"}, "role": "victim"}]}`}).must(t, http.StatusCreated).json(t)
		return text(t, r, "slug"), text(t, r, "id")
	}
	merge := func(what, from, into string) {
		s.post(t, what+from+"/merge", `{"into": "`+into+`"}`).must(t, http.StatusOK)
	}
	secret, id := draft("Secret")
	first, firstID := draft("First")
	second, _ := draft("Second")
	merge("/v1/incidents/", first, second)
	merge("/v1/incidents/", second, secret)
	merge("/v1/actors/", "first-victim", "secret-victim")
	for _, path := range []string{"/v1/incidents/" + id, "/v1/incidents/" + first, "/v1/incidents/" + firstID, "/v1/incidents/" + second, "/v1/actors/first-victim"} {
		for _, rest := range []string{"", "/history", "/history/1", "/similar", "/veris", "/stix"} {
			if strings.Contains(path, "actors") && rest != "" {
				continue
			}
			r := s.get(t, path+rest).must(t, http.StatusNotFound)
			if all := string(r.body) + r.header.Get("Location"); strings.Contains(all, secret) {
				t.Errorf("GET %s%s says %s", path, rest, all)
			}
		}
	}
	s.post(t, "/v1/incidents/"+secret+"/publish", "{}").must(t, http.StatusOK)
	for path, to := range map[string]string{"/v1/incidents/" + second: "/v1/incidents/" + secret, "/v1/incidents/" + first: "/v1/incidents/" + second, "/v1/actors/first-victim": "/v1/actors/secret-victim"} {
		if r := s.get(t, path).must(t, http.StatusPermanentRedirect); r.header.Get("Location") != to {
			t.Errorf("GET %s leads to %s", path, r.header.Get("Location"))
		}
	}
}
