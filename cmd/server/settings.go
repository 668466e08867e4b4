package main

import (
	"log/slog"
	"time"

	"github.com/breachledger/breachledger/internal/api"
	"github.com/breachledger/breachledger/internal/ledger"
	"github.com/breachledger/breachledger/internal/web"
)

// accessSettings say who may read.
type accessSettings struct {
	ReadAccess string   `env:"READ_ACCESS" enum:"public,keyed" default:"public" help:"Who may read: everybody, or only those with a key (${enum})."`
	PublicURL  string   `env:"PUBLIC_URL" placeholder:"URL" help:"The server's address as others see it (http or https and a host, without a path), for feeds, citations and forms behind a proxy; by default it is taken from each request."`
	SourceText string   `env:"SOURCE_TEXT" enum:"public,keyed" default:"public" help:"Who may read the whole texts of sources (${enum}); everybody sees what claims quote."`
	Origins    []string `name:"cors-origins" env:"CORS_ORIGINS" placeholder:"ORIGIN" help:"Web origins whose pages may use the API, such as https://example.com; * is any. None when not given."`
}

// limitSettings bound what one client, and all of them together, can take.
type limitSettings struct {
	TrustedProxies []string      `env:"TRUSTED_PROXIES" placeholder:"CIDR" help:"Proxies whose X-Forwarded-For is trusted. Behind a proxy that is not named here, all clients count as one."`
	AddressReads   int           `name:"rate-address-reads" env:"RATE_ADDRESS_READS" default:"1200" help:"Reads a minute from one address (an IPv6 /64) without a key; 0 is no limit."`
	AddressWrites  int           `name:"rate-address-writes" env:"RATE_ADDRESS_WRITES" default:"120" help:"Other requests a minute from one address without a key; 0 is no limit."`
	KeyReads       int           `name:"rate-key-reads" env:"RATE_KEY_READS" default:"12000" help:"Reads a minute with one key; 0 is no limit."`
	KeyWrites      int           `name:"rate-key-writes" env:"RATE_KEY_WRITES" default:"3000" help:"Writes a minute with one key; 0 is no limit."`
	LimitLocal     bool          `name:"rate-local" env:"RATE_LOCAL" help:"Limit the rate of requests from this machine too."`
	ReadQueue      int           `name:"queue-reads" env:"QUEUE_READS" default:"256" help:"How many reads and writes may wait for the database; more are turned away (503)."`
	SearchQueue    int           `name:"queue-searches" env:"QUEUE_SEARCHES" default:"64" help:"How many lists, searches and reports may wait for the database."`
	QueueWait      time.Duration `name:"queue-wait" env:"QUEUE_WAIT" default:"1s" help:"How long each may wait."`
	HSTS           time.Duration `name:"hsts" env:"HSTS" default:"0s" help:"How long browsers are to use https only (Strict-Transport-Security), such as 8760h; for servers that are reached over TLS. Not sent when 0."`
}

// apiConfig is what the API is told of the settings.
func (s *serveCommand) apiConfig(l *ledger.Ledger, log *slog.Logger) api.Config {
	return api.Config{
		Ledger: l, Log: log, Version: version,
		TrustedProxies: s.TrustedProxies,
		KeyedReads:     s.ReadAccess == "keyed",
		KeyedTexts:     s.SourceText == "keyed",
		PublicURL:      s.PublicURL,
		Origins:        s.Origins,
		HSTS:           s.HSTS,
		Rates: api.Rates{
			AddressReads: s.AddressReads, AddressWrites: s.AddressWrites, KeyReads: s.KeyReads, KeyWrites: s.KeyWrites, Local: s.LimitLocal,
		},
		Queues: api.Queues{Reads: s.ReadQueue, Searches: s.SearchQueue, Wait: s.QueueWait},
	}
}

// webConfig is what the pages are told of the settings.
func (s *serveCommand) webConfig(l *ledger.Ledger, log *slog.Logger, handler *api.API) web.Config {
	return web.Config{
		Ledger: l, Log: log,
		KeyedReads: s.ReadAccess == "keyed",
		KeyedTexts: s.SourceText == "keyed",
		PublicURL:  s.PublicURL,
		HSTS:       s.HSTS,
		Gates:      web.Gates(handler.PageGates()),
	}
}
