package browsertest

import (
	"strconv"
	"testing"

	"github.com/breachledger/breachledger/internal/incidents"
)

// TestTelephone: what a narrow window shows stands whole, and not far down.
func TestTelephone(t *testing.T) {
	t.Parallel()
	s := serve(t)
	for year := 1995; year < 2019; year++ {
		name := strconv.Itoa(year)
		s.record(t, incidents.Incident{Title: name, Category: incidents.DataBreach, Participants: victim("Bank of " + name), Occurred: incidents.Period{From: date(t, name)}})
	}
	b := s.browse(t, look{width: 390, height: 844})
	b.open("/")
	b.is("there is room for three digits above each year", `(() => {
		const at = [...document.querySelectorAll(".years .total")].map((e) => e.getBoundingClientRect()).filter((r) => r.width);
		return at.length > 5 && at.every((r, i) => !i || r.left - at[i - 1].left > 24);
	})()`)
	b.open("/actors/apple")
	b.is("the table of responses is whole", `[...document.querySelectorAll(".scroll")].every((e) => e.scrollWidth <= e.clientWidth)`)
	b.is("the figures stand in two columns", `document.querySelector(".stats").clientHeight < 300`)
	b.open("/incidents")
	b.is("what is not stated is left out", `[...document.querySelectorAll(".incidents td:has(>.none)")].every((e) => !e.offsetHeight)`)
	b.open("/responses")
	b.is("the parts are linked to at the top", `(() => {
		const links = [...document.querySelectorAll("nav.links a")];
		return links.length === 4 && links.every((a) => document.querySelector(a.hash) && a.getBoundingClientRect().bottom < 400);
	})()`)
	b.signIn()
	b.open("/incidents")
	b.is("the header has three rows", `document.querySelector(".top").clientHeight <= 135`)
	b.open("/incidents/opm-breach/respond")
	b.is("each option of what was done, and how far, is whole", `["/kind", "/status"].every((name) => {
		const s = document.querySelector("select[name='" + name + "']"), c = document.createElement("canvas").getContext("2d"), style = getComputedStyle(s);
		c.font = style.fontSize + " " + style.fontFamily;
		return [...s.options].every((o) => c.measureText(o.text).width + 45 < s.clientWidth);
	})`)
	b.open("/incidents/opm-breach/edit")
	b.is("each name is whole", `[...document.querySelectorAll("input[name$='/actor/name']")].every((e) => e.scrollWidth <= e.clientWidth)`)
	b.quiet("a telephone")
}

// TestFilterBar: the filters of responses and their button take one row of a desktop's window.
func TestFilterBar(t *testing.T) {
	t.Parallel()
	b := serve(t).browse(t, look{})
	for _, path := range []string{"/responses", "/responses/list"} {
		b.open(path)
		b.is(path+" has them in one row", `document.querySelector(".filterbar").clientHeight < 90`)
	}
	b.quiet("the filters")
}

// TestFilterBarOfATablet: in a narrower window they take two rows, and the last is at least three long.
func TestFilterBarOfATablet(t *testing.T) {
	t.Parallel()
	b := serve(t).browse(t, look{width: 1024, height: 768})
	for _, path := range []string{"/responses", "/responses/list"} {
		b.open(path)
		b.is(path+" has them in two even rows", `(() => {
			const rows = Object.values(Object.groupBy([...document.querySelectorAll(".filterbar > :is(.field, .button)")], (e) => Math.round(e.getBoundingClientRect().bottom)));
			return rows.length === 2 && rows[1].length >= 3;
		})()`)
	}
	b.quiet("the filters on a tablet")
}
