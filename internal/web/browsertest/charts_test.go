package browsertest

import (
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"github.com/breachledger/breachledger/internal/incidents"
)

// TestBars measures the bars as they stand on the screen.
func TestBars(t *testing.T) {
	t.Parallel()
	s := serve(t)
	for name, c := range map[string][]incidents.Count{
		"Exact": count(incidents.Exact, 1_000_000), "About": count(incidents.About, 1_000_000), "More": count(incidents.MoreThan, 1_000_000),
		"Most":  count(incidents.AtMost, 1_000_000),
		"Range": {{Unit: incidents.People, Qualifier: incidents.Between, Low: new(int64(1000)), High: new(int64(1_000_000))}},
	} {
		s.record(t, incidents.Incident{Title: name, Category: incidents.DataBreach, Counts: c, Participants: victim("Bank of " + name), Occurred: incidents.Period{From: date(t, "2014-03")}})
	}
	b := s.browse(t, look{})
	b.open("/")
	var bars map[string]map[string]float64
	b.run(chromedp.Evaluate(`Object.fromEntries([...document.querySelectorAll(".ranking li")].map((li) => {
		const svg = li.querySelector("svg.bar"), left = svg.getBoundingClientRect().left;
		const end = (selector) => { const e = svg.querySelector(selector); return e ? e.getBoundingClientRect().right - left : 0; };
		const whisker = svg.querySelector(".whisker");
		return [li.querySelector(".name").textContent, {
			solid: end(".solid"), ceiling: end(".ceiling"), open: end("path.open"), caps: svg.querySelectorAll(".cap").length,
			from: whisker ? whisker.getBoundingClientRect().left - left : 0, to: whisker ? whisker.getBoundingClientRect().right - left : 0,
			dashed: svg.querySelector(".about") ? parseFloat(getComputedStyle(svg.querySelector(".about")).strokeDasharray) : 0,
		}];
	}))`, &bars))
	near := func(what string, got, want float64) {
		t.Helper()
		if got < want-2 || got > want+2 {
			t.Errorf("%s is at %.1f, not %.1f: %v", what, got, want, bars)
		}
	}
	full := bars["Exact"]["solid"]
	if full < 100 || bars["Exact"]["open"] != 0 || bars["Exact"]["dashed"] != 0 {
		t.Fatalf("an exact number is drawn as %v", bars["Exact"])
	}
	near("about", bars["About"]["solid"], full)
	near("at most", bars["Most"]["ceiling"], full)
	near("the low end of a range", bars["Range"]["from"], full/2) // 1,000 is half of the decades of 1,000,000
	near("what a range proves", bars["Range"]["solid"], full/2)
	near("the high end of a range", bars["Range"]["to"], full)
	if bars["About"]["dashed"] == 0 || bars["More"]["open"] < full+10 || bars["Most"]["solid"] != 0 || bars["Most"]["caps"] != 1 || bars["Range"]["caps"] != 2 {
		t.Errorf("qualifiers are not told apart: %v", bars)
	}
	b.accessible("the start with all bars")
	// The column of a year leads to its incidents.
	b.run(chromedp.Evaluate(`document.querySelector(".years svg a").setAttribute("id", "year")`, nil), chromedp.Click("#year rect", chromedp.ByQuery), chromedp.WaitReady("#list"))
	b.is("the year's filter", `location.search.includes("date=occurred&from=2014&to=2014")`)
	b.has("5 incidents")
	b.quiet("the year")
}

// TestNothingMoves sees that no page shifts while it loads.
func TestNothingMoves(t *testing.T) {
	t.Parallel()
	s := serve(t)
	wide, phone := s.browse(t, look{}), s.browse(t, look{width: 390, height: 844})
	for _, b := range []*browser{wide, phone} {
		b.run(chromedp.ActionFunc(onEveryPage(`window.moved = 0; new PerformanceObserver((l) => l.getEntries().forEach((e) => { window.moved += e.value })).observe({type: "layout-shift", buffered: true})`)))
		for _, path := range []string{"/", "/incidents", "/incidents/opm-breach", "/responses"} {
			b.open(path)
			var moved float64
			b.run(chromedp.Sleep(pause), chromedp.Evaluate(`window.moved`, &moved))
			if moved > 0.01 {
				t.Errorf("%s moves by %.3f while it loads", path, moved)
			}
		}
	}
}

func TestPrint(t *testing.T) {
	t.Parallel()
	s := serve(t)
	b := s.browse(t, look{})
	for _, path := range []string{"/", "/incidents", "/incidents/opm-breach"} {
		b.open(path)
		b.run(emulation.SetEmulatedMedia().WithMedia("print"))
		b.is("no navigation on paper", `!document.querySelector(".top").checkVisibility() && ![...document.querySelectorAll(".filters, .act, .pager a, .switch")].some((e) => e.checkVisibility())`)
		b.is("what it is about on paper", `document.querySelector("h1").checkVisibility() && document.querySelector("main").textContent.includes("more than 21,000,000 national IDs")`)
		b.is("how well it is evidenced on paper", `[...document.querySelectorAll(".claimfoot .support")].every((e) => e.checkVisibility()) && ![...document.querySelectorAll(".claimfoot a")].some((e) => e.checkVisibility())`)
		b.run(emulation.SetEmulatedMedia().WithMedia("print").WithFeatures([]*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: "dark"}}))
		b.is("ink on paper is dark", `getComputedStyle(document.body).color === "rgb(26, 31, 36)"`)
		b.scheme(false)
		var sheets []byte
		b.run(chromedp.ActionFunc(printed(&sheets)))
		if len(sheets) < 5000 {
			t.Errorf("%s prints %d bytes", path, len(sheets))
		}
	}
	b.quiet("printing")
}
