package pgbatch

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"sync"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/breachledger/breachledger/internal/ledger/internal/dbsqlc"
)

// Copier stands in for a connection in the calls of dbsqlc that insert one row,
// and gathers the rows to send them table by table: thousands by COPY, a few by a
// statement for each table, all in one round trip. The same code then writes one
// incident or many.
type Copier struct {
	tables map[string]*Table // by statement
	order  []*Table
	one    []string // the statements, in that order
}

// Table is rows of a table.
type Table struct {
	Name    string
	Columns []string
	Rows    [][]any
	marks   []mark
}

var errNotCopied = fmt.Errorf("only plain inserts of one row can be copied")

// plainInsert is INSERT INTO table (columns) VALUES ($1, $2, …) and nothing more.
var plainInsert = regexp.MustCompile(`(?s)INSERT INTO (\w+) \(([^)]+)\)\s+VALUES \((?:\s*\$\d+,?)+\s*\)\s*$`)

// Exec gathers the row of an insert.
func (c *Copier) Exec(_ context.Context, sql string, args ...any) (pgconn.CommandTag, error) {
	t, ok := c.tables[sql]
	if !ok {
		found := plainInsert.FindStringSubmatch(strings.TrimRight(sql, "\n ;"))
		if found == nil {
			return pgconn.CommandTag{}, fmt.Errorf("%w: %s", errNotCopied, sql)
		}
		t = &Table{Name: found[1]}
		for column := range strings.SplitSeq(found[2], ",") {
			t.Columns = append(t.Columns, strings.TrimSpace(column))
		}
		if c.tables == nil {
			c.tables = map[string]*Table{}
		}
		c.tables[sql] = t
		c.order, c.one = append(c.order, t), append(c.one, sql)
	}
	t.Rows = append(t.Rows, args)
	return pgconn.CommandTag{}, nil
}

// Query is refused: a copier takes inserts.
func (*Copier) Query(context.Context, string, ...any) (pgx.Rows, error) { return nil, errNotCopied }

// QueryRow is refused, as Query is.
func (*Copier) QueryRow(context.Context, string, ...any) pgx.Row { return failedRow{} }

// Copy copies the rows. References between the tables are checked at the end of
// the transaction, or lead to rows that are there before.
func (c *Copier) Copy(ctx context.Context, tx pgx.Tx) error {
	for _, t := range c.order {
		if err := CopyTables(ctx, tx, *t); err != nil {
			return err
		}
	}
	return nil
}

// CopyTables copies rows of some tables, one after the other.
func CopyTables(ctx context.Context, tx pgx.Tx, tables ...Table) error {
	for _, t := range tables {
		if _, err := tx.CopyFrom(ctx, pgx.Identifier{t.Name}, t.Columns, pgx.CopyFromRows(t.Rows)); err != nil {
			return fmt.Errorf("copy into %s: %w", t.Name, err)
		}
	}
	return nil
}

// Inserts are statements that insert the rows, one for each table. Where rows are
// few they cost less than COPY, which takes two round trips and cannot be sent with
// others.
func (c *Copier) Inserts(ctx context.Context, tx pgx.Tx) ([]Statement, error) {
	out := make([]Statement, len(c.order))
	for i, t := range c.order {
		sql, err := t.insertMany(ctx, tx, c.one[i])
		if err != nil {
			return nil, err
		}
		out[i].sql = sql
		for column := range t.Columns {
			values := make(pgtype.FlatArray[any], len(t.Rows))
			for row := range t.Rows {
				values[row] = t.Rows[row][column]
			}
			out[i].args = append(out[i].args, values)
		}
	}
	return out, nil
}

// Statement is one without a result.
type Statement struct {
	sql  string
	args []any
}

// Run has it run.
func (s Statement) Run(ctx context.Context, db dbsqlc.DBTX) error {
	_, err := db.Exec(ctx, s.sql, s.args...)
	return err
}

// manyInserts are the statements that insert many rows, by those of one.
var manyInserts sync.Map

// insertMany is the statement that inserts rows given column by column. PostgreSQL
// says of the one of a single row which types they have.
func (t *Table) insertMany(ctx context.Context, tx pgx.Tx, insert string) (string, error) {
	if known, ok := manyInserts.Load(insert); ok {
		return known.(string), nil
	}
	one, err := tx.Prepare(ctx, "", insert)
	if err != nil {
		return "", fmt.Errorf("ask for the columns of %s: %w", t.Name, err)
	}
	lists := make([]string, len(one.ParamOIDs))
	for i, oid := range one.ParamOIDs {
		of, ok := tx.Conn().TypeMap().TypeForOID(oid)
		if !ok {
			return "", fmt.Errorf("%s.%s has an unknown type", t.Name, t.Columns[i])
		}
		lists[i] = fmt.Sprintf("$%d::%s[]", i+1, pgx.Identifier{of.Name}.Sanitize())
	}
	sql := fmt.Sprintf("INSERT INTO %s (%s) SELECT * FROM unnest(%s)", t.Name, strings.Join(t.Columns, ", "), strings.Join(lists, ", "))
	manyInserts.Store(insert, sql)
	return sql, nil
}
