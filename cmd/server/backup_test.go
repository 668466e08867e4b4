package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/breachledger/breachledger/internal/importer"
	"github.com/breachledger/breachledger/internal/ledgertest"
)

// TestABackupAsJSON: what became of a backup can be read by a program.
func TestABackupAsJSON(t *testing.T) {
	t.Parallel()
	first, second := ledgertest.URL(t), ledgertest.URL(t)
	must(t, first, "import", "../../seeds")
	file := filepath.Join(t.TempDir(), "all.ndjson.gz")
	must(t, first, "export", "--gzip", file)

	if out, err := command(t, second, "import", file, "--dry-run"); err == nil || !strings.Contains(err.Error(), "a backup cannot be read in a dry run") {
		t.Errorf("a dry run: %v\n%s", err, out)
	}
	if report := backupReport(t, must(t, second, "import", file, "--json")); report.Rows != 4 || report.Created != 4 || report.UndoneAll ||
		!strings.Contains(report.Message, "API keys") {
		t.Errorf("%+v", report)
	}
	out, err := command(t, second, "import", file, "--json")
	if report := backupReport(t, out); err == nil || report.Created != 0 || !report.UndoneAll || report.Message != strings.TrimPrefix(err.Error(), file+": ") {
		t.Errorf("into a ledger that is not empty: %v\n%+v", err, report)
	}
	if err := os.WriteFile(file, []byte("no backup"), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err = command(t, second, "import", file, "--json")
	if report := backupReport(t, out); err == nil || !report.UndoneAll {
		t.Errorf("what is no backup: %v\n%+v", err, report)
	}
}

func backupReport(t *testing.T, out string) importer.StreamReport {
	t.Helper()
	var report importer.StreamReport
	if err := json.Unmarshal([]byte(out), &report); err != nil || report.Format != "ndjson" || report.Details == nil {
		t.Fatalf("%v: %s", err, out)
	}
	return report
}
