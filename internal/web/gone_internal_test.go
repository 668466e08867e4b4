package web

import (
	"context"
	"errors"
	"net/http/httptest"
	"testing"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
	"github.com/breachledger/breachledger/internal/ledgertest"
)

// TestWhatIsGoneIsLeftOut: an incident that was retracted since a list named it is
// left out of a page. Any other error is the page's: a part that is missing would be
// taken for one that is empty.
func TestWhatIsGoneIsLeftOut(t *testing.T) {
	t.Parallel()
	s := &Web{ledger: ledgertest.Open(t)}
	editor := access.Identity{Name: "a test", Role: access.Editor}
	record := func(title string) string {
		doc, err := s.ledger.Record(t.Context(), ledger.Change{By: editor, Action: "record"}, incidents.Incident{Title: title, Category: incidents.DataBreach})
		if err != nil {
			t.Fatal(err)
		}
		return doc.Slug
	}
	gone, there := record("Gone by now"), record("Still there")
	if _, err := s.ledger.Retract(t.Context(), ledger.Change{By: editor, Action: "retract", Reason: "It was about another company"}, gone, ""); err != nil {
		t.Fatal(err)
	}
	over, cancel := context.WithCancel(t.Context())
	cancel()
	for name, read := range map[string]func(v *visit, slug string) error{
		"the evidence on the start page": func(v *visit, slug string) error {
			_, err := s.headlineOf(v.ctx(), v, slug)
			return err
		},
		"the claims on a source": func(v *visit, slug string) error {
			_, err := s.claimWords(v, []ledger.SourceIncident{{Slug: slug}})
			return err
		},
	} {
		request := httptest.NewRequestWithContext(t.Context(), "GET", "/", nil)
		if err := read(&visit{Request: request}, gone); err != nil {
			t.Errorf("%s: an incident that is gone: %v", name, err)
		}
		if err := read(&visit{Request: request.WithContext(over)}, there); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: an incident that could not be read: %v", name, err)
		}
	}
}
