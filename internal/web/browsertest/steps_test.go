package browsertest

import (
	"context"
	"strings"
	"time"

	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// What tests do in a window.

func (b *browser) run(actions ...chromedp.Action) {
	b.t.Helper()
	if err := chromedp.Run(b.ctx, actions...); err != nil {
		b.t.Fatal(err)
	}
}

func (b *browser) open(path string) {
	b.t.Helper()
	b.mu.Lock()
	b.transfer = 0
	b.mu.Unlock()
	b.run(chromedp.Navigate(b.url+path), chromedp.WaitReady("main"))
	b.quiet(path)
}

// refused opens a page that answers with an error, and says what it shows.
func (b *browser) refused(path string) string {
	b.t.Helper()
	b.run(chromedp.Navigate(b.url+path), chromedp.WaitReady("main"))
	if len(b.takeComplaints()) == 0 {
		b.t.Errorf("%s is no error", path)
	}
	return b.text()
}

// press presses what has that name: a link or button, the first of it.
func (b *browser) press(name string) {
	b.t.Helper()
	var found bool
	b.run(chromedp.Evaluate(`(() => {
		const named = [..."main a, main button, main summary|.top a, .top button".split("|").flatMap((s) => [...document.querySelectorAll(s)])].find((e) => e.checkVisibility() && !e.ariaHidden && e.textContent.trim().replace(/\s+/g, " ") === `+quoted(name)+`);
		const leaves = (e) => e.href ? e.href.split("#")[0] !== location.href.split("#")[0] : e.type === "submit" && !e.dataset.row;
		if (named) named.setAttribute("data-pressed", leaves(named) ? "leaves" : "stays");
		return !!named;
	})()`, &found))
	if !found {
		b.t.Fatalf("there is nothing to press called %q:\n%s", name, b.text())
	}
	b.run(chromedp.Click("[data-pressed]", chromedp.ByQuery))
	b.until(`document.readyState === "complete" && !document.querySelector("[data-pressed=leaves]")`)
	b.run(chromedp.Evaluate(`document.querySelectorAll("[data-pressed]").forEach((e) => e.removeAttribute("data-pressed"))`, nil))
}

func quoted(s string) string { return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"` }

func (b *browser) signIn() {
	b.t.Helper()
	b.open("/sign-in?to=/log")
	b.run(chromedp.SendKeys("#key", b.key), chromedp.Click(".narrow .button"), chromedp.WaitReady("#incident-form"))
}

// text is what a page shows.
func (b *browser) text() string {
	b.t.Helper()
	var out string
	b.run(chromedp.Text("main", &out))
	return out
}

// has checks that the page shows all of these, in this order.
func (b *browser) has(parts ...string) {
	b.t.Helper()
	text := b.text()
	rest := text
	for _, part := range parts {
		_, after, found := strings.Cut(rest, part)
		if !found {
			b.t.Fatalf("the page does not show %q (in that order):\n%s", part, text)
		}
		rest = after
	}
}

// is evaluates a script to true.
func (b *browser) is(what, script string) {
	b.t.Helper()
	var yes bool
	if b.run(chromedp.Evaluate(script, &yes)); !yes {
		b.t.Errorf("not so: %s", what)
	}
}

// fill types into the fields of a form.
func fill(values map[string]string) chromedp.Tasks {
	var out chromedp.Tasks
	for id, value := range values {
		out = append(out, chromedp.SetValue("#"+id, value))
	}
	return out
}

// onEveryPage runs a script before those of each page.
func onEveryPage(script string) func(context.Context) error {
	return func(ctx context.Context) error {
		_, err := cdppage.AddScriptToEvaluateOnNewDocument(script).Do(ctx)
		return err
	}
}

// printed is the page as PDF.
func printed(into *[]byte) func(context.Context) error {
	return func(ctx context.Context) (err error) {
		*into, _, err = cdppage.PrintToPDF().Do(ctx)
		return err
	}
}

// promised makes an evaluation wait for the promise that the script gives.
func promised(p *runtime.EvaluateParams) *runtime.EvaluateParams { return p.WithAwaitPromise(true) }

// until waits for a script to be true, also while another page comes.
func (b *browser) until(script string) {
	b.t.Helper()
	for end := time.Now().Add(time.Minute); ; time.Sleep(30 * time.Millisecond) {
		var yes bool
		err := chromedp.Run(b.ctx, chromedp.Evaluate(script, &yes))
		if err == nil && yes {
			return
		}
		if time.Now().After(end) {
			b.t.Fatalf("it never came: %s (error %v)", script, err)
		}
	}
}
