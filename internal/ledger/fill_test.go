package ledger_test

import (
	"errors"
	"testing"

	"github.com/breachledger/breachledger/internal/benchdata"
	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
	"github.com/breachledger/breachledger/internal/ledgertest"
)

// fillReal fills an empty ledger with incidents of realistic shape.
func fillReal(t *testing.T, l *ledger.Ledger, set *benchdata.Set) {
	t.Helper()
	if err := l.Fill(t.Context(), byBulk, ledger.Filling{Actors: set.Actors(), N: set.Len(), Incident: set.Incident}); err != nil {
		t.Fatal(err)
	}
}

// What is filled in is what any other write would have stored.
func TestFill(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	indexes := ask[int](t, l, "SELECT count(*) FROM pg_indexes WHERE schemaname = 'public'")
	set := benchdata.New(1500)
	fillReal(t, l, set)
	if now := ask[int](t, l, "SELECT count(*) FROM pg_indexes WHERE schemaname = 'public'"); now != indexes {
		t.Errorf("there were %d indexes, now there are %d", indexes, now)
	}
	for _, i := range []int{0, 1, 77, 500, 999, 1000, 1499} {
		sameAsRows(t, l, set.Incident(i).Slug)
	}
	for what, broken := range map[string]string{
		"incidents":   "SELECT abs(count(*) - 1500) FROM incidents",
		"searches":    "SELECT count(*) FROM incidents AS i WHERE search IS DISTINCT FROM incident_search(title, summary, (SELECT array_agg(actor_id) FROM incident_participants AS p WHERE p.incident_id = i.id), (SELECT array_agg(source_id) FROM incident_sources AS s WHERE s.incident_id = i.id))",
		"revisions":   "SELECT count(*) FROM incidents AS i WHERE NOT EXISTS (SELECT FROM incident_revisions AS r WHERE r.incident_id = i.id AND r.version = i.version AND r.document::text = i.document::text)",
		"quotes":      "SELECT count(*) FROM evidence AS e JOIN sources AS s ON s.id = e.source_id WHERE e.quote <> substr(s.text, e.quote_start + 1, e.quote_end - e.quote_start)",
		"evidence":    "SELECT count(*) FROM evidence AS e WHERE NOT EXISTS (SELECT FROM incident_sources AS s WHERE s.incident_id = e.incident_id AND s.source_id = e.source_id)",
		"actors":      "SELECT count(*) FROM incident_participants AS p WHERE NOT EXISTS (SELECT FROM actors AS a WHERE a.id = p.actor_id)",
		"names":       "SELECT count(*) FROM actors AS a WHERE NOT EXISTS (SELECT FROM actor_names AS n WHERE n.actor_id = a.id AND n.name = a.name)",
		"published":   "SELECT count(*) FROM incidents WHERE (publication = 'draft') <> (first_published_at IS NULL)",
		"text hashes": "SELECT count(*) FROM sources WHERE text_sha256 IS DISTINCT FROM sha256(convert_to(text, 'UTF8'))",
	} {
		if n := ask[int](t, l, broken); n != 0 {
			t.Errorf("%s: %d are not as they should be", what, n)
		}
	}
	// It is a ledger like any other from then on.
	if _, err := l.Record(t.Context(), byBulk, incidents.Incident{Title: "Another", Category: incidents.DataBreach}); err != nil {
		t.Error(err)
	}
	if err := l.Fill(t.Context(), byBulk, ledger.Filling{}); !errors.Is(err, ledger.ErrNotEmpty) {
		t.Errorf("a second filling: %v", err)
	}
}
