package browsertest

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"io"
	"sync"

	"github.com/chromedp/chromedp"
)

//go:embed axe.min.js.gz
var axePacked []byte

// axe is the script of axe-core.
var axe = sync.OnceValues(func() (string, error) {
	z, err := gzip.NewReader(bytes.NewReader(axePacked))
	if err != nil {
		return "", err
	}
	script, err := io.ReadAll(z)
	return string(script), err
})

// accessible runs axe-core over the page, everything folded away opened first:
// all rules of WCAG 2.2 A and AA, and the contrast in the dark once more.
func (b *browser) accessible(where string) {
	b.t.Helper()
	script, err := axe()
	if err != nil {
		b.t.Fatal(err)
	}
	b.run(chromedp.Evaluate(`document.querySelectorAll("details").forEach((d) => { d.open = true })`, nil), chromedp.Evaluate(script, nil))
	b.axe(where, `{type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}`)
	b.scheme(true)
	b.axe(where+" in the dark", `{type: "rule", values: ["color-contrast"]}`)
	b.scheme(false)
	b.quiet(where)
}

func (b *browser) axe(where, rules string) {
	b.t.Helper()
	var violations []string
	b.run(chromedp.Evaluate(`axe.run(document, {runOnly: `+rules+`, resultTypes: ["violations"], preload: false}).then((r) =>
		r.violations.flatMap((v) => v.nodes.slice(0, 4).map((n) => v.id + ": " + n.target.join(" ") + ": " + n.html.slice(0, 160) + " " + (n.any[0] || n.all[0] || n.none[0] || {message: ""}).message)))`,
		&violations, promised))
	for _, v := range violations {
		b.t.Errorf("%s: %s", where, v)
	}
}
