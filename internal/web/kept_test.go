package web

import (
	"errors"
	"testing"
	"time"
)

func TestKept(t *testing.T) {
	t.Parallel()
	now := time.Now()
	k := kept[int]{now: func() time.Time { return now }}
	asked := 0
	get := func(name string, moment uint64, took time.Duration, failure error) (int, error) {
		return k.get(t.Context(), name, moment, func() (int, error) {
			asked++
			now = now.Add(took)
			return asked, failure
		})
	}
	for _, step := range []struct {
		what   string
		moment uint64
		took   time.Duration
		later  time.Duration
		want   int
	}{
		{"what is quick", 1, quick, 0, 1},
		{"what is quick, again", 1, quick, 0, 2},
		{"what is dear", 1, time.Second, 0, 3},
		{"what is dear, while nothing changes", 1, time.Second, longest - time.Second - 1, 3},
		{"what is dear, not for ever", 1, time.Second, 1, 4},
		{"soon after a change", 2, time.Second, believed - time.Second - 1, 4},
		{"later after a change", 2, time.Second, 1, 5},
	} {
		now = now.Add(step.later)
		if got, err := get("x", step.moment, step.took, nil); err != nil || got != step.want {
			t.Errorf("%s: answer %d, error %v; want %d", step.what, got, err, step.want)
		}
	}
	if _, err := get("y", 1, time.Hour, errors.New("too slow")); err == nil {
		t.Error("an error is lost")
	}
	if got, err := get("y", 1, 0, nil); err != nil || got != 7 {
		t.Errorf("after an error: %d, %v", got, err)
	}
}
