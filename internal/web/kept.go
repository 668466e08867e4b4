package web

import (
	"sync"
	"time"
)

// kept keeps answers that were dear to get, so that a page with a chart of a
// large ledger is not drawn from the whole of it for each visitor. What took
// long is believed for so much longer; what is quick is asked for each time.
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
	mu    sync.Mutex // held while it is asked for: one asks, the others wait
	value T
	until time.Time
}

const (
	quick    = 250 * time.Millisecond
	believed = 30 // times as long as it took …
	longest  = 5 * time.Minute
	keptMost = 100
)

// get is the answer of that name, asked for unless it is kept.
func (k *kept[T]) get(name string, ask func() (T, error)) (T, error) {
	a := k.answer(name)
	a.mu.Lock()
	defer a.mu.Unlock()
	if k.clock().Before(a.until) {
		return a.value, nil
	}
	began := k.clock()
	value, err := ask()
	if took := k.clock().Sub(began); err == nil && took > quick {
		a.value, a.until = value, k.clock().Add(min(believed*took, longest))
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
		a = &keptAnswer[T]{}
		k.all[name] = a
	}
	return a
}
