package ledger

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"io/fs"
	"log/slog"
	"path"
	"strconv"
	"strings"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // goose speaks database/sql
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"github.com/breachledger/breachledger/db"
)

// migrationIsLong is after how long the log says that a migration is still going on.
const migrationIsLong = 3 * time.Second

// Migrate brings the database's schema up to what this program needs, sees to it
// that PostgreSQL knows its tables, and returns how many migrations it applied.
// Servers that start at the same time take turns. The log, which may be nil, is told
// of what may take long before it begins.
func Migrate(ctx context.Context, url string, log *slog.Logger) (int, error) {
	log = cmp.Or(log, slog.New(slog.DiscardHandler))
	applied := 0
	err := withGoose(ctx, url, func(conn *sql.DB, p *goose.Provider) error {
		if from, err := schemaOf(ctx, conn); err == nil && from < latestMigration() {
			log.Info("migrating the database", "from", from, "to", latestMigration())
		}
		long := time.AfterFunc(migrationIsLong, func() {
			log.Info("the database is still being migrated, by this program or by another that it waits for")
		})
		results, err := p.Up(ctx)
		long.Stop()
		if applied = len(results); applied > 0 {
			log.Info("migrated the database", "migrations", applied)
		}
		if err != nil {
			return err
		}
		return knowTables(ctx, conn, log)
	})
	return applied, err
}

// schemaOf is the version of a database that has one.
func schemaOf(ctx context.Context, conn *sql.DB) (version int64, err error) {
	err = conn.QueryRowContext(ctx, "SELECT max(version_id) FROM goose_db_version WHERE is_applied").Scan(&version)
	return version, err
}

// MigrateTo brings the schema up or down to a version; 0 removes everything.
func MigrateTo(ctx context.Context, url string, version int64) error {
	return withGoose(ctx, url, func(_ *sql.DB, p *goose.Provider) error {
		current, err := p.GetDBVersion(ctx)
		if err != nil {
			return err
		}
		if version < current {
			_, err = p.DownTo(ctx, version)
		} else {
			_, err = p.UpTo(ctx, version)
		}
		return err
	})
}

// MigrationStatus lists every migration with whether it is applied.
func MigrationStatus(ctx context.Context, url string) ([]string, error) {
	var lines []string
	err := withGoose(ctx, url, func(_ *sql.DB, p *goose.Provider) error {
		statuses, err := p.Status(ctx)
		for _, s := range statuses {
			lines = append(lines, fmt.Sprintf("%-8s %s", s.State, path.Base(s.Source.Path)))
		}
		return err
	})
	return lines, err
}

func withGoose(ctx context.Context, url string, run func(*sql.DB, *goose.Provider) error) error {
	conn, err := sql.Open("pgx", url)
	if err != nil {
		return fmt.Errorf("open the database for migration: %w", err)
	}
	defer func() { _ = conn.Close() }()
	if err := conn.PingContext(ctx); err != nil {
		return fmt.Errorf("reach the database: %w", oneLineError{err})
	}
	migrations, err := fs.Sub(db.Migrations, "migrations")
	if err != nil {
		return fmt.Errorf("open the migrations: %w", err)
	}
	// A server that waits for another asks every second, for five minutes.
	locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 300))
	if err != nil {
		return fmt.Errorf("prepare the migration lock: %w", err)
	}
	provider, err := goose.NewProvider(goose.DialectPostgres, conn, migrations, goose.WithSessionLocker(locker))
	if err != nil {
		return fmt.Errorf("read the migrations: %w", err)
	}
	if err := run(conn, provider); err != nil {
		return fmt.Errorf("migrate the database: %w", err)
	}
	return nil
}

// latestMigration is the version that this program needs.
func latestMigration() int64 {
	var latest int64
	names, _ := fs.Glob(db.Migrations, "migrations/*.sql")
	for _, name := range names {
		digits, _, _ := strings.Cut(path.Base(name), "_")
		if n, err := strconv.ParseInt(digits, 10, 64); err == nil {
			latest = max(latest, n)
		}
	}
	return latest
}
