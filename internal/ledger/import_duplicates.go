package ledger

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/breachledger/breachledger/internal/ledger/internal/dbsqlc"
	"github.com/breachledger/breachledger/internal/ledger/internal/likeness"
	"github.com/breachledger/breachledger/internal/ledger/internal/pgbatch"
)

// largeFrom is the number from which an incident is a large one. By the beginnings
// of names only large ones are looked for: they are few.
const largeFrom = 100_000

// likelyImported are the likely duplicates of new incidents, each pair once.
func (l *Ledger) likelyImported(ctx context.Context, tx pgx.Tx, ids, large []uuid.UUID) ([]dbsqlc.DuplicateInsertParams, error) {
	var found []dbsqlc.DuplicatesOfImportedRow
	err := inOrder(ctx, tx, func() (err error) {
		found, err = l.q.DuplicatesOfImported(ctx, tx, dbsqlc.DuplicatesOfImportedParams{Ids: ids, Large: orEmpty(large)})
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("look for duplicates: %w", err)
	}
	now := l.clock()
	pairs := make([]dbsqlc.DuplicateInsertParams, len(found))
	for i, f := range found {
		pairs[i] = dbsqlc.DuplicateInsertParams{FirstID: f.FirstID, SecondID: f.SecondID, FoundAt: now}
		switch p := &pairs[i]; {
		case f.ByName:
			p.Score, p.Reasons = 0.5, []string{"the names of the organisations begin alike", likeness.SimilarCount}
		case f.Days < 0:
			p.Score, p.Reasons = 0.6, []string{likeness.SameBreached, likeness.SimilarCount}
		default:
			p.Score, p.Reasons = 0.65, []string{likeness.SameBreached, likeness.DatesApart(int(f.Days))}
			if f.Days > likeness.CloseDays {
				p.Score = 0.5
			}
		}
	}
	compare := func(a, b dbsqlc.DuplicateInsertParams) int {
		return cmp.Or(bytes.Compare(a.FirstID[:], b.FirstID[:]), bytes.Compare(a.SecondID[:], b.SecondID[:]))
	}
	slices.SortStableFunc(pairs, compare) // by the organisation before by its name
	return slices.CompactFunc(pairs, func(a, b dbsqlc.DuplicateInsertParams) bool { return compare(a, b) == 0 }), nil
}

// inOrder has PostgreSQL read what is wanted in an order from an index. Where it
// takes an actor for one of few incidents, and has no statistics or old ones, it
// would read and sort all of them for the latest 20.
func inOrder(ctx context.Context, tx pgx.Tx, ask func() error) error {
	if _, err := tx.Exec(ctx, "SET LOCAL enable_sort = off"); err != nil {
		return err
	}
	if err := ask(); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, "SET LOCAL enable_sort TO DEFAULT")
	return err
}

// copyDuplicates puts the likely duplicates of incidents that this transaction has
// made in the queue. Nobody else knows of these yet, so that no pair is there. It
// is one statement, since its end counts the pairs of each incident in one order
// for all writers: with two, they could wait for each other.
func (l *Ledger) copyDuplicates(ctx context.Context, tx pgx.Tx, ids, large []uuid.UUID) error {
	pairs, err := l.likelyImported(ctx, tx, ids, large)
	if err != nil || len(pairs) == 0 {
		return err
	}
	var rows pgbatch.Copier
	for _, p := range pairs {
		if err := l.q.DuplicateInsert(ctx, &rows, p); err != nil {
			return err
		}
	}
	return rows.Copy(ctx, tx)
}
