package pglocal

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"os"
	"os/exec"
	"sync"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

const (
	// superuser owns the cluster. There is no password: see makeSocketDir.
	superuser = "breachledger"

	// port only names the socket's file; nothing listens on TCP.
	port = "5432"

	fastLimit      = 60 * time.Second // a shutdown checkpoint may write a lot
	immediateLimit = 10 * time.Second // PostgreSQL kills its own stragglers after 5
)

// Server is a running private PostgreSQL.
type Server struct {
	dir       string
	socketDir string
	fresh     bool
	account   account
	log       *slog.Logger

	lock      *os.File
	ephemeral *ephemeral

	cmd     *exec.Cmd
	logFrom int64         // where in the log file this run begins
	exited  chan struct{} // closed once postgres has ended
	exitErr error         // how it ended; to be read after exited

	stopOnce sync.Once
	stopErr  error
}

// URL is the connection string of a database of this server, for pgx and psql.
func (s *Server) URL(database string) string { return connString(s.socketDir, database) }

func connString(socketDir, database string) string {
	// What the environment may set otherwise (PGPORT, PGSSLMODE) is stated.
	query := url.Values{"host": {socketDir}, "port": {port}, "sslmode": {"disable"}}
	u := url.URL{Scheme: "postgres", User: url.User(superuser), Path: "/" + database, RawQuery: query.Encode()}
	return u.String()
}

// Done is closed once PostgreSQL has ended, by itself or through Stop.
func (s *Server) Done() <-chan struct{} { return s.exited }

// Stop ends the server, open connections included, and waits for it. What was
// committed is on disk then. It may be called again and by several goroutines.
func (s *Server) Stop() error {
	s.stopOnce.Do(func() {
		if err := s.release(); err != nil {
			s.stopErr = fmt.Errorf("stop the private PostgreSQL: %w", err)
		}
	})
	return s.stopErr
}

// release gives back whatever has been taken so far, in reverse order: the lock
// last, when nothing that it guards is running any more.
func (s *Server) release() error {
	var errs []error
	if s.cmd != nil {
		errs = append(errs, s.shutDown())
	}
	if s.socketDir != "" {
		errs = append(errs, removeSocketDir(s.socketDir))
	}
	if s.ephemeral != nil {
		errs = append(errs, s.ephemeral.remove())
	}
	if s.lock != nil {
		errs = append(errs, dropLock(s.lock))
	}
	return errors.Join(errs...)
}

// launch starts postgres, in a process group of its own: the terminal's Ctrl-C
// then reaches this process alone, which stops postgres in order.
func (s *Server) launch(ctx context.Context, bin installation, o Options) error {
	logFile, err := openLog(s.logPath(), s.account)
	if err != nil {
		return fmt.Errorf("open the log: %w", err)
	}
	defer logFile.Close()
	if s.logFrom, err = logFile.Seek(0, io.SeekEnd); err != nil {
		return fmt.Errorf("open the log: %w", err)
	}

	// The context bounds the start, not the server.
	cmd := exec.CommandContext(context.WithoutCancel(ctx), bin.program("postgres"), serverArgs(s.dir, s.socketDir, o)...)
	cmd.Stdout, cmd.Stderr = logFile, logFile
	s.account.prepare(cmd, s.dir)
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("run %s: %w", cmd.Path, err)
	}
	s.cmd = cmd
	go func() {
		s.exitErr = cmd.Wait()
		close(s.exited)
	}()
	return nil
}

// shutDown asks ever more firmly. Even the last way loses nothing that was
// committed: the next start recovers it from the log.
func (s *Server) shutDown() error {
	select {
	case <-s.exited:
		return s.exitedByItself()
	default:
	}
	for _, step := range []struct {
		signal syscall.Signal
		limit  time.Duration
	}{
		{syscall.SIGINT, fastLimit},       // "fast": disconnect everybody, checkpoint
		{syscall.SIGQUIT, immediateLimit}, // "immediate": no checkpoint
		{syscall.SIGKILL, immediateLimit},
	} {
		if err := s.cmd.Process.Signal(step.signal); err != nil && !errors.Is(err, os.ErrProcessDone) {
			return fmt.Errorf("signal postgres: %w", err)
		}
		select {
		case <-s.exited:
			return nil
		case <-time.After(step.limit):
			s.log.Warn("PostgreSQL doesn't stop", "signal", step.signal.String(), "after", step.limit)
		}
	}
	return fmt.Errorf("postgres (pid %d) doesn't end", s.cmd.Process.Pid)
}

// exitedByItself describes an end that nobody asked this package for.
func (s *Server) exitedByItself() error {
	if s.exitErr == nil {
		return nil // somebody else has shut it down, and in order
	}
	return fmt.Errorf("postgres ended by itself: %w; its log %s ends:\n%s",
		s.exitErr, s.logPath(), logTail(s.logPath(), s.logFrom))
}

// ensureDatabase creates the database when it is missing, and not only in a new
// cluster: an earlier start may have been killed between the two.
func (s *Server) ensureDatabase(ctx context.Context, name string) error {
	if name == "" {
		return nil
	}
	conn, err := pgx.Connect(ctx, s.URL("postgres"))
	if err != nil {
		return fmt.Errorf("connect to create the database %s: %w", name, err)
	}
	defer conn.Close(ctx)
	var known bool
	err = conn.QueryRow(ctx, "select exists (select from pg_database where datname = $1)", name).Scan(&known)
	if err != nil {
		return fmt.Errorf("look for the database %s: %w", name, err)
	}
	if known {
		return nil
	}
	if _, err := conn.Exec(ctx, "create database "+pgx.Identifier{name}.Sanitize()); err != nil {
		return fmt.Errorf("create the database %s: %w", name, err)
	}
	return nil
}
