package multiplex

import (
	"context"
	"errors"
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

// worker answers questions on one connection at a time.
type worker struct {
	*Reader
	conn       *pgxpool.Conn // nil before the first question and after a failure
	statements map[string]*statement
	builder    pgx.ExtendedQueryBuilder
	waiting    []*question
}

// statement is one that the connection knows.
type statement struct {
	*pgconn.StatementDescription
	formats []int16                   // of the columns
	fields  []pgconn.FieldDescription // with these formats
	size    int                       // that answers have lately, in bytes
	ends    int                       // and in values
}

func (r *Reader) work() {
	defer r.workers.Done()
	w := &worker{Reader: r}
	defer w.leave()
	for w.collect() {
		w.answer()
	}
}

// collect waits for a question, and takes those that wait by then as well.
func (w *worker) collect() bool {
	w.waiting = w.waiting[:0]
	select {
	case q := <-w.asked:
		w.waiting = append(w.waiting, q)
	case <-w.closed:
		return false
	}
	for len(w.waiting) < together {
		select {
		case q := <-w.asked:
			w.waiting = append(w.waiting, q)
		default:
			return true
		}
	}
	return true
}

// answer answers what waits. When the connection breaks, or was broken all along, it
// asks once more on another: the questions change nothing.
func (w *worker) answer() {
	for _, q := range w.waiting {
		if err := q.ctx.Err(); err != nil {
			q.answer(err) // nobody waits any more
		}
	}
	err := w.ask()
	if err != nil && !pgconn.Timeout(err) {
		w.drop()
		err = w.ask()
	}
	if err != nil {
		w.drop()
		for _, q := range w.unanswered() {
			q.answer(err)
		}
	}
}

// unanswered drops the questions that have an answer.
func (w *worker) unanswered() []*question {
	w.waiting = slices.DeleteFunc(w.waiting, func(q *question) bool { return q.answered })
	return w.waiting
}

// ask sends what waits and reads the answers. Its error is the connection's; a
// statement's is the answer to its question.
func (w *worker) ask() (err error) {
	ctx, cancel := context.WithTimeout(context.Background(), w.limit)
	defer cancel()
	if err := w.prepare(ctx); err != nil {
		return err
	}
	if len(w.unanswered()) == 0 {
		return nil
	}
	pipeline := w.conn.Conn().PgConn().StartPipeline(ctx)
	defer func() { err = errors.Join(err, pipeline.Close()) }()
	for _, q := range w.waiting {
		s := w.statements[q.sql]
		if err := w.builder.Build(w.conn.Conn().TypeMap(), s.StatementDescription, q.args); err != nil {
			q.answer(err)
			continue
		}
		pipeline.SendQueryStatement(s.StatementDescription, w.builder.ParamValues, w.builder.ParamFormats, s.formats)
		pipeline.SendPipelineSync()
	}
	if err := pipeline.Flush(); err != nil {
		return err
	}
	for _, q := range w.unanswered() {
		if err := w.statements[q.sql].read(pipeline, q); err != nil {
			return err
		}
	}
	return nil
}

// prepare sees that there is a connection, and that it knows the statements.
func (w *worker) prepare(ctx context.Context) error {
	if w.conn == nil {
		conn, err := w.pool.Acquire(ctx)
		if err != nil {
			return err
		}
		w.conn, w.statements = conn, map[string]*statement{}
		w.types.learn(conn.Conn().TypeMap())
	}
	for _, q := range w.unanswered() {
		if w.statements[q.sql] != nil {
			continue
		}
		sd, err := w.conn.Conn().Prepare(ctx, q.sql, q.sql)
		var refused *pgconn.PgError
		switch {
		case err == nil:
			w.statements[q.sql] = w.statement(sd)
		case errors.As(err, &refused) && !w.conn.Conn().IsClosed():
			q.answer(err)
		default:
			return err
		}
	}
	return nil
}

func (w *worker) statement(sd *pgconn.StatementDescription) *statement {
	s := &statement{StatementDescription: sd, fields: slices.Clone(sd.Fields)}
	for i := range s.fields {
		s.fields[i].Format = w.conn.Conn().TypeMap().FormatCodeForOID(s.fields[i].DataTypeOID)
		s.formats = append(s.formats, s.fields[i].Format)
	}
	return s
}

// read reads the answer to a question and the Sync behind it.
func (s *statement) read(p *pgconn.Pipeline, q *question) error {
	results, err := p.GetResults()
	if reader, ok := results.(*pgconn.ResultReader); ok {
		// Anew, as a connection may have broken in the middle of an answer.
		q.rows.fields, q.rows.values, q.rows.ends = s.fields, q.rows.values[:0], make([]int, 0, s.ends)
		if cap(q.rows.values) < s.size {
			q.rows.values = make([]byte, 0, s.size)
		}
		for reader.NextRow() {
			q.rows.add(reader.Values())
		}
		q.rows.tag, err = reader.Close()
		s.size, s.ends = max(len(q.rows.values), s.size-s.size/16), max(len(q.rows.ends), s.ends-s.ends/16)
	}
	var refused *pgconn.PgError
	if err != nil && (!errors.As(err, &refused) || outdated(refused)) {
		return err
	}
	if _, failed := p.GetResults(); failed != nil {
		return failed
	}
	q.answer(err)
	return nil
}

// outdated reports whether a prepared statement has to be prepared anew, on
// another connection.
func outdated(err *pgconn.PgError) bool {
	const changed, unknown = "0A000", "26000" // the result's type, by a migration; the statement
	return err.Code == changed || err.Code == unknown
}

// drop ends the connection.
func (w *worker) drop() {
	if w.conn != nil {
		ended, cancel := context.WithCancel(context.Background())
		cancel() // it waits for no good-bye
		_ = w.conn.Conn().Close(ended)
		w.leave()
	}
}

// leave gives the connection back.
func (w *worker) leave() {
	if w.conn != nil {
		w.conn.Release()
		w.conn = nil
	}
}
