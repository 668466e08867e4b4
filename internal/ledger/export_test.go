package ledger

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger/internal/dbsqlc"
)

// What the tests, which stand outside the package, need of its inside.

// LatestMigration is the version of the schema that the program needs.
func LatestMigration() int64 { return latestMigration() }

// Pool is the pool for writes, for tests of the database's own rules.
func (l *Ledger) Pool() *pgxpool.Pool { return l.pool }

// SearchPool is the pool for searches.
func (l *Ledger) SearchPool() *pgxpool.Pool { return l.search }

// SetClock sets the present.
func (l *Ledger) SetClock(now time.Time) { l.now = func() time.Time { return now } }

// SetMeetingPatience sets how long an answer waits for others that are logged at the
// same time, before the first is.
func (l *Ledger) SetMeetingPatience(d time.Duration) { l.recorder.meetingPatience = d }

// Patient is how many incidents wait for a lock for as long as it takes.
func (l *Ledger) Patient() int { return len(l.recorder.patient) }

// Settle waits until incidents that were logged at the same time are in the queue of
// likely duplicates.
func (l *Ledger) Settle() { l.settling.Wait() }

// EncodeCursor makes a cursor as a client could who has read the source.
func EncodeCursor(scope, place any) (string, error) { return encodeCursor(scope, place) }

// ExplainIncidents is how PostgreSQL would make a page of a list.
func (l *Ledger) ExplainIncidents(ctx context.Context, f Filter, sort Sort, page Page) (string, error) {
	args, err := l.listArgs(ctx, f, sort, page)
	if err != nil {
		return "", err
	}
	x := &explainer{pool: l.search}
	_, err = l.q.IncidentList(ctx, x, args)
	return x.result(err)
}

// ExplainPlain is how PostgreSQL would make a page of a plain list.
func (l *Ledger) ExplainPlain(ctx context.Context, r ListRequest) (string, error) {
	args, err := r.plainArgs()
	if err != nil {
		return "", err
	}
	x := &explainer{pool: l.pool}
	err = plainLists[r.Sort](ctx, l.q, x, args)
	return x.result(err)
}

// PlainSorts are the orders of the plain lists.
func PlainSorts() []Sort { return slices.Sorted(maps.Keys(plainLists)) }

// ExplainActors is how PostgreSQL would make a page of the actors.
func (l *Ledger) ExplainActors(ctx context.Context, by access.Identity, f ActorFilter, page Page) (string, error) {
	x := &explainer{pool: l.search}
	_, err := l.q.ActorList(ctx, x, actorListArgs(by, f, "", page))
	return x.result(err)
}

// explainer stands in for a connection and explains queries instead of running them.
type explainer struct {
	pool *pgxpool.Pool
	plan strings.Builder
}

var errExplained = errors.New("explained")

func (x *explainer) result(err error) (string, error) {
	if errors.Is(err, errExplained) {
		return x.plan.String(), nil
	}
	return "", fmt.Errorf("explain: %w", err)
}

func (x *explainer) Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error) {
	return nil, x.explain(ctx, x.pool, sql, args)
}

// explain notes the plan of a statement; errExplained says that it has.
func (x *explainer) explain(ctx context.Context, db dbsqlc.DBTX, sql string, args []any) error {
	rows, err := db.Query(ctx, "EXPLAIN (COSTS OFF) "+sql, args...)
	if err != nil {
		return err
	}
	lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return err
	}
	x.plan.WriteString(strings.Join(lines, "\n"))
	return errExplained
}

func (x *explainer) QueryRow(context.Context, string, ...any) pgx.Row { return noRow{} }

func (x *explainer) Exec(context.Context, string, ...any) (pgconn.CommandTag, error) {
	return pgconn.CommandTag{}, errExplained
}

// RecordTogether logs incidents in one transaction. The change is that of the first,
// whose Idempotency-Key is nobody else's.
func (l *Ledger) RecordTogether(ctx context.Context, c Change, given ...incidents.Incident) ([]Document, error) {
	var group []*recording
	for _, in := range given {
		group = append(group, &recording{ctx: ctx, change: c, given: in, done: make(chan struct{})})
		c.Once = nil
	}
	l.recordGroup(ctx, group)
	docs := make([]Document, len(group))
	var err error
	for i, r := range group {
		<-r.done
		docs[i], err = r.doc, errors.Join(err, r.err)
	}
	return docs, err
}

type noRow struct{}

func (noRow) Scan(...any) error { return errExplained }
