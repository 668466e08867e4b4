package ledger_test

import (
	"context"
	"log/slog"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/breachledger/breachledger/internal/ledger"
	"github.com/breachledger/breachledger/internal/ledgertest"
)

// TestALostDatabaseIsSaid once, with the reason, and that it is back: requests are only
// told to try again.
func TestALostDatabaseIsSaid(t *testing.T) {
	t.Parallel()
	url, log := ledgertest.URL(t), make(lines, 100)
	l, err := ledger.Open(t.Context(), ledger.Config{URL: url, Connections: 2, SearchConnections: 1, NoUpkeep: true, Log: slog.New(slog.NewTextHandler(log, nil))})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	other, err := pgx.Connect(t.Context(), ledgertest.URL(t))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = other.Close(context.WithoutCancel(t.Context())) }()
	do := func(sql string) {
		t.Helper()
		if _, err := other.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	name := ask[string](t, l, "SELECT current_database()")
	do("ALTER DATABASE " + name + " ALLOW_CONNECTIONS false")
	do("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '" + name + "'")
	for _, want := range []string{"not currently accepting connections", "is reached again"} {
		select {
		case line := <-log:
			if !strings.Contains(line, want) {
				t.Errorf("the log says %s, want %s", line, want)
			}
		case <-t.Context().Done():
			t.Fatal(t.Context().Err())
		}
		do("ALTER DATABASE " + name + " ALLOW_CONNECTIONS true")
	}
	select {
	case line := <-log:
		t.Errorf("and then: %s", line)
	default:
	}
}
