package ledger

import (
	"context"
	"database/sql"
	"fmt"
	"io/fs"
	"path"
	"strconv"
	"strings"

	_ "github.com/jackc/pgx/v5/stdlib" // goose speaks database/sql
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"github.com/breachledger/breachledger/db"
)

// Migrate brings the database's schema up to what this program needs, and
// returns how many migrations it applied. Servers that start at the same time
// take turns.
func Migrate(ctx context.Context, url string) (int, error) {
	applied := 0
	err := withGoose(ctx, url, func(p *goose.Provider) error {
		results, err := p.Up(ctx)
		applied = len(results)
		return err
	})
	return applied, err
}

// MigrateTo brings the schema up or down to a version; 0 removes everything.
func MigrateTo(ctx context.Context, url string, version int64) error {
	return withGoose(ctx, url, func(p *goose.Provider) error {
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
	err := withGoose(ctx, url, func(p *goose.Provider) error {
		statuses, err := p.Status(ctx)
		for _, s := range statuses {
			lines = append(lines, fmt.Sprintf("%-8s %s", s.State, path.Base(s.Source.Path)))
		}
		return err
	})
	return lines, err
}

func withGoose(ctx context.Context, url string, run func(*goose.Provider) error) error {
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
	// Who waits asks every second, for five minutes.
	locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 300))
	if err != nil {
		return fmt.Errorf("prepare the migration lock: %w", err)
	}
	provider, err := goose.NewProvider(goose.DialectPostgres, conn, migrations, goose.WithSessionLocker(locker))
	if err != nil {
		return fmt.Errorf("read the migrations: %w", err)
	}
	if err := run(provider); err != nil {
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
