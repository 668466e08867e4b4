package browsertest

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/breachledger/breachledger/internal/incidents"
)

// TestTheSentenceInTheOriginal follows a quote to where it was published: the
// browser finds the sentence there.
func TestTheSentenceInTheOriginal(t *testing.T) {
	t.Parallel()
	const sentence = "Some 4,100 card-holders' data, at-rest & in transit, were taken from the bank's own servers in a single night of that March"
	original := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprintf(w, "<title>Original</title><main>%s<p id=here>%s.</p>%s</main>", strings.Repeat("<p>Before.</p>", 200), strings.ReplaceAll(sentence, "&", "&amp;"), strings.Repeat("<p>After.</p>", 200))
	}))
	t.Cleanup(original.Close)
	s := serve(t)
	slug := s.record(t, incidents.Incident{
		Title: "Quoted", Category: incidents.DataBreach, Participants: victim("Quoted Bank"),
		Sources: []incidents.Source{{Key: "s", URL: original.URL + "/story", Title: "The story", Publisher: "The paper", Text: "Before. " + sentence + ". After."}},
		Counts: []incidents.Count{{
			Claim: incidents.Claim{Evidence: []incidents.Evidence{{Source: incidents.SourceRef{Key: "s"}, Quote: sentence}}}, Unit: "cards", Qualifier: incidents.About, Quantity: new(int64(4100)),
		}},
	})
	b := s.browse(t, look{})
	b.open("/incidents/" + slug)
	// The quote opens in place, in the article's text.
	b.run(chromedp.Click("details.passage summary"), chromedp.WaitVisible("details.passage .context mark"))
	b.is("the sentence is marked where it stands", `(() => { const c = document.querySelector(".context p"); return c.textContent.startsWith("Before.") && c.textContent.endsWith("After.") && c.querySelector("mark").textContent.startsWith("Some 4,100"); })()`)
	// A citation of its own, with an address that stays.
	b.press("Cite")
	b.has("Cite", "About 4,100 cards (Quoted): “Some 4,100 card-holders' data", "The story, The paper. Breachledger, version 1, "+b.url+"/incidents/quoted/history/1#claim-")
	var permanent, fragment string
	b.run(chromedp.Evaluate(`document.querySelector(".citeit a").getAttribute("href")`, &permanent),
		chromedp.Evaluate(`[...document.querySelectorAll(".citeit a")].find((a) => a.textContent === "The sentence in the original").href`, &fragment))
	b.quiet("the incident")
	b.open(permanent)
	b.is("the claim is told apart", `document.querySelector(".claim:target h3").textContent === "about 4,100 cards"`)
	b.run(chromedp.Navigate(fragment))
	b.takeComplaints() // another host, this time on purpose
	b.until(`scrollY > 500 && document.getElementById("here").getBoundingClientRect().top > 0 && document.getElementById("here").getBoundingClientRect().bottom < innerHeight`)
}
