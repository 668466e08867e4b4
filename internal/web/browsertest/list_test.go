package browsertest

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/breachledger/breachledger/internal/incidents"
)

func TestList(t *testing.T) {
	t.Parallel()
	s := serve(t)
	for i := range 110 {
		in := incidents.Incident{
			Title: fmt.Sprintf("Paged %03d", i), Category: incidents.PaymentFraud, Counts: count(incidents.Exact, int64(1000+i)),
			Participants: victim("Paged Company"), Tags: []string{"paged"}, Countries: []string{"DE"},
		}
		if i%2 == 0 {
			in.Category = incidents.Extortion
		}
		s.record(t, in)
	}
	t.Run("pages", func(t *testing.T) {
		t.Parallel()
		pages(t, s)
	})
	t.Run("filters", func(t *testing.T) {
		t.Parallel()
		filters(t, s)
	})
}

// pages goes through the list to its end, and sees each incident once.
func pages(t *testing.T, s *site) {
	t.Helper()
	b := s.browse(t, look{})
	b.open("/incidents?tag=paged")
	b.has("110 incidents", "Paged 109")
	b.is("titles are high enough for a finger (WCAG 2.5.8)", `[...document.querySelectorAll(".incidents a.title")].every((a) => a.getBoundingClientRect().height >= 24)`)
	seen := map[string]int{}
	for n := 1; ; n++ {
		var titles []string
		var more bool
		b.run(chromedp.Evaluate(`[...document.querySelectorAll(".incidents a.title")].map((a) => a.textContent)`, &titles),
			chromedp.Evaluate(`!!document.querySelector("a[rel=next]")`, &more))
		for _, title := range titles {
			seen[title]++
		}
		if !more {
			if n != 3 {
				t.Errorf("110 incidents are %d pages", n)
			}
			break
		}
		b.press("Next page")
	}
	for i := range 110 {
		if title := fmt.Sprintf("Paged %03d", i); seen[title] != 1 {
			t.Errorf("%s is shown %d times", title, seen[title])
		}
	}
	b.press("First page")
	b.press("Victims ↓")
	b.has("Paged 000", "Paged 001")
	b.is("the column says so", `document.querySelector("th.figure").ariaSort === "ascending"`)
	b.is("a feed of the same", `document.querySelector("link[type='application/atom+xml']").getAttribute("href") === "/feed.atom?tag=paged"`)
	var rows int
	b.run(chromedp.Evaluate(`fetch(document.querySelector("a[download]").href).then((r) => r.text()).then((t) => t.trim().split("\n").length)`, &rows, promised))
	if rows != 111 {
		t.Errorf("the CSV has %d lines", rows)
	}
	b.quiet("paging")
}

// filters presses boxes, and the list follows.
func filters(t *testing.T, s *site) {
	t.Helper()
	b := s.browse(t, look{})
	b.open("/incidents?tag=paged")
	b.is("numbers at the filters", `document.querySelector("input[value=extortion]").parentElement.querySelector(".count").textContent === "55"`)
	total := func(n string) {
		t.Helper()
		b.until(`document.querySelector(".resultbar .total").textContent.startsWith("` + n + ` ")`)
	}
	b.run(chromedp.Click("input[value=extortion]"))
	total("55")
	b.is("the address follows", `location.search.includes("category=extortion") && location.search.includes("tag=paged")`)
	b.is("the box keeps the focus", `document.activeElement.value === "extortion" && document.activeElement.checked`)
	b.run(chromedp.NavigateBack())
	total("110")
	// By the keyboard alone.
	b.run(chromedp.Focus("#q"), chromedp.KeyEvent("fingerprint"+kb.Enter))
	total("0")
	b.press("Clear all")
	b.run(chromedp.Focus("#q"), chromedp.KeyEvent("fingerprint"+kb.Enter), chromedp.WaitVisible(".found mark"))
	b.has("2 incidents", "Data breach at the U.S. Office", "An article:", "fingerprint")
	b.run(chromedp.Evaluate(`document.querySelector(".skip").focus()`, nil))
	b.is("the way past the navigation is seen", `document.querySelector(".skip").getBoundingClientRect().left >= 0 && getComputedStyle(document.activeElement).outlineStyle !== "none"`)
	b.quiet("filters")
}
