package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// A table that imports write, in the order of the references between them, and
// the column whose ids grow with time.
type table struct{ name, grows string }

var tables = []table{
	{"actors", "id"}, {"actor_names", "actor_id"}, {"sources", "id"}, {"incidents", "id"}, {"incident_participants", "incident_id"},
	{"incident_sources", "incident_id"}, {"external_refs", "incident_id"}, {"counts", "incident_id"}, {"losses", "incident_id"},
	{"attributions", "incident_id"}, {"responses", "incident_id"}, {"evidence", "incident_id"}, {"incident_revisions", "incident_id"},
	{"import_records", "incident_id"}, {"duplicates", "greatest(first_id, second_id)"},
}

// marks say up to where the rows were dumped.
type marks struct{ actors, sources, incidents uuid.UUID }

func (m marks) of(t table) uuid.UUID {
	switch t.name {
	case "actors", "actor_names":
		return m.actors
	case "sources":
		return m.sources
	default:
		return m.incidents
	}
}

func (b *bench) rowsFile(t table) string { return filepath.Join(b.folder, t.name+".copy") }

// dump writes the rows behind the marks as COPY has them, and gives the marks
// behind them.
func (b *bench) dump(ctx context.Context, since marks, counted map[string]int64) (marks, error) {
	conn, err := pgx.Connect(ctx, b.imported)
	if err != nil {
		return since, err
	}
	defer func() { _ = conn.Close(ctx) }()
	for _, t := range tables {
		columns, err := columnsOf(ctx, conn, t)
		if err != nil {
			return since, err
		}
		out, err := os.Create(b.rowsFile(t))
		if err != nil {
			return since, err
		}
		tag, err := conn.PgConn().CopyTo(ctx, out, fmt.Sprintf("COPY (SELECT %s FROM %s WHERE %s > '%s') TO STDOUT", columns, t.name, t.grows, since.of(t)))
		if err := errors.Join(err, out.Close()); err != nil {
			return since, fmt.Errorf("%s: %w", t.name, err)
		}
		counted[t.name] += tag.RowsAffected()
	}
	next := marks{}
	for query, mark := range map[string]*uuid.UUID{"actors": &next.actors, "sources": &next.sources, "incidents": &next.incidents} {
		if err := conn.QueryRow(ctx, "SELECT id FROM "+query+" ORDER BY id DESC LIMIT 1").Scan(mark); err != nil {
			return since, err
		}
	}
	return next, nil
}

func columnsOf(ctx context.Context, conn *pgx.Conn, t table) (string, error) {
	var columns string
	err := conn.QueryRow(ctx, `SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute
		WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''`, t.name).Scan(&columns)
	return columns, err
}

// copyRows loads the rows by one psql \copy stream, in one transaction.
func (b *bench) copyRows(ctx context.Context) (process, error) {
	conn, err := pgx.Connect(ctx, b.copied)
	if err != nil {
		return process{}, err
	}
	var script strings.Builder
	script.WriteString("\\set ON_ERROR_STOP on\nBEGIN;\n")
	for _, t := range tables {
		columns, err := columnsOf(ctx, conn, t)
		if err != nil {
			return process{}, err
		}
		fmt.Fprintf(&script, "\\copy %s (%s) FROM '%s'\n", t.name, columns, b.rowsFile(t))
	}
	script.WriteString("COMMIT;\n")
	if err := conn.Close(ctx); err != nil {
		return process{}, err
	}
	path := filepath.Join(b.folder, "copy.sql")
	if err := os.WriteFile(path, []byte(script.String()), 0o600); err != nil {
		return process{}, err
	}
	return execute(ctx, b.psql, "-X", "-q", "-f", path, b.copied)
}

// same makes sure that both databases hold as many rows, so that the same work
// was measured.
func (b *bench) same(ctx context.Context) error {
	var counts [2][]int64
	for i, url := range []string{b.imported, b.copied} {
		conn, err := pgx.Connect(ctx, url)
		if err != nil {
			return err
		}
		for _, t := range tables {
			var n int64
			if err := conn.QueryRow(ctx, "SELECT count(*) FROM "+t.name).Scan(&n); err != nil {
				return err
			}
			counts[i] = append(counts[i], n)
		}
		if err := conn.Close(ctx); err != nil {
			return err
		}
	}
	for i, t := range tables {
		if counts[0][i] != counts[1][i] {
			return fmt.Errorf("%s has %d rows imported and %d copied", t.name, counts[0][i], counts[1][i])
		}
	}
	return nil
}
