package browsertest

import (
	"testing"

	"github.com/chromedp/chromedp"
)

// TestAStrangersWay goes by what the pages say, from the start page: the biggest
// breach and its sentence, who denied what, who has no response, and logging.
func TestAStrangersWay(t *testing.T) {
	t.Parallel()
	for name, noScript := range map[string]bool{"with": false, "without": true} {
		t.Run(name+" JavaScript", func(t *testing.T) {
			t.Parallel()
			s := serve(t)
			b := s.browse(t, look{noScript: noScript})
			b.open("/")
			b.has("The biggest breaches", "Breach of customer records at Anthem", "at most 78,800,000 records", "as many as 78.8 million customer records")
			b.press("Read the sentence in the article")
			b.has("Cybersecurity Leads As China", "as many as 78.8 million customer records")
			b.is("the passage is told apart", `document.querySelector("mark.here").textContent.includes("78.8 million")`)
			b.press("Breach of customer records at Anthem")
			b.has("Who is accused", "Chinese government", "denied by Chinese government", "Chinese hackers", "Who is accused, and who denies it", "Denial by Chinese government")

			b.run(chromedp.Click(".brand"), chromedp.WaitReady("#silent"))
			b.press("All without a response")
			b.has("2 incidents", "None recorded", "Anthem", "U.S. Office of Personnel Management")

			b.run(chromedp.Click(".brand"), chromedp.WaitReady(".invite"))
			b.press("Sign in to log it")
			b.has("Where do I get a key?")
			b.run(chromedp.SendKeys("#key", s.key))
			b.press("Sign in")
			b.run(chromedp.WaitReady("#incident-form"))
			b.run(fill(map[string]string{"f-title": "Acme Pay breach", "f-category": "data_breach", "f-participants-0-actor-name": "Acme Pay", "f-counts-0-quantity": "4100"}))
			b.press("Save")
			b.has("The incident is in the ledger.", "Acme Pay breach", "4,100 people", "unsourced")
			b.quiet("the way")
		})
	}
}
