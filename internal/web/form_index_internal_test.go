package web

import (
	"fmt"
	"slices"
	"testing"
	"time"
)

// TestSettled: a form that is settled says the same of itself.
func TestSettled(t *testing.T) {
	t.Parallel()
	f := newForm()
	for _, name := range []string{"/counts/0/quantity", "/counts/10/evidence/3/quote", "/counts/2/evidence/0/quote", "/counts/02/unit", "/counts-x/0/y", "/title", "/occurred/from", "/counts/x/y", "/counts/-1/y"} {
		f.values[name] = []string{"typed"}
	}
	f.values["/occurred/to"] = []string{" "}
	say := func() string {
		return fmt.Sprint(f.Rows("/counts"), f.Rows("/counts/10/evidence"), f.Rows("/losses"), f.Uses("/counts"), f.Uses("/counts/2"), f.Uses("/counts/1"), f.Uses("/occurred/to"), f.Uses("/occurred"), f.Uses("/count"), f.Uses("/title"))
	}
	const want = "[0 2 10] [3] [] true true false false true false true"
	if got := say(); got != want {
		t.Errorf("before: %s, not %s", got, want)
	}
	f.settle()
	if got := say(); got != want {
		t.Errorf("settled: %s, not %s", got, want)
	}
}

// TestManyRows: the time grows with the form, not with its square.
func TestManyRows(t *testing.T) {
	t.Parallel()
	f := newForm()
	const rows = 20_000
	for i := range rows {
		f.values[fmt.Sprintf("/counts/%d/quantity", i)] = []string{"1"}
	}
	began := time.Now()
	f.offer("/counts")
	f.settle()
	for i := range rows {
		if got := f.Rows(fmt.Sprintf("/counts/%d/evidence", i)); !slices.Equal(got, []int{0}) {
			t.Fatalf("row %d has the sentences %v", i, got)
		}
	}
	if took := time.Since(began); took > time.Minute { // it was minutes
		t.Errorf("%d rows took %s", rows, took)
	}
}
