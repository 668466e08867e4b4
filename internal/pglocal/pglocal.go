// Package pglocal runs a private PostgreSQL server: for Breachledger started
// without any setup, and for its tests. It finds the installed binaries, makes
// the cluster, guards it against a second owner, and starts and stops the server.
//
// It knows nothing of Breachledger's schema: migrations and data live elsewhere.
package pglocal

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
)

var (
	// ErrNoPostgres says that no usable PostgreSQL is installed. The error that
	// wraps it lists what to install.
	ErrNoPostgres = errors.New("no PostgreSQL 15 or newer was found")

	// ErrInUse says that another process owns the data directory.
	ErrInUse = errors.New("the data directory is in use")

	// ErrOtherVersion says that the data directory needs another PostgreSQL
	// version than those installed. The error that wraps it gives the commands.
	ErrOtherVersion = errors.New("the data directory is of another PostgreSQL version")

	// ErrForeignDir says that the directory holds something that isn't a cluster.
	ErrForeignDir = errors.New("the directory isn't empty and isn't a PostgreSQL data directory")
)

// Options say where the cluster lives and how it is run.
type Options struct {
	// Dir is the data folder; it is made when missing, with a lock and a log
	// beside it (Dir.lock, Dir.log). It is never deleted.
	Dir string

	// Database is created when missing. Empty: none but PostgreSQL's own.
	Database string

	// Settings are configuration parameters; they win over this package's
	// defaults and over postgresql.conf.
	Settings map[string]string

	// Log tells what a person would want to know. Nil: nothing is told.
	Log *slog.Logger

	// Ephemeral makes a throw-away cluster for tests, in a temporary folder of
	// its own (Dir stays empty). It isn't safe against a crash of the machine,
	// and it ends, folder and all, with Stop or with this process, however that ends.
	Ephemeral bool

	binFolders []string // where to look for binaries; nil: the usual places
	fallback   string   // where root's clusters go that can't be at Dir; "": fallbackRoot
}

// Start starts the server, and returns when it answers queries. The context
// bounds the start only: the server then runs until Stop.
func Start(ctx context.Context, o Options) (*Server, error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	s := &Server{log: o.Log, exited: make(chan struct{})}
	if err := s.start(ctx, o); err != nil {
		return nil, fmt.Errorf("start a private PostgreSQL: %w", errors.Join(err, s.release()))
	}
	return s, nil
}

// start fills in the server step by step; what it has taken when it fails is
// given back by release.
func (s *Server) start(ctx context.Context, o Options) error {
	if err := checkSettings(o.Settings); err != nil {
		return err
	}
	if o.Ephemeral != (o.Dir == "") {
		return errors.New("either Dir is named, or the cluster is ephemeral")
	}

	home, err := settle(ctx, o)
	if err != nil {
		return err
	}
	s.dir, s.account = home.dir, home.account

	// Binaries come before anything is created: without them, nothing is left behind.
	installed := findInstallations(ctx, o.binFolders, s.account)
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("look for PostgreSQL: %w", err)
	}
	if len(usable(installed)) == 0 {
		return noPostgres(installed)
	}
	if err := s.claim(ctx, o, home); err != nil {
		return err
	}

	bin, err := s.takeOver(ctx, o, installed)
	if err != nil {
		return err
	}
	if s.ephemeral != nil {
		s.socketDir, err = s.ephemeral.makeSocketDir(s.account)
	} else {
		s.socketDir, err = makeSocketDir(ctx, s.account)
	}
	if err != nil {
		return fmt.Errorf("make a folder for the socket: %w", err)
	}
	if err := s.launch(ctx, bin, o); err != nil {
		return err
	}
	if err := s.waitReady(ctx); err != nil {
		return err
	}
	if err := s.ensureDatabase(ctx, o.Database); err != nil {
		return err
	}
	s.log.InfoContext(ctx, "private PostgreSQL is ready", "dir", s.dir, "version", bin.String(), "new", s.fresh)
	return nil
}

// takeOver makes the data directory ready, and returns the programs to run on it. The
// lock must be held: only then is certain what the directory holds.
func (s *Server) takeOver(ctx context.Context, o Options, installed []installation) (installation, error) {
	found, err := inspect(s.dir)
	if err != nil {
		return installation{}, err
	}
	bin, err := choose(installed, found, s.dir, s.account)
	if err != nil {
		return installation{}, err
	}
	if err := endOrphan(ctx, s.dir, s.log); err != nil {
		return installation{}, fmt.Errorf("take over the data directory %s: %w", s.dir, err)
	}
	if found.version == 0 {
		if err := initCluster(ctx, bin, s.dir, s.account, o.Ephemeral); err != nil {
			return installation{}, fmt.Errorf("initialise a cluster in %s: %w", s.dir, err)
		}
		s.fresh = true
	}
	return bin, nil
}

// claim makes the folder that the data directory goes into, and takes the lock.
func (s *Server) claim(ctx context.Context, o Options, home home) error {
	if o.Ephemeral {
		e, err := newEphemeral(ctx, s.account, s.log)
		if err != nil {
			return fmt.Errorf("make a temporary folder: %w", err)
		}
		s.ephemeral, s.dir = e, e.dataDir()
	} else if err := makeFolders(filepath.Dir(s.dir), s.account); err != nil {
		return fmt.Errorf("make the folder of the data directory: %w", err)
	}
	if home.moved {
		s.log.WarnContext(ctx, "the data can't be where it was asked for: that user can't reach it",
			"asked", home.asked, "user", s.account.name, "dir", s.dir)
	}
	var err error
	s.lock, err = takeLock(s.dir+".lock", s.account)
	if err != nil {
		return fmt.Errorf("lock the data directory %s: %w", s.dir, err)
	}
	return nil
}
