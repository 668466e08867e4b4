package api_test

import (
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"github.com/breachledger/breachledger/internal/api"
	"github.com/breachledger/breachledger/internal/ledger"
)

// A report that is asked for fresh has what was written just before, and is not
// kept.
func TestFreshReports(t *testing.T) {
	t.Parallel()
	s, _ := onURL(t, api.Config{}, ledger.Config{Connections: 2, SearchConnections: 2, ReportAge: time.Hour})
	for n := 1; n <= 5; n++ {
		if got := s.post(t, "/v1/incidents", `{"title": "Till skimmed", "category": "payment_fraud"}`); got.status != http.StatusCreated {
			t.Fatalf("%d %s", got.status, got.body)
		}
		for path, counted := range map[string]string{"/v1/reports/responses": "incidents", "/v1/reports/breaches": "uncounted"} {
			for _, scope := range []string{"?fresh=true", "?fresh=true&payment=true", "?fresh=true&category=payment_fraud"} {
				got := raw(s, path+scope, "")
				var report map[string]any
				if err := json.Unmarshal(got.body, &report); err != nil || got.header.Get("Cache-Control") != "no-store" {
					t.Fatalf("%s: %v, %v", path+scope, err, got.header)
				}
				if report[counted] != float64(n) {
					t.Errorf("after %d were logged, %s counts %v", n, path+scope, report[counted])
				}
			}
		}
	}
}
