package ledger_test

import (
	"context"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
	"github.com/breachledger/breachledger/internal/ledgertest"
)

// TestNewWordsGetTheirPlaces: each search reads the list of what has no place yet.
func TestNewWordsGetTheirPlaces(t *testing.T) {
	t.Parallel()
	url := ledgertest.URL(t)
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(t.Context())) }()
	if _, err := conn.Exec(t.Context(), "CREATE EXTENSION pgstattuple"); err != nil {
		t.Fatal(err)
	}
	pending := func() (pages int) {
		t.Helper()
		const count = "SELECT sum((pgstatginindex(i::regclass)).pending_pages) FROM unnest(ARRAY['incidents_search', 'incidents_terms']) AS i"
		if err := conn.QueryRow(t.Context(), count).Scan(&pages); err != nil {
			t.Fatal(err)
		}
		return pages
	}
	log := func(noUpkeep bool) *ledger.Ledger {
		t.Helper()
		l, err := ledger.Open(t.Context(), ledger.Config{URL: url, Connections: 2, SearchConnections: 1, NoUpkeep: noUpkeep})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(l.Close)
		in := ledgertest.NewBuilder(1).Incident()
		in.Publication = incidents.Published
		if _, err := l.Record(t.Context(), ledger.Change{By: editor, Action: "record"}, in); err != nil {
			t.Fatal(err)
		}
		return l
	}
	log(true).Close()
	if pending() == 0 {
		t.Fatal("what was logged has its places at once: this test shows nothing")
	}
	log(false)
	for end := time.Now().Add(time.Minute); pending() > 0; time.Sleep(50 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("what was logged has no places after a minute")
		}
	}
}
