package api

import (
	"github.com/prometheus/client_golang/prometheus"

	"github.com/breachledger/breachledger/internal/ledger"
)

// poolMetrics reads the database pools, and who waits for them, when Prometheus
// asks.
type poolMetrics struct {
	stats func() []ledger.PoolStats
	gates *[classes]*gate
}

var (
	poolConnections = prometheus.NewDesc("breachledger_db_connections", "Open database connections by pool and state.", []string{"pool", "state"}, nil)
	poolMost        = prometheus.NewDesc("breachledger_db_connections_max", "The most connections that a pool opens.", []string{"pool"}, nil)
	poolAcquires    = prometheus.NewDesc("breachledger_db_acquires_total", "How often a connection was taken from the pool.", []string{"pool"}, nil)
	poolWaits       = prometheus.NewDesc("breachledger_db_acquires_waited_total", "How often one had to be waited for.", []string{"pool"}, nil)
	poolWaited      = prometheus.NewDesc("breachledger_db_acquire_seconds_total", "How long was waited for connections.", []string{"pool"}, nil)
	poolCanceled    = prometheus.NewDesc("breachledger_db_acquires_canceled_total", "How often a request ended while it waited.", []string{"pool"}, nil)
	gateWaiting     = prometheus.NewDesc("breachledger_http_requests_waiting", "Requests waiting in line for the database, by what they ask for.", []string{"class"}, nil)
	gateInside      = prometheus.NewDesc("breachledger_http_requests_admitted", "Requests let through to the database, by what they ask for.", []string{"class"}, nil)
)

// Describe is part of [prometheus.Collector].
func (p poolMetrics) Describe(out chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{poolConnections, poolMost, poolAcquires, poolWaits, poolWaited, poolCanceled, gateWaiting, gateInside} {
		out <- d
	}
}

// Collect is part of [prometheus.Collector].
func (p poolMetrics) Collect(out chan<- prometheus.Metric) {
	gauge := func(d *prometheus.Desc, value float64, labels ...string) {
		out <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, value, labels...)
	}
	counter := func(d *prometheus.Desc, value float64, labels ...string) {
		out <- prometheus.MustNewConstMetric(d, prometheus.CounterValue, value, labels...)
	}
	for _, s := range p.stats() {
		gauge(poolConnections, float64(s.Idle), s.Name, "idle")
		gauge(poolConnections, float64(s.InUse), s.Name, "in_use")
		gauge(poolConnections, float64(s.Opening), s.Name, "opening")
		gauge(poolMost, float64(s.Max), s.Name)
		counter(poolAcquires, float64(s.Acquires), s.Name)
		counter(poolWaits, float64(s.Waits), s.Name)
		counter(poolWaited, s.Waited.Seconds(), s.Name)
		counter(poolCanceled, float64(s.Canceled), s.Name)
	}
	for c, g := range p.gates {
		gauge(gateWaiting, float64(g.waiting.Load()), class(c).String())
		gauge(gateInside, float64(len(g.inside)), class(c).String())
	}
}
