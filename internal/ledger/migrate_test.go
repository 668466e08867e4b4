package ledger_test

import (
	"context"
	"io/fs"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/breachledger/breachledger/db"
	"github.com/breachledger/breachledger/internal/ledger"
	"github.com/breachledger/breachledger/internal/ledgertest"
)

// everything in the schema that a migration could have left behind.
const leftovers = `
SELECT 'relation ' || relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relname !~ '^goose_db_version'
UNION ALL SELECT 'type ' || typname FROM pg_type WHERE typnamespace = 'public'::regnamespace AND typname !~ '^_?goose_db_version'
UNION ALL SELECT 'function ' || proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace
ORDER BY 1`

func objects(t *testing.T, url string) []string {
	t.Helper()
	return column(t, url, leftovers)
}

// column is what a query answers that asks for one text a row.
func column(t *testing.T, url, query string) []string {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(t.Context())) }()
	rows, err := conn.Query(t.Context(), query)
	if err != nil {
		t.Fatal(err)
	}
	out, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestUpDownAndUpAgain(t *testing.T) {
	t.Parallel()
	url := ledgertest.EmptyURL(t)
	n, err := ledger.Migrate(t.Context(), url, nil)
	if err != nil || n == 0 {
		t.Fatalf("%d migrations, %v", n, err)
	}
	first := objects(t, url)
	if again, err := ledger.Migrate(t.Context(), url, nil); err != nil || again != 0 {
		t.Errorf("migrated again: %d migrations, %v", again, err)
	}
	if err := ledger.MigrateTo(t.Context(), url, 0); err != nil {
		t.Fatal(err)
	}
	if left := objects(t, url); len(left) > 0 {
		t.Errorf("going down to zero leaves %s", strings.Join(left, ", "))
	}
	// One at a time, so that each goes up and down by itself.
	for v := int64(1); v <= ledger.LatestMigration(); v++ {
		for _, to := range []int64{v, v - 1, v} {
			if err := ledger.MigrateTo(t.Context(), url, to); err != nil {
				t.Fatalf("to version %d: %v", to, err)
			}
		}
	}
	if second := objects(t, url); strings.Join(first, "\n") != strings.Join(second, "\n") {
		t.Errorf("up again, the schema has\n%s\nit had\n%s", second, first)
	}
	ledgertest.OpenURL(t, url)
}

// migrations is how many there are: numbers may be left out.
func migrations(t *testing.T) int {
	t.Helper()
	names, err := fs.Glob(db.Migrations, "migrations/*.sql")
	if err != nil {
		t.Fatal(err)
	}
	return len(names)
}

func TestServersThatStartTogetherTakeTurns(t *testing.T) {
	t.Parallel()
	url := ledgertest.EmptyURL(t)
	var wg sync.WaitGroup
	applied := make([]int, 4)
	for i := range applied {
		wg.Go(func() {
			var err error
			if applied[i], err = ledger.Migrate(t.Context(), url, nil); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	total := 0
	for _, n := range applied {
		total += n
	}
	if want := migrations(t); total != want {
		t.Errorf("%v migrations were applied, all together should be %d", applied, want)
	}
}

func TestReadyKnowsTheSchemasVersion(t *testing.T) {
	t.Parallel()
	url := ledgertest.URL(t)
	l := ledgertest.OpenURL(t, url)
	if err := l.Ready(t.Context()); err != nil {
		t.Errorf("migrated, but %v", err)
	}
	if err := ledger.MigrateTo(t.Context(), url, ledger.LatestMigration()-1); err != nil {
		t.Fatal(err)
	}
	if err := l.Ready(t.Context()); err == nil || !strings.Contains(err.Error(), "server migrate") {
		t.Errorf("one migration is missing, and Ready says %v", err)
	}
	lines, err := ledger.MigrationStatus(t.Context(), url)
	if err != nil || len(lines) != migrations(t) || !strings.HasPrefix(lines[len(lines)-1], "pending") {
		t.Errorf("the status is %q, %v", lines, err)
	}
}

func TestAnUnmigratedDatabaseIsRefused(t *testing.T) {
	t.Parallel()
	l, err := ledger.Open(t.Context(), ledger.Config{URL: ledgertest.EmptyURL(t)})
	if err == nil {
		l.Close()
	}
	if err == nil || !strings.Contains(err.Error(), "migrated") {
		t.Errorf("opening a database without the schema: %v", err)
	}
}

func TestEmpty(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	for _, want := range []bool{true, false} {
		if empty, err := l.Empty(t.Context()); err != nil || empty != want {
			t.Errorf("empty: %t, %v", empty, err)
		}
		if want {
			record(t, l, fromJSON(t, smallest))
		}
	}
}

// A constraint's name is what errors are told apart by, so each is chosen.
func TestEveryConstraintIsNamedInAMigration(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	named := map[string]bool{}
	files, err := fs.Glob(db.Migrations, "migrations/*.sql")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		text, err := db.Migrations.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`(?:CONSTRAINT|INDEX|TRIGGER) (\w+)`).FindAllStringSubmatch(string(text), -1) {
			named[m[1]] = true
		}
	}
	rows, err := l.Pool().Query(t.Context(), `
		SELECT conname FROM pg_constraint
		 WHERE connamespace = 'public'::regnamespace AND contype <> 'n' AND conrelid <> 'goose_db_version'::regclass
		 UNION ALL
		SELECT indexrelid::regclass::text FROM pg_index WHERE indrelid IN
		 (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relname <> 'goose_db_version')`)
	if err != nil {
		t.Fatal(err)
	}
	got, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	if len(got) < 80 {
		t.Errorf("only %d constraints and indexes found", len(got))
	}
	for _, name := range got {
		if !named[name] {
			t.Errorf("the constraint or index %s has a name that no migration gives it", name)
		}
	}
}
