package ledger

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"strings"
)

// unknownTables asks for the tables of which PostgreSQL lacks the statistics of a
// column, or of an expression that an index computes. Tables of a few pages do well
// without.
const unknownTables = `
SELECT quote_ident(t.relname)
  FROM pg_class AS t
 WHERE t.relnamespace = current_schema()::regnamespace AND t.relkind = 'r' AND t.reltuples <> 0 AND pg_relation_size(t.oid) > 65536
   AND EXISTS (
       SELECT FROM (SELECT t.relname AS part, a.attname
                      FROM pg_attribute AS a
                     WHERE a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
                     UNION ALL
                    SELECT x.relname, NULL
                      FROM pg_index AS i JOIN pg_class AS x ON x.oid = i.indexrelid
                     WHERE i.indrelid = t.oid AND i.indexprs IS NOT NULL AND i.indpred IS NULL) AS needed
        WHERE NOT EXISTS (
              SELECT FROM pg_stats AS s
               WHERE s.schemaname = current_schema() AND s.tablename = needed.part AND s.attname = coalesce(needed.attname, s.attname)))
 ORDER BY t.relname`

// knowTables lets PostgreSQL analyse the tables that it has no statistics of: a
// migration made them or an index of theirs anew, or pg_upgrade or pg_restore left the
// statistics behind. Autovacuum does so only once a part of the rows has changed, which
// in an old ledger takes months. Until then plans are guesses, and so is which words of
// titles are too frequent to tell incidents apart.
func knowTables(ctx context.Context, conn *sql.DB, log *slog.Logger) error {
	rows, err := conn.QueryContext(ctx, unknownTables)
	if err != nil {
		return fmt.Errorf("ask which tables are not known: %w", err)
	}
	defer func() { _ = rows.Close() }()
	var tables []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return fmt.Errorf("ask which tables are not known: %w", err)
		}
		tables = append(tables, name)
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("ask which tables are not known: %w", err)
	}
	if len(tables) == 0 {
		return nil
	}
	list := strings.Join(tables, ", ")
	log.Info("gathering PostgreSQL's statistics, which it lacks", "tables", list)
	if _, err := conn.ExecContext(ctx, "ANALYZE "+list); err != nil && ctx.Err() == nil {
		log.Warn("PostgreSQL's statistics cannot be gathered; searches may be slow", "error", err) // it serves all the same
	}
	return ctx.Err()
}
