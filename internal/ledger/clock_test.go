package ledger_test

import (
	"testing"
	"time"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
	"github.com/breachledger/breachledger/internal/ledgertest"
)

// TestAClockThatIsBehind: what a server writes whose clock is behind that of another, or
// was put back, comes after what was written before.
func TestAClockThatIsBehind(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	noon := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	l.SetClock(noon)
	from, to := counted(t, l, "One", 5), counted(t, l, "Another", 7)
	l.SetClock(noon.Add(-time.Hour))
	since := noon
	for _, summary := range []string{"first", "second", "third"} {
		in := parse(t, edit(t, l, from.Slug, func(in *incidents.Incident) { in.Summary = summary }))
		if !in.UpdatedAt.After(since) {
			t.Errorf("the %s edit was at %s, not after %s", summary, in.UpdatedAt, since)
		}
		list, err := l.List(t.Context(), ledger.ListRequest{Filter: ledger.Filter{UpdatedSince: since.Add(time.Microsecond)}})
		if err != nil || len(list.Items) != 1 {
			t.Errorf("after the %s edit %d incidents have changed, %v", summary, len(list.Items), err)
		}
		since = in.UpdatedAt
	}

	// A merge is found by its time when it is undone.
	merge(t, l, from.Slug, to.Slug)
	restore(t, l, from.Slug, 4)
	if one, other := countsOf(t, l, from.Slug), countsOf(t, l, to.Slug); len(one) != 1 || len(other) != 1 {
		t.Errorf("the merge was undone, and they have the counts %v and %v", one, other)
	}
}
