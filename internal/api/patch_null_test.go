package api_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/breachledger/breachledger/internal/access"
)

// TestNullRemoves: what the document says may be null can be sent as null, and what
// an actor then is not said to be is what a new one is without it.
func TestNullRemoves(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	doc, err := json.Marshal(w.api.OpenAPI())
	if err != nil {
		t.Fatal(err)
	}
	var document struct {
		Components struct {
			Schemas map[string]struct {
				Properties map[string]json.RawMessage `json:"properties"`
			} `json:"schemas"`
		} `json:"components"`
	}
	if err := json.Unmarshal(doc, &document); err != nil {
		t.Fatal(err)
	}
	fields := document.Components.Schemas["ActorPatch"].Properties
	for _, name := range []string{"kind", "sector", "country", "domain", "aliases"} {
		if !strings.Contains(string(fields[name]), `"null"`) {
			t.Errorf("the document does not let %s be null: %s", name, fields[name])
		}
	}
	w.send(t, request{
		method: http.MethodPost, path: "/v1/actors", role: access.Editor,
		body: `{"name":"Null Pay","kind":"company","sector":"bank","country":"DE","domain":"null.example","aliases":["Nil Pay"]}`,
	}).must(t, http.StatusCreated)
	var got map[string]any
	for name := range fields {
		if name == "name" || name == "slug" {
			continue // an actor always has both
		}
		got = w.send(t, request{method: http.MethodPatch, path: "/v1/actors/null-pay", role: access.Editor, body: `{"` + name + `":null}`}).must(t, http.StatusOK).json(t)
	}
	if got["kind"] != "other" || got["sector"] != "unknown" || got["country"] != nil || got["domain"] != nil || got["aliases"] != nil {
		t.Errorf("the actor is still %v", got)
	}
}
