package multiplex_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/breachledger/breachledger/internal/ledgertest"
	"github.com/breachledger/breachledger/internal/multiplex"
)

// open is a reader on a fresh database, and a pool to do other things there.
func open(t *testing.T, connections int) (*multiplex.Reader, *pgxpool.Pool) {
	t.Helper()
	url := ledgertest.EmptyURL(t)
	pools := make([]*pgxpool.Pool, 2)
	for i := range pools {
		pool, err := pgxpool.New(t.Context(), url)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(pool.Close)
		pools[i] = pool
	}
	r := multiplex.New(pools[0], connections, time.Minute)
	t.Cleanup(r.Close)
	return r, pools[1]
}

// ask asks and takes no answer.
func ask(ctx context.Context, r *multiplex.Reader, sql string) error {
	rows, err := r.Query(ctx, sql)
	if err == nil {
		rows.Close()
		err = rows.Err()
	}
	return err
}

func TestEveryOneGetsTheirOwnAnswer(t *testing.T) {
	t.Parallel()
	r, _ := open(t, 2)
	var all sync.WaitGroup
	for i := range 500 {
		all.Go(func() {
			rows, err := r.Query(t.Context(), "SELECT n, repeat('x', n) FROM generate_series(1, $1::integer) AS n ORDER BY n", i%50)
			if err != nil {
				t.Error(err)
				return
			}
			n := 0
			for rows.Next() {
				n++
				var number int
				var text string
				if err := rows.Scan(&number, &text); err != nil || number != n || len(text) != n {
					t.Errorf("row %d of %d: %d, %d characters, %v", n, i%50, number, len(text), err)
				}
			}
			if rows.Err() != nil || n != i%50 {
				t.Errorf("%d rows of %d: %v", n, i%50, rows.Err())
			}
		})
	}
	all.Wait()
}

func TestWhatFailsFailsAlone(t *testing.T) {
	t.Parallel()
	r, _ := open(t, 1)
	var all sync.WaitGroup
	for i := range 200 {
		all.Go(func() {
			var got int
			var sql string
			switch i % 4 {
			case 0:
				sql = "SELECT 100 / (2 - $1::integer)"
			case 1:
				sql = "SELECT $1::integer FROM nowhere"
			default:
				sql = "SELECT $1::integer"
			}
			err := r.QueryRow(t.Context(), sql, 2).Scan(&got)
			var refused *pgconn.PgError
			switch {
			case i%4 > 1 && (err != nil || got != 2):
				t.Errorf("a good question was answered with %d, %v", got, err)
			case i%4 == 0 && (!errors.As(err, &refused) || refused.Code != "22012"):
				t.Errorf("division by zero: %v", err)
			case i%4 == 1 && (!errors.As(err, &refused) || refused.Code != "42P01"):
				t.Errorf("an unknown table: %v", err)
			}
		})
	}
	all.Wait()
	var got int
	if err := r.QueryRow(t.Context(), "SELECT $1::integer", "no number").Scan(&got); err == nil {
		t.Error("an argument of the wrong type was taken")
	}
	if err := r.QueryRow(t.Context(), "SELECT 1 WHERE false").Scan(&got); !errors.Is(err, pgx.ErrNoRows) {
		t.Errorf("no row: %v", err)
	}
	if err := r.QueryRow(t.Context(), "SELECT 'text'").Scan(&got); err == nil {
		t.Error("text was read as a number")
	}
}

func TestValues(t *testing.T) {
	t.Parallel()
	r, _ := open(t, 1)
	for range 3 { // types are used again
		var (
			id       uuid.UUID
			document []byte
			missing  *string
			empty    string
			when     time.Time
			words    []string
		)
		err := r.QueryRow(t.Context(), `SELECT $1::uuid, '{"a": 1}'::json, NULL::text, '', 'infinity'::date = 'infinity', timestamptz '2026-11-22 10:00+00', ARRAY['a', 'b']`,
			uuid.Max).Scan(&id, &document, &missing, &empty, new(bool), &when, &words)
		if err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprintf("%s|%s|%v|%s|%s|%s", id, document, missing, empty, when.UTC(), words); got != uuid.Max.String()+`|{"a": 1}|<nil>||2026-11-22 10:00:00 +0000 UTC|[a b]` {
			t.Error(got)
		}
	}
}

func TestABrokenConnection(t *testing.T) {
	t.Parallel()
	r, other := open(t, 2)
	askMany := func() {
		t.Helper()
		var all sync.WaitGroup
		for range 50 {
			all.Go(func() {
				var one int
				if err := r.QueryRow(t.Context(), "SELECT 1").Scan(&one); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
	}
	askMany()
	for range 3 {
		_, err := other.Exec(t.Context(), "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()")
		if err != nil {
			t.Fatal(err)
		}
		askMany()
	}
}

// What had come of an answer when the connection broke is forgotten.
func TestAConnectionThatBreaksInAnAnswer(t *testing.T) {
	t.Parallel()
	r, other := open(t, 1)
	if _, err := other.Exec(t.Context(), "CREATE SEQUENCE tries"); err != nil {
		t.Fatal(err)
	}
	broken := make(chan error, 1)
	go func() {
		for ended := int64(0); ended == 0; {
			done, err := other.Exec(t.Context(), "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'")
			if err != nil {
				broken <- err
				return
			}
			ended = done.RowsAffected()
		}
		broken <- nil
	}()
	// The first time it stops before the end of the answer, and is not woken up.
	rows, err := r.Query(t.Context(), "SELECT n, CASE WHEN n = 9000 THEN CASE WHEN nextval('tries') = 1 THEN pg_sleep(600) END END FROM generate_series(1, 10000) AS n")
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for rows.Next() {
		var n int
		if err := rows.Scan(&n, nil); err != nil || n != seen+1 {
			t.Fatalf("row %d is %d, %v", seen+1, n, err)
		}
		seen++
	}
	if err := errors.Join(rows.Err(), <-broken); err != nil || seen != 10_000 {
		t.Errorf("%d rows, %v", seen, err)
	}
}

// A migration may change a table while statements on it are prepared.
func TestAStatementThatIsOutdated(t *testing.T) {
	t.Parallel()
	r, other := open(t, 1)
	for _, change := range []string{"CREATE TABLE t AS SELECT 1 AS a", "ALTER TABLE t ALTER a TYPE bigint", "ALTER TABLE t ADD b text"} {
		if _, err := other.Exec(t.Context(), change); err != nil {
			t.Fatal(err)
		}
		rows, err := r.Query(t.Context(), "SELECT * FROM t")
		if err != nil {
			t.Fatalf("after %s: %v", change, err)
		}
		if !rows.Next() || rows.Err() != nil {
			t.Errorf("no row after %s: %v", change, rows.Err())
		}
	}
}

func TestNobodyWaitsForEver(t *testing.T) {
	t.Parallel()
	r, _ := open(t, 1)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if err := ask(ctx, r, "SELECT pg_sleep(2)"); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("the question that takes long: %v", err)
	}
	if err := ask(ctx, r, "SELECT 1"); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("the one behind it: %v", err)
	}
	r.Close()
	if err := ask(t.Context(), r, "SELECT 1"); !errors.Is(err, multiplex.ErrClosed) {
		t.Errorf("after the end: %v", err)
	}
}

// A connection that does not answer in time is given up.
func TestTheLimit(t *testing.T) {
	t.Parallel()
	pool, err := pgxpool.New(t.Context(), ledgertest.EmptyURL(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	r := multiplex.New(pool, 1, 100*time.Millisecond)
	t.Cleanup(r.Close)
	if err := ask(t.Context(), r, "SELECT pg_sleep(600)"); err == nil {
		t.Error("it waited")
	}
	r.SetLimit(time.Minute) // the next one may take its time
	var one int
	if err := r.QueryRow(t.Context(), "SELECT 1").Scan(&one); err != nil {
		t.Error(err)
	}
}
