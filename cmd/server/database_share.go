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

	// usingLock is the advisory lock that commands share which use a private database
	// that another one runs. Its owner stops it only while it has the lock alone, so that
	// nobody joins one that is about to stop.
	usingLock = 0x75_73_69_6e
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
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return nil, fmt.Errorf("connect to the private PostgreSQL: %w", err)
	}
	var joined bool
	err = conn.QueryRow(ctx, "SELECT pg_try_advisory_lock_shared($1)", usingLock).Scan(&joined)
	if err == nil && !joined {
		err = errStopping
	}
	if err != nil {
		_ = conn.Close(context.WithoutCancel(ctx))
		return nil, fmt.Errorf("join the private PostgreSQL: %w", err)
	}
	return &database{url: url, using: conn}, nil
}

var errStopping = errors.New("the command that runs it is about to stop it")

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
		if conn := p.waitForOthers(d.url); conn != nil {
			defer conn.Close(context.WithoutCancel(p.ctx)) // with its server: no error says anything
		}
	}
	return d.close()
}

// waitForOthers returns when no other command uses the database, and the connection
// that keeps others from joining it; or nil when nobody can say.
func (p *program) waitForOthers(url string) *pgx.Conn {
	conn, err := pgx.Connect(p.ctx, url)
	if err != nil {
		return nil // it has ended, or is to
	}
	for told := false; ; told = true {
		var alone bool
		// Who waits for a lock keeps others from sharing it: it is tried, again and again.
		err := conn.QueryRow(p.ctx, "SELECT pg_try_advisory_lock($1)", usingLock).Scan(&alone)
		if err != nil || alone {
			return conn
		}
		if !told {
			p.log.Info("this command is done; it keeps the private PostgreSQL running for others that use it")
		}
		if !wait(p.ctx, shareEvery) {
			return conn
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
