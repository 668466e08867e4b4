package web

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/breachledger/breachledger/internal/ledger"
)

// Gates admit requests to the database, no more at a time than it can bear. Whoever is
// turned away is told so on a page; a nil gate admits everybody.
//
// A request has a place while its answer is found, not while a form is read or a
// page sent, so that a slow client holds none.
type Gates struct {
	Quick, Read, Search Gate
	// Aside is for what a page can do without: it does not wait.
	Aside Gate
	// Part is for the next part of a file that has begun: it waits as long as it takes.
	Part Gate
}

// Gate waits for a place. The context that it gives ends when the time of a
// request is over; whoever is let in must leave.
type Gate = func(context.Context) (ctx context.Context, leave func(), err error)

// errFull says that too many wait for the database.
var errFull = errors.New("too many ask at the moment")

// enter goes through a gate, if there is one.
func enter(ctx context.Context, g Gate) (context.Context, func(), error) {
	if g == nil {
		return ctx, func() {}, nil
	}
	inside, leave, err := g(ctx)
	if err != nil && ctx.Err() == nil && !errors.Is(err, context.DeadlineExceeded) {
		err = fmt.Errorf("%w: %w", errFull, err)
	}
	return inside, leave, err
}

// asideTime is how long a page waits for what it can do without.
const asideTime = time.Second

// aside asks for what a page can do without: where there is no room, or it takes too
// long, the page goes without.
func aside[T any](s *Web, v *visit, ask func(context.Context) (T, error)) (none T, err error) {
	ctx, leave, err := enter(v.ctx(), s.gates.Aside)
	if errors.Is(err, errFull) {
		return none, nil
	}
	if err != nil {
		return none, err
	}
	defer leave()
	ctx, cancel := context.WithTimeout(ctx, asideTime)
	defer cancel()
	out, err := ask(ctx)
	if err == nil {
		return out, nil
	}
	if v.ctx().Err() == nil && (ctx.Err() != nil || errors.Is(err, ledger.ErrTooSlow)) {
		return none, nil
	}
	return none, err
}
