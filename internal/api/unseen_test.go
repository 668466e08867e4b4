package api_test

import (
	"net/http"
	"slices"
	"strconv"
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

// TestAHistoryDoesNotNameDrafts: what was merged into a public incident, and given
// back, is named in its history to those who may see it.
func TestAHistoryDoesNotNameDrafts(t *testing.T) {
	t.Parallel()
	s := start(t)
	log := func(role access.Role, title string) string {
		return text(t, s.send(t, request{method: http.MethodPost, path: "/v1/incidents", role: role,
			body: `{"title": "` + title + `", "category": "data_breach", "counts": [{"unit": "cards", "quantity": 7}]}`}).must(t, http.StatusCreated).json(t), "slug")
	}
	public, draft, known := log(access.Editor, "Public"), log(access.Contributor, "Joe Miller arrested"), log(access.Editor, "Known")
	for _, from := range []string{draft, known} {
		s.post(t, "/v1/incidents/"+from+"/merge", `{"into": "`+public+`"}`).must(t, http.StatusOK)
	}
	s.post(t, "/v1/incidents/"+known+"/restore", `{"version": 1}`).must(t, http.StatusOK)
	s.post(t, "/v1/incidents/"+draft+"/restore", `{"version": 1}`).must(t, http.StatusOK)
	actions := func(role access.Role) (list, alone []string) {
		path := "/v1/incidents/" + public + "/history"
		all := s.send(t, request{path: path, role: role}).must(t, http.StatusOK).json(t)
		for i := range 5 {
			list = append(list, text(t, all, "data", i, "action"))
			alone = append(alone, text(t, s.send(t, request{path: path + "/" + strconv.Itoa(5-i), role: role}).must(t, http.StatusOK).json(t), "action"))
		}
		return list, alone
	}
	hidden := []string{"give back a draft", "give back known", "merge from known", "merge from a draft", "record"}
	whole := []string{"give back " + draft, "give back known", "merge from known", "merge from " + draft, "record"}
	for role, want := range map[access.Role][]string{access.Anonymous: hidden, access.Reader: hidden, access.Contributor: whole} {
		if list, alone := actions(role); !slices.Equal(list, want) || !slices.Equal(alone, want) {
			t.Errorf("for %q the actions are %q, and each alone %q", role, list, alone)
		}
	}
}
