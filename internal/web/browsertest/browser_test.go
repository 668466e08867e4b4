package browsertest

import (
	"bytes"
	"compress/gzip"
	"context"
	_ "embed"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/factfile"
	"github.com/breachledger/breachledger/internal/importer"
	"github.com/breachledger/breachledger/internal/ledger"
	"github.com/breachledger/breachledger/internal/ledgertest"
	"github.com/breachledger/breachledger/internal/web"
	"github.com/breachledger/breachledger/seeds"
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

// site is a server with the seed articles.
type site struct {
	url    string
	ledger *ledger.Ledger
	key    string // an editor's
}

func serve(t *testing.T) *site {
	t.Helper()
	l := ledgertest.Open(t)
	set, err := factfile.Load(seeds.Files, "seeds")
	if err != nil {
		t.Fatalf("read the seeds: %v", err)
	}
	if _, err := importer.Facts(context.Background(), l, set); err != nil {
		t.Fatalf("import the seeds: %v", err)
	}
	pages, err := web.New(web.Config{Ledger: l})
	if err != nil {
		t.Fatalf("make the pages: %v", err)
	}
	server := httptest.NewServer(pages)
	t.Cleanup(server.Close)
	_, secret, err := l.CreateKey(context.Background(), "an editor", access.Editor, nil)
	if err != nil {
		t.Fatalf("make a key: %v", err)
	}
	return &site{url: server.URL, ledger: l, key: secret}
}

// chromium is the browser, or the failure that there is none.
func chromium(t *testing.T) string {
	t.Helper()
	for _, name := range []string{os.Getenv("CHROMIUM"), "chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); name != "" && err == nil {
			return path
		}
	}
	t.Fatal("the browser tests need Chromium: run `make browser-needs`, or set CHROMIUM")
	return ""
}

// browser is a window of its own, whose every complaint is a failure.
type browser struct {
	*site
	t          *testing.T
	ctx        context.Context //nolint:containedctx // chromedp keeps its browser in a context
	mu         sync.Mutex
	complaints []string
}

// look says how a window looks at pages.
type look struct {
	dark, noScript bool
	width, height  int64
}

func (s *site) browse(t *testing.T, l look) *browser {
	t.Helper()
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(chromium(t)), chromedp.Flag("no-sandbox", os.Geteuid() == 0),
		chromedp.Flag("disable-dev-shm-usage", true), chromedp.Flag("hide-scrollbars", true))
	allocated, stop := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(stop)
	ctx, cancel := chromedp.NewContext(allocated)
	t.Cleanup(cancel)
	ctx, end := context.WithTimeout(ctx, 3*time.Minute)
	t.Cleanup(end)
	b := &browser{site: s, t: t, ctx: ctx}
	chromedp.ListenTarget(ctx, b.listen)
	scheme := "light"
	if l.dark {
		scheme = "dark"
	}
	if l.width == 0 {
		l.width, l.height = 1280, 900
	}
	b.run(network.Enable(), log.Enable(), runtime.Enable(),
		emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}),
		emulation.SetScriptExecutionDisabled(l.noScript), emulation.SetFocusEmulationEnabled(true), chromedp.EmulateViewport(l.width, l.height))
	return b
}

// listen notes what a page must not do.
func (b *browser) listen(event any) {
	switch e := event.(type) {
	case *runtime.EventConsoleAPICalled:
		b.complain("console: %s %v", e.Type, e.Args)
	case *runtime.EventExceptionThrown:
		b.complain("exception: %s", e.ExceptionDetails.Error())
	case *log.EventEntryAdded:
		b.complain("log: %s %s", e.Entry.Text, e.Entry.URL)
	case *network.EventRequestWillBeSent:
		if !strings.HasPrefix(e.Request.URL, b.url+"/") && !strings.HasPrefix(e.Request.URL, "about:") && !strings.HasPrefix(e.Request.URL, "data:") {
			b.complain("a request to another host: %s", e.Request.URL)
		}
	case *network.EventLoadingFailed:
		if !e.Canceled {
			b.complain("a request failed: %s", e.ErrorText)
		}
	case *network.EventResponseReceived:
		if e.Response.Status >= http.StatusBadRequest {
			b.complain("%s answered %d", e.Response.URL, e.Response.Status)
		}
	}
}

func (b *browser) complain(format string, args ...any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.complaints = append(b.complaints, fmt.Sprintf(format, args...))
}

// quiet checks that there was no complaint, and forgets those that there were.
func (b *browser) quiet(where string) {
	b.t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, c := range b.complaints {
		b.t.Errorf("%s: %s", where, c)
	}
	b.complaints = nil
}

func (b *browser) run(actions ...chromedp.Action) {
	b.t.Helper()
	if err := chromedp.Run(b.ctx, actions...); err != nil {
		b.t.Fatal(err)
	}
}

func (b *browser) open(path string) {
	b.t.Helper()
	b.run(chromedp.Navigate(b.url+path), chromedp.WaitReady("main"))
	b.quiet(path)
}

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
	rest := b.text()
	for _, part := range parts {
		_, after, found := strings.Cut(rest, part)
		if !found {
			b.t.Fatalf("the page does not show %q (in that order):\n%s", part, b.text())
		}
		rest = after
	}
}
