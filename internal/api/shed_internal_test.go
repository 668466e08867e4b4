package api

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"
)

// TestGate: so many go in, so many wait, and the rest is turned away at once.
func TestGate(t *testing.T) {
	t.Parallel()
	var turned atomic.Int64
	g := newGate(4, 3, time.Minute, func() { turned.Add(1) })
	for range cap(g.inside) {
		if err := g.enter(t.Context()); err != nil {
			t.Fatalf("there is room: %v", err)
		}
	}
	waited := make(chan error, 3)
	for range 3 {
		go func() { waited <- g.enter(t.Context()) }()
	}
	for g.waiting.Load() < 3 {
		time.Sleep(time.Millisecond)
	}
	for range 100 {
		if err := g.enter(t.Context()); !errors.Is(err, errOverloaded) {
			t.Fatalf("the queue is full: %v", err)
		}
	}
	for range 3 {
		g.leave()
		if err := <-waited; err != nil {
			t.Errorf("a place was given up: %v", err)
		}
	}
	if turned.Load() != 100 || g.waiting.Load() != 0 {
		t.Errorf("%d turned away, %d still waiting; want 100, 0", turned.Load(), g.waiting.Load())
	}
}

func TestGateWait(t *testing.T) {
	t.Parallel()
	g := newGate(1, 1, 50*time.Millisecond, func() {})
	if err := g.enter(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := g.enter(t.Context()); !errors.Is(err, errOverloaded) {
		t.Errorf("after the wait: %v", err)
	}
	g.wait = time.Minute
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if err := g.enter(gone); !errors.Is(err, context.Canceled) {
		t.Errorf("the client is gone: %v", err)
	}
	g.leave()
	if err := g.enter(t.Context()); err != nil {
		t.Errorf("there is room again: %v", err)
	}
}

func TestOperationClass(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		o    operation
		want class
	}{
		{operation{id: "get-incident", tag: "incidents"}, classRead},
		{operation{id: "record-incident", tag: "incidents"}, classRecord},
		{operation{id: "list-incidents", tag: "incidents"}, classSearch},
		{operation{id: "report-breaches", tag: "reports"}, classSearch},
		{operation{id: "get-actor", tag: "actors", search: true}, classSearch},
	} {
		if got := c.o.class(); got != c.want {
			t.Errorf("%s is of the class %s, want %s", c.o.id, got, c.want)
		}
	}
}
