// Package api is the HTTP API, version 1: Gin routes, huma reads parameters and
// writes the OpenAPI document, and every error is a problem of RFC 9457.
//
// A handler parses, makes one call to the ledger, and converts. Bodies are read
// by package strict and checked by the domain, so that one answer names every
// bad field; which status an error becomes is said in problem.go alone.
package api

import (
	"cmp"
	"errors"
	"log/slog"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"
	"github.com/gin-gonic/gin"

	"github.com/breachledger/breachledger/internal/ledger"
)

// Config says what the API serves and how.
type Config struct {
	Ledger *ledger.Ledger
	Log    *slog.Logger
	// Version is the program's version, shown in the OpenAPI document.
	Version string
	// PublicURL is the server's address as others see it ("https://ledger.example.org"),
	// for feeds; "" takes what the request says.
	PublicURL string
	// TrustedProxies are the addresses (CIDR) whose X-Forwarded-For is believed.
	TrustedProxies []string
	// KeyedReads closes reading to those without a key, KeyedTexts the whole
	// texts of sources: then they see only what claims quote.
	KeyedReads, KeyedTexts bool
	Rates                  Rates
	Queues                 Queues
	// Origins are the web origins whose pages may use the API (CORS): "*" is any.
	Origins []string
	// HSTS is how long browsers shall use https only; for servers that are
	// reached by TLS. Zero: they are not told to.
	HSTS time.Duration
	// BodyTimeout is how long a client may take to send a body, RequestTimeout
	// how long its request may then take. Zero means the default.
	BodyTimeout, RequestTimeout time.Duration
}

// Defaults of Config.
const (
	DefaultBodyTimeout    = 15 * time.Second
	DefaultRequestTimeout = 20 * time.Second
)

// API is the HTTP API. It is an [http.Handler].
type API struct {
	ledger *ledger.Ledger
	log    *slog.Logger
	huma   huma.API
	router *gin.Engine

	proxies proxies
	origins origins
	hsts    []string

	keyedReads, keyedTexts bool
	publicURL              string
	keys                   keyCache
	memory                 memory
	shortcuts              map[string]gin.HandlerFunc // by Gin's route

	limits                      limits
	gates                       [classes]*gate
	bodyTimeout, requestTimeout time.Duration

	metrics  *metrics
	draining atomic.Bool
}

// New makes the API with all its routes.
func New(c Config) (*API, error) {
	a := &API{ledger: c.Ledger, log: c.Log, router: gin.New(), memory: newMemory(), shortcuts: map[string]gin.HandlerFunc{}}
	if a.log == nil {
		a.log = slog.New(slog.DiscardHandler)
	}
	if err := a.configure(c); err != nil {
		return nil, err
	}
	// client.go works out where a request comes from.
	if err := a.router.SetTrustedProxies(nil); err != nil {
		return nil, err
	}
	a.router.HandleMethodNotAllowed = true
	a.router.RedirectTrailingSlash = false
	a.router.ContextWithFallback = true
	a.router.Use(a.observe, a.recoverPanics, a.secure, a.cors, limitBody, a.admit, a.remember, a.shortcut)
	a.router.NoRoute(func(c *gin.Context) { a.abort(c, notFoundProblem("there is nothing at "+c.Request.URL.Path)) })
	a.router.NoMethod(a.methodNotAllowed)
	a.huma = humagin.New(a.router, a.humaConfig(c.Version))
	a.routes()
	if err := a.docsRoutes(); err != nil {
		return nil, err
	}
	a.finishOperations()
	if err := a.addExamples(); err != nil {
		return nil, err
	}
	a.finishSchemas()
	a.metrics.addRoutes(a.router.Routes())
	return a, nil
}

func (a *API) routes() {
	a.healthRoutes()
	a.incidentRoutes()
	a.editRoutes()
	a.claimRoutes()
	a.lifeRoutes()
	a.historyRoutes()
	a.duplicateRoutes()
	a.reportRoutes()
	a.actorRoutes()
	a.actorEditRoutes()
	a.actorAlikeRoutes()
	a.sharedHistoryRoutes()
	a.sourceRoutes()
	a.keyRoutes()
	a.metricsRoute()
	a.sourceEditRoutes()
	a.exchangeRoutes()
	a.exportRoute()
	a.importRoute()
}

// ServeHTTP serves a request. HEAD is answered as GET; net/http leaves the body out.
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodHead {
		r = r.WithContext(r.Context()) // a copy
		r.Method = http.MethodGet
	}
	a.router.ServeHTTP(w, r)
}

// OpenAPI is the OpenAPI 3.1 document.
func (a *API) OpenAPI() *huma.OpenAPI { return a.huma.OpenAPI() }

// Check refuses settings that [New] would refuse, without beginning anything.
func (c Config) Check() error {
	_, proxies := parseProxies(c.TrustedProxies)
	_, origins := parseOrigins(c.Origins)
	_, limits := newLimits(c.Rates)
	_, publicURL := parsePublicURL(c.PublicURL)
	return errors.Join(proxies, origins, limits, publicURL)
}

// configure takes over the settings.
func (a *API) configure(c Config) (err error) {
	if a.proxies, err = parseProxies(c.TrustedProxies); err != nil {
		return err
	}
	if a.origins, err = parseOrigins(c.Origins); err != nil {
		return err
	}
	if a.limits, err = newLimits(c.Rates); err != nil {
		return err
	}
	a.hsts = hstsValue(c.HSTS)
	a.keyedReads, a.keyedTexts = c.KeyedReads, c.KeyedTexts
	if a.publicURL, err = parsePublicURL(c.PublicURL); err != nil {
		return err
	}
	a.bodyTimeout = cmp.Or(c.BodyTimeout, DefaultBodyTimeout)
	a.requestTimeout = cmp.Or(c.RequestTimeout, DefaultRequestTimeout)
	a.metrics = newMetrics(cmp.Or(c.Version, developmentVersion))
	reads, searches := cmp.Or(c.Queues.Reads, DefaultReadQueue), cmp.Or(c.Queues.Searches, DefaultSearchQueue)
	queues := [classes]int{classRead: reads, classSearch: searches, classQuick: reads, classRecord: reads, classTransfer: transferQueue}
	// Without a ledger there is still the OpenAPI document.
	places := [classes]int{
		placesFor(ledger.DefaultConnections), placesFor(ledger.DefaultSearchConnections), quickPlaces, recordPlaces, transferPlaces,
	}
	if a.ledger != nil {
		for i, pool := range a.ledger.Stats()[:classQuick] {
			places[i] = placesFor(pool.Max)
		}
		a.metrics.registry.MustRegister(poolMetrics{stats: a.ledger.Stats, gates: &a.gates})
	}
	for i := range a.gates {
		shed := a.metrics.shed.WithLabelValues(class(i).String())
		a.gates[i] = newGate(places[i], queues[i], cmp.Or(c.Queues.Wait, DefaultQueueWait), shed.Inc)
	}
	return nil
}
