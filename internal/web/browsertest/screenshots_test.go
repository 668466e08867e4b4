package browsertest

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// pause is for what a browser does by itself after a page is there.
const pause = 150 * time.Millisecond

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
				// What sticks to the window would stand in the middle of a whole page.
				b.run(chromedp.Evaluate(`document.querySelectorAll(".save, .apply, .notes").forEach((e) => e.classList.add("unstuck"))`, nil), chromedp.FullScreenshot(&picture, 100))
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
