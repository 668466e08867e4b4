package web

import (
	"context"
	"sync"
	"time"

	"github.com/breachledger/breachledger/internal/access"
)

// kept keeps answers that were expensive to get, so that a chart of a large ledger is
// not made anew for each visitor: while the ledger stays as it is, and for a few
// seconds after it has changed. What is quick is asked for each time, and so is
// everything for those who are signed in, who want to see what they have written.
type kept[T any] struct {
	mu  sync.Mutex
	all map[string]*keptAnswer[T]
	now func() time.Time // nil is time.Now
}

func (k *kept[T]) clock() time.Time {
	if k.now != nil {
		return k.now()
	}
	return time.Now()
}

type keptAnswer[T any] struct {
	asking chan struct{} // holds one while it is asked for: one asks, the others wait
	value  T
	moment uint64    // of the ledger, before it was asked for
	asked  time.Time // zero: not kept
}

const (
	quick    = 250 * time.Millisecond
	believed = 4 * time.Second // after the ledger has changed
	longest  = time.Minute     // in any case
	keptMost = 100
)

// get is the answer of that name at a moment of the ledger, asked for unless it
// is kept.
func (k *kept[T]) get(ctx context.Context, name string, moment uint64, ask func() (T, error)) (T, error) {
	a := k.answer(name)
	select {
	case a.asking <- struct{}{}:
	case <-ctx.Done():
		var none T
		return none, ctx.Err()
	}
	defer func() { <-a.asking }()
	if age := k.clock().Sub(a.asked); age < believed || age < longest && a.moment == moment {
		return a.value, nil
	}
	began := k.clock()
	value, err := ask()
	if took := k.clock().Sub(began); err == nil && took > quick {
		a.value, a.moment, a.asked = value, moment, began
	}
	return value, err
}

func (k *kept[T]) answer(name string) *keptAnswer[T] {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.all == nil || len(k.all) > keptMost {
		k.all = map[string]*keptAnswer[T]{}
	}
	a, ok := k.all[name]
	if !ok {
		a = &keptAnswer[T]{asking: make(chan struct{}, 1)}
		k.all[name] = a
	}
	return a
}

// keep is the answer for a visitor: the kept one, unless they are signed in.
func keep[T any](ctx context.Context, s *Web, v *visit, k *kept[T], name string, ask func() (T, error)) (T, error) {
	moment, sure := s.ledger.Moment()
	if !sure || v.by.Role != access.Anonymous {
		return ask()
	}
	return k.get(ctx, name, moment, ask)
}
