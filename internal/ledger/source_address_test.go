package ledger_test

import (
	"errors"
	"testing"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
	"github.com/breachledger/breachledger/internal/ledgertest"
)

// TestOneSourceInManySpellings: an address that leads to the same place is the same
// source, by whatever way it comes.
func TestOneSourceInManySpellings(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	for _, address := range []string{"https://example.com:443/x", "https://EXAMPLE.com/x", "https://example.com/x"} {
		record(t, l, incidents.Incident{Title: "Case of " + address, Category: incidents.CategoryOther, Sources: []incidents.Source{{URL: address}}})
		var known *ledger.KnownSourceError
		if _, err := l.CreateSource(t.Context(), ledger.Change{By: editor, Action: "create source"}, incidents.Source{URL: address}); !errors.As(err, &known) {
			t.Errorf("%s is a new source: %v", address, err)
		}
	}
	all, _, err := l.Sources(t.Context(), editor, "", ledger.Page{})
	if err != nil || len(all) != 1 || all[0].URL != "https://example.com/x" {
		t.Fatalf("%+v, %v", all, err)
	}
	found, _, err := l.Sources(t.Context(), editor, "HTTPS://example.com:443/x", ledger.Page{})
	if err != nil || len(found) != 1 {
		t.Errorf("the source is not found: %+v, %v", found, err)
	}
	id, err := l.CreateSource(t.Context(), ledger.Change{By: editor, Action: "create source"}, incidents.Source{URL: "https://example.com"})
	if err != nil {
		t.Fatal(err)
	}
	err = l.EditSource(t.Context(), ledger.Change{By: editor, Action: "edit source"}, id, func(s *incidents.Source) error {
		s.URL = "https://Example.com/x"
		return nil
	})
	wantProblem(t, err, "/url: another source has this address")
}
