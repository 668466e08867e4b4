package pgbatch

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/breachledger/breachledger/internal/ledger/internal/dbsqlc"
)

// Sender is a transaction; or a pool, where what is sent is a transaction.
type Sender interface {
	SendBatch(context.Context, *pgx.Batch) pgx.BatchResults
}

// Pipeline asks n questions in one round trip. ask is called twice for each:
// first to note its statement, when it gets an error that it must return, and
// then with the answer.
func Pipeline(ctx context.Context, on Sender, n int, ask func(i int, db dbsqlc.DBTX) error) (err error) {
	if n == 0 {
		return nil
	}
	var batch pgx.Batch
	for i := range n {
		if err := ask(i, noting{&batch}); !errors.Is(err, errQueueOnly) {
			return err
		}
	}
	results := on.SendBatch(ctx, &batch)
	defer func() { err = errors.Join(err, results.Close()) }()
	for i := range n {
		if err := ask(i, answering{results}); err != nil {
			return err
		}
	}
	return nil
}

type noting struct{ batch *pgx.Batch }

func (n noting) Query(_ context.Context, sql string, args ...any) (pgx.Rows, error) {
	n.batch.Queue(sql, args...)
	return nil, errQueueOnly
}

func (n noting) Exec(_ context.Context, sql string, args ...any) (pgconn.CommandTag, error) {
	n.batch.Queue(sql, args...)
	return pgconn.CommandTag{}, errQueueOnly
}

func (noting) QueryRow(context.Context, string, ...any) pgx.Row { return failedRow{} }

type answering struct{ results pgx.BatchResults }

func (a answering) Query(context.Context, string, ...any) (pgx.Rows, error) {
	return a.results.Query() //nolint:rowserrcheck // the query's code checks them
}

func (a answering) Exec(context.Context, string, ...any) (pgconn.CommandTag, error) {
	return a.results.Exec()
}

func (a answering) QueryRow(context.Context, string, ...any) pgx.Row { return a.results.QueryRow() }
