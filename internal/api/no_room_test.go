package api_test

import (
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/api"
	"github.com/breachledger/breachledger/internal/ledger"
)

// TestNoRoom: a full disk is nobody's mistake, and none of the program: the log says why.
func TestNoRoom(t *testing.T) {
	t.Parallel()
	var log logBook
	s, conn := onURL(t, api.Config{Log: slog.New(slog.NewJSONHandler(&log, nil))}, ledger.Config{})
	exec(t, conn, `CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS
		$$ BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = 'disk_full'; END $$`)
	exec(t, conn, "CREATE TRIGGER full_disk BEFORE INSERT ON incidents FOR EACH STATEMENT EXECUTE FUNCTION full_disk()")
	got := s.send(t, request{method: http.MethodPost, path: "/v1/incidents", role: access.Editor, body: `{"title": "A breach", "category": "data_breach"}`})
	if p := got.problem(t); got.status != http.StatusServiceUnavailable || p.Code != "no_room" || got.header.Get("Retry-After") == "" {
		t.Errorf("%d, %+v", got.status, p)
	}
	if !strings.Contains(log.String(), "No space left on device") {
		t.Errorf("the log does not say why:\n%s", log.String())
	}
	exec(t, conn, "DROP TRIGGER full_disk ON incidents")
	s.send(t, request{method: http.MethodPost, path: "/v1/incidents", role: access.Editor, body: `{"title": "A breach", "category": "data_breach"}`}).must(t, http.StatusCreated)
}
