package browsertest

import (
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/breachledger/breachledger/internal/incidents"
)

// hostile is put into every text field. Were any of it to run, it would leave
// window.ran behind.
const hostile = `"><script>ran=1</script><img src=x onerror="ran=2"><svg onload=ran=3>'{{.By}}` +
	`</textarea></title><a href="javascript:ran=4" autofocus onfocus=ran=5>javascript:ran=6`

func TestHostileTextNeverRuns(t *testing.T) {
	t.Parallel()
	s := serve(t)
	actor := incidents.ActorRef{Name: "N " + hostile, Kind: incidents.Company, Aliases: []string{"A " + hostile}}
	evidence := []incidents.Evidence{{Source: incidents.SourceRef{Key: "s"}, Quote: "Q " + hostile}}
	hostileIncident := incidents.Incident{
		Title: "T " + hostile, Summary: "S " + hostile, Category: incidents.DataBreach, Slug: "hostile",
		Participants: []incidents.Participant{{Actor: actor, Role: incidents.RoleVictim}},
		Counts:       []incidents.Count{{Claim: incidents.Claim{Evidence: evidence}, Unit: incidents.People, Quantity: new(int64(99_000_000)), ClaimedBy: &incidents.ActorRef{Name: "C " + hostile}}},
		Attributions: []incidents.Attribution{{Claim: incidents.Claim{Key: "a", Evidence: evidence}, Accused: actor, Basis: "media_attributes"}},
		Responses: []incidents.Response{
			{Claim: incidents.Claim{Evidence: evidence}, Actor: actor, Kind: incidents.Denial, Answers: "a", SpokenBy: "P " + hostile, Summary: "R " + hostile},
			{Actor: actor, Kind: "refund", Status: incidents.Promised, Summary: "R " + hostile},
		},
		Sources: []incidents.Source{{
			Key: "s", URL: "https://example.com/?" + `"><script>window.ran=7</script>`, Title: "U " + hostile, Publisher: "V " + hostile, Author: "W " + hostile,
			Text: "Before. Q " + hostile + " After.",
		}},
		ExternalRefs: []incidents.ExternalRef{{Scheme: "case", ID: hostile}},
	}
	slug := s.record(t, hostileIncident)
	hostileIncident.Slug, hostileIncident.ExternalRefs = "hostile-twin", nil
	s.record(t, hostileIncident)
	b := s.browse(t, look{})
	b.signIn()
	b.open("/incidents/" + slug)
	var links []string
	b.run(chromedp.Evaluate(`[...document.querySelectorAll("a[href^='/sources/'], a[href^='/actors/']")].map((a) => a.getAttribute("href"))`, &links))
	paths := []string{
		"/", "/incidents", "/incidents?q=script", "/incidents?q=%22%3E%3Cscript%3Ewindow.ran=8%3C/script%3E", "/incidents/" + slug, "/incidents/" + slug + "/history",
		"/incidents/" + slug + "/history/1", "/incidents/" + slug + "/edit", "/incidents/" + slug + "/respond", "/sources", "/actors", "/responses", "/duplicates", "/duplicates/actors",
		"/sources?url=%22%3E%3Cscript%3Ewindow.ran=9%3C/script%3E", "/actors?q=%22%3E%3Cscript%3Ewindow.ran=9%3C/script%3E", links[0], links[len(links)-1],
	}
	for _, path := range paths {
		b.open(path)
		b.run(chromedp.Evaluate(`document.querySelectorAll("details").forEach((d) => { d.open = true })`, nil))
		b.is(path+" is as it was written", `window.ran === undefined && ![...document.querySelectorAll("main img, main script, main [onload], main [onerror], main [onfocus]")].length`)
		b.is(path+" has no javascript: link", `![...document.querySelectorAll("a, form, button")].some((e) => /^\s*javascript:/i.test(e.getAttribute("href") || e.getAttribute("action") || e.getAttribute("formaction") || ""))`)
	}
	// The type-ahead and the rows that come without loading anew.
	b.open("/incidents/" + slug + "/edit")
	b.run(chromedp.Evaluate(`document.getElementById("f-participants-0-actor-name").value = ""`, nil), chromedp.SendKeys("#f-participants-0-actor-name", "N "))
	b.until(`document.querySelectorAll("#suggest-f-participants-0-actor-name option").length > 0`)
	b.press("Add a figure")
	b.until(`!!document.getElementById("f-counts-1-quantity")`)
	b.is("nothing ran", `window.ran === undefined && !document.querySelector("main img")`)
	b.quiet("the form")
	// In errors, and in what was typed.
	b.run(fill(map[string]string{"f-title": " ", "f-disclosed": hostile, "f-counts-0-quantity": hostile}), chromedp.Click(".save .button"), chromedp.WaitVisible("#errors"))
	b.takeComplaints() // 422
	b.is("nothing ran", `window.ran === undefined && !document.querySelector("main img, main script")`)
	b.is("the errors have the focus", `document.activeElement.id === "errors"`)
}
