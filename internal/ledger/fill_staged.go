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

// stagedColumns are the columns of an incident as filled, in the order in which
// stagedRow gives them: all but what is searched.
var stagedColumns = incidentColumns[:len(incidentColumns)-1]

func stagedRow(r dbsqlc.IncidentInsertParams, firstPublished *time.Time) []any {
	values := incidentValues(r, firstPublished, nil)
	return append(values[:len(stagedColumns)], r.ActorIds, r.SourceIds)
}

func prepareStaging(ctx context.Context, db dbsqlc.DBTX) error {
	_, err := db.Exec(ctx, "CREATE TEMPORARY TABLE IF NOT EXISTS staged ON COMMIT DELETE ROWS AS SELECT "+
		strings.Join(stagedColumns, ", ")+", '{}'::uuid[] AS actor_ids, '{}'::uuid[] AS source_ids FROM incidents WITH NO DATA")
	if err != nil {
		return fmt.Errorf("prepare to fill the ledger: %w", err)
	}
	return nil
}

// insertSearched copies rows of incidents and lets the server compute what is
// searched, of the columns that it needs besides; the actors and sources must be
// there.
func insertSearched(ctx context.Context, tx pgx.Tx, rows [][]any, search string, more ...string) error {
	columns := slices.Concat(stagedColumns, []string{"actor_ids", "source_ids"}, more)
	if _, err := tx.CopyFrom(ctx, pgx.Identifier{"staged"}, columns, pgx.CopyFromRows(rows)); err != nil {
		return fmt.Errorf("copy incidents: %w", err)
	}
	names := strings.Join(stagedColumns, ", ")
	if _, err := tx.Exec(ctx, "INSERT INTO incidents ("+names+", search) SELECT "+names+
		", "+search+" FROM staged"); err != nil {
		return fmt.Errorf("insert incidents: %w", err)
	}
	// A transaction may have several batches.
	if _, err := tx.Exec(ctx, "TRUNCATE staged"); err != nil {
		return fmt.Errorf("empty the staging table: %w", err)
	}
	return nil
}
