package browsertest

import (
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// TestTransfer measures what goes over the wire, headers included.
func TestTransfer(t *testing.T) {
	t.Parallel()
	s := serve(t)
	b := s.browse(t, look{})
	measure := func(path string, most float64) {
		t.Helper()
		b.open(path)
		// What is still under way would be counted with the next page.
		b.run(chromedp.Evaluate(`document.fonts.ready.then(() => true)`, nil, promised), chromedp.Sleep(pause))
		bytes := b.transferred()
		for end := time.Now().Add(time.Minute); bytes < 500 && time.Now().Before(end); bytes = b.transferred() {
			time.Sleep(10 * time.Millisecond)
		}
		t.Logf("%s: %.0f bytes", path, bytes)
		if bytes > most || bytes < 500 {
			t.Errorf("%s takes %.0f bytes, and may take %.0f", path, bytes, most)
		}
	}
	measure("/", 120_000)
	for _, p := range public(t, s) {
		measure(p.path, 30_000)
	}
	b.quiet("the transfer")
}

func (b *browser) transferred() float64 {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.transfer
}
