package api_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/breachledger/breachledger/internal/access"
)

// TestSTIXChangesWhenAnActorDoes: an object of another content has a later
// modified and the same id, also when nobody wrote the incident.
func TestSTIXChangesWhenAnActorDoes(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.post(t, "/v1/incidents", `{"title": "A breach", "category": "data_breach", "participants": [{"role": "victim", "actor": {"name": "Acme"}}],
		"responses": [{"kind": "apology", "actor": "Acme"}], "attributions": [{"accused": {"name": "Thieves"}, "claimant": "Acme", "basis": "victim_attributes"}]}`).must(t, http.StatusCreated)
	at := func(object any) time.Time {
		t.Helper()
		when, err := time.Parse(time.RFC3339, text(t, object, "modified"))
		if err != nil {
			t.Fatal(err)
		}
		return when
	}
	export := func() (objects map[string]any, body string) {
		t.Helper()
		got := s.get(t, "/v1/incidents/a-breach/stix").must(t, http.StatusOK)
		objects = map[string]any{}
		for _, o := range got.json(t)["objects"].([]any) {
			objects[text(t, o, "id")] = o
		}
		return objects, string(got.body)
	}
	change := func(body string) {
		t.Helper()
		match := map[string]string{"If-Match": s.get(t, "/v1/actors/acme").header.Get("ETag")}
		s.send(t, request{method: http.MethodPatch, path: "/v1/actors/acme", role: access.Editor, body: body, header: match}).must(t, http.StatusOK)
	}
	before, _ := export()
	for _, name := range []string{"Acme Pay", "Acme Bank", "Acme"} {
		change(`{"name": "` + name + `"}`)
		after, _ := export()
		for id, o := range after {
			old, known := before[id]
			if text(t, o, "type") == "identity" && text(t, o, "name") == "Breachledger" {
				continue
			}
			if !known || !at(o).After(at(old)) {
				t.Errorf("as %s: before %v, now %v", name, old, o)
			}
		}
		before = after
	}
	_, body := export()
	change(`{"aliases": ["ACME plc"]}`)
	if _, again := export(); again != body {
		t.Errorf("the content is the same, and the exports are\n%s\n%s", body, again)
	}
}
