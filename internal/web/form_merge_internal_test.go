package web

import (
	"html"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// filled is a form with these fields; "a|b" is two values.
func filled(fields map[string]string) *form {
	f := newForm()
	for name, value := range fields {
		f.values[name] = strings.Split(value, "|")
	}
	return f
}

// but are the fields with others in their place; "-" takes one out, and one that ends
// in "/" all below.
func but(fields map[string]string, others ...string) map[string]string {
	out := maps.Clone(fields)
	for i := 0; i < len(others); i += 2 {
		if name, value := others[i], others[i+1]; value != "-" {
			out[name] = value
		} else {
			maps.DeleteFunc(out, func(n, _ string) bool { return n == name || strings.HasSuffix(name, "/") && strings.HasPrefix(n, name) })
		}
	}
	return out
}

func TestMergeForms(t *testing.T) {
	t.Parallel()
	opened := map[string]string{
		"/title": "Old", "/summary": "One.\nTwo.", "/countries": "US, CN", "/vectors": "phishing|malware",
		"/participants/0/actor/name": "Acme", "/participants/0/role": "victim",
		"/counts/0/id": "c0", "/counts/0/qualifier": "about", "/counts/0/quantity": "1000", "/counts/0/unit": "cards", "/counts/0/headline": "true",
		"/counts/0/evidence/0/quote": "a thousand", "/counts/0/evidence/0/source": "s0",
		"/counts/1/id": "c1", "/counts/1/qualifier": "exact", "/counts/1/quantity": "7", "/counts/1/unit": "people",
		"/responses/0/id": "r0", "/responses/0/actor/name": "Acme", "/responses/0/kind": "denial",
		"/sources/0/id": "s0", "/sources/0/title": "The story",
	}
	for name, test := range map[string]struct{ mine, theirs, want map[string]string }{
		"nothing": {},
		"different fields": {
			mine: but(opened, "/title", "Mine"), theirs: but(opened, "/summary", "Theirs."),
			want: but(opened, "/title", "Mine", "/summary", "Theirs."),
		},
		"one field: mine": {
			mine: but(opened, "/title", "Mine"), theirs: but(opened, "/title", "Theirs"), want: but(opened, "/title", "Mine"),
		},
		"typed in another way is not changed": {
			mine:   but(opened, "/summary", "One.\r\nTwo. ", "/counts/0/quantity", "1,000", "/counts/1/headline", "false"),
			theirs: but(opened, "/summary", "Theirs.", "/counts/0/quantity", "1100"),
			want:   but(opened, "/summary", "Theirs.", "/counts/0/quantity", "1100", "/counts/1/headline", "false"),
		},
		"sets": {
			mine: but(opened, "/countries", "us, DE", "/vectors", "phishing"), theirs: but(opened, "/countries", "US|CN|FR", "/vectors", "phishing|malware|exploit"),
			want: but(opened, "/countries", "US|DE|FR", "/vectors", "phishing|exploit"),
		},
		"the last box is unticked": {
			mine: but(opened, "/vectors", "-"), theirs: but(opened, "/vectors", "phishing|malware|exploit"), want: but(opened, "/vectors", "exploit"),
		},
		"different claims": {
			mine: but(opened, "/counts/1/quantity", "8"), theirs: but(opened, "/counts/0/quantity", "900", "/counts/0/qualifier", "at_most"),
			want: but(opened, "/counts/1/quantity", "8", "/counts/0/quantity", "900", "/counts/0/qualifier", "at_most"),
		},
		"a claim is taken whole": {
			mine: but(opened, "/counts/0/quantity", "900"), theirs: but(opened, "/counts/0/qualifier", "at_most", "/counts/0/evidence/0/quote", "at most"),
			want: but(opened, "/counts/0/quantity", "900"),
		},
		"a sentence of theirs": {
			mine: but(opened, "/title", "Mine"), theirs: but(opened, "/counts/1/evidence/0/quote", "seven", "/counts/1/evidence/0/source", "s1", "/sources/1/id", "s1"),
			want: but(opened, "/title", "Mine", "/counts/1/evidence/0/quote", "seven", "/counts/1/evidence/0/source", "s1", "/sources/1/id", "s1"),
		},
		"both add": {
			mine: but(opened, "/counts/2/key", "new-1", "/counts/2/quantity", "9", "/participants/1/actor/name", "Bank", "/participants/1/role", "victim"),
			theirs: but(opened, "/counts/2/id", "c2", "/counts/2/quantity", "10", "/counts/2/text", "derived",
				"/participants/1/actor/name", "Police", "/participants/1/role", "accuser"),
			want: but(opened, "/counts/2/key", "new-1", "/counts/2/quantity", "9", "/counts/3/id", "c2", "/counts/3/quantity", "10",
				"/participants/1/actor/name", "Bank", "/participants/1/role", "victim", "/participants/2/actor/name", "Police", "/participants/2/role", "accuser"),
		},
		"both add the same": {
			mine:   but(opened, "/participants/1/actor/name", "POLICE", "/participants/1/role", "accuser", "/external_refs/0/scheme", "case", "/external_refs/0/id", "7"),
			theirs: but(opened, "/participants/1/actor/name", "Police", "/participants/1/role", "accuser", "/external_refs/0/scheme", "case", "/external_refs/0/id", "7"),
			want:   but(opened, "/participants/1/actor/name", "POLICE", "/participants/1/role", "accuser", "/external_refs/0/scheme", "case", "/external_refs/0/id", "7"),
		},
		"they took out what I left": {
			mine: but(opened, "/title", "Mine"), theirs: but(opened, "/counts/0/", "-", "/participants/0/", "-"),
			want: but(opened, "/title", "Mine", "/counts/", "-", "/participants/0/", "-",
				"/counts/0/id", "c1", "/counts/0/qualifier", "exact", "/counts/0/quantity", "7", "/counts/0/unit", "people"),
		},
		"they took out what I changed: it is new": {
			mine: but(opened, "/counts/1/quantity", "8", "/counts/0/supersedes", "c1"), theirs: but(opened, "/counts/1/", "-"),
			want: but(opened, "/counts/1/quantity", "8", "/counts/1/id", "-", "/counts/1/key", "new-1", "/counts/0/supersedes", "new-1"),
		},
		"I took out what they left, or changed": {
			mine: but(opened, "/counts/1/", "-", "/responses/0/", "-"), theirs: but(opened, "/counts/1/quantity", "8"),
			want: but(opened, "/counts/1/", "-", "/responses/0/", "-"),
		},
		"a source that one takes out and the other cites": {
			mine: but(opened, "/sources/0/", "-", "/counts/0/", "-"), theirs: but(opened, "/counts/1/evidence/0/quote", "seven", "/counts/1/evidence/0/source", "s0"),
			want: but(opened, "/counts/", "-", "/counts/0/id", "c1", "/counts/0/qualifier", "exact", "/counts/0/quantity", "7", "/counts/0/unit", "people",
				"/counts/0/evidence/0/quote", "seven", "/counts/0/evidence/0/source", "s0"),
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if test.want == nil {
				test.mine, test.theirs, test.want = opened, opened, opened
			}
			got := mergeForms(filled(opened), filled(test.mine), filled(test.theirs))
			want := filled(test.want)
			want.values["/countries"] = termsOf(want, "/countries")
			if d := cmp.Diff(want.values, got.values); d != "" {
				t.Errorf("-want +got:\n%s", d)
			}
		})
	}
}

// asksFor are the names of the fields with which a form is shown.
func asksFor(t *testing.T, f *form) []string {
	t.Helper()
	a, err := loadAssets()
	if err != nil {
		t.Fatal(err)
	}
	templates, err := parseTemplates(a)
	if err != nil {
		t.Fatal(err)
	}
	f.settle()
	var page strings.Builder
	if err := templates.ExecuteTemplate(&page, "edit", &editPage{Form: f}); err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, m := range regexp.MustCompile(` name="(/[^"]+)"`).FindAllStringSubmatch(page.String(), -1) {
		out = append(out, html.UnescapeString(m[1]))
	}
	return out
}

// TestMergedFieldsAreTheForms: what is put together is what the form asks for, no more
// and no less.
func TestMergedFieldsAreTheForms(t *testing.T) {
	t.Parallel()
	f := newForm()
	for list := range asked {
		f.addRow(list)
	}
	in := map[string]bool{}
	for _, name := range asksFor(t, f) {
		parts := strings.SplitN(strings.TrimPrefix(name, "/"), "/", 3)
		switch list := "/" + parts[0]; {
		case manyValued(name), slices.Contains(oneValued, name):
		case len(parts) < 3 || asked[list] == nil:
			t.Errorf("%s is in the form, and is not put together", name)
		case strings.HasPrefix(parts[2], "evidence/"), parts[2] == "key":
		case !slices.Contains(asked[list], parts[2]):
			t.Errorf("%s is in the form, and is not put together", name)
		default:
			in[list+"/"+parts[2]] = true
		}
	}
	for list, fields := range asked {
		for _, field := range fields {
			if !in[list+"/"+field] {
				t.Errorf("%s of %s is not in the form", field, list)
			}
		}
	}
}
