package ledger_test

import (
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/breachledger/breachledger/internal/ledgertest"
)

// TestReadyOnAnotherSchema: to migrate helps where the schema is old, and not where
// this program is.
func TestReadyOnAnotherSchema(t *testing.T) {
	t.Parallel()
	url := ledgertest.URL(t)
	l := ledgertest.OpenURL(t, url)
	if err := l.Ready(t.Context()); err != nil {
		t.Error(err)
	}
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(t.Context()) }()
	for _, c := range []struct{ change, want string }{
		{"INSERT INTO goose_db_version (version_id, is_applied) VALUES (99999, true)", "run that one"},
		{"DELETE FROM goose_db_version WHERE version_id > 5", "run `server migrate`"},
	} {
		if _, err := conn.Exec(t.Context(), c.change); err != nil {
			t.Fatal(err)
		}
		if err := l.Ready(t.Context()); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("after %s: %v", c.change, err)
		}
	}
}
