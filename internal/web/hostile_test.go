package web_test

import (
	"regexp"
	"strings"
	"testing"

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
		"/incidents/" + slug + "/edit", "/incidents/" + slug + "/respond", "/sources", "/actors", "/responses", "/duplicates",
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
