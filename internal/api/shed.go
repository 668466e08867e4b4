package api

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync/atomic"
	"time"
)

// Queues are how many requests may wait for the database, and how long. One
// that finds the queue full, or waits too long, is answered 503 at once: under
// too much load some are turned away, instead of all becoming slow. Zero means
// the default.
type Queues struct {
	Reads    int // waiting to read or write
	Searches int // waiting to list, search or report
	Wait     time.Duration
}

// Defaults of Queues.
const (
	DefaultReadQueue   = 256
	DefaultSearchQueue = 64
	DefaultQueueWait   = time.Second
)

// How many are let in at a time of what does not go by the connections of a pool.
const (
	quickPlaces    = 64 // short reads: enough that some of them are sent together
	recordPlaces   = 49 // new incidents: enough that groups of them fill
	transferPlaces = 2  // imports and exports
)

// One import or export more waits. An import writes on so many connections of the pool
// for reads and writes that two leave half of it to others.
const (
	transferQueue   = 1
	transferWriters = 2
)

// class is what an operation asks of the database: each has a queue of its own.
type class int

const (
	classRead class = iota
	classSearch
	classQuick    // short reads that share connections
	classRecord   // new incidents: written together, on few connections of the first pool
	classTransfer // a whole ledger in or out: as long as it takes, on connections of the first pool
	classes
)

func (c class) String() string {
	return [...]string{"read", "search", "quick", "record", "transfer"}[c]
}

// class sets apart lists and reports, which may take long, imports and exports, which
// will, and new incidents, which share connections.
func (o operation) class() class {
	switch {
	case o.transfer:
		return classTransfer
	case o.id == recordOperation:
		return classRecord
	case o.quick:
		return classQuick
	}
	if o.search || o.tag == "reports" || strings.HasPrefix(o.id, "list-") {
		return classSearch
	}
	return classRead
}

// classed is an input that says itself what it asks of the database.
type classed interface{ class() class }

// gate lets a number of requests through at a time, and a number wait.
type gate struct {
	inside  chan struct{}
	waiting atomic.Int64
	queue   int64
	wait    time.Duration
	turned  func() // called for each request that is turned away
}

// placesFor are the places at a pool: half as many again as it has connections, since
// a request does not need its connection all the time.
func placesFor(connections int) int { return connections + connections/2 + 1 }

func newGate(places, queue int, wait time.Duration, turned func()) *gate {
	return &gate{inside: make(chan struct{}, places), queue: int64(queue), wait: wait, turned: turned}
}

var errOverloaded = errors.New("too many requests wait for the database")

// enter waits for a place inside. Whoever gets one must leave.
func (g *gate) enter(ctx context.Context) error {
	select {
	case g.inside <- struct{}{}:
		return nil
	default:
	}
	defer g.waiting.Add(-1)
	if g.waiting.Add(1) > g.queue {
		g.turned()
		return errOverloaded
	}
	timer := time.NewTimer(g.wait)
	defer timer.Stop()
	select {
	case g.inside <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		g.turned()
		return errOverloaded
	}
}

// try gets a place if there is one at this moment.
func (g *gate) try() error {
	select {
	case g.inside <- struct{}{}:
		return nil
	default:
		return errOverloaded
	}
}

// join waits for a place for as long as that takes.
func (g *gate) join(ctx context.Context) error {
	select {
	case g.inside <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (g *gate) leave() { <-g.inside }

// call runs the handler of an operation within its limits: not too many at a
// time, and not for too long. The body has been read by then and the answer is
// written afterwards, so that a slow client holds no place.
func call[I any](ctx context.Context, a *API, o operation, in *I, handler func(context.Context, *I) (*answer, error)) (*answer, error) {
	if o.request != nil {
		// The deadline was for reading the body; left in place, it would end the request.
		_ = http.NewResponseController(visitOf(ctx).writer).SetReadDeadline(time.Time{})
	}
	kind := o.class()
	if asked, ok := any(in).(classed); ok {
		kind = asked.class()
	}
	if kind != classTransfer {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, a.requestTimeout)
		defer cancel()
	}
	g := a.gates[kind]
	if err := g.enter(ctx); err != nil {
		return nil, ended(ctx, err)
	}
	defer g.leave()
	out, err := handler(ctx, in)
	return out, ended(ctx, err)
}

// statusClientGone is what nginx writes in its log for a client that went away;
// nobody reads the answer.
const statusClientGone = 499

// ended is the end of the request where an error would otherwise pass for a fault of
// the server, and is just what comes of that end.
func ended(ctx context.Context, err error) error {
	if err == nil || ctx.Err() == nil || problemOf(err).Status != http.StatusInternalServerError {
		return err
	}
	return ctx.Err()
}
