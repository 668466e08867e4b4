package web_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/breachledger/breachledger/internal/access"
)

// TestProblemsStandAtTheirFields: each problem of a form leads to a field, which
// says what is wrong with it and keeps what was typed.
func TestProblemsStandAtTheirFields(t *testing.T) {
	t.Parallel()
	s := open(t)
	v := s.as(access.Editor)
	for _, c := range []struct {
		path, form string
		typed      map[string]string
		fields     []string
	}{
		{"/log", "incident-form", map[string]string{"/countries": "US, Atlantis", "/tags": "Not a Tag, fine"}, []string{"f-title", "f-category", "f-countries", "f-tags"}},
		{
			"/incidents/opm-breach/respond", "response-form", map[string]string{"/kind": "apology", "/answers": "<first>", "url": "ftp://example.com"},
			[]string{"f-answers", "f-evidence-0-source-url"},
		},
	} {
		body := v.page(c.path)
		f := fields(t, body, c.form)
		for name, typed := range c.typed {
			if typed == "<first>" {
				choices := regexp.MustCompile(`(?s)name="` + name + `".*?<option value="([^"]+)"`).FindStringSubmatch(body)
				c.typed[name], typed = choices[1], choices[1]
			}
			f.Set(name, typed)
		}
		r := v.post(c.path, f)
		checkPage(t, c.path, r)
		if r.Code != http.StatusUnprocessableEntity {
			t.Fatalf("%s: status %d", c.path, r.Code)
		}
		checkProblems(t, c.path, r.Body.String(), c.fields, c.typed, fields(t, r.Body.String(), c.form))
	}
}

func checkProblems(t *testing.T, path, body string, at []string, typed map[string]string, kept url.Values) {
	t.Helper()
	if strings.Contains(body, "data_breach,") || strings.Contains(body, "(data_breach") {
		t.Errorf("%s shows codes where a label stands to choose", path)
	}
	for _, id := range at {
		has(t, body, `href="#`+id+`"`, `id="`+id+`"`)
		if !strings.Contains(body, `aria-describedby="`+id+`-error"`) || !strings.Contains(body, `id="`+id+`-error"`) {
			t.Errorf("%s: the field %s does not say what is wrong with it", path, id)
		}
	}
	for _, link := range regexp.MustCompile(`href="#([^"]+)"`).FindAllStringSubmatch(body, -1) {
		if !strings.Contains(body, ` id="`+link[1]+`"`) {
			t.Errorf("%s: a problem leads to #%s, which is not there", path, link[1])
		}
	}
	for name, value := range typed {
		if kept.Get(name) != value {
			t.Errorf("%s: %s was %q and is %q", path, name, value, kept.Get(name))
		}
	}
}
