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
	HSTS  time.Duration
	Gates Gates
}

// Web is the pages. It is an [http.Handler].
type Web struct {
	ledger     *ledger.Ledger
	log        *slog.Logger
	keyedReads bool
	keyedTexts bool
	publicURL  string
	hsts       time.Duration
	gates      Gates

	assets    assets
	templates *template.Template
	mux       *http.ServeMux
	handler   http.Handler
	overviews kept[overview]
	facets    kept[ledger.Facets]
	reports   kept[ledger.ResponseReport]
}

// New makes the pages with all their routes.
func New(c Config) (*Web, error) {
	s := &Web{
		ledger: c.Ledger, log: c.Log, keyedReads: c.KeyedReads, keyedTexts: c.KeyedTexts, publicURL: strings.TrimRight(c.PublicURL, "/"), hsts: c.HSTS, gates: c.Gates,
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
	s.mux = http.NewServeMux()
	s.routes(s.mux)
	protection := http.NewCrossOriginProtection()
	if s.publicURL != "" { // a proxy may have put another host into the request
		if err := protection.AddTrustedOrigin(s.publicURL); err != nil {
			return nil, fmt.Errorf("read the public URL: %w", err)
		}
	}
	s.handler = secure(s.hsts, protection.Handler(s.mux))
	return s, nil
}

// ServeHTTP serves a request.
func (s *Web) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) }

func (s *Web) routes(mux *http.ServeMux) {
	mux.Handle("GET /assets/{name}", s.assets)
	g := s.gates
	for pattern, r := range map[string]struct {
		handler
		gate Gate // nil asks the database for nothing but who it is
	}{
		"GET /{$}":                               {s.startPage, g.Search},
		"GET /incidents":                         {s.incidentsPage, g.Search},
		"GET /incidents.csv":                     {s.incidentsCSV, g.Search},
		"GET /incidents/{ref}":                   {s.incidentPage, g.Quick},
		"GET /incidents/{ref}/claims.csv":        {s.claimsCSV, g.Quick},
		"GET /incidents/{ref}/history":           {s.historyPage, g.Search},
		"GET /incidents/{ref}/history/{version}": {s.versionPage, g.Search},
		"GET /sources":                           {s.sourcesPage, g.Search},
		"GET /sources/{id}":                      {s.sourcePage, g.Read},
		"GET /sources/{id}/history":              {s.sourceHistoryPage, g.Search},
		"GET /sources/{id}/edit":                 {s.editSourcePage, g.Read},
		"POST /sources/{id}/edit":                {s.editSource, g.Read},
		"GET /actors":                            {s.actorsPage, g.Search},
		"GET /actors/{slug}":                     {s.actorPage, g.Search},
		"GET /actors/{slug}/edit":                {s.editActorPage, g.Search},
		"POST /actors/{slug}/edit":               {s.editActor, g.Read},
		"GET /actors/{slug}/history":             {s.actorHistoryPage, g.Search},
		"GET /actors/{slug}/merge":               {s.mergeActorPage, g.Search},
		"POST /actors/{slug}/merge":              {s.mergeActor, g.Read},
		"GET /suggest/actors":                    {s.suggestActors, g.Search},
		"GET /responses":                         {s.responsesPage, g.Search},
		"GET /responses.csv":                     {s.responsesCSV, g.Search},
		"GET /responses/list":                    {s.responseListPage, g.Search},
		"GET /responses/list.csv":                {s.responseListCSV, g.Search},
		"GET /promises.csv":                      {s.promisesCSV, g.Search},
		"GET /sign-in":                           {s.signInPage, nil},
		"POST /sign-in":                          {s.signIn, g.Read},
		"POST /sign-out":                         {s.signOut, g.Read},
		"GET /log":                               {s.logPage, nil},
		"POST /log":                              {s.logIncident, g.Read},
		"GET /incidents/{ref}/edit":              {s.editPage, g.Read},
		"POST /incidents/{ref}/edit":             {s.editIncident, g.Read},
		"GET /incidents/{ref}/respond":           {s.respondPage, g.Read},
		"POST /incidents/{ref}/respond":          {s.respond, g.Read},
		"POST /incidents/{ref}/{step}":           {s.takeStep, g.Read},
		"GET /drafts":                            {s.draftsPage, g.Search},
		"GET /duplicates":                        {s.duplicatesPage, g.Search},
		"POST /duplicates":                       {s.decideDuplicate, g.Read},
		"GET /duplicates/actors":                 {s.actorPairsPage, g.Search},
		"POST /duplicates/actors":                {s.tellActorsApart, g.Read},
		"/":                                      {s.noPage, nil},
	} {
		mux.Handle(pattern, s.page(r.gate, r.handler))
	}
}
