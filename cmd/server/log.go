package main

import (
	"context"
	"io"
	"log/slog"
	"os"
	"sync"
	"time"
)

// newLogger makes the program's log, and the function that writes out what is still
// held back. The lines of requests are written together, a moment later, since
// writing each by itself costs as much as the answer. Warnings and errors don't wait.
func newLogger(w io.Writer, format, level string) (log *slog.Logger, flush func()) {
	var options slog.HandlerOptions
	var least slog.Level
	if least.UnmarshalText([]byte(level)) == nil {
		options.Level = least
	}
	if f, ok := w.(*os.File); format == "auto" && ok && isTerminal(f) {
		format = "text"
	}
	out := &lines{out: w}
	handler := prompt{slog.NewJSONHandler(out, &options), out, true}
	if format == "text" {
		handler = prompt{slog.NewTextHandler(out, &options), out, false}
	}
	return slog.New(handler), out.flush
}

const (
	linesMost = 32 << 10 // bytes that wait
	linesWait = 100 * time.Millisecond
)

// lines gathers lines before it writes them.
type lines struct {
	mu      sync.Mutex
	out     io.Writer
	waiting []byte
	due     bool // a flush is on its way
}

// Write takes a line.
func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.waiting = append(l.waiting, p...)
	if len(l.waiting) >= linesMost {
		return len(p), l.send()
	}
	if !l.due {
		l.due = true
		time.AfterFunc(linesWait, l.flush)
	}
	return len(p), nil
}

func (l *lines) flush() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.due = false
	_ = l.send() // there is nowhere to say that the log cannot be written
}

func (l *lines) send() error {
	if len(l.waiting) == 0 {
		return nil
	}
	_, err := l.out.Write(l.waiting)
	l.waiting = l.waiting[:0]
	return err
}

// prompt writes warnings and errors at once.
type prompt struct {
	slog.Handler
	out    *lines
	asJSON bool // in plain JSON, with nothing added to each record
}

// Handle writes a record.
func (h prompt) Handle(ctx context.Context, r slog.Record) error {
	if h.asJSON {
		var room [1 << 10]byte
		if line, ok := appendPlainJSON(room[:0], r); ok {
			_, err := h.out.Write(line)
			return err
		}
	}
	err := h.Handler.Handle(ctx, r)
	if r.Level > slog.LevelInfo {
		h.out.flush()
	}
	return err
}

// WithAttrs is part of [slog.Handler].
func (h prompt) WithAttrs(attrs []slog.Attr) slog.Handler {
	return prompt{h.Handler.WithAttrs(attrs), h.out, false}
}

// WithGroup is part of [slog.Handler].
func (h prompt) WithGroup(name string) slog.Handler {
	return prompt{h.Handler.WithGroup(name), h.out, false}
}
