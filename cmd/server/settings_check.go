package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/breachledger/breachledger/internal/api"
)

// check refuses settings that cannot be, or would mean something else than they say.
// Nothing is begun before: a server that cannot start leaves its database as it is.
func (s *serveCommand) check() error {
	const (
		connections = "from 1 to 10000"
		aQueue      = "at least 1"
		aRate       = "at least 0, which is no limit"
		day         = 24 * time.Hour
	)
	for _, c := range []struct {
		name string
		ok   bool
		must string
	}{
		{"DB_CONNECTIONS", s.Connections >= 1 && s.Connections <= 10_000, connections},
		{"DB_SEARCH_CONNECTIONS", s.SearchConns >= 1 && s.SearchConns <= 10_000, connections},
		{"SEARCH_TIMEOUT", s.SearchTimeout >= time.Millisecond && s.SearchTimeout <= day, "from 1ms to 24h"},
		{"QUEUE_READS", s.ReadQueue >= 1, aQueue},
		{"QUEUE_SEARCHES", s.SearchQueue >= 1, aQueue},
		{"QUEUE_WAIT", s.QueueWait > 0, "more than 0s"},
		{"SHUTDOWN_DELAY", s.ShutdownDelay >= 0 && s.ShutdownDelay <= time.Hour, "from 0s to 1h"},
		{"HSTS", s.HSTS >= 0, "at least 0s"},
		{"RATE_ADDRESS_READS", s.AddressReads >= 0, aRate},
		{"RATE_ADDRESS_WRITES", s.AddressWrites >= 0, aRate},
		{"RATE_KEY_READS", s.KeyReads >= 0, aRate},
		{"RATE_KEY_WRITES", s.KeyWrites >= 0, aRate},
	} {
		if !c.ok {
			return fmt.Errorf("%s must be %s", c.name, c.must)
		}
	}
	for _, c := range []struct {
		name string
		part api.Config
	}{
		{"PUBLIC_URL", api.Config{PublicURL: s.PublicURL}},
		{"TRUSTED_PROXIES", api.Config{TrustedProxies: s.TrustedProxies}},
		{"CORS_ORIGINS", api.Config{Origins: s.Origins}},
	} {
		if err := c.part.Check(); err != nil {
			return fmt.Errorf("%s: %w", c.name, err)
		}
	}
	return nil
}

// tryListen reports whether the server could listen on its addresses: while another
// process does, the database is not migrated under it.
func (s *serveCommand) tryListen(ctx context.Context) error {
	for _, a := range []struct{ name, address string }{{"LISTEN", s.Listen}, {"METRICS_LISTEN", s.MetricsListen}} {
		if a.address == "" && a.name != "LISTEN" {
			continue
		}
		if host, port, err := net.SplitHostPort(a.address); err != nil || host+port == "" || port == "" {
			return fmt.Errorf("%s=%s must be an address and a port, such as 127.0.0.1:8080, or :8080 for all addresses", a.name, a.address)
		}
		listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", a.address)
		if err != nil {
			return fmt.Errorf("%s: listen on %s: %w", a.name, a.address, err)
		}
		if err := listener.Close(); err != nil {
			return fmt.Errorf("%s: listen on %s: %w", a.name, a.address, err)
		}
	}
	return nil
}

// checkURL refuses a DATABASE_URL that cannot be read, without showing its password.
func checkURL(text string) error {
	_, err := pgconn.ParseConfig(text)
	var bad *pgconn.ParseConfigError
	if errors.As(err, &bad) {
		return fmt.Errorf("DATABASE_URL must be as postgres://user@host:5432/database, or host=… user=… dbname=…: %w", bad)
	}
	return err
}
