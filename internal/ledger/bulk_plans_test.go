package ledger_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
	"github.com/breachledger/breachledger/internal/ledgertest"
)

// TestBulkLooksUpByKeys: an import into a ledger that was all but empty, and whose
// connections have made their plans then, reads a few blocks of these indexes for
// each incident. Going through the whole of one for each, it would read hundreds.
func TestBulkLooksUpByKeys(t *testing.T) {
	t.Parallel()
	url := ledgertest.URL(t)
	l := ledgertest.OpenURL(t, url)
	importOf(t, l, importedSource(), item(factIncident("one"), "1"))
	bulk, err := l.OpenBulk(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	const batches, rows, victims = 20, 100, 500
	for b := range batches {
		var items []ledger.ImportItem
		for i := range rows {
			n := b*rows + i
			victim := incidents.ActorRef{Name: fmt.Sprintf("Company %d", n%victims), Kind: incidents.Company}
			items = append(items, itemOf(t, fmt.Sprint("test:", n), incidents.Incident{
				Title: fmt.Sprint("Incident ", n), Category: incidents.DataBreach, Disclosed: ledgertest.Date("2024-05"),
				Participants: []incidents.Participant{{Actor: victim, Role: incidents.RoleVictim}},
				Counts:       []incidents.Count{{Unit: incidents.People, Quantity: new(int64(200_000))}},
			}))
		}
		importBatch(t, bulk, items)
	}
	bulk.Close(t.Context())
	l.Close() // PostgreSQL then counts what its connections have done

	l = ledgertest.OpenURL(t, url)
	if n := ask[int](t, l, "SELECT count(*) FROM duplicates"); n < batches*rows {
		t.Fatalf("only %d likely duplicates were found", n)
	}
	eventually(t, "PostgreSQL says what was done", func() bool {
		return ask[int](t, l, "SELECT n_tup_ins FROM pg_stat_user_tables WHERE relname = 'incidents'") > batches*rows
	})
	for _, index := range []string{
		"duplicates_open", "duplicates_pkey", "duplicates_second", "possible_duplicates_pkey",
		"incident_participants_pkey", "incident_participants_actor", "actor_names_pkey", "actor_names_alike", "external_refs_pkey",
	} {
		blocks := ask[int](t, l, "SELECT idx_blks_hit + idx_blks_read FROM pg_statio_user_indexes WHERE indexrelname = '"+index+"'")
		t.Logf("%s: %d blocks an incident", index, blocks/(batches*rows))
		if blocks > 40*batches*rows {
			t.Errorf("%s: %d blocks for %d incidents", index, blocks, batches*rows)
		}
	}
}

// TestPlansWithoutStatistics: what follows an import of much into a new ledger,
// before PostgreSQL has looked at the tables, does not read all for each.
func TestPlansWithoutStatistics(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	fill(t, l, 5000)
	// As if there were many more, of which nothing is known but the size.
	exec(t, l, "UPDATE pg_class SET reltuples = 200000 WHERE relname IN ('incidents', 'incident_participants', 'import_records')")
	exec(t, l, "DELETE FROM pg_statistic WHERE starelid IN ('incidents'::regclass, 'incident_participants'::regclass)")
	exec(t, l, `INSERT INTO import_records (origin, incident_id, digest, version, imported_at, original)
		SELECT 'veris:' || slug, id, '', 1, now(), '{}' FROM incidents`)
	bulk := openBulk(t, l)
	plan, err := bulk.ExplainDuplicates(t.Context(), []uuid.UUID{incidents.NewID(), incidents.NewID()})
	if err != nil {
		t.Fatal(err)
	}
	if strings.Count(plan, "Scan Backward using incident_participants_actor") != 4 {
		t.Errorf("likely duplicates are not read in their order:\n%s", plan)
	}
	if plan, err = l.ExplainExport(t.Context()); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(plan, "import_records_incident") || strings.Contains(plan, "import_records_pkey") {
		t.Errorf("originals are not found by their incidents:\n%s", plan)
	}
}
