package ledger_test

import (
	"errors"
	"testing"

	"github.com/google/uuid"

	"github.com/breachledger/breachledger/internal/access"
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

// TestASourceThatLosesItsAddress is known by its text then, and by that no other
// may be; one without anything would be known by nothing.
func TestASourceThatLosesItsAddress(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	c := ledger.Change{By: access.Identity{Name: "an admin", Role: access.Admin}, Action: "edit source"}
	create := func(s incidents.Source) uuid.UUID {
		t.Helper()
		id, err := l.CreateSource(t.Context(), c, s)
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
	lose := func(id uuid.UUID) error {
		return l.EditSource(t.Context(), c, id, func(s *incidents.Source) error { s.URL = ""; return nil })
	}
	create(incidents.Source{Title: "Without an address", Text: "The same text."})
	same := create(incidents.Source{URL: "https://example.com/same", Text: "The same text."})
	wantProblem(t, lose(same), "/url: another source without an address has this text")
	if err := l.Redact(t.Context(), c, same); err != nil {
		t.Fatal(err)
	}
	wantProblem(t, lose(same), "/url: another source without an address has this text")
	wantProblem(t, lose(create(incidents.Source{URL: "https://example.com/nothing"})), ": must have an address (url), a title or a text")
	if err := lose(create(incidents.Source{URL: "https://example.com/other", Text: "Another text."})); err != nil {
		t.Error(err)
	}
}
