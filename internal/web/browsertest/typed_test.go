package browsertest

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// selectIn selects a passage of a text with the mouse.
func selectIn(id, passage string) chromedp.Action {
	return chromedp.Evaluate(fmt.Sprintf(`(() => {
		const text = document.getElementById(%q), at = text.value.indexOf(%q);
		text.focus(); text.setSelectionRange(at, at + %d); text.dispatchEvent(new MouseEvent("mouseup", {bubbles: true}));
	})()`, id, passage, len(passage)), nil)
}

// TestAPassageGoesWhereSomebodyWrites: a sentence that is selected while somebody
// fills in a figure belongs to that figure, and names the source that it is from.
func TestAPassageGoesWhereSomebodyWrites(t *testing.T) {
	t.Parallel()
	s := serve(t)
	b := s.browse(t, look{})
	b.signIn()
	b.run(fill(map[string]string{"f-sources-0-text": "Ten cards were taken. The shop said that it was nine."}), chromedp.Focus("#f-counts-0-evidence-0-quote"),
		selectIn("f-sources-0-text", "Ten cards were taken."))
	b.run(chromedp.Click(`button[name="add"][value="/counts"]`), chromedp.WaitReady("#f-counts-1-quantity"))
	b.run(chromedp.SendKeys("#f-counts-1-quantity", "9"), selectIn("f-sources-0-text", "The shop said that it was nine."))
	b.is("each figure has its sentence", `document.getElementById("f-counts-0-evidence-0-quote").value === "Ten cards were taken." && document.getElementById("f-counts-1-evidence-0-quote").value === "The shop said that it was nine."`)
	// Another source: the passage that is taken from it names it.
	b.run(chromedp.Click(`button[name="add"][value="/sources"]`), chromedp.WaitReady("#f-sources-1-text"))
	b.run(fill(map[string]string{"f-sources-1-text": "It was eleven."}), chromedp.Click(`button[name="add"][value="/counts"]`), chromedp.WaitReady("#f-counts-2-quantity"),
		selectIn("f-sources-1-text", "It was eleven."))
	b.is("the sentence is there", `document.getElementById("f-counts-2-evidence-0-quote").value === "It was eleven."`)
	b.is("its source is named", `document.getElementById("f-counts-2-evidence-0-source").selectedOptions[0].textContent.endsWith("(2)")`)
	// Nothing that is written already is written over from elsewhere.
	b.run(chromedp.Focus("#f-counts-0-quantity"), selectIn("f-sources-1-text", "It was eleven."))
	b.is("the first sentence is as it was", `document.getElementById("f-counts-0-evidence-0-quote").value === "Ten cards were taken."`)
	// A row goes, and its neighbours move up.
	b.run(chromedp.Focus("#f-counts-1-evidence-0-quote"), chromedp.Focus(`button[name="remove"][value="/counts/0"]`), chromedp.KeyEvent(kb.Enter))
	b.until(`!document.getElementById("f-counts-2-quantity")`)
	b.is("the keyboard goes on where the row was", `document.activeElement.name === "add" && document.activeElement.value === "/counts"`)
	b.run(selectIn("f-sources-0-text", "Ten cards were taken."))
	b.is("the sentences are as they were", `document.getElementById("f-counts-0-evidence-0-quote").value === "The shop said that it was nine." && document.getElementById("f-counts-1-evidence-0-quote").value === "It was eleven."`)
	b.quiet("the form")
}

// TestLeavingAsksFirst: a slip of the hand does not lose what was typed.
func TestLeavingAsksFirst(t *testing.T) {
	t.Parallel()
	s := serve(t)
	b := s.browse(t, look{})
	b.signIn()
	asked := func() bool { return strings.Contains(strings.Join(b.takeComplaints(), "\n"), "dialog") }
	away := func(selector string) {
		b.run(chromedp.Click(selector, chromedp.ByQuery))
		b.until(`!document.querySelector("form[data-rows]")`)
	}
	away(`nav a[href="/actors"]`)
	if asked() {
		t.Error("a form in which nothing was typed asks")
	}
	b.open("/log")
	b.run(chromedp.SendKeys("#f-title", "Till malware"), chromedp.Click(`button[name="add"][value="/counts"]`), chromedp.WaitReady("#f-counts-1-quantity"))
	away(`nav a[href="/actors"]`)
	if !asked() {
		t.Error("what was typed is lost without a question")
	}
	// What is saved, or left on purpose, is no loss.
	b.open("/log")
	b.run(chromedp.SendKeys("#f-title", "Till malware"), chromedp.Click(".save .button"), chromedp.WaitVisible("#errors"))
	b.takeComplaints() // 422
	b.run(chromedp.Click("#f-title"))
	away(`nav a[href="/actors"]`)
	if !asked() {
		t.Error("what was refused is lost without a question")
	}
	b.open("/incidents/opm-breach/edit")
	b.run(chromedp.SendKeys("#f-title", "!"))
	away(`.save a`)
	if asked() {
		t.Error("leaving without saving asks")
	}
	b.open("/incidents/opm-breach/edit")
	b.run(chromedp.SendKeys("#f-title", "!"), chromedp.Click(".save .button"), chromedp.WaitReady("article.incident"))
	if asked() {
		t.Error("saving asks")
	}
	b.quiet("the forms")
}

// TestNothingIsTypedIntoAFormThatGoes: while a row is on its way, the form that is
// about to be replaced takes nothing.
func TestNothingIsTypedIntoAFormThatGoes(t *testing.T) {
	t.Parallel()
	s := serve(t)
	b := s.browse(t, look{})
	b.signIn()
	b.run(chromedp.Evaluate(`(() => { const quick = window.fetch; window.fetch = async (...all) => { await new Promise((go) => { window.goOn = go; }); return quick(...all); }; })()`, nil))
	b.run(chromedp.SendKeys("#f-title", "Till"), chromedp.Click(`button[name="add"][value="/counts"]`), chromedp.KeyEvent("malware"))
	b.is("the form waits", `document.getElementById("incident-form").inert && document.getElementById("f-title").value === "Till"`)
	b.run(chromedp.Evaluate(`window.goOn()`, nil))
	b.until(`!!document.getElementById("f-counts-1-quantity")`)
	b.run(chromedp.SendKeys("#f-summary", "Malware"))
	b.is("it goes on", `document.getElementById("f-title").value === "Till" && document.getElementById("f-summary").value === "Malware"`)
	b.quiet("the form")
}
