package api_test

import (
	"net/http"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/breachledger/breachledger/internal/api"
	"github.com/breachledger/breachledger/internal/ledgertest"
)

// TestAnOriginalThatCannotBeReadIsAnError: without it the document would lack what only
// the original has, and nobody would see that.
func TestAnOriginalThatCannotBeReadIsAnError(t *testing.T) {
	t.Parallel()
	address := ledgertest.URL(t)
	s := startWith(t, ledgertest.OpenURL(t, address), api.Config{})
	s.post(t, "/v1/incidents", `{"title": "Acme Pay card skimming", "category": "data_breach"}`).must(t, http.StatusCreated)
	const path = "/v1/incidents/acme-pay-card-skimming/veris"
	s.get(t, path).must(t, http.StatusOK) // it was not imported, and has none
	s.get(t, path+"?version=original").must(t, http.StatusNotFound)
	conn, err := pgx.Connect(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	if _, err := conn.Exec(t.Context(), "ALTER TABLE import_records RENAME TO unreadable"); err != nil {
		t.Fatal(err)
	}
	s.serve(request{path: path}.build(t, s.keys)).must(t, http.StatusInternalServerError)
}
