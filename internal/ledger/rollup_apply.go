package ledger

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

const (
	// rollAtOnce is how many documents are fetched at a time, actorsAtOnce how
	// many actors' sums are held before they are written: both bound the memory.
	rollAtOnce   = 500
	actorsAtOnce = 5_000

	lockNotAvailable = "55P03"
)

// errRolling says that somebody else brings the reports up to date just now.
var errRolling = errors.New("the reports are being brought up to date")

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

// rollUp brings the sums of the reports up to date: with what was written since
// the last time or, when they are not there yet, with everything. All of it is
// one transaction on one state of the ledger, so that every write is counted
// once, by whichever server, and a crash leaves it to the next.
func (l *Ledger) rollUp(ctx context.Context, wait bool) error {
	err := pgx.BeginTxFunc(ctx, l.pool, pgx.TxOptions{IsoLevel: pgx.RepeatableRead}, func(tx pgx.Tx) error {
		// The lock comes first: the state that the transaction sees is that of its
		// first query, and has to have what the one before wrote.
		lock := "LOCK TABLE report_state IN EXCLUSIVE MODE"
		if !wait {
			lock += " NOWAIT"
		}
		if _, err := tx.Exec(ctx, lock); err != nil {
			return fmt.Errorf("wait for turn: %w", err)
		}
		state, err := l.q.ReportState(ctx, tx, 1)
		if err != nil {
			return fmt.Errorf("read their state: %w", err)
		}
		r := &roller{l: l, tx: tx, sums: newSums()}
		documents := changedDocuments
		if !state.Complete {
			documents = allDocuments
			if err := r.empty(ctx); err != nil {
				return err
			}
		}
		if err := r.count(ctx, documents); err != nil {
			return err
		}
		if err := l.q.ReportChangesDelete(ctx, tx); err != nil {
			return fmt.Errorf("empty the queue: %w", err)
		}
		return l.q.ReportCompleteSet(ctx, tx, true)
	})
	var pg *pgconn.PgError
	if errors.As(err, &pg) && pg.Code == lockNotAvailable {
		return errRolling
	}
	if err != nil {
		return fmt.Errorf("bring the reports up to date: %w", fromPostgres(err))
	}
	return nil
}

// roller brings the sums up to date.
type roller struct {
	l    *Ledger
	tx   pgx.Tx
	sums *sums

	added, changed dayRows // gathered
}

func (r *roller) empty(ctx context.Context) error {
	if err := r.l.q.ReportTotalsDelete(ctx, r.tx); err != nil {
		return fmt.Errorf("empty the totals: %w", err)
	}
	if err := r.l.q.ReportActorsDelete(ctx, r.tx); err != nil {
		return fmt.Errorf("empty the actors' sums: %w", err)
	}
	if err := r.l.q.ReportActorDaysDelete(ctx, r.tx); err != nil {
		return fmt.Errorf("empty the actors' days: %w", err)
	}
	return nil
}

// count counts the documents and writes what they add up to.
func (r *roller) count(ctx context.Context, documents string) error {
	if _, err := r.tx.Exec(ctx, documents); err != nil {
		return fmt.Errorf("find the documents: %w", err)
	}
	for {
		n, err := r.fetch(ctx)
		if err != nil {
			return err
		}
		if n == 0 {
			break
		}
		if len(r.sums.actors) >= actorsAtOnce {
			if err := r.writeSums(ctx, r.sums.rare()); err != nil {
				return err
			}
		}
	}
	if err := r.writeTotals(ctx); err != nil {
		return err
	}
	return r.writeSums(ctx, slices.Sorted(maps.Keys(r.sums.actors)))
}

// fetch counts the next documents.
func (r *roller) fetch(ctx context.Context) (n int, err error) {
	rows, err := r.tx.Query(ctx, fmt.Sprintf("FETCH %d FROM counted", rollAtOnce))
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
			r.sums.contribute(in, int64(2*i-1)) // the one before is taken away
		}
	}
	if err := rows.Err(); err != nil {
		return n, fmt.Errorf("fetch documents: %w", err)
	}
	return n, nil
}
