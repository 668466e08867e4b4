package browsertest

import (
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

func TestLogWithAndWithoutJavaScript(t *testing.T) {
	t.Parallel()
	for name, noScript := range map[string]bool{"with": false, "without": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t)
			b := s.browse(t, look{noScript: noScript})
			b.signIn()
			b.run(fill(map[string]string{
				"f-title": "Acme Pay card skimming", "f-category": "data_breach", "f-participants-0-actor-name": "Acme Pay",
				"f-participants-0-actor-kind": "company", "f-participants-0-actor-sector": "payment_processor", "f-counts-0-qualifier": "about",
				"f-counts-0-quantity": "30,000,000", "f-counts-0-unit": "cards", "f-sources-0-url": "https://example.com/notice",
				"f-sources-0-text":            "About thirty million cards were skimmed, Acme Pay said.",
				"f-counts-0-evidence-0-quote": "About thirty million cards were skimmed",
			}))
			// Another row comes, with the page loaded anew or not.
			b.run(chromedp.Click(`button[name="add"][value="/participants"]`), chromedp.WaitReady("#f-participants-1-actor-name"))
			b.run(fill(map[string]string{"f-participants-1-actor-name": "The Courier"}), chromedp.SetValue("#f-participants-1-role", "reporter"))
			b.quiet("a row more")
			b.run(chromedp.Click(".save .button"), chromedp.WaitReady("article.incident"))
			b.has("The incident is in the ledger.", "Acme Pay card skimming", "about 30,000,000 cards", "Acme Pay", "The Courier", "About thirty million cards were skimmed")
			b.open("/incidents")
			b.has("Anthem", "Acme Pay card skimming", "U.S. Office of Personnel Management")
			b.open("/incidents/acme-pay-card-skimming/respond")
			b.run(fill(map[string]string{"f-kind": "apology", "f-summary": "Acme Pay is sorry.", "f-evidence-0-source-url": "https://example.com/sorry"}),
				chromedp.Click(".save .button"), chromedp.WaitReady("article.incident"))
			b.has("The response is recorded.", "Apology", "Acme Pay is sorry.")
			b.open("/responses")
			b.has("Acme Pay")
			b.quiet("the whole")
		})
	}
}

func TestConflictOfTwoBrowsers(t *testing.T) {
	t.Parallel()
	s := serve(t)
	one, other := s.browse(t, look{}), s.browse(t, look{})
	for _, b := range []*browser{one, other} {
		b.signIn()
		b.open("/incidents/anthem-records-breach/edit")
	}
	other.run(fill(map[string]string{"f-title": "Their title"}), chromedp.Click(".save .button"), chromedp.WaitReady("article.incident"))
	one.run(fill(map[string]string{"f-title": "My title"}), chromedp.Click(".save .button"), chromedp.WaitVisible(".errors"))
	one.takeComplaints() // 409
	one.has("Somebody else saved this incident", "Their title", "My title")
	one.accessible("the conflict")
	one.run(chromedp.Click(".save .button"), chromedp.WaitReady("article.incident"))
	one.has("Saved as a new version.", "My title")
}

func TestQuoteWithTheMouse(t *testing.T) {
	t.Parallel()
	s := serve(t)
	b := s.browse(t, look{})
	b.signIn()
	const text = "Before. Ten cards were taken. After."
	b.run(fill(map[string]string{"f-sources-0-text": text}), chromedp.Focus("#f-counts-0-evidence-0-quote"), chromedp.Evaluate(`(() => {
		const text = document.getElementById("f-sources-0-text");
		text.focus(); text.setSelectionRange(8, 29); text.dispatchEvent(new MouseEvent("mouseup", {bubbles: true}));
	})()`, nil))
	var quote string
	b.run(chromedp.Value("#f-counts-0-evidence-0-quote", &quote))
	if quote != "Ten cards were taken." {
		t.Errorf("the quote is %q", quote)
	}
	b.quiet("the form")
}

// TestFoldedFiguresAreSent: where a browser gives what is folded away no box at
// all, as older ones do, its figures are still part of the form.
func TestFoldedFiguresAreSent(t *testing.T) {
	t.Parallel()
	s := serve(t)
	b := s.browse(t, look{})
	b.signIn()
	b.open("/incidents/opm-breach/edit")
	b.is("the figures are folded away", `document.querySelectorAll("details.fold:not([open]) [name$='/quantity']").length === 3`)
	b.run(chromedp.Evaluate(`document.styleSheets[0].insertRule("details:not([open])>:not(summary){display:none!important}");
		document.querySelectorAll("[name$='/qualifier']").forEach((q) => q.dispatchEvent(new Event("change", {bubbles: true})))`, nil))
	b.is("the numbers are sent", `!document.querySelector("[name$='/quantity']:disabled")`)
	b.is("what a number has no use for is not", `!document.querySelector("[name$='/low']:enabled")`)
	b.run(chromedp.Click(".save .button"), chromedp.WaitReady("article.incident"))
	b.has("Nothing was changed.", "more than 21,000,000 national IDs")
}

// TestWhatHasTheFocusIsInSight: the bar with the button that saves covers no field
// that the keyboard comes to (WCAG 2.4.11).
func TestWhatHasTheFocusIsInSight(t *testing.T) {
	t.Parallel()
	s := serve(t)
	b := s.browse(t, look{width: 390, height: 700})
	b.signIn()
	for range 60 {
		b.run(chromedp.KeyEvent(kb.Tab))
		b.is("what has the focus is in sight", `(() => {
			const e = document.activeElement, bar = document.querySelector(".save");
			return bar.contains(e) || !document.querySelector("main").contains(e) || e.getBoundingClientRect().top < bar.getBoundingClientRect().top - 8;
		})()`)
	}
}
