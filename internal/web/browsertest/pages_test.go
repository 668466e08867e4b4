package browsertest

import (
	"context"
	"net/url"
	"slices"
	"testing"
	"time"

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
		{"no-match", "/incidents?q=nothingsuch"}, {"incident", "/incidents/opm-breach"}, {"incident-losses", "/incidents/apple-id-payment-thefts"},
		{"history", "/incidents/opm-breach/history"}, {"version", "/incidents/opm-breach/history/1"}, {"sources", "/sources"}, {"actors", "/actors"},
		{"actor", "/actors/apple"}, {"responses", "/responses"}, {"promises", "/responses?state=open"}, {"response-list", "/responses/list"}, {"sign-in", "/sign-in"},
	}
	for _, item := range items { // one with an incident, and one without
		name := "source"
		if item.NoIncidentReason != "" {
			name = "source-without-incident"
		}
		if !slices.ContainsFunc(pages, func(p page) bool { return p.name == name }) {
			pages = append(pages, page{name, "/sources/" + item.ID.String()})
		}
	}
	return pages
}

var private = []page{
	{"log", "/log"}, {"edit", "/incidents/apple-id-payment-thefts/edit"}, {"respond", "/incidents/opm-breach/respond"},
	{"edit-actor", "/actors/apple/edit"}, {"drafts", "/drafts"}, {"duplicates", "/duplicates"}, {"actor-pairs", "/duplicates/actors"}, {"merge-actor", "/actors/apple/merge"}, {"actor-history", "/actors/apple/history"}, {"merge-actors", "/actors/apple/merge?into=anthem"}, {"incident-as-editor", "/incidents/opm-breach"}, {"history-as-editor", "/incidents/opm-breach/history"},
}

// TestPages sees that every page is quiet, accessible in both colour schemes,
// and no wider than a telephone.
func TestPages(t *testing.T) {
	t.Parallel()
	s := serve(t)
	check := func(b *browser, pages []page) {
		for _, p := range pages {
			b.open(p.path)
			b.narrow(p.path)
			b.accessible(p.path)
		}
	}
	t.Run("public", func(t *testing.T) {
		t.Parallel()
		check(s.browse(t, look{}), public(t, s))
	})
	t.Run("private", func(t *testing.T) {
		t.Parallel()
		b := s.browse(t, look{})
		b.signIn()
		check(b, private)
	})
}

// narrow sees that a page needs no scrolling sideways on a telephone.
func (b *browser) narrow(where string) {
	b.t.Helper()
	var width int
	b.run(chromedp.EmulateViewport(360, 740), chromedp.Evaluate(`document.documentElement.scrollWidth`, &width), chromedp.EmulateViewport(1280, 900))
	if width > 360 {
		b.t.Errorf("%s is %d pixels wide on a screen of 360", where, width)
	}
}

func TestErrorPages(t *testing.T) {
	t.Parallel()
	s := serve(t)
	b := s.browse(t, look{})
	for _, path := range []string{"/nothing", "/incidents/nothing", "/incidents?category=x&from=20", "/sources/x", "/responses?state=x"} {
		b.refused(path)
		b.narrow(path)
		b.accessible(path)
	}
	b.open("/sign-in")
	b.run(chromedp.SendKeys("#key", "blk_wrong"), chromedp.Click(".narrow .button"), chromedp.WaitVisible(".error"))
	b.takeComplaints()
	b.accessible("a wrong key")

	reader, secret, err := s.ledger.CreateKey(context.Background(), "a reader", access.Reader, nil)
	if err != nil {
		t.Fatal(err)
	}
	b.open("/sign-in?to=" + url.QueryEscape("/incidents"))
	b.run(chromedp.SendKeys("#key", secret), chromedp.Click(".narrow .button"), chromedp.WaitReady("#list"))
	b.refused("/log")
	b.accessible("not allowed")
	// Revoking the key ends the session.
	b.open("/incidents")
	b.is("signed in", `document.body.textContent.includes("Sign out")`)
	if err := s.ledger.RevokeKey(context.Background(), reader.ID); err != nil {
		t.Fatal(err)
	}
	b.open("/incidents")
	b.is("signed out", `!document.body.textContent.includes("Sign out")`)
}

// TestComplaints sees that what must not happen is noticed.
func TestComplaints(t *testing.T) {
	t.Parallel()
	b := serve(t).browse(t, look{})
	for name, script := range map[string]string{
		"a script in the page": `(() => { const s = document.createElement("script"); s.textContent = "window.ran = 1"; document.head.append(s); })()`,
		"a style in the page":  `document.body.setAttribute("style", "color: red")`,
		"another host":         `(() => { const i = new Image(); i.src = "http://elsewhere.invalid/x.png"; document.body.append(i); })()`,
		"the console":          `console.log("x")`,
		"a missing file":       `fetch("/nothing").then((r) => r.text())`,
	} {
		b.open("/")
		b.run(chromedp.Evaluate(script, nil))
		for end := time.Now().Add(time.Minute); len(b.takeComplaints()) == 0; time.Sleep(10 * time.Millisecond) {
			if time.Now().After(end) {
				t.Fatalf("%s: nobody complains", name)
			}
		}
		b.is("the script did not run", `window.ran === undefined`)
	}
}
