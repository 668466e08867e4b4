package httpconn

import (
	"testing"
	"time"
)

// TestSeldomTold: of what net/http sets for each request the connection hears little.
func TestSeldomTold(t *testing.T) {
	t.Parallel()
	var times int
	d := deadline{tell: func(time.Time) error { times++; return nil }}
	at := began.Add(time.Hour)
	const requests = 10_000
	for i := range requests {
		now := at.Add(time.Duration(i) * 50 * time.Microsecond) // half a second in all
		for _, t := range []time.Time{now.Add(30 * time.Second), time.Unix(1, 0), {}} {
			_ = d.set(t)
		}
		_ = d.set(now.Add(2 * time.Minute))
		if err := d.enter(); err != nil { // waits for the next request
			t.Fatal(err)
		}
		d.leave()
		_ = d.set(now.Add(5 * time.Second))
	}
	if times > 10 {
		t.Errorf("%d requests told the connection %d times", requests, times)
	}
}

// TestNeverEarly: a deadline is rounded up.
func TestNeverEarly(t *testing.T) {
	t.Parallel()
	for _, after := range []time.Duration{1, grain - 1, grain, grain + 1, time.Hour + 1} {
		var told time.Time
		d := deadline{tell: func(t time.Time) error { told = t; return nil }}
		_ = d.set(began.Add(after))
		if err := d.enter(); err != nil {
			t.Fatal(err)
		}
		if late := told.Sub(began.Add(after)); late < 0 || late >= grain {
			t.Errorf("%s: %s late", after, late)
		}
	}
}
