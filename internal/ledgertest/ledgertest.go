// Package ledgertest gives a test a fresh, migrated database of its own.
//
// A test process starts one private PostgreSQL, makes one template database
// from the migrations, and clones it for each test. TEST_DATABASE_URL makes it
// use a server that is running already.
package ledgertest

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/breachledger/breachledger/db"
	"github.com/breachledger/breachledger/internal/ledger"
	"github.com/breachledger/breachledger/internal/pglocal"
)

// Open is a ledger on a fresh database, closed when the test ends.
func Open(tb testing.TB) *ledger.Ledger {
	tb.Helper()
	return OpenURL(tb, URL(tb))
}

// OpenURL is a ledger on the database of that address.
func OpenURL(tb testing.TB, address string) *ledger.Ledger {
	tb.Helper()
	l, err := ledger.Open(context.Background(), ledger.Config{
		URL: address, Connections: 4, SearchConnections: 2,
		SearchTimeout: 2 * time.Minute, // as busy as the machine may be
		ReportAge:     time.Nanosecond, // a test sees what it has written
	})
	if err != nil {
		tb.Fatalf("open the test ledger: %v", err)
	}
	tb.Cleanup(l.Close)
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
func URL(tb testing.TB) string {
	tb.Helper()
	return fresh(tb, func(c cluster) string { return " TEMPLATE " + c.template })
}

// EmptyURL is the address of a database without any schema.
func EmptyURL(tb testing.TB) string {
	tb.Helper()
	return fresh(tb, func(cluster) string { return "" })
}

func fresh(tb testing.TB, from func(cluster) string) string {
	tb.Helper()
	c, err := start()
	if err != nil {
		tb.Fatalf("the tests need PostgreSQL: %v", err)
	}
	name := fmt.Sprintf("test_%d_%d", os.Getpid(), number.Add(1))
	cloning.Lock()
	defer cloning.Unlock()
	if err := clone(context.Background(), c, name, from(c)); err != nil {
		tb.Fatalf("make a test database: %v", err)
	}
	tb.Cleanup(func() {
		if err := admin(context.Background(), c.server, "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)"); err != nil {
			tb.Errorf("drop a test database: %v", err)
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
	c := cluster{server: address, template: "template_" + db.Hash()} // other migrations, another template
	err = admin(ctx, address, "CREATE DATABASE "+c.template)
	if err != nil && !isAny(err, duplicateDatabase, uniqueViolation) { // those: another test process has made it
		return c, fmt.Errorf("make the template database: %w", err)
	}
	// The other one may be at it still, or have been stopped halfway: whoever
	// migrates second waits for the first, and finds nothing left to do.
	if _, err := ledger.Migrate(ctx, address(c.template), nil); err != nil {
		return c, err
	}
	return c, nil
}

// SQLSTATE codes that a test server shared with other test processes answers.
const (
	duplicateDatabase = "42P04"
	uniqueViolation   = "23505"
	objectInUse       = "55006"
)

func isAny(err error, codes ...string) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && slices.Contains(codes, pg.Code)
}

// clone makes a database of its own for a test. It tries again while another
// test process is connected to the template, or is copying it.
func clone(ctx context.Context, c cluster, name, from string) error {
	for attempt := 1; ; attempt++ {
		err := admin(ctx, c.server, "CREATE DATABASE "+name+from)
		if err == nil || !isAny(err, objectInUse) || attempt == 100 {
			return err
		}
		time.Sleep(50 * time.Millisecond)
	}
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
