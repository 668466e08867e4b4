package web_test

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/breachledger/breachledger/internal/access"
)

// TestNoLinkIsDead follows every link of the pages to every other, and each to its
// place in the page.
func TestNoLinkIsDead(t *testing.T) {
	t.Parallel()
	s := open(t)
	for name, v := range map[string]visitor{"a reader": s.anybody(), "an editor": s.as(access.Editor)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			seen, from := map[string]string{}, map[string]string{}
			next := []string{"/", "/?payment=true"}
			for len(next) > 0 && len(seen) < 300 {
				at := next[0]
				next = next[1:]
				if _, ok := seen[at]; ok {
					continue
				}
				r := v.get(at)
				seen[at] = r.Body.String()
				if r.Code >= http.StatusBadRequest {
					t.Errorf("%s, to which %s leads, answers %d", at, from[at], r.Code)
					continue
				}
				for _, m := range regexp.MustCompile(`<a [^>]*href="([^"]*)"`).FindAllStringSubmatch(seen[at], -1) {
					link, place, _ := strings.Cut(html.UnescapeString(m[1]), "#")
					if link == "" && place != "" && !strings.Contains(seen[at], `id="`+place+`"`) {
						t.Errorf("%s has no place #%s", at, place)
					}
					if from[link] == "" && regexp.MustCompile(`^/($|\?|incidents|actors|sources|responses|drafts|duplicates|log)`).MatchString(link) {
						from[link] = at
						next = append(next, link)
					}
				}
			}
			if len(seen) < 50 {
				t.Errorf("only %d pages were found", len(seen))
			}
		})
	}
}

// TestLinksOfWhatIsNotPublic: the API and the feeds know no session of the pages, so
// that nothing leads there which they would refuse.
func TestLinksOfWhatIsNotPublic(t *testing.T) {
	t.Parallel()
	s := open(t)
	v := s.as(access.Editor)
	if r := v.post("/incidents/opm-breach/retract", url.Values{"reason": {"A test."}}); r.Code != http.StatusSeeOther {
		t.Fatalf("retract: status %d\n%s", r.Code, r.Body)
	}
	for path, want := range map[string]bool{
		"/incidents": true, "/incidents?publication=retracted": false, "/incidents?publication=published": true,
		"/incidents/opm-breach": false, "/incidents/opm-breach/history/2": false, "/incidents/anthem-records-breach": true,
	} {
		if got := regexp.MustCompile(`href="/(v1|feed)`).MatchString(v.page(path)); got != want {
			t.Errorf("%s leads to the API: %t, not %t", path, got, want)
		}
	}
}
