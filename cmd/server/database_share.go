package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/breachledger/breachledger/internal/pglocal"
)

const (
	// ownerLimit is how long the owner of a private database may take to start or to
	// stop it before another command gives up.
	ownerLimit = 15 * time.Second
	shareEvery = 100 * time.Millisecond

	// usingName is what the connections are called by which commands say that they use
	// a private database that another one runs.
	usingName = "breachledger command"
)

// shareDatabase is openDatabase for a command that may run beside others: it uses
// the private database that a server or another command owns. When the owner is
// about to start or to stop it, this waits.
func (p *program) shareDatabase() (*database, error) {
	for began := time.Now(); ; {
		d, err := p.openDatabase()
		if !errors.Is(err, pglocal.ErrInUse) {
			return d, err
		}
		d, attachErr := p.attachDatabase()
		if attachErr == nil {
			return d, nil
		}
		if time.Since(began) > ownerLimit || !wait(p.ctx, shareEvery) {
			return nil, errors.Join(err, attachErr)
		}
	}
}

func (p *program) attachDatabase() (*database, error) {
	ctx, cancel := context.WithTimeout(p.ctx, p.StartLimit)
	defer cancel()
	url, err := pglocal.Attach(ctx, p.privatePostgres())
	if err != nil {
		return nil, err
	}
	config, err := pgx.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("read the address of the private PostgreSQL: %w", err)
	}
	config.RuntimeParams["application_name"] = usingName
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("connect to the private PostgreSQL: %w", err)
	}
	return &database{url: url, using: conn}, nil
}

// leaveDatabase closes a database from shareDatabase. A private one that this
// process runs stays up until the other commands that use it have ended, or until
// this one is to stop.
func (p *program) leaveDatabase(d *database) error {
	if d.using != nil {
		if err := d.using.Close(context.WithoutCancel(p.ctx)); err != nil {
			return fmt.Errorf("leave the private PostgreSQL: %w", err)
		}
	}
	if d.private != nil {
		p.waitForOthers(d.url)
	}
	return d.close()
}

// waitForOthers returns when no other command uses the database, or nobody can say.
func (p *program) waitForOthers(url string) {
	conn, err := pgx.Connect(p.ctx, url)
	if err != nil {
		return // it has ended, or is to
	}
	defer conn.Close(context.WithoutCancel(p.ctx))
	for told := false; ; told = true {
		var others int
		err := conn.QueryRow(p.ctx, "SELECT count(*) FROM pg_stat_activity WHERE application_name = $1", usingName).Scan(&others)
		if err != nil || others == 0 {
			return
		}
		if !told {
			p.log.Info("this command is done; it keeps the private PostgreSQL running for others that use it", "commands", others)
		}
		if !wait(p.ctx, shareEvery) {
			return
		}
	}
}

// wait reports whether the time has passed before the context ended.
func wait(ctx context.Context, d time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(d):
		return true
	}
}
