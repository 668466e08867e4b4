package ledger_test

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"

	"github.com/breachledger/breachledger/internal/benchdata"
	"github.com/breachledger/breachledger/internal/ledger"
	"github.com/breachledger/breachledger/internal/ledgertest"
)

// TestAnUpgradeKnowsItsTables: PostgreSQL knows the tables and indexes that a migration
// has made of an old ledger, and those of one that came without statistics, as by
// pg_upgrade: it would look at them when a tenth of their rows has changed.
func TestAnUpgradeKnowsItsTables(t *testing.T) {
	t.Parallel()
	url := ledgertest.EmptyURL(t)
	migrate := func() string {
		t.Helper()
		var log bytes.Buffer
		if _, err := ledger.Migrate(t.Context(), url, slog.New(slog.NewTextHandler(&log, nil))); err != nil {
			t.Fatal(err)
		}
		return log.String()
	}
	if said := migrate(); strings.Contains(said, "statistics") {
		t.Errorf("of an empty ledger: %s", said)
	}
	l := ledgertest.OpenURL(t, url)
	fillReal(t, l, benchdata.New(1000))
	if said := migrate(); said != "" {
		t.Errorf("nothing is to be done, and it says %s", said)
	}
	if err := ledger.MigrateTo(t.Context(), url, 8); err != nil {
		t.Fatal(err)
	}
	said := migrate()
	for _, want := range []string{"from=8 to=", "tables=", "incidents"} {
		if !strings.Contains(said, want) {
			t.Errorf("the log has no %q:\n%s", want, said)
		}
	}
	if n := ask[int](t, l, "SELECT count(*) FROM title_word_parts()"); n == 0 {
		t.Error("after an upgrade it is not known which words of titles are frequent")
	}
	exec(t, l, "DELETE FROM pg_statistic WHERE starelid::regclass::text IN ('incidents', 'actors', 'incident_participants')")
	if said := migrate(); !strings.Contains(said, `tables="actors, incident_participants, incidents`) {
		t.Errorf("without statistics: %s", said)
	}
	if said := migrate(); strings.Contains(said, "incidents") { // the sums of the reports are made meanwhile
		t.Errorf("and then once more: %s", said)
	}
}
