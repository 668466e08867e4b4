package ledger_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
	"github.com/breachledger/breachledger/internal/ledgertest"
)

func partial(t *testing.T, s string) incidents.PartialDate {
	t.Helper()
	d, err := incidents.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestYearsByCategoryAreWhatTheFilterFinds(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	for i, in := range []incidents.Incident{
		{Category: incidents.DataBreach, Occurred: incidents.Period{From: partial(t, "2014-11"), To: partial(t, "2015-02")}, Disclosed: partial(t, "2016")},
		{Category: incidents.DataBreach, Occurred: incidents.Period{To: partial(t, "2014")}},
		{Category: incidents.Extortion, Occurred: incidents.Period{From: partial(t, "2014-01-31")}},
		{Category: incidents.DataBreach, Disclosed: partial(t, "2014")},
	} {
		in.Title = string(rune('A' + i))
		record(t, l, in)
	}
	got, err := l.YearsByCategory(t.Context(), ledger.Filter{})
	if err != nil {
		t.Fatal(err)
	}
	want := []ledger.YearCategory{{0, incidents.DataBreach, 1}, {2014, incidents.DataBreach, 2}, {2014, incidents.Extortion, 1}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("years (-want +got):\n%s", diff)
	}
	for _, y := range got[1:] {
		year := partial(t, "2014")
		found, err := l.Incidents(t.Context(), ledger.Filter{Categories: []incidents.Category{y.Category}, Date: ledger.ByOccurred, From: year, To: year}, "-occurred", ledger.Page{})
		if err != nil || int64(len(found.Items)) != y.Incidents {
			t.Errorf("%v: the filter finds %d, error %v", y, len(found.Items), err)
		}
	}
}

// Like only reads: it works, and holds nothing, while another write holds the actor.
func TestLikeWaitsForNobody(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	known := incidents.Incident{
		Title: "Breach at Acme", Category: incidents.DataBreach, Participants: []incidents.Participant{{Actor: incidents.ActorRef{Name: "Acme Inc", Aliases: []string{"ACME"}}, Role: incidents.RoleVictim}},
		Counts: []incidents.Count{{Unit: "cards", Quantity: new(int64(4100))}}, Sources: []incidents.Source{{URL: "https://example.com/a"}},
	}
	slug := record(t, l, known).Slug
	tx, err := l.Pool().Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tx.Rollback(context.Background()) }()
	for _, table := range []string{"actors", "sources"} {
		if _, err := tx.Exec(t.Context(), "SELECT FROM "+table+" FOR UPDATE"); err != nil {
			t.Fatal(err)
		}
	}
	for name, in := range map[string]incidents.Incident{
		"by an alias and a source": {
			Title: "Something else", Participants: []incidents.Participant{{Actor: incidents.ActorRef{Name: "acme"}, Role: incidents.RoleVictim}},
			Sources: []incidents.Source{{URL: "https://example.com/a"}},
		},
		"by a slug and a number": {
			Title: "Another", Participants: []incidents.Participant{{Actor: incidents.ActorRef{Given: "acme-inc"}, Role: incidents.RoleVictim}},
			Counts: []incidents.Count{{Unit: "cards", Quantity: new(int64(4100))}},
		},
	} {
		similar, err := l.Like(t.Context(), editor, in)
		if err != nil || len(similar) != 1 || similar[0].Slug != slug || len(similar[0].Reasons) != 2 {
			t.Errorf("%s: %+v, error %v", name, similar, err)
		}
	}
	similar, err := l.Like(t.Context(), editor, incidents.Incident{Title: "Nobody knows\x00", Participants: []incidents.Participant{{Actor: incidents.ActorRef{Name: "x\x00y"}, Role: incidents.RoleVictim}}})
	if err == nil && len(similar) > 0 {
		t.Errorf("what nobody knows is like %v", similar)
	}
}
