package browsertest

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/ledger"
)

// page is an address with a name for its picture.
type page struct{ name, path string }

// public are the pages that anybody sees; private those of an editor.
func public(t *testing.T, s *site) []page {
	t.Helper()
	items, _, err := s.ledger.Sources(context.Background(), access.Identity{}, "", ledger.Page{})
	if err != nil {
		t.Fatal(err)
	}
	pages := []page{
		{"start", "/"}, {"payments", "/?payment=true"}, {"incidents", "/incidents"}, {"filtered", "/incidents?category=data_breach&unanswered=true&q=customer"},
		{"incident", "/incidents/opm-breach"}, {"incident-losses", "/incidents/apple-id-payment-thefts"}, {"history", "/incidents/opm-breach/history"},
		{"version", "/incidents/opm-breach/history/1"}, {"sources", "/sources"}, {"actors", "/actors"}, {"actor", "/actors/apple"},
		{"responses", "/responses"}, {"sign-in", "/sign-in"}, {"search", "/incidents?q=breach"},
	}
	for _, item := range items {
		name := "source"
		if item.NoIncidentReason != "" {
			name = "source-without-incident"
		}
		pages = append(pages, page{name, "/sources/" + item.ID.String()})
	}
	return pages
}

var private = []page{
	{"log", "/log"}, {"edit", "/incidents/apple-id-payment-thefts/edit"}, {"respond", "/incidents/opm-breach/respond"},
	{"drafts", "/drafts"}, {"duplicates", "/duplicates"}, {"incident-as-editor", "/incidents/opm-breach"}, {"history-as-editor", "/incidents/opm-breach/history"},
}

func TestPages(t *testing.T) {
	t.Parallel()
	s := serve(t)
	for _, dark := range []bool{false, true} {
		name := "light"
		if dark {
			name = "dark"
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := s.browse(t, look{dark: dark})
			for _, p := range public(t, s) {
				b.open(p.path)
				b.accessible(p.path)
			}
			b.signIn()
			for _, p := range private {
				b.open(p.path)
				b.accessible(p.path)
			}
		})
	}
}

// accessible runs axe-core over the page, everything folded away opened first.
func (b *browser) accessible(where string) {
	b.t.Helper()
	script, err := axe()
	if err != nil {
		b.t.Fatal(err)
	}
	var violations []string
	b.run(
		chromedp.Evaluate(`document.querySelectorAll("details").forEach((d) => { d.open = true })`, nil),
		chromedp.Evaluate(script, nil),
		chromedp.Evaluate(`axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}).then((r) =>
			r.violations.flatMap((v) => v.nodes.slice(0, 4).map((n) => v.id + ": " + n.target.join(" ") + ": " + n.html.slice(0, 160) + " " + (n.any[0] || n.all[0] || n.none[0] || {message: ""}).message)))`,
			&violations, func(p *runtime.EvaluateParams) *runtime.EvaluateParams { return p.WithAwaitPromise(true) }),
	)
	for _, v := range violations {
		b.t.Errorf("%s: %s", where, v)
	}
	b.quiet(where)
}

// TestNarrow sees that no page is wider than a telephone.
func TestNarrow(t *testing.T) {
	t.Parallel()
	s := serve(t)
	b := s.browse(t, look{width: 360, height: 740})
	check := func(pages []page) {
		for _, p := range pages {
			b.open(p.path)
			var width int
			b.run(chromedp.Evaluate(`document.documentElement.scrollWidth`, &width))
			if width > 360 {
				t.Errorf("%s is %d pixels wide on a screen of 360", p.path, width)
			}
		}
	}
	check(public(t, s))
	b.signIn()
	check(private)
}

// TestScreenshots writes a picture of every page to the folder SCREENSHOTS; it
// has nothing to do when none is asked for.
func TestScreenshots(t *testing.T) {
	t.Parallel()
	folder := os.Getenv("SCREENSHOTS")
	if folder == "" {
		return
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	s := serve(t)
	for suffix, l := range map[string]look{"": {}, "-dark": {dark: true}, "-phone": {width: 390, height: 844}} {
		b := s.browse(t, l)
		take := func(pages []page) {
			for _, p := range pages {
				b.open(p.path)
				var picture []byte
				b.run(chromedp.FullScreenshot(&picture, 100))
				if err := os.WriteFile(filepath.Join(folder, p.name+suffix+".png"), picture, 0o600); err != nil {
					t.Fatal(err)
				}
			}
		}
		take(public(t, s))
		b.signIn()
		take(private)
	}
}
