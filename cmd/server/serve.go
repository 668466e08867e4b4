package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/breachledger/breachledger/internal/api"
	"github.com/breachledger/breachledger/internal/factfile"
	"github.com/breachledger/breachledger/internal/importer"
	"github.com/breachledger/breachledger/internal/ledger"
	"github.com/breachledger/breachledger/seeds"
)

type serveCommand struct {
	Listen         string        `env:"LISTEN" default:"127.0.0.1:8080" help:"The address to listen on."`
	Seed           string        `env:"SEED" enum:"on,off" default:"on" help:"Whether a new private database begins with the seed articles."`
	Connections    int           `env:"DB_CONNECTIONS" default:"8" help:"Connections for writes and reads by key."`
	SearchConns    int           `env:"DB_SEARCH_CONNECTIONS" default:"4" help:"Connections for lists, searches and reports."`
	SearchTimeout  time.Duration `env:"SEARCH_TIMEOUT" default:"5s" help:"The longest that one search or report may take."`
	TrustedProxies []string      `env:"TRUSTED_PROXIES" placeholder:"CIDR" help:"Proxies whose X-Forwarded-For is believed."`
}

// Limits of a connection. A slow client cannot hold one for long.
const (
	headerTimeout   = 5 * time.Second
	readTimeout     = 30 * time.Second
	writeTimeout    = 60 * time.Second
	idleTimeout     = 2 * time.Minute
	shutdownTimeout = 20 * time.Second
	maxHeaderBytes  = 64 << 10
)

// Run serves until the program is told to stop.
func (s *serveCommand) Run(p *program) (err error) {
	d, err := p.openDatabase(false)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.close()) }()
	applied, err := ledger.Migrate(p.ctx, d.url)
	if err != nil {
		return err
	}
	if applied > 0 {
		p.log.Info("migrated the database", "migrations", applied)
	}
	l, err := ledger.Open(p.ctx, ledger.Config{URL: d.url, Connections: s.Connections, SearchConnections: s.SearchConns, SearchTimeout: s.SearchTimeout})
	if err != nil {
		return err
	}
	defer l.Close()
	var stopped <-chan struct{}
	if d.private != nil {
		stopped = d.private.Done()
		if err := p.prepare(l, s.Seed == "on"); err != nil {
			return err
		}
	}
	handler, err := api.New(api.Config{Ledger: l, Log: p.log, Version: version, TrustedProxies: s.TrustedProxies})
	if err != nil {
		return fmt.Errorf("make the API: %w", err)
	}
	return p.serve(s.Listen, handler, stopped)
}

func (p *program) serve(address string, handler http.Handler, databaseStopped <-chan struct{}) error {
	listener, err := (&net.ListenConfig{}).Listen(p.ctx, "tcp", address)
	if err != nil {
		return fmt.Errorf("listen on %s: %w", address, err)
	}
	server := &http.Server{
		Handler: handler, ReadHeaderTimeout: headerTimeout, ReadTimeout: readTimeout, WriteTimeout: writeTimeout,
		IdleTimeout: idleTimeout, MaxHeaderBytes: maxHeaderBytes,
	}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	fmt.Fprintf(p.out, "Breachledger serves on http://%s\n", listener.Addr())
	select {
	case err := <-served:
		return fmt.Errorf("serve: %w", err)
	case <-databaseStopped:
		_ = server.Close()
		return errors.New("the private PostgreSQL has ended by itself; its log says why")
	case <-p.ctx.Done():
	}
	p.log.Info("stopping")
	// The program was told to stop: the requests under way have their own time.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(p.ctx), shutdownTimeout)
	defer cancel()
	if err := server.Shutdown(ctx); err != nil {
		return fmt.Errorf("stop serving: %w", err)
	}
	return nil
}

// prepare fills a new private database and sees that there is an admin key.
func (p *program) prepare(l *ledger.Ledger, seed bool) error {
	if seed {
		if err := p.seed(l); err != nil {
			return err
		}
	}
	return p.adminKey(l)
}

// seed imports the seed articles into an empty ledger. A marker stands while it
// does, so that a start that was cut short is made good by the next one.
func (p *program) seed(l *ledger.Ledger) error {
	marker := filepath.Join(p.Data, "seeding")
	_, err := os.Stat(marker)
	cutShort := err == nil
	empty, err := l.Empty(p.ctx)
	if err != nil {
		return err
	}
	if !empty && !cutShort {
		return nil
	}
	if err := os.WriteFile(marker, []byte("the seed articles are being imported\n"), 0o600); err != nil {
		return fmt.Errorf("mark the import of the seeds: %w", err)
	}
	set, err := factfile.Load(seeds.Files, "seeds")
	if err != nil {
		return fmt.Errorf("read the seeds: %w", err)
	}
	report, err := importer.Facts(p.ctx, l, set)
	if err != nil {
		return fmt.Errorf("import the seeds: %w", err)
	}
	if err := report.Write(p.out); err != nil {
		return fmt.Errorf("report the import: %w", err)
	}
	if err := os.Remove(marker); err != nil {
		return fmt.Errorf("unmark the import of the seeds: %w", err)
	}
	return nil
}
