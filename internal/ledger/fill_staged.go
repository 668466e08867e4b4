package ledger

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/breachledger/breachledger/internal/ledger/internal/dbsqlc"
)

var (
	// filledColumns are the columns of an incident but for what is searched, which
	// the server computes.
	filledColumns = incidentColumns[:len(incidentColumns)-1]
	// stagedColumns are these, and what is searched besides them, in the order in
	// which stagedRow gives them.
	stagedColumns = append(slices.Clip(filledColumns), "names", "texts")
)

func stagedRow(r dbsqlc.IncidentInsertParams, firstPublished *time.Time, names, texts string) []any {
	values := incidentValues(r, firstPublished, nil)
	return append(values[:len(filledColumns)], names, texts)
}

// prepareStaging makes the table into which a connection copies incidents.
func prepareStaging(ctx context.Context, db dbsqlc.DBTX) error {
	_, err := db.Exec(ctx, "CREATE TEMPORARY TABLE staged ON COMMIT DELETE ROWS AS SELECT "+
		strings.Join(filledColumns, ", ")+", '' AS names, '' AS texts FROM incidents WITH NO DATA")
	if err != nil {
		return fmt.Errorf("prepare to fill the ledger: %w", err)
	}
	return nil
}

// insertStaged copies rows of incidents, and lets the server compute what is searched.
func insertStaged(ctx context.Context, tx pgx.Tx, rows [][]any) error {
	if _, err := tx.CopyFrom(ctx, pgx.Identifier{"staged"}, stagedColumns, pgx.CopyFromRows(rows)); err != nil {
		return fmt.Errorf("copy incidents: %w", err)
	}
	columns := strings.Join(filledColumns, ", ")
	if _, err := tx.Exec(ctx, "INSERT INTO incidents ("+columns+", search) SELECT "+columns+
		", search_of(title, summary, names, texts) FROM staged"); err != nil {
		return fmt.Errorf("insert incidents: %w", err)
	}
	return nil
}
