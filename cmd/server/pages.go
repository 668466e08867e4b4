package main

import (
	"log/slog"
	"net/http"
	"strings"

	"github.com/breachledger/breachledger/internal/api"
	"github.com/breachledger/breachledger/internal/ledger"
	"github.com/breachledger/breachledger/internal/web"
)

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

// apiAndPages is the API and the pages under one address.
type apiAndPages struct {
	drainer // the API
	pages   http.Handler
}

func withPages(api drainer, pages http.Handler) apiAndPages { return apiAndPages{api, pages} }

// ServeHTTP sends what belongs to the API there, and everything else to the
// pages.
func (s apiAndPages) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if isAPI(r.URL.Path) {
		s.drainer.ServeHTTP(w, r)
		return
	}
	s.pages.ServeHTTP(w, r)
}

// isAPI tells the paths of the API from those of the pages.
func isAPI(path string) bool {
	switch first, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/"); first {
	case "v1", "docs", "healthz", "readyz", "metrics", "feed.atom":
		return true
	default:
		return strings.HasPrefix(first, "openapi.")
	}
}
