package web_test

import (
	"net/http"
	"strings"
	"testing"
)

// TestWrongFilters: what is wrong with a filter is said in words, at its field, and
// nothing leads on to a list that would not have the filter.
func TestWrongFilters(t *testing.T) {
	t.Parallel()
	v := open(t).anybody()
	for path, shown := range map[string][]string{
		"/incidents?min_victims=1e9&country=USA&updated_since=x": {
			"3 things are not right", `<a href="#f-min">At least</a>: must be a whole number`, `<a href="#f-country">Country</a>`,
			`id="f-country"`, `aria-describedby="f-country-error"`, `id="f-min"`, `value="1e9" aria-invalid="true" aria-describedby="f-min-error"`, `id="f-min-error"`, `id="f-since-error"`, "Country:</span> USA",
		},
		"/incidents?role=x":                    {"Role of the actor", "Allowed: victim"},
		"/responses?from=31.12.2014&to=2015":   {`value="31.12.2014" placeholder="2014-10" aria-invalid="true" aria-describedby="from-error"`, `id="from-error"`, `value="2015"`, `<a href="#from">From</a>`},
		"/actors?kind=x":                       {"That is not right", "<strong>Kind</strong>"},
		"/incidents.csv?updated_since=forever": {"<strong>Updated since</strong>: must be a day"},
	} {
		r := v.get(path)
		checkPage(t, path, r)
		if r.Code != http.StatusBadRequest {
			t.Errorf("GET %s: status %d", path, r.Code)
		}
		body := r.Body.String()
		has(t, body, shown...)
		for _, not := range []string{"<code>", "/feed.atom", ".csv?"} {
			if strings.Contains(body, not) {
				t.Errorf("%s has %s", path, not)
			}
		}
	}
}
