package browsertest

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
)

// chrome is the one browser of all tests; each has windows of its own in it.
var chrome struct {
	once sync.Once
	ctx  context.Context //nolint:containedctx // chromedp keeps its browser in a context
	err  error
}

func TestMain(m *testing.M) {
	code := m.Run()
	if chrome.ctx != nil {
		_ = chromedp.Cancel(chrome.ctx)
	}
	os.Exit(code)
}

func startChrome() {
	path := ""
	for _, name := range []string{os.Getenv("CHROMIUM"), "chromium", "chromium-browser", "google-chrome"} {
		if found, err := exec.LookPath(name); name != "" && err == nil && path == "" {
			path = found
		}
	}
	if path == "" {
		chrome.err = fmt.Errorf("the browser tests need Chromium: run `./scripts/need.sh chromium`, or set CHROMIUM")
		return
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.Flag("no-sandbox", os.Geteuid() == 0),
		chromedp.Flag("disable-dev-shm-usage", true), chromedp.Flag("hide-scrollbars", true), chromedp.WSURLReadTimeout(2*time.Minute))
	allocated, _ := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, _ := chromedp.NewContext(allocated)
	chrome.ctx, chrome.err = ctx, chromedp.Run(ctx) //nolint:fatcontext // it is the first and only one
}

// window opens one with cookies of its own, which chromedp by itself cannot in a
// browser without a head.
func window() (target.ID, error) {
	ctx := cdp.WithExecutor(chrome.ctx, chromedp.FromContext(chrome.ctx).Browser)
	own, err := target.CreateBrowserContext().WithDisposeOnDetach(true).Do(ctx)
	if err != nil {
		return "", err
	}
	return target.CreateTarget("about:blank").WithBrowserContextID(own).WithNewWindow(true).Do(ctx)
}

// browser is a window with cookies of its own, whose every complaint is a failure.
type browser struct {
	*site
	t          *testing.T
	ctx        context.Context //nolint:containedctx // as above
	mu         sync.Mutex
	complaints []string
	transfer   float64 // bytes since the last open, as they went over the wire
}

// look says how a window looks at pages.
type look struct {
	dark, noScript bool
	width, height  int64
}

func (s *site) browse(t *testing.T, l look) *browser {
	t.Helper()
	chrome.once.Do(startChrome)
	if chrome.err != nil {
		t.Fatal(chrome.err)
	}
	id, err := window()
	if err != nil {
		t.Fatalf("open a window: %v", err)
	}
	ctx, cancel := chromedp.NewContext(chrome.ctx, chromedp.WithTargetID(id))
	t.Cleanup(cancel)
	ctx, end := context.WithTimeout(ctx, 8*time.Minute)
	t.Cleanup(end)
	b := &browser{site: s, t: t, ctx: ctx}
	chromedp.ListenTarget(ctx, b.listen)
	if l.width == 0 {
		l.width, l.height = 1280, 900
	}
	b.run(network.Enable(), log.Enable(), runtime.Enable(), cdppage.Enable(), emulation.SetScriptExecutionDisabled(l.noScript),
		emulation.SetFocusEmulationEnabled(true), chromedp.EmulateViewport(l.width, l.height))
	b.scheme(l.dark)
	return b
}

func (b *browser) scheme(dark bool) {
	b.t.Helper()
	value := "light"
	if dark {
		value = "dark"
	}
	b.run(emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{
		{Name: "prefers-color-scheme", Value: value}, {Name: "prefers-reduced-motion", Value: "reduce"}, // what moves is hard to press
	}))
}

// listen notes what a page must not do.
func (b *browser) listen(event any) {
	switch e := event.(type) {
	case *runtime.EventConsoleAPICalled:
		b.complain("console: %s %v", e.Type, e.Args)
	case *runtime.EventExceptionThrown:
		b.complain("exception: %s", e.ExceptionDetails.Error())
	case *log.EventEntryAdded: // also what the Content-Security-Policy forbade
		b.complain("log: %s %s", e.Entry.Text, e.Entry.URL)
	case *cdppage.EventJavascriptDialogOpening:
		b.complain("dialog: %s", e.Message)
		go func() { _ = chromedp.Run(b.ctx, cdppage.HandleJavaScriptDialog(true)) }()
	case *network.EventRequestWillBeSent:
		if !strings.HasPrefix(e.Request.URL, b.url+"/") && !strings.HasPrefix(e.Request.URL, "about:") && !strings.HasPrefix(e.Request.URL, "data:") {
			b.complain("a request to another host: %s", e.Request.URL)
		}
	case *network.EventLoadingFailed:
		if !e.Canceled {
			b.complain("a request failed: %s", e.ErrorText)
		}
	case *network.EventLoadingFinished:
		b.mu.Lock()
		b.transfer += e.EncodedDataLength
		b.mu.Unlock()
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

// takeComplaints are the complaints so far, which are forgotten.
func (b *browser) takeComplaints() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	out := b.complaints
	b.complaints = nil
	return out
}

// quiet checks that there was no complaint.
func (b *browser) quiet(where string) {
	b.t.Helper()
	for _, c := range b.takeComplaints() {
		b.t.Errorf("%s: %s", where, c)
	}
}
