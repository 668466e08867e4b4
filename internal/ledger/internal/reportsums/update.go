// Package reportsums keeps the sums that the reports over everything are read from:
// what each document adds to them (contribution.go), added up (sums.go), and written
// to the tables (write.go, days.go).
package reportsums

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/breachledger/breachledger/internal/ledger/internal/dbsqlc"
)

const (
	// documentsAtOnce is how many documents are fetched at a time, actorsAtOnce how
	// many actors' sums are held before they are written: both bound the memory.
	documentsAtOnce = 500
	actorsAtOnce    = 5_000

	lockNotAvailable = "55P03" // what NOWAIT says
)

// ErrBusy says that somebody else brings the reports up to date just now.
var ErrBusy = errors.New("the reports are being brought up to date")

// The documents to be counted, each with the one that was counted before. An
// incident that was written several times is counted as it was before the first
// and as it is now. Each document is looked up by its key, however many there
// are: PostgreSQL has no statistics of a queue.
const (
	changedDocuments = `DECLARE counted NO SCROLL CURSOR FOR
SELECT c.before, i.document
  FROM (SELECT DISTINCT ON (incident_id) incident_id, before FROM report_changes ORDER BY incident_id, seq) AS c
  LEFT JOIN LATERAL (SELECT document FROM incidents WHERE id = c.incident_id OFFSET 0) AS i ON true`
	allDocuments = `DECLARE counted NO SCROLL CURSOR FOR
SELECT NULL::json AS before, document FROM incidents WHERE listed`
)

// Update brings the sums of the reports up to date: with what was written since
// the last time or, when they are not there yet, with everything. All of it is
// one transaction on one state of the ledger, so that every write is counted
// once, by whichever server, and a crash leaves it to the next. While somebody
// else does so it waits, or returns ErrBusy at once.
func Update(ctx context.Context, pool *pgxpool.Pool, wait bool) error {
	q := dbsqlc.New()
	err := pgx.BeginTxFunc(ctx, pool, pgx.TxOptions{IsoLevel: pgx.RepeatableRead}, func(tx pgx.Tx) error {
		// The lock comes first: the state that the transaction sees is that of its
		// first query, and has to have what the one before wrote.
		lock := "LOCK TABLE report_state IN EXCLUSIVE MODE"
		if !wait {
			lock += " NOWAIT"
		}
		if _, err := tx.Exec(ctx, lock); err != nil {
			return fmt.Errorf("wait for turn: %w", err)
		}
		state, err := q.ReportState(ctx, tx, 1)
		if err != nil {
			return fmt.Errorf("read their state: %w", err)
		}
		u := &updater{q: q, tx: tx, sums: newSums()}
		documents := changedDocuments
		if !state.Complete {
			documents = allDocuments
			if err := u.empty(ctx); err != nil {
				return err
			}
		}
		if err := u.count(ctx, documents); err != nil {
			return err
		}
		if err := q.ReportChangesDelete(ctx, tx); err != nil {
			return fmt.Errorf("empty the queue: %w", err)
		}
		return q.ReportCompleteSet(ctx, tx, true)
	})
	var pg *pgconn.PgError
	if errors.As(err, &pg) && pg.Code == lockNotAvailable {
		return ErrBusy
	}
	return err
}

// updater brings the sums up to date.
type updater struct {
	q    *dbsqlc.Queries
	tx   pgx.Tx
	sums *sums

	added, changed dayRows // gathered
}

func (u *updater) empty(ctx context.Context) error {
	if err := u.q.ReportTotalsDelete(ctx, u.tx); err != nil {
		return fmt.Errorf("empty the totals: %w", err)
	}
	if err := u.q.ReportActorsDelete(ctx, u.tx); err != nil {
		return fmt.Errorf("empty the actors' sums: %w", err)
	}
	if err := u.q.ReportActorDaysDelete(ctx, u.tx); err != nil {
		return fmt.Errorf("empty the actors' days: %w", err)
	}
	return nil
}

// count counts the documents and writes what they add up to.
func (u *updater) count(ctx context.Context, documents string) error {
	if _, err := u.tx.Exec(ctx, documents); err != nil {
		return fmt.Errorf("find the documents: %w", err)
	}
	for {
		n, err := u.fetch(ctx)
		if err != nil {
			return err
		}
		if n == 0 {
			break
		}
		if len(u.sums.actors) >= actorsAtOnce {
			if err := u.writeSums(ctx, u.sums.rare()); err != nil {
				return err
			}
		}
	}
	if err := u.writeTotals(ctx); err != nil {
		return err
	}
	return u.writeSums(ctx, slices.Sorted(maps.Keys(u.sums.actors)))
}

// fetch counts the next documents.
func (u *updater) fetch(ctx context.Context) (n int, err error) {
	rows, err := u.tx.Query(ctx, fmt.Sprintf("FETCH %d FROM counted", documentsAtOnce))
	if err != nil {
		return 0, fmt.Errorf("fetch documents: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		n++
		for i, document := range rows.RawValues() { // JSON is sent as it is
			if document == nil {
				continue
			}
			in, err := readCounted(document)
			if err != nil {
				return n, err
			}
			u.sums.contribute(in, int64(2*i-1)) // the one before is taken away
		}
	}
	if err := rows.Err(); err != nil {
		return n, fmt.Errorf("fetch documents: %w", err)
	}
	return n, nil
}
