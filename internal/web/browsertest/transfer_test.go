package browsertest

import (
	"testing"

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
		b.run(chromedp.Sleep(pause))
		b.mu.Lock()
		defer b.mu.Unlock()
		t.Logf("%s: %.0f bytes", path, b.transfer)
		if b.transfer > most || b.transfer < 500 {
			t.Errorf("%s takes %.0f bytes, and may take %.0f", path, b.transfer, most)
		}
	}
	measure("/", 120_000)
	for _, p := range public(t, s) {
		measure(p.path, 30_000)
	}
	b.quiet("the transfer")
}
