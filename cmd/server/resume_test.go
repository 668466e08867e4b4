package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"github.com/breachledger/breachledger/internal/ledgertest"
)

// documents is a file of VERIS documents that share victims, references and
// titles, so that imports at once meet.
func documents(t *testing.T, n int) string {
	t.Helper()
	var out bytes.Buffer
	for i := range n {
		fmt.Fprintf(&out, `{"schema_version":"1.3","incident_id":"R-%d","source_id":"test","security_incident":"Confirmed","summary":"Number %d.",`+
			`"victim":{"victim_id":"Acme %d","industry":"522110","country":["US"]},"timeline":{"incident":{"year":%d}},`+
			`"attribute":{"confidentiality":{"data_total":%d}},"reference":"https://example.com/%d; https://example.org/%d"}`+"\n",
			i, i, i%50, 1990+i%30, 1000+i, i%100, i)
	}
	path := filepath.Join(t.TempDir(), "documents.json")
	if err := os.WriteFile(path, out.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// said is what a ledger says of imported incidents, by their number: without
// what depends on when and in which order they were written.
func said(t *testing.T, url string) map[string]string {
	t.Helper()
	out := map[string]string{}
	for line := range strings.Lines(must(t, url, "export", "--format=veris")) {
		var document struct {
			ID        string          `json:"incident_id"`
			Victim    json.RawMessage `json:"victim"`
			Timeline  json.RawMessage `json:"timeline"`
			Attribute json.RawMessage `json:"attribute"`
			Reference string          `json:"reference"`
			Summary   string          `json:"summary"`
		}
		if err := json.Unmarshal([]byte(line), &document); err != nil {
			t.Fatal(err)
		}
		if _, twice := out[document.ID]; twice {
			t.Errorf("%s is there twice", document.ID)
		}
		out[document.ID] = fmt.Sprintf("%s %s %s %s %s", document.Victim, document.Timeline, document.Attribute, document.Reference, document.Summary)
	}
	return out
}

// sums are how many rows there are that must not be there twice.
func sums(t *testing.T, url string) map[string]int64 {
	t.Helper()
	conn := connect(t, url)
	out := map[string]int64{}
	for _, table := range []string{
		"incidents", "actors", "actor_names", "sources", "incident_participants", "incident_sources", "counts", "evidence", "incident_revisions", "import_records",
	} {
		var n int64
		if err := conn.QueryRow(t.Context(), "SELECT count(*) FROM "+table).Scan(&n); err != nil {
			t.Fatal(err)
		}
		out[table] = n
	}
	return out
}

func connect(t *testing.T, url string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.WithoutCancel(t.Context())) })
	return conn
}

const batchLock = 7

// holdBatches has every batch of an import wait that comes after the first is
// stored, until the function that it returns is called.
func holdBatches(t *testing.T, url string) (release func()) {
	t.Helper()
	conn := connect(t, url)
	exec := func(sql string) {
		t.Helper()
		if _, err := conn.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	exec(fmt.Sprintf(`CREATE FUNCTION hold() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
		IF EXISTS (SELECT FROM incidents) THEN PERFORM pg_advisory_xact_lock_shared(%d); END IF; RETURN NULL; END $$`, batchLock))
	exec("CREATE TRIGGER hold BEFORE INSERT ON incidents FOR EACH STATEMENT EXECUTE FUNCTION hold()")
	exec(fmt.Sprintf("SELECT pg_advisory_lock(%d)", batchLock))
	return func() { t.Helper(); exec(fmt.Sprintf("SELECT pg_advisory_unlock(%d)", batchLock)) }
}

// TestAStoppedImportGoesOn: an import whose process is killed in the middle, and
// is run again, leaves what one that was not stopped leaves.
func TestAStoppedImportGoesOn(t *testing.T) {
	t.Parallel()
	const n = 2500
	file := documents(t, n)
	whole, stopped := ledgertest.URL(t), ledgertest.URL(t)
	must(t, whole, "import", "--format=veris", file)

	program := build(t, t.TempDir())
	release := holdBatches(t, stopped)
	process := exec.CommandContext(t.Context(), program, "--log-level=warn", "--database-url="+stopped, "import", "--format=veris", file)
	if err := process.Start(); err != nil {
		t.Fatal(err)
	}
	conn := connect(t, stopped)
	for waits := 0; waits == 0; time.Sleep(time.Millisecond) {
		if err := conn.QueryRow(t.Context(), "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = $1 AND NOT granted", batchLock).Scan(&waits); err != nil {
			t.Fatal(err)
		}
	}
	if err := process.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	if err := process.Wait(); err == nil {
		t.Error("the import was over before it was killed")
	}
	before := sums(t, stopped)["incidents"]
	release() // what its connections had under way ends with them
	if before == 0 || before >= n {
		t.Fatalf("killed with %d incidents of %d", before, n)
	}
	if got := lastLine(must(t, stopped, "import", "--format=veris", file)); !strings.Contains(got, " 0 changed") || !strings.Contains(got, " 0 refused") || strings.Contains(got, " 0 unchanged") {
		t.Errorf("run again after %d: %s", before, got)
	}
	if diff := cmp.Diff(said(t, whole), said(t, stopped)); diff != "" {
		t.Errorf("(-whole +stopped):\n%s", diff)
	}
	if diff := cmp.Diff(sums(t, whole), sums(t, stopped)); diff != "" {
		t.Errorf("rows (-whole +stopped):\n%s", diff)
	}
	if got := lastLine(must(t, stopped, "import", "--format=veris", file)); !strings.Contains(got, " 0 created, 0 changed, 2,500 unchanged") {
		t.Errorf("run once more: %s", got)
	}
}

// TestTwoImportsAtOnce of the same file do what one does.
func TestTwoImportsAtOnce(t *testing.T) {
	t.Parallel()
	file := documents(t, 1200)
	alone, together := ledgertest.URL(t), ledgertest.URL(t)
	must(t, alone, "import", "--format=veris", file)
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			if out, err := command(t, together, "import", "--format=veris", file); err != nil || !strings.Contains(out, " 0 refused") {
				t.Errorf("at once: %v\n%s", err, out)
			}
		})
	}
	wg.Wait()
	if diff := cmp.Diff(said(t, alone), said(t, together)); diff != "" {
		t.Errorf("(-alone +together):\n%s", diff)
	}
	if diff := cmp.Diff(sums(t, alone), sums(t, together)); diff != "" {
		t.Errorf("rows (-alone +together):\n%s", diff)
	}
}
