package api

import (
	"encoding/binary"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func TestLimiterBucket(t *testing.T) {
	t.Parallel()
	l := newLimiter(60) // one a second
	who := [16]byte{1}
	for i := range 60 {
		if v := l.take(who, 0); !v.allowed || v.remaining != 59-i || v.reset != time.Duration(i+1)*time.Second {
			t.Fatalf("request %d: %+v", i+1, v)
		}
	}
	for _, c := range []struct {
		at   time.Duration
		want verdict
	}{
		{0, verdict{reset: time.Minute, retry: time.Second}},
		{300 * time.Millisecond, verdict{reset: 59700 * time.Millisecond, retry: 700 * time.Millisecond}},
		{time.Second, verdict{allowed: true, reset: time.Minute}},
		{1500 * time.Millisecond, verdict{reset: 59500 * time.Millisecond, retry: 500 * time.Millisecond}},
		{11 * time.Second, verdict{allowed: true, remaining: 9, reset: 51 * time.Second}},
		{time.Hour, verdict{allowed: true, remaining: 59, reset: time.Second}},
	} {
		if got := l.take(who, c.at); got != c.want {
			t.Errorf("at %s: %+v, want %+v", c.at, got, c.want)
		}
	}
	if v := l.take([16]byte{2}, 0); !v.allowed || v.remaining != 59 {
		t.Errorf("somebody else: %+v", v)
	}
}

// TestLimiterMemory: however many addresses ask, the memory is bounded, and who
// has used up a bucket is not let go for others' sake as long as there is room.
func TestLimiterMemory(t *testing.T) {
	t.Parallel()
	l := newLimiter(60)
	var who [16]byte
	for i := range 4 * maxBuckets {
		binary.BigEndian.PutUint64(who[:], uint64(i))
		l.take(who, time.Duration(i)*time.Microsecond)
	}
	total := 0
	for i := range l.shards {
		total += len(l.shards[i].full)
	}
	if total > maxBuckets || total < maxBuckets/2 {
		t.Errorf("%d buckets are kept, want at most %d", total, maxBuckets)
	}
	// An hour later all are full again, and make room.
	binary.BigEndian.PutUint64(who[:], 1<<40)
	l.take(who, time.Hour)
	total = 0
	for i := range l.shards {
		total += len(l.shards[i].full)
	}
	if total > maxBuckets-maxBuckets/16+1 {
		t.Errorf("%d buckets are kept after an hour", total)
	}
}

// TestLimiterTogether: of many requests at once exactly as many are let through
// as there are tokens.
func TestLimiterTogether(t *testing.T) {
	t.Parallel()
	l := newLimiter(100)
	var allowed atomic.Int64
	var all sync.WaitGroup
	for range 16 {
		all.Go(func() {
			for range 50 {
				if l.take([16]byte{9}, 0).allowed {
					allowed.Add(1)
				}
			}
		})
	}
	all.Wait()
	if allowed.Load() != 100 {
		t.Errorf("%d requests were let through, want 100", allowed.Load())
	}
}

func TestNoLimiter(t *testing.T) {
	t.Parallel()
	if newLimiter(0) != nil {
		t.Error("0 is a limit")
	}
	if _, err := newLimits(Rates{KeyReads: -1}); err == nil {
		t.Error("a negative limit was taken")
	}
}
