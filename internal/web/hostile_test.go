package web_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/incidents"
)

// hostile is put into every text field.
const hostile = `"><script>alert(1)</script><img src=x onerror=alert(2)>'{{.By}}javascript:alert(3)`

func TestHostileText(t *testing.T) {
	t.Parallel()
	s := open(t)
	name := incidents.ActorRef{Name: "N " + hostile, Kind: incidents.Company, Aliases: []string{"A " + hostile}}
	evidence := []incidents.Evidence{{Source: incidents.SourceRef{Key: "s"}, Quote: "Q " + hostile}}
	slug := s.record(incidents.Incident{
		Title: "T " + hostile, Summary: "S " + hostile, Category: incidents.DataBreach, Slug: "hostile",
		Participants: []incidents.Participant{{Actor: name, Role: incidents.RoleVictim}},
		Counts:       []incidents.Count{{Claim: incidents.Claim{Evidence: evidence}, Unit: incidents.People, Quantity: new(int64(99_000_000))}},
		Attributions: []incidents.Attribution{{Claim: incidents.Claim{Key: "a", Evidence: evidence}, Accused: name, Basis: "media_attributes"}},
		Responses: []incidents.Response{{
			Claim: incidents.Claim{Evidence: evidence}, Actor: name, Kind: incidents.Denial, Answers: "a", SpokenBy: "P " + hostile, Summary: "R " + hostile,
		}},
		Sources: []incidents.Source{{
			Key: "s", URL: "https://example.com/?" + `"><script>`, Title: "U " + hostile, Publisher: "V " + hostile, Author: "W " + hostile,
			Text: "Before. Q " + hostile + " After.",
		}},
		ExternalRefs: []incidents.ExternalRef{{Scheme: "case", ID: hostile}},
	})
	v := s.as(access.Editor)
	body := v.get("/incidents/" + slug).Body.String()
	paths := []string{
		"/", "/incidents", "/incidents?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E", "/incidents/" + slug + "/history", "/incidents/" + slug + "/history/1",
		"/incidents/" + slug + "/edit", "/incidents/" + slug + "/respond", "/sources", "/actors", "/responses", "/responses/list", "/duplicates", "/duplicates/actors",
		regexp.MustCompile(`/sources/[0-9a-f-]{36}`).FindString(body), regexp.MustCompile(`/actors/n-[a-z0-9-]+`).FindString(body),
		"/sources?url=%22%3E%3Cscript%3E", "/actors?q=%22%3E%3Cscript%3E", "/sign-in?to=%22%3E%3Cscript%3E",
	}
	bodies := map[string]string{"/incidents/" + slug: body}
	for _, path := range paths {
		r := v.get(path)
		bodies[path] = r.Body.String()
		wellFormed(t, path, bodies[path])
	}
	for path, body := range bodies {
		for _, tag := range regexp.MustCompile(`<[^>]*>`).FindAllString(body, -1) {
			// Within a tag only quoted attribute values may hold what somebody typed.
			bare := regexp.MustCompile(`"[^"]*"`).ReplaceAllString(tag, `""`)
			if strings.Contains(bare, "onerror") || strings.HasPrefix(bare, "<img") || bare == "<script>" {
				t.Errorf("%s has the tag %s", path, tag)
			}
		}
		if regexp.MustCompile(`(href|src|action)="\s*javascript:`).MatchString(body) {
			t.Errorf("%s has a javascript: link", path)
		}
	}
}

// TestASourceReordersNothing: the control characters of a source that would show
// what stands around a quote in another order are on no page. Its words are
// isolated, in the direction in which they are written.
func TestASourceReordersNothing(t *testing.T) {
	t.Parallel()
	s := open(t)
	const quote = "\u202e000,9 fo tuo\u2067\u2069\u2069 נגנבו 9,000 כרטיסים\u200f"
	evidence := []incidents.Evidence{{Source: incidents.SourceRef{Key: "s"}, Quote: quote}}
	slug := s.record(incidents.Incident{
		Title: "Turned round", Category: incidents.DataBreach, Slug: "turned-round",
		Participants: []incidents.Participant{{Actor: incidents.ActorRef{Name: "Acme", Kind: incidents.Company}, Role: incidents.RoleVictim}},
		Counts:       []incidents.Count{{Claim: incidents.Claim{Evidence: evidence}, Unit: "cards", Quantity: new(int64(990_000_000))}},
		Responses: []incidents.Response{{
			Claim: incidents.Claim{Evidence: evidence}, Actor: incidents.ActorRef{Name: "Acme"}, Kind: "apology", Status: incidents.Promised, Summary: "It will answer",
		}},
		Sources: []incidents.Source{{Key: "s", Title: "Somebody's page", Text: "\u202bBefore. " + quote + " After turning.\u202e"}},
	})
	v := s.as(access.Editor)
	body := v.get("/incidents/" + slug).Body.String()
	for path, shown := range map[string]string{
		"/incidents/" + slug: `<q dir="auto">000,9 fo tuo נגנבו 9,000 כרטיסים` + "\u200f</q>",
		regexp.MustCompile(`/sources/[0-9a-f-]{36}`).FindString(body): `<p dir="auto">Before. `,
		"/incidents?q=turning":              `<bdi>`,
		"/incidents/" + slug + "/history":   "",
		"/incidents/" + slug + "/history/1": "",
		"/":                                 "",
		"/responses":                        "",
		"/responses/list":                   "",
	} {
		body := v.get(path).Body.String()
		if at := strings.IndexFunc(body, incidents.Reorders); at >= 0 || !strings.Contains(body, shown) {
			t.Errorf("%s shows what a source turns round (%d), or not %s:\n%s", path, at, shown, body[max(0, at-200):max(0, at)])
		}
	}
}

// TestLongAddresses: a page is never a multiple of the address that asks for it, as it
// would be with a link for each of thousands of values, which has all the others.
func TestLongAddresses(t *testing.T) {
	t.Parallel()
	v := open(t).anybody()
	values := func(n int, value string) string {
		return strings.TrimSuffix(strings.Repeat(value+",", n), ",")
	}
	for _, path := range []string{"/incidents", "/incidents.csv", "/responses", "/responses.csv", "/responses/list", "/responses/list.csv", "/promises.csv", "/"} {
		for name, query := range map[string]string{
			"many": "actor=" + values(5000, "a"), "long": "actor=" + values(280, strings.Repeat("a", 200)),
			"one each": strings.Repeat("actor=a&", 5000), "unknown": strings.Repeat("x&", 5000),
		} {
			began := time.Now()
			r := v.get(path + "?" + query)
			if took := time.Since(began); r.Code != http.StatusRequestURITooLong || took > 10*time.Second {
				t.Errorf("%s, %s: status %d after %s", path, name, r.Code, took)
			}
			if r.Body.Len() > 4*len(query)+10_000 {
				t.Errorf("%s, %s: %d bytes for an address of %d", path, name, r.Body.Len(), len(query))
			}
		}
	}
	// Every box of the form can be ticked.
	form := v.page("/incidents")
	query := "q=&from=&to=&tag=&country=&actor="
	for _, box := range regexp.MustCompile(`type="checkbox" name="(\w+)" value="(\w+)"`).FindAllStringSubmatch(form, -1) {
		query += "&" + box[1] + "=" + box[2]
	}
	if n := strings.Count(query, "&"); n < 90 {
		t.Fatalf("the form has %d boxes", n)
	}
	if r := v.get("/incidents?" + query); r.Code != http.StatusOK && r.Code != http.StatusSeeOther {
		t.Errorf("with every box ticked: status %d", r.Code)
	}
	// And who is not signed in gets back to a long address.
	long := "/log?x=" + strings.Repeat("%2C", 250)
	r := v.get(long)
	if to := r.Header().Get("Location"); r.Code != http.StatusSeeOther || v.get(to).Code != http.StatusOK {
		t.Errorf("to sign in: status %d, to %.100s", r.Code, to)
	}
}
