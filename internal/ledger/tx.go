package ledger

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// attempts is how often a write is tried that others keep racing.
const attempts = 20

// turn is an advisory lock, which one transaction at a time holds until its end.
type turn int64

const (
	// losersLock is that of writes that have lost a race. They run one after another from
	// then on, so that a crowd that wants one name gets through however large it is.
	// Writes that race with nobody never take it.
	losersLock turn = 0x6c_65_64_67
	// claimsLock is that of writers that bring claims back: two at once would not see
	// what the other brings.
	claimsLock turn = 0x63_6c_6d_73
	// pairsLock is that of batches that look for likely duplicates: two at once would not
	// see what the other has stored. (An import that is one transaction does not take it:
	// others would wait for its end.)
	pairsLock turn = 0x50_41_49_52
)

// takeTurn waits until no other transaction holds the lock.
func takeTurn(ctx context.Context, tx pgx.Tx, lock turn) error {
	if _, err := tx.Exec(ctx, "SELECT pg_advisory_xact_lock($1)", int64(lock)); err != nil {
		return fmt.Errorf("wait for other writes: %w", err)
	}
	return nil
}

// write runs f in a transaction, again when it raced with another write.
func (l *Ledger) write(ctx context.Context, f func(tx pgx.Tx) error) error {
	err := writeOn(ctx, l.pool, f)
	l.fresh.changed() // also after an error, which does not say that nothing was committed
	return err
}

// writeOn is write on a connection that the caller holds, or on a pool.
func writeOn(ctx context.Context, db interface {
	Begin(context.Context) (pgx.Tx, error)
}, f func(tx pgx.Tx) error) error {
	return retrying(ctx, func(attempt int) error { return try(ctx, db, attempt, f) })
}

// try runs f in a transaction; from the second attempt on it waits for its turn.
func try(ctx context.Context, db interface {
	Begin(context.Context) (pgx.Tx, error)
}, attempt int, f func(tx pgx.Tx) error) error {
	return fromPostgres(pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error {
		if attempt > 1 {
			if err := takeTurn(ctx, tx, losersLock); err != nil {
				return err
			}
		}
		return f(tx)
	}))
}

// retrying runs f until it has raced with no other write.
func retrying(ctx context.Context, f func(attempt int) error) error {
	for attempt := 1; ; attempt++ {
		err := f(attempt)
		switch {
		case err == nil || !errors.Is(err, errRace):
			return err
		case attempt == attempts:
			return fmt.Errorf("%w: %w", ErrBusy, err)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Duration(attempt) * 2 * time.Millisecond): // the lock parts them, no randomness needs to
		}
	}
}

// snapshot runs f on one consistent state of the ledger.
func (l *Ledger) snapshot(ctx context.Context, f func(tx pgx.Tx) error) error {
	return fromPostgres(pgx.BeginTxFunc(ctx, l.search, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, f))
}
