package multiplex

import (
	"cmp"
	"fmt"
	"reflect"
	"sync"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"
)

// types are copies of a connection's types, since reading a row takes a map of
// them for itself.
type types struct {
	given sync.Once
	first *pgtype.Map
	spare sync.Pool
}

// learn takes the types of the first connection.
func (t *types) learn(m *pgtype.Map) { t.given.Do(func() { t.first = m.Copy() }) }

func (t *types) take() *pgtype.Map {
	if m, ok := t.spare.Get().(*pgtype.Map); ok {
		return m
	}
	return t.first.Copy()
}

// rows are an answer: all values one after the other.
type rows struct {
	types  *types
	fields []pgconn.FieldDescription
	values []byte
	ends   []int // of each value in values; -1 is NULL
	tag    pgconn.CommandTag
	err    error

	at    int // in ends
	begin int // in values
	row   [][]byte
	plans []plan
	m     *pgtype.Map
}

// plan is how values of a column come into variables of a type.
type plan struct {
	to   reflect.Type
	scan pgtype.ScanPlan
}

// add takes over a row.
func (r *rows) add(row [][]byte) {
	for _, value := range row {
		if value == nil {
			r.ends = append(r.ends, -1)
			continue
		}
		r.values = append(r.values, value...)
		r.ends = append(r.ends, len(r.values))
	}
}

// Next goes to the next row.
func (r *rows) Next() bool {
	if r.err != nil || r.at == len(r.ends) {
		r.Close()
		return false
	}
	if r.row == nil {
		r.row = make([][]byte, len(r.fields))
	}
	for i := range r.row {
		end := r.ends[r.at]
		r.at++
		if end < 0 {
			r.row[i] = nil
			continue
		}
		r.row[i] = r.values[r.begin:end:end]
		r.begin = end
	}
	return true
}

// Scan reads the row into variables. JSON is handed out without a copy: the
// values are the rows' own, and nothing else is written there.
func (r *rows) Scan(to ...any) error {
	if len(to) != len(r.row) {
		return r.fail(fmt.Errorf("%d columns are to be read into %d variables", len(r.row), len(to)))
	}
	for i, v := range to {
		if v == nil {
			continue // nobody wants it
		}
		if text, ok := v.(*[]byte); ok && isJSON(r.fields[i]) {
			*text = r.row[i]
			continue
		}
		if err := r.plan(i, v).Scan(r.row[i], v); err != nil {
			return r.fail(pgx.ScanArgError{ColumnIndex: i, FieldName: r.fields[i].Name, Err: err})
		}
	}
	return nil
}

func isJSON(f pgconn.FieldDescription) bool {
	return f.Format == pgtype.TextFormatCode && (f.DataTypeOID == pgtype.JSONOID || f.DataTypeOID == pgtype.JSONBOID)
}

func (r *rows) plan(column int, v any) pgtype.ScanPlan {
	if r.plans == nil {
		r.plans, r.m = make([]plan, len(r.row)), r.types.take()
	}
	p := &r.plans[column]
	if to := reflect.TypeOf(v); p.to != to {
		f := r.fields[column]
		p.to, p.scan = to, r.m.PlanScan(f.DataTypeOID, f.Format, v)
	}
	return p.scan
}

func (r *rows) fail(err error) error {
	r.err = err
	r.Close()
	return err
}

// Close ends the reading.
func (r *rows) Close() {
	if r.m != nil {
		r.types.spare.Put(r.m)
		r.m, r.plans = nil, nil
	}
	r.at = len(r.ends)
}

// Values are the row's values as pgx reads them by itself.
func (r *rows) Values() ([]any, error) {
	out := make([]any, len(r.row))
	for i := range r.row {
		if err := r.plan(i, &out[i]).Scan(r.row[i], &out[i]); err != nil {
			return nil, r.fail(err)
		}
	}
	return out, nil
}

func (r *rows) Err() error                                   { return r.err }
func (r *rows) CommandTag() pgconn.CommandTag                { return r.tag }
func (r *rows) FieldDescriptions() []pgconn.FieldDescription { return r.fields }
func (r *rows) RawValues() [][]byte                          { return r.row }
func (*rows) Conn() *pgx.Conn                                { return nil }
func (r *rows) TypeMap() *pgtype.Map                         { return r.types.first }

// row is the first row of an answer.
type row struct {
	pgx.Rows
	err error
}

// Scan reads the row; without one it is [pgx.ErrNoRows].
func (r row) Scan(to ...any) error {
	if r.err != nil {
		return r.err
	}
	defer r.Close()
	if !r.Next() {
		return cmp.Or(r.Err(), pgx.ErrNoRows)
	}
	return r.Rows.Scan(to...)
}
