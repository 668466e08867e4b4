package main

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/breachledger/breachledger/internal/importer"
)

// TestProgress: a bar on a terminal, and elsewhere a line now and then.
func TestProgress(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	began := time.Now()
	now := func() time.Time { return began.Add(10 * time.Second) }
	b := &bar{out: &out, terminal: true, now: now, start: began, size: 1000}
	b.read.Store(500)
	b.show(importer.StreamReport{Created: 90, Unchanged: 10})
	if got := out.String(); !strings.Contains(got, "["+strings.Repeat("#", 15)+strings.Repeat(".", 15)+"] 100 rows, 10 a second, 50%, 10s left") {
		t.Errorf("on a terminal: %q", got)
	}
	b.end()
	if got := out.String(); !strings.HasSuffix(got, "\r\x1b[K") || strings.Contains(got, "\n") {
		t.Errorf("the bar stays: %q", got)
	}

	out.Reset()
	b = &bar{out: &out, now: now, start: began} // of a file whose size is not known
	b.show(importer.StreamReport{Created: 100})
	b.show(importer.StreamReport{Created: 200}) // too soon
	b.end()
	if got := out.String(); got != "100 rows, 10 a second\n" {
		t.Errorf("elsewhere: %q", got)
	}
}
