// Command benchimport measures imports and exports beside PostgreSQL's own COPY:
// VERIS documents go in by `server import`, segment by segment, and behind each
// segment one psql \copy stream loads the very same rows into a second database.
//
//	go run ./tools/benchimport            # 200,000 documents
//	SCALE=20000 go run ./tools/benchimport
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"github.com/alecthomas/kong"

	"github.com/breachledger/breachledger/internal/ledger"
	"github.com/breachledger/breachledger/internal/pglocal"
)

type options struct {
	Scale    int    `env:"SCALE" default:"200000" help:"How many documents."`
	Segments int    `default:"5" help:"In how many turns import and COPY take each other's place."`
	Source   string `default:"../shared/data/vcdb-2019.jsonl.gz" help:"The documents that are repeated with new ids."`
	Data     string `default:"bench/data" help:"Where the database and the files go."`
	Results  string `default:"bench/results" help:"Where the figures go."`
	Profile  string `help:"A folder for CPU profiles of the importer."`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	var o options
	kong.Parse(&o, kong.Description("How fast imports and exports are, beside COPY."))
	err := o.run(ctx)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "benchimport:", err)
		os.Exit(1)
	}
}

// bench is a run.
type bench struct {
	options
	folder string // of the files
	server string // the program that is measured
	psql   string

	imported, copied string // the databases
	postmaster       int    // PostgreSQL's first process; 0 until it is known
}

func (o *options) run(ctx context.Context) (err error) {
	b := &bench{options: *o, folder: filepath.Join(o.Data, "import")}
	if b.folder, err = filepath.Abs(b.folder); err != nil {
		return err
	}
	if err := os.MkdirAll(b.folder, 0o755); err != nil { //nolint:gosec // PostgreSQL's own user must get through to its folder
		return err
	}
	if b.psql, err = findPsql(); err != nil {
		return err
	}
	b.server = filepath.Join(b.folder, "server")
	if _, err := execute(ctx, "go", "build", "-o", b.server, "./cmd/server"); err != nil {
		return err
	}
	files, err := b.makeDocuments()
	if err != nil {
		return fmt.Errorf("make the documents: %w", err)
	}
	// As a private PostgreSQL is, durable; but neither checkpoints nor autovacuum
	// fall on one of the two by chance. (It would be on the import mostly: one COPY
	// leaves a core to others.)
	settings := map[string]string{"max_wal_size": "16GB", "checkpoint_timeout": "1h", "autovacuum": "off"}
	server, err := pglocal.Start(ctx, pglocal.Options{Dir: filepath.Join(b.folder, "postgres"), Settings: settings})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, server.Stop()) }()
	for _, name := range []string{"imported", "copied"} {
		if err := admin(ctx, server.URL("postgres"), "DROP DATABASE IF EXISTS "+name, "CREATE DATABASE "+name); err != nil {
			return err
		}
		if _, err := ledger.Migrate(ctx, server.URL(name), nil); err != nil {
			return err
		}
	}
	b.imported, b.copied = server.URL("imported"), server.URL("copied")
	figures, err := b.measure(ctx, files)
	if err != nil {
		return err
	}
	return b.report(ctx, figures)
}
