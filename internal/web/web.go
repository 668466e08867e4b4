package web

import (
	"fmt"
	"html/template"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/breachledger/breachledger/internal/ledger"
)

// Config says what the pages show and how.
type Config struct {
	Ledger *ledger.Ledger
	Log    *slog.Logger
	// KeyedReads closes reading to those who are not signed in, KeyedTexts the
	// whole texts of sources: then they see only what claims quote.
	KeyedReads, KeyedTexts bool
	// PublicURL is the address by which browsers reach the pages
	// ("https://ledger.example.org"); "" takes it from each request. With https
	// cookies are for https only.
	PublicURL string
	// HSTS is how long browsers shall use https only; zero is not to say so.
	HSTS time.Duration
}

// Web is the pages. It is an [http.Handler].
type Web struct {
	ledger     *ledger.Ledger
	log        *slog.Logger
	keyedReads bool
	keyedTexts bool
	publicURL  string
	hsts       time.Duration

	assets    assets
	templates *template.Template
	handler   http.Handler
	overviews kept[overview]
	facets    kept[ledger.Facets]
	reports   kept[ledger.ResponseReport]
}

// New makes the pages with all their routes.
func New(c Config) (*Web, error) {
	s := &Web{
		ledger: c.Ledger, log: c.Log, keyedReads: c.KeyedReads, keyedTexts: c.KeyedTexts, publicURL: strings.TrimRight(c.PublicURL, "/"), hsts: c.HSTS,
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	var err error
	if s.assets, err = loadAssets(); err != nil {
		return nil, fmt.Errorf("load the assets: %w", err)
	}
	if s.templates, err = parseTemplates(s.assets); err != nil {
		return nil, fmt.Errorf("parse the templates: %w", err)
	}
	mux := http.NewServeMux()
	s.routes(mux)
	s.handler = secure(s.hsts, http.NewCrossOriginProtection().Handler(mux))
	return s, nil
}

// ServeHTTP serves a request.
func (s *Web) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) }

func (s *Web) routes(mux *http.ServeMux) {
	mux.Handle("GET /assets/{name}", s.assets)
	for pattern, h := range map[string]handler{
		"GET /{$}":                               s.startPage,
		"GET /incidents":                         s.incidentsPage,
		"GET /incidents.csv":                     s.incidentsCSV,
		"GET /incidents/{ref}":                   s.incidentPage,
		"GET /incidents/{ref}/claims.csv":        s.claimsCSV,
		"GET /incidents/{ref}/history":           s.historyPage,
		"GET /incidents/{ref}/history/{version}": s.versionPage,
		"GET /sources":                           s.sourcesPage,
		"GET /sources/{id}":                      s.sourcePage,
		"GET /actors":                            s.actorsPage,
		"GET /actors/{slug}":                     s.actorPage,
		"GET /suggest/actors":                    s.suggestActors,
		"GET /responses":                         s.responsesPage,
		"GET /responses.csv":                     s.responsesCSV,
		"GET /promises.csv":                      s.promisesCSV,
		"GET /sign-in":                           s.signInPage,
		"POST /sign-in":                          s.signIn,
		"POST /sign-out":                         s.signOut,
		"GET /log":                               s.logPage,
		"POST /log":                              s.logIncident,
		"GET /incidents/{ref}/edit":              s.editPage,
		"POST /incidents/{ref}/edit":             s.editIncident,
		"GET /incidents/{ref}/respond":           s.respondPage,
		"POST /incidents/{ref}/respond":          s.respond,
		"POST /incidents/{ref}/{step}":           s.takeStep,
		"GET /drafts":                            s.draftsPage,
		"GET /duplicates":                        s.duplicatesPage,
		"POST /duplicates":                       s.decideDuplicate,
		"/":                                      notFoundPage,
	} {
		mux.Handle(pattern, s.page(h))
	}
}
