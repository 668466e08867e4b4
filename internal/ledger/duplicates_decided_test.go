package ledger_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
	"github.com/breachledger/breachledger/internal/ledgertest"
)

// duplicatesQueue is the queue of likely duplicates, without when they were found.
func duplicatesQueue(t *testing.T, l *ledger.Ledger) []string {
	t.Helper()
	pairs, _, err := l.Duplicates(t.Context(), editor, ledger.Page{})
	if err != nil {
		t.Fatal(err)
	}
	out := []string{}
	for _, p := range pairs {
		out = append(out, fmt.Sprint(p.Score, " ", p.Reasons))
	}
	return out
}

// TestAnUndoneMergeLeavesThePairAsItWas: with its score and reasons, decided as it
// was, and in no queue where it was in none.
func TestAnUndoneMergeLeavesThePairAsItWas(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	counted(t, l, "A", 1_000_000)
	counted(t, l, "B", 1_000_000)
	record(t, l, incidents.Incident{Title: "Unlike", Category: incidents.DataBreach})
	undo := func(ref, into string) {
		t.Helper()
		merge(t, l, ref, into)
		if got := duplicatesQueue(t, l); len(got) != 0 {
			t.Errorf("after the merge of %s the queue is %v", ref, got)
		}
		restore(t, l, ref, 1)
	}
	want := duplicatesQueue(t, l)
	if len(want) != 1 {
		t.Fatalf("the queue is %v", want)
	}
	undo("b", "a")
	if got := duplicatesQueue(t, l); !slices.Equal(got, want) {
		t.Errorf("after the undo the queue is %v, and was %v", got, want)
	}
	if err := l.NotTheSame(t.Context(), editing, "a", "b"); err != nil {
		t.Fatal(err)
	}
	undo("b", "a")
	undo("unlike", "a")
	if got := duplicatesQueue(t, l); len(got) != 0 {
		t.Errorf("what was decided, or never likely, is in the queue: %v", got)
	}
	if got := ask[float64](t, l, "SELECT round(score::numeric, 2)::float8 FROM duplicates WHERE state = 'different'"); got != 0.75 {
		t.Errorf("what is not the same has the score %v", got)
	}
}

// TestEditsLookForDuplicatesAnew, whichever sign of a duplicate they change.
func TestEditsLookForDuplicatesAnew(t *testing.T) {
	t.Parallel()
	victim := func(name string) []incidents.Participant {
		return []incidents.Participant{{Actor: incidents.ActorRef{Name: name}, Role: incidents.RoleVictim}}
	}
	source := func(name string) []incidents.Source {
		return []incidents.Source{{URL: "https://example.com/" + name}}
	}
	day := ledgertest.Date("2020-01-02")
	for name, change := range map[string]func(in *incidents.Incident){
		"victim":    func(in *incidents.Incident) { in.Participants, in.Sources = victim("Acme"), source("one") },
		"role":      func(in *incidents.Incident) { in.Participants[0].Role = incidents.RoleAffectedPlatform },
		"source":    func(in *incidents.Incident) { in.Sources = source("one") },
		"occurred":  func(in *incidents.Incident) { in.Occurred.From = day },
		"disclosed": func(in *incidents.Incident) { in.Disclosed = day },
		"count":     func(in *incidents.Incident) { *in.Counts[0].Quantity = 5000 },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := ledgertest.Open(t)
			n, other := int64(5000), int64(70)
			record(t, l, incidents.Incident{
				Title: "Old", Category: incidents.DataBreach, Participants: victim("Acme"), Sources: source("one"), Occurred: incidents.Period{From: day}, Disclosed: day,
				Counts: []incidents.Count{{Unit: incidents.Records, Quantity: &n}},
			})
			in := incidents.Incident{
				Title: "New", Category: incidents.DataBreach, Participants: victim("Acme"), Sources: source("two"),
				Counts: []incidents.Count{{Unit: incidents.Records, Quantity: &other}},
			}
			switch name {
			case "victim":
				in.Participants, in.Sources = victim("Bcme"), source("one")
			case "role":
				in.Participants[0].Role, in.Sources = incidents.RoleReporter, source("one")
			}
			doc := record(t, l, in)
			if got := duplicatesQueue(t, l); len(got) != 0 {
				t.Fatalf("before the edit the queue is %v", got)
			}
			edit(t, l, doc.Slug, change)
			if got := duplicatesQueue(t, l); len(got) != 1 {
				t.Errorf("after the edit the queue is %v", got)
			}
		})
	}
}

// TestWhatComesBackIsLookedAt: an incident that was retracted or merged meanwhile is
// no candidate for others, and looks for them when it is back.
func TestWhatComesBackIsLookedAt(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	change := ledger.Change{By: editor, Action: "decide", Reason: "looked at"}
	alike := func(title, organisation string) ledger.Document {
		t.Helper()
		n := int64(5000)
		return record(t, l, incidents.Incident{
			Title: title, Category: incidents.DataBreach, Participants: []incidents.Participant{{Actor: incidents.ActorRef{Name: organisation}, Role: incidents.RoleVictim}},
			Disclosed: ledgertest.Date("2020-01-02"), Counts: []incidents.Count{{Unit: incidents.Records, Quantity: &n}},
		})
	}
	retracted := alike("One", "Acme")
	if _, err := l.Retract(t.Context(), change, retracted.Slug, ""); err != nil {
		t.Fatal(err)
	}
	alike("Two", "Acme")
	if _, err := l.Publish(t.Context(), change, retracted.Slug, ""); err != nil {
		t.Fatal(err)
	}
	if got := duplicatesQueue(t, l); len(got) != 1 {
		t.Errorf("after it was retracted, and published again, the queue is %v", got)
	}
	merged := alike("Three", "Bcme")
	target := record(t, l, incidents.Incident{Title: "Unlike", Category: incidents.CategoryOther})
	merge(t, l, merged.Slug, target.Slug)
	alike("Four", "Bcme")
	restore(t, l, merged.Slug, 1)
	if got := duplicatesQueue(t, l); len(got) < 2 {
		t.Errorf("after it was merged, and is by itself again, the queue is %v", got)
	}
	n := ask[int](t, l, "SELECT count(*) FROM duplicates WHERE state = 'open' AND $1 IN (first_id, second_id)", merged.ID)
	if n != 1 {
		t.Errorf("what was merged, and is by itself again, is in %d pairs", n)
	}
}
