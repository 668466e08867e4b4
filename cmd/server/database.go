package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"

	"github.com/jackc/pgx/v5"

	"github.com/breachledger/breachledger/internal/ledger"
	"github.com/breachledger/breachledger/internal/pglocal"
)

// database is where the ledger is kept: a PostgreSQL that was named, or a
// private one.
type database struct {
	url     string
	private *pglocal.Server // nil when it was named, or another process runs it
	using   *pgx.Conn       // keeps a private one running that another command runs; else nil
}

const privateDatabase = "breachledger"

// openDatabase finds or starts the database. A private one that a running server
// owns is an error, [pglocal.ErrInUse].
func (p *program) openDatabase() (*database, error) {
	if p.DatabaseURL != "" {
		if err := checkURL(p.DatabaseURL); err != nil {
			return nil, err
		}
		return &database{url: p.DatabaseURL}, nil
	}
	if err := os.MkdirAll(p.Data, 0o755); err != nil { //nolint:gosec // PostgreSQL's own user must get through to its folder, which only it can read
		return nil, fmt.Errorf("make the data folder: %w", err)
	}
	ctx, cancel := context.WithTimeout(p.ctx, p.StartLimit)
	defer cancel()
	server, err := pglocal.Start(ctx, p.privatePostgres())
	if err != nil {
		return nil, fmt.Errorf("start the private PostgreSQL: %w", err)
	}
	return &database{url: server.URL(privateDatabase), private: server}, nil
}

func (p *program) privatePostgres() pglocal.Options {
	return pglocal.Options{Dir: filepath.Join(p.Data, "postgres"), Database: privateDatabase, Log: p.log}
}

func (d *database) close() error {
	if d.private == nil {
		return nil
	}
	if err := d.private.Stop(); err != nil {
		return fmt.Errorf("stop the private PostgreSQL: %w", err)
	}
	return nil
}

// Imports and exports keep little and discard much: garbage may pile up as long as
// there is room. The environment (GOGC, GOMEMLIMIT) can say otherwise.
const (
	bulkGCPercent   = 300
	bulkMemoryLimit = 150 << 20 // with the program itself, less than 200 MiB
)

// withLedger runs f on the migrated ledger.
func (p *program) withLedger(f func(*ledger.Ledger) error) (err error) {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(bulkGCPercent)
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(bulkMemoryLimit)
	}
	d, err := p.shareDatabase()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.leaveDatabase(d)) }()
	if _, err := ledger.Migrate(p.ctx, d.url, p.log); err != nil {
		return err
	}
	l, err := ledger.Open(p.ctx, ledger.Config{URL: d.url, NoUpkeep: true})
	if err != nil {
		return err
	}
	defer l.Close()
	// An older program would leave out of a backup what it does not know, and drop it
	// from what it imports.
	if err := l.Ready(p.ctx); err != nil {
		return err
	}
	return f(l)
}
