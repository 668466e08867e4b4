package ledger

import (
	"context"
	"fmt"
	"time"
)

// An incident is found by a hundred words, each with a place of its own in the index.
// PostgreSQL puts them on a list beside the index first, and sorts a long list in at
// once, which takes a part of the time. But who writes when the list is full waits until
// all of it is sorted in, and every search reads the whole list. So it may be long, and
// is sorted in by nobody who waits, a moment after something was written.

const (
	// sortInEvery is how often is looked whether something was written.
	sortInEvery = time.Second
	// pendingMost is how long the list may get: some 6,000 incidents, more than are logged
	// in a second. A search reads it in 4 ms.
	pendingMost = "16MB"
)

// pending is what the program knows of the lists.
type pending struct {
	upkeep
	sortedIn uint64 // the freshness at which they were empty
}

// keepSortedIn sorts the lists into their indexes while something is written.
func (l *Ledger) keepSortedIn() {
	l.pending.upkeep = keepUp(sortInEvery, failure{log: l.log, what: "new words cannot be sorted into the index, so that searches get slower"}, l.sortIn)
}

func (l *Ledger) sortIn(ctx context.Context) (tried bool, err error) {
	number := l.fresh.number.Load()
	if number == l.pending.sortedIn {
		return false, nil
	}
	if err := l.q.PendingListsClean(ctx, l.pool); err != nil {
		return true, fmt.Errorf("sort new words into the index: %w", fromPostgres(err))
	}
	l.pending.sortedIn = number
	return true, nil
}
