package ledger_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/breachledger/breachledger/db"
	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledgertest"
)

// A new value of a vocabulary must reach, besides its line in
// internal/incidents/vocabulary_*.go:
//
//   - the PostgreSQL type of the same name, by a migration (ALTER TYPE … ADD VALUE);
//   - unitSingular and spokenKinds in internal/incidents, for a unit or a response
//     kind, and paymentSectors or paymentDataClasses if it is about payments;
//   - docs, which list the vocabularies;
//   - the generated code, by `go generate ./...`.
//
// A new vocabulary must also be listed by incidents.Vocabularies, have an override
// in sqlc.yaml, and so become the domain's own type in the generated code.

func TestVocabulariesEqualTheirTypes(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	sqlc, err := os.ReadFile("../../sqlc.yaml")
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{"access_role": true, "duplicate_state": true} // the ledger's own
	for _, voc := range incidents.Vocabularies() {
		known[voc.Name] = true
		got := ask[[]string](t, l, "SELECT coalesce(array_agg(enumlabel::text ORDER BY enumsortorder), '{}') FROM pg_enum WHERE enumtypid = $1::text::regtype", voc.Name)
		if !slices.Equal(got, voc.Values()) {
			t.Errorf("%s is %v in the database and %v in the domain", voc.Name, got, voc.Values())
		}
		for _, null := range []string{"", "nullable: true, "} {
			if !strings.Contains(string(sqlc), "{db_type: "+voc.Name+", "+null+"go_type: {import: github.com/breachledger/breachledger/internal/incidents, type:") {
				t.Errorf("sqlc.yaml has no override (%s) for %s", null, voc.Name)
			}
		}
	}
	for _, name := range ask[[]string](t, l, "SELECT array_agg(typname::text) FROM pg_type WHERE typtype = 'e' AND typnamespace = 'public'::regnamespace") {
		if !known[name] {
			t.Errorf("the database has the type %s, which is no vocabulary", name)
		}
	}
	roles := ask[[]string](t, l, "SELECT array_agg(enumlabel::text ORDER BY enumsortorder) FROM pg_enum WHERE enumtypid = 'access_role'::regtype")
	if !slices.Equal(roles, access.Roles()) {
		t.Errorf("the roles are %v in the database and %v in the program", roles, access.Roles())
	}
}

func TestSharedSchemesEqualTheIndex(t *testing.T) {
	t.Parallel()
	text, err := db.Migrations.ReadFile("migrations/00003_incidents.sql")
	if err != nil {
		t.Fatal(err)
	}
	list := regexp.MustCompile(`scheme NOT IN \(([^)]*)\)`).FindStringSubmatch(string(text))
	if list == nil {
		t.Fatal("the index of identifying references is not found")
	}
	shared := map[string]bool{}
	for _, scheme := range strings.Split(list[1], ", ") {
		shared[strings.Trim(scheme, "'")] = true
	}
	source, err := os.ReadFile("../incidents/incident.go")
	if err != nil {
		t.Fatal(err)
	}
	_, body, _ := strings.Cut(string(source), "var sharedSchemes = map[string]bool{")
	body, _, _ = strings.Cut(body, "\n}")
	quoted := regexp.MustCompile(`"(\w+)": true`).FindAllStringSubmatch(body, -1)
	for _, q := range quoted {
		if !shared[q[1]] || (incidents.ExternalRef{Scheme: q[1]}).Identifies() {
			t.Errorf("%s is shared in the domain and not in the database", q[1])
		}
	}
	if len(quoted) != len(shared) || len(shared) == 0 {
		t.Errorf("the domain has %d shared schemes, the database %d", len(quoted), len(shared))
	}
}
