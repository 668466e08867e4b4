package ledger_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/breachledger/breachledger/internal/ledger"
	"github.com/breachledger/breachledger/internal/ledgertest"
)

// TestCountedCardsBecomePayments in a ledger that is older than the rule: documents,
// ETags, lists and reports are then those of one that always knew it.
func TestCountedCardsBecomePayments(t *testing.T) {
	t.Parallel()
	url := ledgertest.URL(t)
	l := ledgertest.OpenURL(t, url)
	for i, of := range []struct{ sector, class, count string }{
		{"merchant", "unknown", `"unit": "cards", "qualifier": "at_most", "quantity": 40000000`},
		{"merchant", "unknown", `"unit": "cards", "qualifier": "exact", "quantity": 0`},
		{"merchant", "unknown", `"unit": "people", "qualifier": "exact", "quantity": 9`},
		{"merchant", "card_number", `"unit": "cards", "qualifier": "exact", "quantity": 12`},
		{"bank", "unknown", `"unit": "cards", "qualifier": "unquantified"`},
	} {
		record(t, l, fromJSON(t, fmt.Sprintf(`{"title": "Incident %d, so-called \"payment\":false", "category": "data_breach", "data_classes": [%q],
			"participants": [{"actor": {"name": "Actor %d", "kind": "company", "sector": %q}, "role": "victim"}], "counts": [{%s}]}`, i, of.class, i, of.sector, of.count)))
	}
	state := func(l *ledger.Ledger, payments int64) []string {
		t.Helper()
		report, err := l.Responses(t.Context(), ledger.ResponseScope{Filter: ledger.Filter{Payment: new(true)}}, ledger.Page{})
		if err != nil || report.Incidents != payments {
			t.Errorf("%d incidents concern payments (%v), want %d", report.Incidents, err, payments)
		}
		return column(t, url, "SELECT concat_ws(' ', slug, payment, etag, card, document) FROM incidents ORDER BY slug")
	}
	want := state(l, 3)
	l.Close()
	const before = 40
	if err := ledger.MigrateTo(t.Context(), url, before); err != nil {
		t.Fatal(err)
	}
	if old := column(t, url, "SELECT slug FROM incidents WHERE payment"); len(old) != 2 {
		t.Errorf("before, the payments incidents are %q, want 2", old)
	}
	if _, err := ledger.Migrate(t.Context(), url, nil); err != nil {
		t.Fatal(err)
	}
	if got := state(ledgertest.OpenURL(t, url), 3); !slices.Equal(got, want) {
		t.Errorf("after the migration the incidents are\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}
