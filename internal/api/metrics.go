package api

import (
	"log/slog"
	"net/http"
	"runtime"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/importer"
)

const metricsPath = "/metrics"

// metrics are what Prometheus reads.
type metrics struct {
	registry *prometheus.Registry
	inFlight prometheus.Gauge
	requests *prometheus.CounterVec
	duration *prometheus.HistogramVec
	limited  *prometheus.CounterVec
	shed     *prometheus.CounterVec
	// fromMemory are the answers that were kept from before.
	fromMemory prometheus.Counter
	imported   *prometheus.CounterVec
	// routes has the series of every route, made once: finding them by their
	// labels would be the larger part of the work.
	routes map[endpoint]*series
	none   *series // requests that no route answers
}

type endpoint struct{ method, path string }

// series are the counts of one route, by the first digit of the status.
type series struct {
	byStatus [6]prometheus.Counter
	duration prometheus.Observer
}

var durationBuckets = []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10}

func newMetrics(version string) *metrics {
	m := &metrics{
		registry:   prometheus.NewRegistry(),
		inFlight:   prometheus.NewGauge(prometheus.GaugeOpts{Name: "breachledger_http_requests_in_flight", Help: "Requests being served."}),
		requests:   prometheus.NewCounterVec(prometheus.CounterOpts{Name: "breachledger_http_requests_total", Help: "Requests by method, route and class of status."}, []string{"method", "route", "status"}),
		duration:   prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "breachledger_http_request_duration_seconds", Help: "How long requests took, by method and route.", Buckets: durationBuckets}, []string{"method", "route"}),
		limited:    prometheus.NewCounterVec(prometheus.CounterOpts{Name: "breachledger_http_requests_rate_limited_total", Help: "Requests answered 429, by what the limit counts."}, []string{"by"}),
		shed:       prometheus.NewCounterVec(prometheus.CounterOpts{Name: "breachledger_http_requests_shed_total", Help: "Requests answered 503 since too many waited for the database, by what they asked for."}, []string{"class"}),
		fromMemory: prometheus.NewCounter(prometheus.CounterOpts{Name: "breachledger_http_requests_from_memory_total", Help: "Requests answered with a kept answer."}),
		imported:   prometheus.NewCounterVec(prometheus.CounterOpts{Name: "breachledger_import_documents_total", Help: "Documents that came by POST /v1/import, by format and by what became of them."}, []string{"format", "outcome"}),
		routes:     map[endpoint]*series{},
	}
	build := prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "breachledger_build_info", Help: "Which program this is; always 1.",
		ConstLabels: prometheus.Labels{"version": version, "go": runtime.Version()},
	})
	build.Set(1)
	m.registry.MustRegister(
		m.inFlight, m.requests, m.duration, m.limited, m.shed, m.fromMemory, m.imported, build,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
	)
	for _, by := range []string{"address", "key"} {
		m.limited.WithLabelValues(by)
	}
	m.none = m.series("", "none")
	return m
}

// countImport counts what became of an import's documents.
func (m *metrics) countImport(format string, r importer.StreamReport) {
	if r.DryRun {
		return
	}
	for outcome, n := range map[string]int{
		"created": r.Created, "changed": r.Changed, "unchanged": r.Unchanged, "left_alone": r.LeftAlone, "refused": r.Refused, "repeated": r.Repeated,
	} {
		m.imported.WithLabelValues(format, outcome).Add(float64(n))
	}
}

func (m *metrics) series(method, route string) *series {
	s := &series{duration: m.duration.WithLabelValues(method, route)}
	for digit := 2; digit < len(s.byStatus); digit++ {
		s.byStatus[digit] = m.requests.WithLabelValues(method, route, strconv.Itoa(digit)+"xx")
	}
	return s
}

// addRoutes makes the series of the routes.
func (m *metrics) addRoutes(routes gin.RoutesInfo) {
	for _, r := range routes {
		m.routes[endpoint{r.Method, r.Path}] = m.series(r.Method, openAPIPath(r.Path))
	}
}

// openAPIPath is a path of Gin as the OpenAPI document writes it.
func openAPIPath(path string) string {
	parts := strings.Split(path, "/")
	for i, part := range parts {
		if name, ok := strings.CutPrefix(part, ":"); ok {
			parts[i] = "{" + name + "}"
		}
	}
	return strings.Join(parts, "/")
}

func (m *metrics) observe(method, path string, status int, took time.Duration) {
	s, ok := m.routes[endpoint{method, path}]
	if !ok {
		s = m.none
	}
	if digit := status / 100; digit >= 2 && digit < len(s.byStatus) {
		s.byStatus[digit].Inc()
	}
	s.duration.Observe(took.Seconds())
}

// MetricsHandler serves the metrics to whoever asks: it is for a listener of
// its own, which strangers do not reach.
func (a *API) MetricsHandler() http.Handler {
	return promhttp.HandlerFor(a.metrics.registry, promhttp.HandlerOpts{ErrorLog: slog.NewLogLogger(a.log.Handler(), slog.LevelError)})
}

// metricsRoute serves the metrics on the API's own listener, to an admin key.
func (a *API) metricsRoute() {
	handler := a.MetricsHandler()
	a.router.GET(metricsPath, func(c *gin.Context) {
		if err := allow(identity(c.Request.Context()), access.Admin); err != nil {
			a.abort(c, problemOf(err))
			return
		}
		handler.ServeHTTP(c.Writer, c.Request)
	})
}
