package ledger_test

import (
	"encoding/json"
	"maps"
	"testing"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
	"github.com/breachledger/breachledger/internal/ledgertest"
)

// possibleDuplicates are what the items of the list say, by slug.
func possibleDuplicates(t *testing.T, l *ledger.Ledger) map[string]int {
	t.Helper()
	list, err := l.Incidents(t.Context(), ledger.Filter{Publications: []incidents.Publication{incidents.Published, incidents.Draft}}, "", ledger.Page{Limit: 200})
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]int{}
	for _, item := range list.JSON() {
		var card struct {
			Slug  string `json:"slug"`
			Count *int   `json:"possible_duplicates"`
		}
		if err := json.Unmarshal(item, &card); err != nil || card.Count == nil {
			t.Fatalf("an item of the list does not say how many possible duplicates it has (%v): %s", err, item)
		}
		out[card.Slug] = *card.Count
	}
	return out
}

// TestListItemsCountPossibleDuplicates: the number follows every decision.
func TestListItemsCountPossibleDuplicates(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	change := ledger.Change{By: editor, Action: "decide", Reason: "looked at"}
	check := func(after string, want map[string]int) {
		t.Helper()
		if got := possibleDuplicates(t, l); !maps.Equal(got, want) {
			t.Errorf("after %s the list says %v, want %v", after, got, want)
		}
	}
	breach(t, l, "First", "Acme", 1_000_000, "https://example.com/1")
	check("one incident", map[string]int{"first": 0})
	breach(t, l, "Second", "Acme", 1_000_000, "https://example.com/2")
	check("another like it", map[string]int{"first": 1, "second": 1})
	breach(t, l, "Third", "Acme", 1_000_000, "https://example.com/3")
	check("a third", map[string]int{"first": 2, "second": 2, "third": 2})

	if err := l.NotTheSame(t.Context(), change, "first", "second"); err != nil {
		t.Fatal(err)
	}
	check("telling two apart", map[string]int{"first": 1, "second": 1, "third": 2})
	if _, err := l.Retract(t.Context(), change, "first", ""); err != nil {
		t.Fatal(err)
	}
	check("retracting one", map[string]int{"second": 1, "third": 1})
	if _, err := l.Merge(t.Context(), change, "third", "", "second"); err != nil {
		t.Fatal(err)
	}
	check("merging the others", map[string]int{"second": 0})
	if _, err := l.Restore(t.Context(), change, "third", "", 1); err != nil {
		t.Fatal(err)
	}
	check("taking that back", map[string]int{"second": 1, "third": 1})

	// A draft says what it may be the same as; that there is a draft is not said.
	draft := incidents.Incident{
		Title: "Fourth", Category: incidents.DataBreach,
		Participants: []incidents.Participant{{Actor: incidents.ActorRef{Name: "Acme"}, Role: incidents.RoleVictim}},
		Sources:      []incidents.Source{{URL: "https://example.com/2"}},
	}
	if _, err := l.Record(t.Context(), ledger.Change{By: contributor, Action: "record"}, draft); err != nil {
		t.Fatal(err)
	}
	check("a draft", map[string]int{"second": 1, "third": 1, "fourth": 1})
	if _, err := l.Publish(t.Context(), change, "fourth", ""); err != nil {
		t.Fatal(err)
	}
	check("publishing it", map[string]int{"second": 2, "third": 1, "fourth": 1})
}
