package pgbatch

import (
	"errors"
	"regexp"
	"strconv"

	"github.com/jackc/pgx/v5/pgconn"
)

// mark says of the rows of a table up to a number which line of a file they are of.
type mark struct{ rows, line int }

// Mark says that the rows gathered since the last mark are of that line of a file.
func (c *Copier) Mark(line int) {
	for _, t := range c.order {
		if n := len(t.marks); n == 0 && len(t.Rows) > 0 || n > 0 && t.marks[n-1].rows < len(t.Rows) {
			t.marks = append(t.marks, mark{len(t.Rows), line})
		}
	}
}

// Line is that of the row which a failed COPY of these rows names; 0 when it names none.
func (c *Copier) Line(failed error) int {
	table, row := CopiedRow(failed)
	for _, t := range c.order {
		for _, m := range t.marks {
			if t.Name == table && row <= m.rows {
				return m.line
			}
		}
	}
	return 0
}

var copiedRow = regexp.MustCompile(`^COPY (\w+), line (\d+)`)

// CopiedRow is the table and the row, from 1, which a failed COPY names; "" when it
// names none, as of what is looked at when all rows are there.
func CopiedRow(failed error) (table string, row int) {
	var pg *pgconn.PgError
	if !errors.As(failed, &pg) {
		return "", 0
	}
	found := copiedRow.FindStringSubmatch(pg.Where)
	if found == nil {
		return "", 0
	}
	row, _ = strconv.Atoi(found[2])
	return found[1], row
}
