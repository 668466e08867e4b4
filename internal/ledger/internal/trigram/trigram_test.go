package trigram_test

import (
	"context"
	"math"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/breachledger/breachledger/internal/ledger/internal/trigram"
	"github.com/breachledger/breachledger/internal/ledgertest"
)

// TestSimilarityIsThatOfPostgreSQL, by which similar titles are found.
func TestSimilarityIsThatOfPostgreSQL(t *testing.T) {
	t.Parallel()
	db, err := pgx.Connect(t.Context(), ledgertest.URL(t))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close(context.WithoutCancel(t.Context())) }()
	texts := []string{
		"", " ", "-", "a", "ab", "Anthem", "Anthem: 78.8 million records", "anthem   ANTHEM", "Anthem, Blue-Cross (2015)", "Équifax ÉQUIFAX équifax",
		"Überweisung", "ЦБ: утечка карт", "卡片泄露", "O'Reilly & Söhne", "payment gateway leak", "leak of a payment gateway", "4,100 cards", "4100 cards", "naïve–café_x",
	}
	for _, a := range texts {
		for _, b := range texts {
			got, want := trigram.Of(a).Similarity(trigram.Of(b)), 0.0
			if err := db.QueryRow(t.Context(), "SELECT similarity($1, $2)::float8", a, b).Scan(&want); err != nil {
				t.Fatal(err)
			}
			if math.Abs(got-want) > 1e-6 {
				t.Errorf("similarity of %q and %q is %v, PostgreSQL says %v", a, b, got, want)
			}
		}
	}
}
