package web_test

import (
	"strings"
	"testing"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
)

// TestHistoryTellsRenamedActorsApart: the next version did not rename anybody.
func TestHistoryTellsRenamedActorsApart(t *testing.T) {
	t.Parallel()
	s := open(t)
	c := ledger.Change{By: access.Identity{Name: "a test", Role: access.Editor}, Action: "patch"}
	slug := s.record(incidents.Incident{
		Title: "A breach", Category: incidents.DataBreach,
		Participants: []incidents.Participant{{Actor: incidents.ActorRef{Name: "Acme Terminals"}, Role: incidents.RoleVictim}},
	})
	if err := s.ledger.EditActor(t.Context(), c, "acme-terminals", func(a *incidents.Actor) error { a.Name = "Acme Tills"; return nil }); err != nil {
		t.Fatal(err)
	}
	if _, err := s.ledger.Edit(t.Context(), c, slug, "", func(in *incidents.Incident) error { in.Summary = "Cards."; return nil }); err != nil {
		t.Fatal(err)
	}
	body := s.anybody().page("/incidents/" + slug + "/history")
	has(t, body, `Acme Terminals had been renamed to <a href="/actors/acme-terminals">Acme Tills</a> by then.`)
	if n := strings.Count(body, "<dt>"); n != 1 {
		t.Errorf("%d changes are shown, and there is one, of the summary:\n%s", n, body)
	}
}
