package web_test

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/breachledger/breachledger/internal/access"
)

// TestTheOneSourceIsNamed: a figure rests on the source that is typed below it,
// also when nothing is quoted. It would be unsourced, and say so in every list.
func TestTheOneSourceIsNamed(t *testing.T) {
	t.Parallel()
	for name, before := range map[string]func(f url.Values, send func(url.Values) url.Values) url.Values{
		"at once": func(f url.Values, _ func(url.Values) url.Values) url.Values { return f },
		"after a mistake": func(f url.Values, send func(url.Values) url.Values) url.Values {
			f.Set("/disclosed", "tomorrow")
			f = send(f)
			f.Set("/disclosed", "")
			return f
		},
		"after the source was taken out and another added": func(f url.Values, send func(url.Values) url.Values) url.Values {
			f.Set("add", "/participants") // so that other rows have other numbers
			f = send(f)
			f.Set("remove", "/sources/0")
			f = send(f)
			return f
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := open(t)
			v := s.as(access.Editor)
			f := fields(t, v.page("/log"), "incident-form")
			f.Set("/title", "Till malware")
			f.Set("/category", "data_breach")
			f.Set("/counts/0/qualifier", "not_disclosed")
			f = before(f, func(f url.Values) url.Values {
				return fields(t, v.post("/log", f).Body.String(), "incident-form")
			})
			f.Set("/sources/0/url", "https://example.com/tills")
			if r := v.post("/log", f); r.Code != http.StatusSeeOther {
				t.Fatalf("log: status %d\n%s", r.Code, r.Body)
			}
			has(t, v.page("/incidents/till-malware"), "claimed by the source", `href="https://example.com/tills"`, "cited")
		})
	}
}
