package main

import (
	"bytes"
	"log/slog"
	"math"
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
	for deadline := time.Now().Add(hanging); ; time.Sleep(time.Millisecond) {
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

// TestPlainLines: what is written without slog is what slog writes.
func TestPlainLines(t *testing.T) {
	t.Parallel()
	texts := []string{"", "request", "GET", "/v1/incidents/:ref", "a b", "<&>'", "\x7f", "~", "quote \"", `back\`, "tab\t", "line\n", "\x00", "café", "\xff", "\u2028"}
	var attrs []slog.Attr
	for i, text := range texts {
		attrs = append(attrs, slog.String("text", text), slog.Int("n", i-3), slog.String(text, "value"), slog.Any("any", []string{text}))
	}
	attrs = append(attrs, slog.Int64("least", math.MinInt64), slog.Bool("yes", true), slog.Duration("took", time.Second), slog.Float64("x", 1.5), slog.Any("none", nil),
		slog.Group("group", slog.Int("n", 1)), slog.Any("text", textValue("as text")), slog.Uint64("u", math.MaxUint64), slog.Attr{})
	times := []time.Time{time.Now(), {}, time.Date(2026, 1, 2, 3, 4, 5, 60_000, time.FixedZone("", 3600)), time.Date(12026, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)}
	short := 0
	check := func(when time.Time, level slog.Level, message string, attrs ...slog.Attr) {
		r := slog.NewRecord(when, level, message, 0)
		r.AddAttrs(attrs...)
		line, ok := appendPlainJSON(nil, r)
		if !ok {
			return
		}
		short++
		var want bytes.Buffer
		if err := slog.NewJSONHandler(&want, nil).Handle(t.Context(), r); err != nil || string(line) != want.String() {
			t.Errorf("got  %swant %s(%v)", line, &want, err)
		}
	}
	for _, when := range times {
		for _, level := range []slog.Level{slog.LevelDebug, slog.LevelInfo, slog.LevelWarn} {
			for _, text := range texts {
				check(when, level, text, slog.String("key", "value"))
			}
		}
	}
	for i := range attrs {
		check(times[0], slog.LevelInfo, "request", attrs[i])
		check(times[0], slog.LevelInfo, "request", slog.String("before", "it"), attrs[i], slog.Int("after", i))
	}
	if short < 40 {
		t.Errorf("only %d of these were written without slog", short)
	}
}

type textValue string

func (v textValue) LogValue() slog.Value { return slog.StringValue(string(v)) }
