package importer_test

import (
	"context"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/breachledger/breachledger/internal/exchange/jsonstream"
	"github.com/breachledger/breachledger/internal/importer"
	"github.com/breachledger/breachledger/internal/ledger"
	"github.com/breachledger/breachledger/internal/ledgertest"
)

// A full disk ends an import: no document is at fault.
func TestNoRoom(t *testing.T) {
	t.Parallel()
	url := ledgertest.URL(t)
	l, err := ledger.Open(t.Context(), ledger.Config{URL: url})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(t.Context())) }()
	for _, sql := range []string{
		`CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS
			$$ BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = 'disk_full'; END $$`,
		"CREATE TRIGGER full_disk BEFORE INSERT ON incidents FOR EACH STATEMENT EXECUTE FUNCTION full_disk()",
	} {
		if _, err := conn.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	const file = `[{"source_id":"case","incident_id":"C-1","summary":"One","security_incident":"Confirmed"},
		{"source_id":"case","incident_id":"C-2","summary":"Two","security_incident":"Confirmed"}]`
	report, err := importer.Stream(t.Context(), l, importer.VERIS(false), jsonstream.Read(strings.NewReader(file)), importer.Options{})
	if !ledger.Full(err) || report.Refused > 0 {
		t.Errorf("%v; %s", err, report)
	}
}
