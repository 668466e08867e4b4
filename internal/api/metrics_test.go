package api_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/breachledger/breachledger/internal/access"
)

// TestMetrics: every request is counted by its route, not by its address, and
// strangers do not see it.
func TestMetrics(t *testing.T) {
	t.Parallel()
	s := start(t)
	for range 3 {
		raw(s, "/v1/incidents/a", "")
		raw(s, "/v1/incidents/b", "")
	}
	raw(s, "/v1/incidents", "")
	raw(s, "/nowhere", "")
	serve(s, httptest.NewRequest("BREW", "/v1/coffee", nil))
	serve(s, httptest.NewRequest(http.MethodHead, "/v1/incidents", nil))
	for _, role := range []access.Role{access.Anonymous, access.Reader, access.Contributor, access.Editor} {
		if got := raw(s, "/metrics", s.keys[role]); got.status != http.StatusUnauthorized && got.status != http.StatusForbidden {
			t.Errorf("metrics for %q: %d", role, got.status)
		}
	}
	got := raw(s, "/metrics", s.keys[access.Admin]).must(t, http.StatusOK)
	page := string(got.body)
	for _, line := range []string{
		`breachledger_http_requests_total{method="GET",route="/v1/incidents/{ref}",status="4xx"} 6`,
		`breachledger_http_requests_total{method="GET",route="/v1/incidents",status="2xx"} 2`,
		`breachledger_http_requests_total{method="",route="none",status="4xx"} 2`,
		`breachledger_http_request_duration_seconds_count{method="GET",route="/v1/incidents/{ref}"} 6`,
		"breachledger_http_requests_in_flight 1\n",
		`breachledger_http_requests_shed_total{class="read"} 0`,
		`breachledger_http_requests_rate_limited_total{by="address"} 0`,
		`breachledger_http_requests_waiting{class="search"} 0`,
		`breachledger_db_connections_max{pool="main"} 4`,
		`breachledger_db_connections_max{pool="search"} 2`,
		`breachledger_db_connections{pool="main",state="idle"}`,
		`breachledger_db_acquires_total{pool="search"} `,
		`breachledger_build_info{go="go1`,
		"go_goroutines ", "process_open_fds ",
	} {
		if !strings.Contains(page, line) {
			t.Errorf("the metrics lack %s", line)
		}
	}
	if strings.Contains(page, "BREW") || strings.Contains(page, "nowhere") {
		t.Error("a client can make series")
	}
	w := httptest.NewRecorder()
	s.api.MetricsHandler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "breachledger_http_requests_total") {
		t.Errorf("the metrics' own listener: %d", w.Code)
	}
}
