// Package pgbatch sends much to PostgreSQL in few round trips, through the calls of
// dbsqlc that are written for one statement: a [Queue] of statements, questions in a
// [Pipeline], and rows in a [Copier].
package pgbatch

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// Queue gathers statements to send them to the database in one go. It stands in
// for a connection in the calls of dbsqlc that return nothing but an error.
type Queue struct {
	batch pgx.Batch
	must  map[int]error // what those fail with that must change a row
	next  error
	// Affected is how many rows each statement has changed, once it was sent.
	Affected []int64
}

var errQueueOnly = errors.New("a queue takes statements without results")

// Exec queues a statement; its errors come with [Queue.Send].
func (q *Queue) Exec(_ context.Context, sql string, args ...any) (pgconn.CommandTag, error) {
	if q.next != nil {
		if q.must == nil {
			q.must = map[int]error{}
		}
		q.must[q.batch.Len()] = q.next
		q.next = nil
	}
	q.batch.Queue(sql, args...)
	return pgconn.CommandTag{}, nil
}

// MustChange says that the statement queued next fails with err when it changes no
// row.
func (q *Queue) MustChange(err error) *Queue {
	q.next = err
	return q
}

// Query is refused: a queue has no answers.
func (*Queue) Query(context.Context, string, ...any) (pgx.Rows, error) { return nil, errQueueOnly }

// QueryRow is refused, as Query is.
func (*Queue) QueryRow(context.Context, string, ...any) pgx.Row { return failedRow{} }

type failedRow struct{}

func (failedRow) Scan(...any) error { return errQueueOnly }

// Send sends what is queued and reads every result.
func (q *Queue) Send(ctx context.Context, tx pgx.Tx) (err error) {
	if q.batch.Len() == 0 {
		return nil
	}
	results := tx.SendBatch(ctx, &q.batch)
	defer func() { err = errors.Join(err, results.Close()) }()
	for i := range q.batch.Len() {
		tag, err := results.Exec()
		if err != nil {
			return fmt.Errorf("run a queued statement: %w", err)
		}
		q.Affected = append(q.Affected, tag.RowsAffected())
		if err := q.must[i]; err != nil && tag.RowsAffected() == 0 {
			return err
		}
	}
	return nil
}
