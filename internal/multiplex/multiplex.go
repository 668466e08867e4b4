// Package multiplex asks PostgreSQL many short questions on few connections.
// Those that wait are sent together, each with a Sync of its own: one wake-up of
// a backend and one of this program serve several, and one that fails fails
// alone. It is for quick reads only, as those behind a slow one wait for it.
package multiplex

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

// together is how many questions are sent at once. More would make the first
// wait for the last, and gain little.
const together = 16

// ErrClosed says that the reader has been closed.
var ErrClosed = errors.New("the reader of the database is closed")

// Reader answers statements that only read. Its methods have the form that
// sqlc's code takes, and it is safe for use by many goroutines.
type Reader struct {
	pool    *pgxpool.Pool
	limit   time.Duration
	asked   chan *question
	closed  chan struct{}
	close   sync.Once
	workers sync.WaitGroup
	types   types
}

// New makes a reader on so many connections of the pool, which it holds from the
// first question on. A round trip that takes longer than limit ends, and so does
// its connection.
func New(pool *pgxpool.Pool, connections int, limit time.Duration) *Reader {
	r := &Reader{pool: pool, limit: limit, asked: make(chan *question), closed: make(chan struct{})}
	r.workers.Add(connections)
	for range connections {
		go r.work()
	}
	return r
}

// Close ends the work and gives the connections back.
func (r *Reader) Close() {
	r.close.Do(func() { close(r.closed) })
	r.workers.Wait()
}

// Query asks for rows. They are all there when it returns.
func (r *Reader) Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error) {
	memory := freeMemory(ctx)
	q := &question{ctx: ctx, sql: sql, args: args, done: make(chan struct{}), rows: rows{types: &r.types, values: memory.lend()}}
	select {
	case r.asked <- q:
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-r.closed:
		return nil, ErrClosed
	}
	select {
	case <-q.done:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	memory.giveBack(q.rows.values)
	if q.rows.err != nil {
		return nil, q.rows.err
	}
	return &q.rows, nil
}

// QueryRow asks for one row.
func (r *Reader) QueryRow(ctx context.Context, sql string, args ...any) pgx.Row {
	all, err := r.Query(ctx, sql, args...) //nolint:rowserrcheck // Scan does
	return row{all, err}
}

// Exec only completes the interface of sqlc's code.
func (*Reader) Exec(context.Context, string, ...any) (pgconn.CommandTag, error) {
	return pgconn.CommandTag{}, errors.New("a reader only reads")
}

// question is a statement with its arguments. Its answer is there when done is
// closed.
type question struct {
	ctx      context.Context //nolint:containedctx // of the one who asks and waits
	sql      string
	args     []any
	rows     rows
	answered bool // for the worker
	done     chan struct{}
}

func (q *question) answer(err error) {
	q.rows.err, q.answered = err, true
	close(q.done)
}
