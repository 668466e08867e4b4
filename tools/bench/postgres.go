package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/breachledger/breachledger/db"
	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/benchdata"
	"github.com/breachledger/breachledger/internal/ledger"
	"github.com/breachledger/breachledger/internal/pglocal"
)

// filling are the settings while data is made: what is made halfway is thrown
// away, so that nothing needs to be durable.
var filling = map[string]string{
	"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "wal_level": "minimal", "max_wal_senders": "0",
	"max_wal_size": "16GB", "checkpoint_timeout": "1h", "shared_buffers": "2GB", "autovacuum": "off",
}

// measuring are the settings while something is measured, besides those that
// every private PostgreSQL has. Checkpoints come between the measurements only,
// and as much is kept in memory as on a server that has little else to do.
func measuring() (map[string]string, error) {
	var memory syscall.Sysinfo_t
	if err := syscall.Sysinfo(&memory); err != nil {
		return nil, err
	}
	buffers := memory.Totalram * uint64(memory.Unit) * 2 / 5 >> 20
	return map[string]string{"max_wal_size": "16GB", "checkpoint_timeout": "1h", "shared_buffers": fmt.Sprintf("%dMB", buffers)}, nil
}

func (o *options) startPostgres(ctx context.Context, settings map[string]string) (*pglocal.Server, error) {
	if err := os.MkdirAll(o.Data, 0o755); err != nil { //nolint:gosec // PostgreSQL's own user must get through to its folder
		return nil, err
	}
	return pglocal.Start(ctx, pglocal.Options{Dir: filepath.Join(o.Data, "postgres"), Settings: maps.Clone(settings), Log: slog.New(slog.DiscardHandler)})
}

// setName is the database of n incidents: another schema or generator, another
// database.
func setName(n int) string {
	return fmt.Sprintf("set_%d_%s_%d", n, db.Hash(), benchdata.Version)
}

// ensureSets makes the databases that are missing, or not as the ledger would
// make them now. Those of an earlier schema are migrated, as a user's are.
func (o *options) ensureSets(ctx context.Context, sizes ...int) (err error) {
	server, err := o.startPostgres(ctx, filling)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, server.Stop(), exec.CommandContext(ctx, "sync").Run()) }()
	for _, n := range sizes {
		err := o.keptSet(ctx, server, n)
		if err == nil {
			continue
		}
		say("%d incidents are to be made: %v", n, err)
		if err := o.makeSet(ctx, server, setName(n), n); err != nil {
			return fmt.Errorf("make %s: %w", setName(n), err)
		}
	}
	return nil
}

// keptSet sees that what was kept is what the ledger would make now.
func (o *options) keptSet(ctx context.Context, server *pglocal.Server, n int) error {
	kept, err := sets(ctx, server, n)
	if err != nil {
		return err
	}
	name := setName(n)
	if !slices.Contains(kept, name) {
		i := slices.IndexFunc(kept, func(k string) bool { return strings.HasSuffix(k, fmt.Sprintf("_%d", benchdata.Version)) })
		if i < 0 {
			return errors.New("there are none")
		}
		say("migrating %s", kept[i])
		if _, err := ledger.Migrate(ctx, server.URL(kept[i]), nil); err != nil {
			return err
		}
		if err := run(ctx, server.URL(kept[i]), "VACUUM (ANALYZE)"); err != nil {
			return err
		}
		if err := admin(ctx, server, "ALTER DATABASE "+kept[i]+" RENAME TO "+name); err != nil {
			return err
		}
	}
	return check(ctx, server.URL(name), n)
}

// sets are the databases of n incidents, by whatever schema.
func sets(ctx context.Context, server *pglocal.Server, n int) (names []string, err error) {
	err = ask(ctx, server.URL("postgres"), &names, "SELECT coalesce(array_agg(datname::text), '{}') FROM pg_database WHERE starts_with(datname, $1)", fmt.Sprintf("set_%d_", n))
	return names, err
}

func (o *options) makeSet(ctx context.Context, server *pglocal.Server, name string, n int) error {
	making := name + "_making"
	if err := admin(ctx, server, "DROP DATABASE IF EXISTS "+making, "CREATE DATABASE "+making); err != nil {
		return err
	}
	if _, err := ledger.Migrate(ctx, server.URL(making), nil); err != nil {
		return err
	}
	l, err := ledger.Open(ctx, ledger.Config{URL: server.URL(making)})
	if err != nil {
		return err
	}
	say("making %d incidents", n)
	set, began, told := benchdata.New(n), time.Now(), time.Now()
	err = l.Fill(ctx, ledger.Change{By: access.Identity{Name: "bench", Role: access.Admin}, Action: "record"}, ledger.Filling{
		Actors: set.Actors(), N: n, Incident: set.Incident,
		Progress: func(written int) {
			if time.Since(told) > 10*time.Second {
				told = time.Now()
				say("  %d, %.0f a second", written, float64(written)/time.Since(began).Seconds())
			}
		},
	})
	l.Close()
	if err != nil {
		return err
	}
	say("made in %s", time.Since(began).Round(time.Second))
	if err := check(ctx, server.URL(making), n); err != nil {
		return err
	}
	// Only now is there no more need of what was kept before.
	if err := dropSets(ctx, server, n, making); err != nil {
		return err
	}
	return admin(ctx, server, "ALTER DATABASE "+making+" RENAME TO "+name)
}

// dropSets drops what there is of n incidents, but for one.
func dropSets(ctx context.Context, server *pglocal.Server, n int, keep string) error {
	old, err := sets(ctx, server, n)
	for _, name := range old {
		if name != keep {
			err = errors.Join(err, admin(ctx, server, "DROP DATABASE "+name+" WITH (FORCE)"))
		}
	}
	return err
}

// check compares documents at random with what their rows make.
func check(ctx context.Context, url string, n int) error {
	l, err := ledger.Open(ctx, ledger.Config{URL: url})
	if err != nil {
		return err
	}
	defer l.Close()
	reader := access.Identity{Name: "bench", Role: access.Admin}
	for range 200 {
		id := benchdata.ID(rand.IntN(n)) //nolint:gosec // a sample
		stored, err := l.Incident(ctx, reader, id.String())
		if err != nil {
			return fmt.Errorf("read incident %s: %w", id, err)
		}
		rebuilt, err := l.Rebuilt(ctx, id)
		if err != nil {
			return err
		}
		if string(stored.JSON) != string(rebuilt.JSON) || stored.ETag != rebuilt.ETag {
			return fmt.Errorf("incident %s is not what its rows make", id)
		}
	}
	return nil
}

// copySet makes a database to be measured, and written to, of a set.
func copySet(ctx context.Context, server *pglocal.Server, n int, name string) error {
	began := time.Now()
	err := admin(ctx, server, "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)", "CREATE DATABASE "+name+" TEMPLATE "+setName(n)+" STRATEGY FILE_COPY")
	if err != nil {
		return fmt.Errorf("copy the data: %w", err)
	}
	say("copied %d incidents in %s", n, time.Since(began).Round(time.Second/10))
	// Neither side is to wait for the disk, where it can be helped. What is read
	// rarely comes first, and makes room for the rest.
	began = time.Now()
	err = run(ctx, server.URL(name), "CREATE EXTENSION pg_prewarm", `
		WITH tables AS (
			SELECT oid, reltoastrelid AS toast, relname NOT IN ('incident_revisions', 'report_actors', 'import_records') AS hot
			  FROM pg_class
			 WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
		), relations AS (
			SELECT oid, hot FROM tables
			 UNION ALL
			SELECT toast, hot FROM tables WHERE toast <> 0
			 UNION ALL
			SELECT i.indexrelid, t.hot FROM tables AS t JOIN pg_index AS i ON i.indrelid IN (t.oid, t.toast)
		)
		SELECT sum(pg_prewarm(oid)) FROM (SELECT oid FROM relations ORDER BY hot OFFSET 0) AS r`,
		"DROP EXTENSION pg_prewarm")
	if err != nil {
		return fmt.Errorf("read the data once: %w", err)
	}
	say("read it once in %s", time.Since(began).Round(time.Second/10))
	return nil
}

// ask reads one value.
func ask(ctx context.Context, url string, into any, sql string, args ...any) error {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	return errors.Join(conn.QueryRow(ctx, sql, args...).Scan(into), conn.Close(ctx))
}

func admin(ctx context.Context, server *pglocal.Server, statements ...string) error {
	return run(ctx, server.URL("postgres"), statements...)
}

// run carries out statements.
func run(ctx context.Context, url string, statements ...string) error {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	for _, s := range statements {
		if _, err = conn.Exec(ctx, s); err != nil {
			err = fmt.Errorf("%s: %w", s, err)
			break
		}
	}
	return errors.Join(err, conn.Close(ctx))
}
