package ledger_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledgertest"
)

// TestAMergeOfActorsLooksForDuplicates: what was logged under two names of one
// organisation shared no actor, and was not compared.
func TestAMergeOfActorsLooksForDuplicates(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	breach(t, l, "Kept", "Acme", 1_000_000, "https://example.com/kept")
	for i := range 20 { // later ones, and unlike
		breach(t, l, fmt.Sprint("Unlike ", i), "Acme", int64(3_000<<i), fmt.Sprint("https://example.com/unlike/", i))
	}
	retracted := breach(t, l, "Retracted", "Acme", 1_000_000, "https://example.com/retracted")
	if _, err := l.Retract(t.Context(), editing, retracted.Slug, ""); err != nil {
		t.Fatal(err)
	}
	exec(t, l, "TRUNCATE duplicates, possible_duplicates")
	breach(t, l, "Moved", "Acme Inc", 1_000_000, "https://example.com/moved")
	breach(t, l, "Decided", "Acme Inc", 1_000_001, "https://example.com/decided")
	exec(t, l, "TRUNCATE duplicates, possible_duplicates")
	if err := l.NotTheSame(t.Context(), editing, "decided", "kept"); err != nil {
		t.Fatal(err)
	}
	if got := duplicatesQueue(t, l); len(got) != 0 {
		t.Fatalf("before the merge the queue is %v", got)
	}
	mergeActors(t, l, "acme-inc", "acme")
	want := []string{"0.75 [the same organisation was breached they state the same number of records]"}
	if got := duplicatesQueue(t, l); !slices.Equal(got, want) {
		t.Errorf("after the merge the queue is %v, want %v", got, want)
	}
	if got := possibleDuplicates(t, l); got["moved"] != 1 || got["kept"] != 1 || got["decided"] != 0 {
		t.Errorf("the list says %v", got)
	}
}

// TestAMergeOfActorsQueuesTheLikeliest of each incident that it moves, and none that
// names both already.
func TestAMergeOfActorsQueuesTheLikeliest(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	for i := range 5 {
		breach(t, l, fmt.Sprint("Kept ", i), "Acme", 1_000_000, fmt.Sprint("https://example.com/", i))
	}
	both := []incidents.Participant{{Actor: incidents.ActorRef{Name: "Acme"}, Role: incidents.RoleVictim}, {Actor: incidents.ActorRef{Name: "Acme Inc"}, Role: incidents.RoleAffectedPlatform}}
	record(t, l, incidents.Incident{Title: "Both", Category: incidents.DataBreach, Participants: both, Counts: []incidents.Count{{Unit: incidents.Records, Quantity: new(int64(1_000_000))}}})
	breach(t, l, "Moved", "Acme Inc", 1_000_000, "https://example.com/moved")
	exec(t, l, "TRUNCATE duplicates, possible_duplicates")
	mergeActors(t, l, "acme-inc", "acme")
	got := possibleDuplicates(t, l)
	if got["moved"] != 3 || got["both"] != 0 {
		t.Errorf("the list says %v", got)
	}
}
