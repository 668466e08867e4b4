package ledger_test

import (
	"math"
	"testing"

	"github.com/breachledger/breachledger/internal/ledger"
	"github.com/breachledger/breachledger/internal/ledgertest"
)

// TestSimilarityIsThatOfPostgreSQL, by which similar titles are found.
func TestSimilarityIsThatOfPostgreSQL(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	texts := []string{
		"", " ", "-", "a", "ab", "Anthem", "Anthem: 78.8 million records", "anthem   ANTHEM", "Anthem, Blue-Cross (2015)", "Équifax ÉQUIFAX équifax",
		"Überweisung", "ЦБ: утечка карт", "卡片泄露", "O'Reilly & Söhne", "payment gateway leak", "leak of a payment gateway", "4,100 cards", "4100 cards", "naïve–café_x",
	}
	for _, a := range texts {
		for _, b := range texts {
			got, want := ledger.Similarity(a, b), ask[float64](t, l, "SELECT similarity($1, $2)::float8", a, b)
			if math.Abs(got-want) > 1e-6 {
				t.Errorf("similarity of %q and %q is %v, PostgreSQL says %v", a, b, got, want)
			}
		}
	}
}
