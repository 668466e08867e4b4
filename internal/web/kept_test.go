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
	get := func(name string, took time.Duration, failure error) (int, error) {
		return k.get(name, func() (int, error) {
			asked++
			now = now.Add(took)
			return asked, failure
		})
	}
	for _, step := range []struct {
		what  string
		took  time.Duration
		later time.Duration
		want  int
	}{
		{"what is quick", quick, 0, 1},
		{"what is quick, again", quick, 0, 2},
		{"what is dear", time.Second, 0, 3},
		{"what is dear, soon after", time.Second, believed*time.Second - 1, 3},
		{"what is dear, late", time.Hour, 2, 4},
		{"not for ever", 0, longest, 5},
	} {
		now = now.Add(step.later)
		if got, err := get("x", step.took, nil); err != nil || got != step.want {
			t.Errorf("%s: answer %d, error %v; want %d", step.what, got, err, step.want)
		}
	}
	if _, err := get("y", time.Hour, errors.New("too slow")); err == nil {
		t.Error("an error is lost")
	}
	if got, err := get("y", 0, nil); err != nil || got != 7 {
		t.Errorf("after an error: %d, %v", got, err)
	}
}
