package main

import (
	"strings"
	"sync"
	"testing"
	"time"
)

// written is where a log goes, and how often it was written to.
type written struct {
	mu    sync.Mutex
	text  strings.Builder
	times int
}

func (w *written) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.times++
	return w.text.Write(p)
}

func (w *written) seen() (lines, times int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return strings.Count(w.text.String(), "\n"), w.times
}

// TestLogLinesAreWrittenTogether, soon, and at once from a warning on; none is
// lost and none is cut.
func TestLogLinesAreWrittenTogether(t *testing.T) {
	t.Parallel()
	var out written
	log, flush := newLogger(&out, "json", "info")
	for range 20 {
		log.Info("request")
	}
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(time.Millisecond) {
		if lines, _ := out.seen(); lines == 20 {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("the lines are not written by themselves")
		}
	}
	if _, times := out.seen(); times > 5 {
		t.Errorf("20 lines took %d writes", times)
	}
	log.With("key", "value").WithGroup("group").Warn("something is wrong")
	if lines, _ := out.seen(); lines != 21 {
		t.Errorf("a warning waits: %d lines", lines)
	}
	for range 2000 {
		log.Info("request", "path", strings.Repeat("x", 50))
	}
	flush()
	if lines, _ := out.seen(); lines != 2021 {
		t.Errorf("%d lines are written, want 2021", lines)
	}
	for line := range strings.Lines(out.text.String()) {
		if !strings.HasPrefix(line, `{"time":`) || !strings.HasSuffix(line, "}\n") {
			t.Fatalf("a line is cut: %s", line)
		}
	}
}
