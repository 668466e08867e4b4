package ledger

import (
	"context"
	"fmt"
	"sync/atomic"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"golang.org/x/sync/errgroup"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger/internal/pgbatch"
)

// Filling is what [Ledger.Fill] writes.
type Filling struct {
	Actors []incidents.Actor
	// N is how many incidents there are; Incident makes each, from 0: valid and
	// linked, with ids, states and dates as they are to be stored, and the texts
	// of their sources. It is called by several goroutines.
	N        int
	Incident func(i int) *incidents.Incident
	// Progress is told now and then how many are written; nil is not.
	Progress func(written int)
}

const (
	fillWorkers  = 3 // one makes documents while the server takes those of another
	fillBatch    = 1000
	indexWorkers = 2
)

// Fill writes many incidents into an empty ledger, as fast as the server takes
// them: for benchmarks, and for tests of plans. What is rendered and derived is
// what any other write makes. But nothing is checked, neither by the domain nor
// by the database (it takes a superuser to switch that off), and what failed
// halfway leaves a database to be thrown away.
func (l *Ledger) Fill(ctx context.Context, c Change, f Filling) error {
	empty, err := l.Empty(ctx)
	if err != nil {
		return err
	}
	if !empty {
		return ErrNotEmpty
	}
	indexes, err := l.dropIndexes(ctx)
	if err != nil {
		return err
	}
	known := namesOf(f.Actors)
	if err := l.fillActors(ctx, f.Actors, known); err != nil {
		return err
	}
	var next, written atomic.Int64
	group, within := errgroup.WithContext(ctx)
	for range fillWorkers {
		group.Go(func() error {
			return l.onFillingConn(within, func(conn *pgxpool.Conn) error {
				if err := prepareStaging(within, conn); err != nil {
					return err
				}
				for {
					from := int(next.Add(fillBatch)) - fillBatch
					if from >= f.N {
						return nil
					}
					to := min(from+fillBatch, f.N)
					if err := l.fillBatch(within, conn, c, f, known, from, to); err != nil {
						return err
					}
					if total := written.Add(int64(to - from)); f.Progress != nil {
						f.Progress(int(total))
					}
				}
			})
		})
	}
	if err := group.Wait(); err != nil {
		return fmt.Errorf("fill the ledger: %w", err)
	}
	if err := l.makeIndexes(ctx, indexes); err != nil {
		return err
	}
	// Without triggers nothing has noted what the reports have to count.
	if err := l.q.ReportCompleteSet(ctx, l.pool, false); err != nil {
		return fmt.Errorf("reset the reports: %w", err)
	}
	if err := l.rollUp(ctx, true); err != nil {
		return err
	}
	if _, err := l.pool.Exec(ctx, "VACUUM (ANALYZE)"); err != nil {
		return fmt.Errorf("vacuum: %w", err)
	}
	return nil
}

// onFillingConn runs f on a connection on which no trigger and no foreign key
// is looked at.
func (l *Ledger) onFillingConn(ctx context.Context, f func(*pgxpool.Conn) error) error {
	conn, err := l.pool.Acquire(ctx)
	if err != nil {
		return fmt.Errorf("take a connection: %w", err)
	}
	defer conn.Release()
	// It goes with its settings when it is given back.
	defer func() { _ = conn.Conn().Close(context.WithoutCancel(ctx)) }()
	_, err = conn.Exec(ctx, `SET session_replication_role = replica; SET synchronous_commit = off; SET enable_seqscan = off;
		SET temp_buffers = '64MB'; SET maintenance_work_mem = '512MB'`)
	if err != nil {
		return fmt.Errorf("prepare a connection: %w", err)
	}
	return f(conn)
}

func (l *Ledger) fillActors(ctx context.Context, actors []incidents.Actor, known filledNames) error {
	return l.onFillingConn(ctx, func(conn *pgxpool.Conn) error {
		var rows, names [][]any
		for _, a := range actors {
			rows = append(rows, []any{a.ID, a.Slug, a.Name, a.Kind, a.Sector, nullable(a.Country), nullable(a.Domain)})
			for _, n := range known[a.ID] {
				names = append(names, []any{n.key, a.ID, n.name})
			}
		}
		return pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
			return pgbatch.CopyTables(ctx, tx,
				pgbatch.Table{Name: "actors", Columns: actorColumns, Rows: rows},
				pgbatch.Table{Name: "actor_names", Columns: actorNameColumns, Rows: names})
		})
	})
}

// fillBatch writes the incidents from one number to before another.
func (l *Ledger) fillBatch(ctx context.Context, conn *pgxpool.Conn, c Change, f Filling, known filledNames, from, to int) error {
	var staged [][]any
	var ids []uuid.UUID
	var children pgbatch.Copier
	sources := pgbatch.Table{Name: "sources", Columns: sourceColumns}
	for i := from; i < to; i++ {
		in := f.Incident(i)
		in.Complete()
		in.JoinActors()
		in.Derive()
		names, texts := known.searched(in)
		for j, s := range in.Sources {
			published, precision := dateRow(s.Published)
			sources.Rows = append(sources.Rows, []any{
				[16]byte(s.ID), nullable(s.URL), nullable(s.Title), nullable(s.Publisher), nullable(s.Author), published, precision,
				nullable(s.Language), nullable(s.Text), textHash(s.Text),
			})
			in.Sources[j].Text = ""
		}
		r, err := render(in)
		if err != nil {
			return err
		}
		published := &in.CreatedAt
		if in.Publication == incidents.Draft {
			published = nil
		}
		staged = append(staged, stagedRow(incidentRow(in, r), published, names, texts))
		if err := l.queueChildren(ctx, &children, in); err != nil {
			return err
		}
		ids = append(ids, in.ID)
	}
	return pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		if err := pgbatch.CopyTables(ctx, tx, sources); err != nil {
			return err
		}
		if err := insertStaged(ctx, tx, staged); err != nil {
			return err
		}
		// Taken from the incidents' rows, a document is not compressed once more.
		if _, err := tx.Exec(ctx, `INSERT INTO incident_revisions (incident_id, version, at, author, action, document)
			SELECT id, version, updated_at, $2, $3, document FROM incidents WHERE id = ANY ($1)`, ids, c.By.Name, c.Action); err != nil {
			return fmt.Errorf("insert revisions: %w", err)
		}
		return children.Copy(ctx, tx)
	})
}

// dropIndexes drops every index that no constraint rests on, and says how to
// make them again: made at once they cost a fraction.
func (l *Ledger) dropIndexes(ctx context.Context) ([]string, error) {
	rows, err := l.pool.Query(ctx, `
SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid)
  FROM pg_index AS i
  JOIN pg_class AS t ON t.oid = i.indrelid
 WHERE t.relnamespace = current_schema()::regnamespace AND t.relkind = 'r' AND t.relname <> 'goose_db_version'
   AND NOT EXISTS (SELECT FROM pg_constraint AS c WHERE c.conindid = i.indexrelid)
 ORDER BY (SELECT amname FROM pg_am WHERE oid = (SELECT relam FROM pg_class WHERE oid = i.indexrelid)) = 'gin' DESC, 1`)
	if err != nil {
		return nil, fmt.Errorf("list the indexes: %w", err)
	}
	type index struct{ Name, Definition string }
	found, err := pgx.CollectRows(rows, pgx.RowToStructByPos[index])
	if err != nil {
		return nil, fmt.Errorf("list the indexes: %w", err)
	}
	var definitions []string
	for _, i := range found {
		if _, err := l.pool.Exec(ctx, "DROP INDEX "+i.Name); err != nil {
			return nil, fmt.Errorf("drop an index: %w", err)
		}
		definitions = append(definitions, i.Definition)
	}
	return definitions, nil
}

// makeIndexes makes the indexes on several connections, the largest first.
func (l *Ledger) makeIndexes(ctx context.Context, definitions []string) error {
	var next atomic.Int64
	group, within := errgroup.WithContext(ctx)
	for range indexWorkers {
		group.Go(func() error {
			return l.onFillingConn(within, func(conn *pgxpool.Conn) error {
				for i := int(next.Add(1)) - 1; i < len(definitions); i = int(next.Add(1)) - 1 {
					if _, err := conn.Exec(within, definitions[i]); err != nil {
						return err
					}
				}
				return nil
			})
		})
	}
	if err := group.Wait(); err != nil {
		return fmt.Errorf("make the indexes: %w", err)
	}
	return nil
}

// CursorBehind is the cursor of a list that begins behind an incident, of which
// the sort key is given as the list writes it: for those who measure pages from
// all over a list.
func CursorBehind(f Filter, sort Sort, key string, id uuid.UUID) (string, error) {
	return encodeCursor(listScope(f, sort), place{Key: key, ID: id})
}
