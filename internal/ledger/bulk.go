package ledger

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Bulk writes batches of imported documents on a connection of its own, by COPY.
type Bulk struct {
	l    *Ledger
	conn *pgxpool.Conn
	tx   pgx.Tx // holds everything until Commit; nil lets each batch commit by itself

	batches int
}

// OpenBulk takes a connection for a bulk import. Close gives it back.
func (l *Ledger) OpenBulk(ctx context.Context) (*Bulk, error) {
	conn, err := l.pool.Acquire(ctx)
	if err != nil {
		return nil, fmt.Errorf("take a connection for the import: %w", err)
	}
	if err := prepareBulk(ctx, conn); err != nil {
		conn.Release()
		return nil, err
	}
	l.slugs.open()
	return &Bulk{l: l, conn: conn}, nil
}

// bulkSettings are those of a connection for imports. They make PostgreSQL look
// everything up by key, and join tables in the order in which a statement names them:
// in a new ledger, for which it has no statistics, it would read whole tables instead.
// A batch need not be on disk when the next one begins; [Bulk.Flush] sees to that at
// the end.
var bulkSettings = map[string]string{
	"enable_seqscan":            "off",
	"enable_hashjoin":           "off",
	"enable_mergejoin":          "off",
	"join_collapse_limit":       "1",
	"synchronous_commit":        "off",
	"work_mem":                  "64MB",
	"gin_pending_list_limit":    "32MB",
	"default_toast_compression": "lz4", // where PostgreSQL was built with it
}

func prepareBulk(ctx context.Context, conn *pgxpool.Conn) error {
	_, err := conn.Exec(ctx, `SELECT set_config(name, value, false) FROM jsonb_each_text($1) AS wanted (name, value) JOIN pg_settings AS s USING (name)
		WHERE s.enumvals IS NULL OR value = ANY (s.enumvals)`, bulkSettings)
	if err != nil {
		return fmt.Errorf("prepare the import: %w", err)
	}
	return nil
}

// replan discards the plans that PostgreSQL has made for the connection: somebody else
// may have caused them, or the tables were empty, when one index is as good as another.
// It does so after 1, 2, 4, 8 … batches.
func (b *Bulk) replan(ctx context.Context) error {
	b.batches++
	if b.batches&(b.batches-1) != 0 {
		return nil
	}
	if _, err := b.conn.Exec(ctx, "DISCARD PLANS"); err != nil {
		return fmt.Errorf("have plans made anew: %w", fromPostgres(err))
	}
	return nil
}

// Begin makes all batches until Commit one transaction.
func (b *Bulk) Begin(ctx context.Context) error {
	tx, err := b.conn.Begin(ctx)
	if err != nil {
		return fmt.Errorf("begin the import: %w", err)
	}
	b.tx = tx
	return nil
}

// Commit writes what has been imported since Begin.
func (b *Bulk) Commit(ctx context.Context) error {
	defer b.l.fresh.changed() // also after an error, which does not say that nothing was committed
	if err := b.tx.Commit(ctx); err != nil {
		return fmt.Errorf("commit the import: %w", fromPostgres(err))
	}
	b.tx = nil
	return nil
}

// Flush waits until everything that batches have committed is on disk: each is
// whole or not there after a crash, and after this none is lost.
func (b *Bulk) Flush(ctx context.Context) error {
	// A commit that must be on disk takes all before it there, and only a commit
	// of something that was written is one.
	_, err := b.conn.Exec(ctx, "BEGIN; SET LOCAL synchronous_commit = on; SELECT pg_logical_emit_message(true, 'breachledger', 'import'); COMMIT")
	if err != nil {
		return fmt.Errorf("wait until the import is on disk: %w", fromPostgres(err))
	}
	return nil
}

// Rollback undoes what has been imported since Begin, unless it was committed.
func (b *Bulk) Rollback(ctx context.Context) {
	if b.tx != nil {
		// The caller's context may have ended the import; the undoing is not its.
		_ = b.tx.Rollback(context.WithoutCancel(ctx))
		b.tx = nil
	}
}

// Close gives the connection back as it was, or ends it where that fails.
func (b *Bulk) Close(ctx context.Context) {
	b.l.slugs.close()
	ctx = context.WithoutCancel(ctx)
	asItWas := []string{"DISCARD PLANS"}
	for name := range bulkSettings {
		asItWas = append(asItWas, "RESET "+name)
	}
	if _, err := b.conn.Exec(ctx, strings.Join(asItWas, ";")); err != nil {
		_ = b.conn.Conn().Close(ctx)
	}
	b.conn.Release()
}
