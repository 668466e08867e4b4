package api_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/breachledger/breachledger/internal/access"
)

// TestUnreadableParameters: what cannot be read of an address is refused and named. A
// filter that was passed over would make a list of everything.
func TestUnreadableParameters(t *testing.T) {
	t.Parallel()
	s := start(t)
	for query, want := range map[string][]string{
		"q=100%":                    {"q"},
		"q=%zz&limit=5":             {"q"},
		"payment=true;sort=victims": {"payment"},
		"sort=%2":                   {"sort"},
		"sector=bank&q=%&tag=%0":    {"q", "tag"},
		"%zz=1":                     {"%zz"},
		"limit=0&q=%":               {"limit", "q"}, // with everything else that is wrong
		"colour=%":                  {"colour"},
		";":                         {";"},
	} {
		r := s.get(t, "/v1/incidents?"+query).must(t, http.StatusUnprocessableEntity)
		var got []string
		errors, _ := r.json(t)["errors"].([]any)
		for _, one := range errors {
			one, _ := one.(map[string]any)
			name, _ := one["parameter"].(string)
			got = append(got, name)
			if one["detail"] == "" || one["allowed"] != nil && name == "sort" {
				t.Errorf("?%s: %v", query, one)
			}
		}
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("?%s names %q, want %q", query, got, want)
		}
	}
	for _, path := range []string{"/v1/reports/breaches?payment=%", "/v1/actors?name=%", "/v1/incidents/opm-breach?x=%", "/v1/export?%"} {
		if r := s.get(t, path); r.status != http.StatusUnprocessableEntity && r.status != http.StatusUnauthorized {
			t.Errorf("GET %s: status %d", path, r.status)
		}
	}
	s.get(t, "/v1/incidents?q=100%25&&").must(t, http.StatusOK)
}

// TestEveryOperationRefusesUnknownParameters: no operation passes over a parameter that it does not know.
func TestEveryOperationRefusesUnknownParameters(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, op := range w.doc.operations {
		r := w.arrange(t, op, access.Admin)
		if !strings.HasPrefix(op.path, "/v1/") {
			continue
		}
		join := "?"
		if strings.Contains(r.path, "?") {
			join = "&"
		}
		r.path += join + "nope=1"
		if got := w.send(t, r); got.status != http.StatusUnprocessableEntity || !strings.Contains(string(got.body), `"nope"`) {
			t.Errorf("%s %s: %d %.300s", op.method, r.path, got.status, got.body)
		}
	}
}
