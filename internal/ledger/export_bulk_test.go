package ledger

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/breachledger/breachledger/internal/ledger/internal/dbsqlc"
)

// ExplainDuplicates is how an import would look for likely duplicates.
func (b *Bulk) ExplainDuplicates(ctx context.Context, ids []uuid.UUID) (string, error) {
	tx, err := b.conn.Begin(ctx)
	if err != nil {
		return "", err
	}
	defer func() { _ = tx.Rollback(ctx) }()
	x := &txExplainer{Tx: tx}
	_, err = b.l.likelyImported(ctx, x, ids, nil)
	return x.result(err)
}

// ExplainExport is how a page of an export with originals would be read.
func (l *Ledger) ExplainExport(ctx context.Context) (string, error) {
	x := &explainer{pool: l.pool}
	_, err := l.q.ExportIncidents(ctx, x, dbsqlc.ExportIncidentsParams{Format: "veris:", Every: true, Most: largeAtOnce})
	return x.result(err)
}

// txExplainer explains instead of asking; the settings of its transaction count.
type txExplainer struct {
	pgx.Tx
	explainer
}

func (x *txExplainer) Exec(ctx context.Context, sql string, args ...any) (tag pgconn.CommandTag, err error) {
	return x.Tx.Exec(ctx, sql, args...)
}

func (x *txExplainer) Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error) {
	return nil, x.explain(ctx, x.Tx, sql, args)
}

func (x *txExplainer) QueryRow(context.Context, string, ...any) pgx.Row { return noRow{} }
