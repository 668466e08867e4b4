package pglocal

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

const (
	// readyLimit is how long postgres may give no sign of life.
	readyLimit = 60 * time.Second

	// startingUp is the SQLSTATE of a server that is there but not yet ready
	// (cannot_connect_now), as in crash recovery.
	startingUp = "57P03"
)

// waitReady returns once a query is answered. Recovery after a crash may take
// longer than any fixed limit, so a server that says "starting up" has time as
// long as the context allows.
func (s *Server) waitReady(ctx context.Context) error {
	deadline := time.Now().Add(readyLimit)
	for {
		err := s.ping(ctx)
		if err == nil {
			return nil
		}
		var answer *pgconn.PgError
		if errors.As(err, &answer) {
			if answer.Code != startingUp {
				return fmt.Errorf("connect to the cluster in %s as its superuser %q: %w", s.dir, superuser, err)
			}
			deadline = time.Now().Add(readyLimit)
		}
		select {
		case <-s.exited:
			if s.exitErr == nil {
				return errors.New("postgres was shut down while it started")
			}
			err := s.exitedByItself()
			s.cmd = nil // nothing is left to stop, and this is said only once
			return err
		case <-ctx.Done():
			return fmt.Errorf("wait for postgres to answer: %w", ctx.Err())
		case <-time.After(20 * time.Millisecond):
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("postgres didn't answer within %s: %w; its log %s ends:\n%s",
				readyLimit, err, s.logPath(), logTail(s.logPath(), s.logFrom))
		}
	}
}

// ping connects and asks the simplest question.
func (s *Server) ping(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	conn, err := pgx.Connect(ctx, s.URL("postgres"))
	if err != nil {
		return fmt.Errorf("connect: %w", err)
	}
	defer conn.Close(ctx)
	var one int
	if err := conn.QueryRow(ctx, "select 1").Scan(&one); err != nil {
		return fmt.Errorf("ask: %w", err)
	}
	return nil
}
