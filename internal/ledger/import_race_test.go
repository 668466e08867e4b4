package ledger_test

import (
	"testing"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
	"github.com/breachledger/breachledger/internal/ledgertest"
)

// TestOneNewFactImportedTwiceAtOnce: whichever import comes first makes the incident,
// and the others find theirs unchanged, by whatever way and on however many servers.
func TestOneNewFactImportedTwiceAtOnce(t *testing.T) {
	t.Parallel()
	byArticle := func(l *ledger.Ledger, of ledger.ImportItem) ([]ledger.ImportResult, error) {
		_, results, err := l.ImportArticle(t.Context(), importing, importedSource(), []ledger.ImportItem{of})
		return results, err
	}
	byBatch := func(l *ledger.Ledger, of ledger.ImportItem) ([]ledger.ImportResult, error) {
		bulk, err := l.OpenBulk(t.Context())
		if err != nil {
			return nil, err
		}
		defer bulk.Close(t.Context())
		return bulk.Import(t.Context(), byBulk, []ledger.ImportItem{of})
	}
	for name, imports := range map[string]func(*ledger.Ledger, ledger.ImportItem) ([]ledger.ImportResult, error){"article": byArticle, "batch": byBatch} {
		for servers, what := range map[int]string{1: "one server", 3: "three servers"} {
			t.Run(name+" on "+what, func(t *testing.T) {
				t.Parallel()
				address := ledgertest.URL(t)
				l := make([]*ledger.Ledger, servers)
				for i := range l {
					l[i] = ledgertest.OpenURL(t, address)
				}
				importOf(t, l[0], importedSource(), item(factIncident("first"), "1"))
				for round := range 40 {
					fact := factIncident("fact-" + string(rune('a'+round%26)) + string(rune('a'+round/26)))
					if round%2 == 0 {
						fact.ExternalRefs = []incidents.ExternalRef{{Scheme: "case", ID: fact.Slug}}
					}
					results := make([][]ledger.ImportResult, 3)
					created := 0
					for i, err := range atOnce(len(results), func(i int) (err error) {
						results[i], err = imports(l[i%servers], item(fact, "1"))
						return err
					}) {
						if err != nil {
							t.Errorf("round %d: %v", round, err)
							continue
						}
						switch r := results[i][0]; r.Outcome {
						case ledger.Created:
							created++
						case ledger.Unchanged:
						default:
							t.Errorf("round %d: %+v", round, r)
						}
					}
					if n := ask[int](t, l[0], "SELECT count(*) FROM incidents"); n != round+2 || created != 1 {
						t.Fatalf("round %d: %d incidents, %d created", round, n, created)
					}
				}
			})
		}
	}
}
