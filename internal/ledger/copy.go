package ledger

import (
	"context"
	"fmt"
	"regexp"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// copier stands in for a connection in the calls of dbsqlc that insert one row,
// and gathers the rows to send them by COPY, table by table. The same code then
// writes one incident by statements and thousands by COPY.
type copier struct {
	tables map[string]*copyTable // by statement
	order  []*copyTable
}

type copyTable struct {
	name    string
	columns []string
	rows    [][]any
}

var errNotCopied = fmt.Errorf("only plain inserts of one row can be copied")

// plainInsert is INSERT INTO table (columns) VALUES ($1, $2, …) and nothing more.
var plainInsert = regexp.MustCompile(`(?s)INSERT INTO (\w+) \(([^)]+)\)\s+VALUES \((?:\s*\$\d+,?)+\s*\)\s*$`)

// Exec gathers the row of an insert.
func (c *copier) Exec(_ context.Context, sql string, args ...any) (pgconn.CommandTag, error) {
	t, ok := c.tables[sql]
	if !ok {
		found := plainInsert.FindStringSubmatch(strings.TrimRight(sql, "\n ;"))
		if found == nil {
			return pgconn.CommandTag{}, fmt.Errorf("%w: %s", errNotCopied, sql)
		}
		t = &copyTable{name: found[1]}
		for column := range strings.SplitSeq(found[2], ",") {
			t.columns = append(t.columns, strings.TrimSpace(column))
		}
		if c.tables == nil {
			c.tables = map[string]*copyTable{}
		}
		c.tables[sql] = t
		c.order = append(c.order, t)
	}
	t.rows = append(t.rows, args)
	return pgconn.CommandTag{}, nil
}

func (*copier) Query(context.Context, string, ...any) (pgx.Rows, error) { return nil, errNotCopied }

func (*copier) QueryRow(context.Context, string, ...any) pgx.Row { return failedRow{} }

// send copies the rows. References between the tables are checked at the end of
// the transaction, or lead to rows that are there before.
func (c *copier) send(ctx context.Context, tx pgx.Tx) error {
	for _, t := range c.order {
		if _, err := tx.CopyFrom(ctx, pgx.Identifier{t.name}, t.columns, pgx.CopyFromRows(t.rows)); err != nil {
			return fmt.Errorf("copy into %s: %w", t.name, err)
		}
	}
	return nil
}
