package ledger

import (
	"bufio"
	"cmp"
	"context"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgproto3"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/breachledger/breachledger/internal/ledger/internal/dbsqlc"
	"github.com/breachledger/breachledger/internal/multiplex"
)

// Config says how to reach the database.
type Config struct {
	URL string
	// Connections is the size of the pool for reads and writes, SearchConnections
	// that of the pool for searches and reports. They are apart so that slow
	// searches cannot starve the lists. Zero means the default.
	Connections       int
	SearchConnections int
	// SearchTimeout bounds one search or report. Zero means the default.
	SearchTimeout time.Duration
	// ReportAge is how old the reports over everything may be while incidents are
	// written. Zero means the default.
	ReportAge time.Duration
	// NoUpkeep leaves it to programs that serve the ledger to do what follows writes:
	// to bring the sums of the reports up to date, and to sort new words into the index.
	NoUpkeep bool
	// Log hears of what fails in the background, where nobody waits for an answer.
	// Nil discards it.
	Log *slog.Logger
}

// Defaults of Config. A handful of connections serves best; PostgreSQL gets
// slower when every core has many.
const (
	DefaultConnections       = 8
	DefaultSearchConnections = 4
	DefaultSearchTimeout     = 5 * time.Second
)

// The quick reads of all requests share a few connections.
const (
	quickConnections = 2
	quickTimeout     = 5 * time.Second
)

// readBuffer is how much of an answer is taken from a connection at once. pgx
// reads 8 KB, of which a page of a list has three.
const readBuffer = 64 << 10

// Ledger is the store. It is safe for use by many goroutines.
type Ledger struct {
	pool   *pgxpool.Pool // writes, and reads by key
	search *pgxpool.Pool // lists with filters, searches and reports
	quick  *pgxpool.Pool // what everybody reads, by reads
	reads  *multiplex.Reader
	q      *dbsqlc.Queries

	titles   titleWords
	recorder recorder
	fresh    freshness
	rollup   rollup
	pending  pending
	settling sync.WaitGroup // of incidents that have met others
	log      *slog.Logger
	now      func() time.Time

	naming sync.Mutex // batches make actors and sources one after another
	slugs  slugBook
}

// Open connects to a migrated database.
func Open(ctx context.Context, c Config) (*Ledger, error) {
	pool, err := openPool(ctx, c.URL, cmp.Or(c.Connections, DefaultConnections), 0, map[string]string{
		"jit": "off",
		// What is done here is done by keys, and costs less than to plan it.
		"plan_cache_mode":        "force_generic_plan",
		"gin_pending_list_limit": pendingMost,
	})
	if err != nil {
		return nil, err
	}
	search, err := openPool(ctx, c.URL, cmp.Or(c.SearchConnections, DefaultSearchConnections), cmp.Or(c.SearchTimeout, DefaultSearchTimeout), map[string]string{
		"jit": "off",
		// One search has one core: many cores for one would leave the others none.
		"max_parallel_workers_per_gather": "0",
		// Room for the places of all that words are in. Without it whole pages are kept,
		// and twice as many incidents looked at.
		"work_mem": "16MB",
		// Optional filters must not meet a generic plan.
		"plan_cache_mode":               "force_custom_plan",
		"default_transaction_read_only": "on",
	})
	if err != nil {
		pool.Close()
		return nil, err
	}
	quick, err := openPool(ctx, c.URL, quickConnections, quickTimeout, map[string]string{
		"jit": "off", "plan_cache_mode": "force_generic_plan", "default_transaction_read_only": "on",
		// Plans made while a table is empty would read all of it when it no longer is.
		"enable_seqscan": "off",
	})
	if err != nil {
		search.Close()
		pool.Close()
		return nil, err
	}
	l := &Ledger{pool: pool, search: search, quick: quick, q: dbsqlc.New(), now: time.Now, log: cmp.Or(c.Log, slog.New(slog.DiscardHandler))}
	l.recorder.came, l.recorder.meetingPatience = make(chan struct{}, 1), defaultMeetingPatience
	l.recorder.patient = make(chan struct{}, max(1, cmp.Or(c.Connections, DefaultConnections)/2))
	l.reads = multiplex.New(quick, quickConnections, 2*quickTimeout) //nolint:contextcheck // it goes on until Close
	l.fresh.watch(pool, l.log)                                       //nolint:contextcheck // it goes on until Close
	l.readyRollup(c)
	if !c.NoUpkeep {
		l.keepRolling()  //nolint:contextcheck // so does this
		l.keepSortedIn() //nolint:contextcheck // and this
	}
	return l, nil
}

// openPool opens a pool whose statements may each take so long; 0 is for ever.
// Making a connection ready is not bounded by it.
func openPool(ctx context.Context, url string, size int, limit time.Duration, settings map[string]string) (*pgxpool.Pool, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("read the database URL: %w", err)
	}
	config.MaxConns = int32(size)
	config.ConnConfig.RuntimeParams["application_name"] = "breachledger"
	config.ConnConfig.BuildFrontend = func(r io.Reader, w io.Writer) *pgproto3.Frontend {
		return pgproto3.NewFrontend(bufio.NewReaderSize(r, readBuffer), w)
	}
	maps.Copy(config.ConnConfig.RuntimeParams, settings)
	config.AfterConnect = func(ctx context.Context, conn *pgx.Conn) error {
		if err := registerTypes(ctx, conn); err != nil || limit == 0 {
			return err
		}
		_, err := conn.Exec(ctx, fmt.Sprintf("SET statement_timeout = %d", limit.Milliseconds()))
		return err
	}
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("open the database pool: %w", err)
	}
	if err := pool.Ping(ctx); err != nil {
		pool.Close()
		return nil, fmt.Errorf("reach the database: %w", oneLineError{err})
	}
	return pool, nil
}

// Close ends all connections, waiting for those in use.
func (l *Ledger) Close() {
	l.settling.Wait()
	l.rollup.end()
	l.pending.end()
	l.fresh.stop()
	<-l.fresh.stopped
	l.reads.Close()
	l.quick.Close()
	l.search.Close()
	l.pool.Close()
}

// Ready reports whether the database answers and has the schema that this
// program expects.
func (l *Ledger) Ready(ctx context.Context) error {
	var version int64
	err := l.pool.QueryRow(ctx, "SELECT coalesce(max(version_id), 0) FROM goose_db_version WHERE is_applied").Scan(&version)
	if err != nil {
		return fmt.Errorf("ask for the schema's version: %w", err)
	}
	switch want := latestMigration(); {
	case version > want:
		return fmt.Errorf("the schema is at version %d, and this program knows %d: a newer program has migrated it, so run that one", version, want)
	case version < want:
		return fmt.Errorf("the schema is at version %d, this program needs %d: run `server migrate`", version, want)
	}
	return nil
}

// Empty reports whether the ledger holds nothing but keys.
func (l *Ledger) Empty(ctx context.Context) (bool, error) {
	empty, err := l.q.LedgerEmpty(ctx, l.pool)
	if err != nil {
		return false, fmt.Errorf("ask whether the ledger is empty: %w", err)
	}
	return empty, nil
}
