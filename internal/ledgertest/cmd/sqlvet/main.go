// Command sqlvet runs `sqlc vet` against a migrated PostgreSQL of its own, so
// that every query is prepared by a real server.
package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"

	"github.com/breachledger/breachledger/internal/ledger"
	"github.com/breachledger/breachledger/internal/pglocal"
)

func main() {
	if err := run(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, "sqlvet:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context) (err error) {
	server, err := pglocal.Start(ctx, pglocal.Options{Ephemeral: true})
	if err != nil {
		return err
	}
	defer func() {
		if stopErr := server.Stop(); err == nil {
			err = stopErr
		}
	}()
	url := server.URL("postgres")
	if _, err := ledger.Migrate(ctx, url, nil); err != nil {
		return err
	}
	vet := exec.CommandContext(ctx, "go", "tool", "sqlc", "vet")
	vet.Env = append(os.Environ(), "SQLC_DATABASE_URL="+url)
	vet.Stdout, vet.Stderr = os.Stdout, os.Stderr
	if err := vet.Run(); err != nil {
		return fmt.Errorf("sqlc vet: %w", err)
	}
	fmt.Println("sqlc vet: every query prepares")
	return nil
}
