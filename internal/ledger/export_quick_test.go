package ledger

import (
	"context"
	"strings"

	"github.com/jackc/pgx/v5"
)

// ExplainQuick is how a connection for quick reads would carry out a statement.
func (l *Ledger) ExplainQuick(ctx context.Context, sql string) (string, error) {
	rows, err := l.quick.Query(ctx, "EXPLAIN "+sql)
	if err != nil {
		return "", err
	}
	lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
	return strings.Join(lines, "\n"), err
}
