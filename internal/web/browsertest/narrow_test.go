package browsertest

import (
	"context"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
)

// TestLongWords: words without a place to break them make no page wider.
func TestLongWords(t *testing.T) {
	t.Parallel()
	s := serve(t)
	word := strings.Repeat("Dampfschiff", 18)
	evidence := []incidents.Evidence{{Source: incidents.SourceRef{Key: "s"}, Quote: word}}
	in := incidents.Incident{
		Title: word + " one", Summary: word, Category: incidents.DataBreach, Slug: "long", Participants: victim(word), Tags: []string{strings.Repeat("a", 60)},
		Counts:       []incidents.Count{{Claim: incidents.Claim{Evidence: evidence}, Unit: incidents.People, Quantity: new(int64(99_000_000)), ClaimedBy: &incidents.ActorRef{Name: "By" + word}}},
		Attributions: []incidents.Attribution{{Claim: incidents.Claim{Evidence: evidence}, Accused: incidents.ActorRef{Name: "Of" + word}, Basis: "media_attributes"}},
		Responses:    []incidents.Response{{Claim: incidents.Claim{Evidence: evidence}, Actor: incidents.ActorRef{Name: word}, Kind: "refund", Status: incidents.Promised, Summary: word, SpokenBy: word}},
		Sources:      []incidents.Source{{Key: "s", URL: "https://example.com/" + word, Title: word, Publisher: word, Text: "Before " + word + " after."}},
		ExternalRefs: []incidents.ExternalRef{{Scheme: "case", ID: word}},
	}
	s.record(t, in)
	in.Title, in.Slug, in.ExternalRefs = word+" two", "long-too", nil
	s.record(t, in)
	sources, _, err := s.ledger.Sources(context.Background(), access.Identity{}, "https://example.com/"+word, ledger.Page{})
	if err != nil || len(sources) != 1 {
		t.Fatalf("the source: %v, %v", sources, err)
	}
	b := s.browse(t, look{})
	b.signIn()
	for _, path := range []string{
		"/", "/incidents", "/incidents?q=" + word, "/incidents?actor=" + word, "/incidents/long", "/incidents/long/history", "/incidents/long/edit", "/incidents/long/respond",
		"/sources", "/sources/" + sources[0].ID.String(), "/actors", "/actors/" + strings.ToLower(word)[:80], "/responses", "/responses/list", "/duplicates", "/duplicates/actors", "/actors/apple/merge?into=anthem", "/drafts",
	} {
		b.open(path)
		b.run(chromedp.Evaluate(`document.querySelectorAll("details").forEach((d) => { d.open = true })`, nil))
		b.narrow(path)
		b.is(path+" is as wide as the window", `document.documentElement.scrollWidth <= 1280`)
		b.is(path+" shows its tables whole", `[...document.querySelectorAll(".scroll")].every((e) => e.closest("details") || e.scrollWidth <= e.clientWidth)`)
	}
}

// TestSourcesAreNoButtons: only the titles of an incident's sources look like links.
func TestSourcesAreNoButtons(t *testing.T) {
	t.Parallel()
	b := serve(t).browse(t, look{})
	b.open("/incidents/opm-breach")
	b.is("the list is not underlined", `getComputedStyle(document.querySelector("#sources ~ ul")).textDecorationLine === "none"`)
}

// TestNamesFromRightToLeft: titles and names are read in the direction of their
// own words, whatever stands beside them.
func TestNamesFromRightToLeft(t *testing.T) {
	t.Parallel()
	s := serve(t)
	slug := s.record(t, incidents.Incident{Title: "40 בנק", Slug: "forty", Category: incidents.DataBreach, Summary: "40 בנק", Participants: victim("40 בנק")})
	b := s.browse(t, look{})
	for path, shown := range map[string][]string{"/incidents/" + slug: {"h1", ".lead", ".facts a[href^='/actors/']"}, "/incidents": {"a[href$='/forty']"}, "/actors": {"a[href^='/actors/40']"}} {
		b.open(path)
		for _, selector := range shown {
			b.is(path+" "+selector+" begins at the right", `(() => {
				const text = document.querySelector("`+selector+`").firstChild, left = (at) => { const r = new Range(); r.setStart(text, at); r.setEnd(text, at + 1); return r.getBoundingClientRect().left };
				return left(0) > left(4);
			})()`)
		}
	}
}
