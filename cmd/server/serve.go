package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/breachledger/breachledger/internal/api"
	"github.com/breachledger/breachledger/internal/factfile"
	"github.com/breachledger/breachledger/internal/importer"
	"github.com/breachledger/breachledger/internal/ledger"
	"github.com/breachledger/breachledger/internal/web"
	"github.com/breachledger/breachledger/seeds"
)

type serveCommand struct {
	Listen        string        `env:"LISTEN" default:"127.0.0.1:8080" help:"The address to listen on."`
	Seed          string        `env:"SEED" enum:"on,off" default:"on" help:"Whether a new private database begins with the seed articles."`
	Connections   int           `env:"DB_CONNECTIONS" default:"8" help:"Connections for writes and reads by key."`
	SearchConns   int           `env:"DB_SEARCH_CONNECTIONS" default:"4" help:"Connections for lists, searches and reports."`
	SearchTimeout time.Duration `env:"SEARCH_TIMEOUT" default:"5s" help:"The longest that one search or report may take."`
	MetricsListen string        `env:"METRICS_LISTEN" placeholder:"ADDRESS" help:"A separate address for /metrics, open to whoever can reach it. On the API's own address, /metrics needs an admin key."`
	PprofListen   string        `env:"PPROF_LISTEN" placeholder:"ADDRESS" help:"A loopback address for profiles of the Go runtime, such as 127.0.0.1:6060."`
	ShutdownDelay time.Duration `env:"SHUTDOWN_DELAY" default:"0s" help:"How long new requests are still served after the signal to stop, while /readyz answers 503, so that load balancers notice."`

	accessSettings
	limitSettings
}

// Run serves until the program is told to stop.
func (s *serveCommand) Run(p *program) (err error) {
	if err := s.check(); err != nil {
		return err
	}
	if err := s.tryListen(p.ctx); err != nil {
		return err
	}
	d, err := p.openDatabase()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.close()) }()
	if _, err := ledger.Migrate(p.ctx, d.url, p.log); err != nil {
		return err
	}
	l, err := ledger.Open(p.ctx, ledger.Config{
		URL: d.url, Connections: s.Connections, SearchConnections: s.SearchConns, SearchTimeout: s.SearchTimeout, Log: p.log,
	})
	if err != nil {
		return err
	}
	defer l.Close()
	if err := l.Ready(p.ctx); err != nil {
		p.log.Warn("not ready", "error", err) // it may serve all the same
	}
	var stopped <-chan struct{}
	if d.private != nil {
		stopped = d.private.Done()
		if s.Seed == "on" {
			if err := p.seed(l); err != nil {
				return err
			}
		}
		if err := p.adminKey(l); err != nil {
			return err
		}
	}
	handler, err := api.New(s.apiConfig(l, p.log))
	if err != nil {
		return fmt.Errorf("make the API: %w", err)
	}
	pages, err := web.New(s.webConfig(l, p.log, handler))
	if err != nil {
		return fmt.Errorf("make the pages: %w", err)
	}
	stopPprof, err := p.servePprof(s.PprofListen)
	if err != nil {
		return err
	}
	defer stopPprof()
	serving := &serving{p: p, delay: s.ShutdownDelay, handler: withPages(handler, handler.Guard(pages)), metrics: handler.MetricsHandler(), stopped: stopped}
	if err := serving.listen(s.Listen, s.MetricsListen); err != nil {
		return err
	}
	return serving.run()
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
	if err := report.Write(p.stdout); err != nil {
		return fmt.Errorf("report the import: %w", err)
	}
	if err := os.Remove(marker); err != nil {
		return fmt.Errorf("unmark the import of the seeds: %w", err)
	}
	return nil
}
