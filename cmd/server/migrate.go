package main

import (
	"errors"
	"fmt"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
)

type migrateCommand struct {
	To     *int64 `help:"The version to go to, up or down; 0 removes everything. The newest by default."`
	Status bool   `help:"Only show which migrations are applied."`
}

// Run migrates the database.
func (c *migrateCommand) Run(p *program) (err error) {
	d, err := p.shareDatabase()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.leaveDatabase(d)) }()
	switch {
	case c.Status:
		lines, err := ledger.MigrationStatus(p.ctx, d.url)
		if err != nil {
			return err
		}
		for _, line := range lines {
			fmt.Fprintln(p.stdout, line)
		}
		return nil
	case c.To != nil && (*c.To < 0 || *c.To > int64(ledger.SchemaVersion())):
		return fmt.Errorf("migrate: there is no version %d: the newest is %d", *c.To, ledger.SchemaVersion())
	case c.To != nil:
		if err := ledger.MigrateTo(p.ctx, d.url, *c.To); err != nil {
			return err
		}
		fmt.Fprintf(p.stdout, "the schema is at version %d\n", *c.To)
		return nil
	default:
		n, err := ledger.Migrate(p.ctx, d.url, p.log)
		if err != nil {
			return err
		}
		fmt.Fprintf(p.stdout, "%s applied\n", incidents.Plural(n, "migration", "migrations"))
		return nil
	}
}
