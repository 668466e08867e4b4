// Package ledgertest gives a test a fresh, migrated database of its own.
//
// A test process starts one private PostgreSQL, makes one template database
// from the migrations, and clones it for each test. TEST_DATABASE_URL makes it
// use a server that is running already.
package ledgertest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/breachledger/breachledger/db"
	"github.com/breachledger/breachledger/internal/ledger"
	"github.com/breachledger/breachledger/internal/pglocal"
)

// Open is a ledger on a fresh database, closed when the test ends.
func Open(t testing.TB) *ledger.Ledger {
	t.Helper()
	return OpenURL(t, URL(t))
}

// OpenURL is a ledger on the database of that address.
func OpenURL(t testing.TB, address string) *ledger.Ledger {
	t.Helper()
	l, err := ledger.Open(context.Background(), ledger.Config{URL: address, Connections: 4, SearchConnections: 2})
	if err != nil {
		t.Fatalf("open the test ledger: %v", err)
	}
	t.Cleanup(l.Close)
	return l
}

// cluster is the server of this test process with its template.
type cluster struct {
	server   func(database string) string
	template string
}

var (
	start  = sync.OnceValues(newCluster)
	number atomic.Int64
	// cloning: PostgreSQL copies a template only while nobody else does.
	cloning sync.Mutex
)

// URL is the address of a fresh, migrated database, dropped when the test ends.
func URL(t testing.TB) string {
	t.Helper()
	return fresh(t, func(c cluster) string { return " TEMPLATE " + c.template })
}

// EmptyURL is the address of a database without any schema.
func EmptyURL(t testing.TB) string {
	t.Helper()
	return fresh(t, func(cluster) string { return "" })
}

func fresh(t testing.TB, from func(cluster) string) string {
	t.Helper()
	c, err := start()
	if err != nil {
		t.Fatalf("the tests need PostgreSQL: %v", err)
	}
	name := fmt.Sprintf("test_%d_%d", os.Getpid(), number.Add(1))
	cloning.Lock()
	defer cloning.Unlock()
	if err := admin(context.Background(), c.server, "CREATE DATABASE "+name+from(c)); err != nil {
		t.Fatalf("make a test database: %v", err)
	}
	t.Cleanup(func() {
		if err := admin(context.Background(), c.server, "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)"); err != nil {
			t.Errorf("drop a test database: %v", err)
		}
	})
	return c.server(name)
}

func newCluster() (cluster, error) {
	ctx := context.Background()
	address, err := serverURL(ctx)
	if err != nil {
		return cluster{}, err
	}
	c := cluster{server: address, template: "template_" + migrationsHash()}
	err = admin(ctx, address, "CREATE DATABASE "+c.template)
	var pg *pgconn.PgError
	switch {
	case errors.As(err, &pg) && (pg.Code == "42P04" || pg.Code == "23505"):
		return c, nil // another test process has made it
	case err != nil:
		return c, fmt.Errorf("make the template database: %w", err)
	}
	if _, err := ledger.Migrate(ctx, address(c.template)); err != nil {
		return c, err
	}
	return c, nil
}

// serverURL gives the address of a database of the test server by its name.
func serverURL(ctx context.Context) (func(string) string, error) {
	given := os.Getenv("TEST_DATABASE_URL")
	if given == "" {
		server, err := pglocal.Start(ctx, pglocal.Options{Ephemeral: true})
		if err != nil {
			return nil, err
		}
		// It ends with this process.
		return server.URL, nil
	}
	base, err := url.Parse(given)
	if err != nil {
		return nil, fmt.Errorf("read TEST_DATABASE_URL: %w", err)
	}
	return func(database string) string {
		u := *base
		u.Path = "/" + database
		return u.String()
	}, nil
}

func admin(ctx context.Context, address func(string) string, statement string) error {
	conn, err := pgx.Connect(ctx, address("postgres"))
	if err != nil {
		return fmt.Errorf("reach the test server: %w", err)
	}
	_, err = conn.Exec(ctx, statement)
	return errors.Join(err, conn.Close(ctx))
}

// migrationsHash names the template: other migrations, another template.
func migrationsHash() string {
	sum := sha256.New()
	_ = fs.WalkDir(db.Migrations, ".", func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			text, _ := fs.ReadFile(db.Migrations, path)
			fmt.Fprintf(sum, "%s %d\n%s", path, len(text), text)
		}
		return err
	})
	return hex.EncodeToString(sum.Sum(nil)[:8])
}
