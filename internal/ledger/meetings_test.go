package ledger_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
	"github.com/breachledger/breachledger/internal/ledgertest"
)

// met is an incident of an organisation that is like others in some way.
func met(title, organisation, source string) incidents.Incident {
	return incidents.Incident{
		Title: title, Category: incidents.DataBreach, Disclosed: ledgertest.Date("2026-01-02"),
		Participants: []incidents.Participant{{Actor: incidents.ActorRef{Name: organisation, Kind: incidents.Company}, Role: incidents.RoleVictim}},
		Sources:      []incidents.Source{{URL: "https://news.example/" + source}},
	}
}

// stalled records something whose transaction waits before its end, when all that
// it does is done, until the function that it returns is called.
func stalled(t *testing.T, l *ledger.Ledger, write func(incidents.Incident)) (release func()) {
	t.Helper()
	old := met("The old one", "Old Pay", "old")
	record(t, l, old)
	old.Title = "One like the old one"
	record(t, l, old)
	known := met("Known", "Meridian Pay", "meridian") // whose names others need not wait for
	known.Disclosed = ledgertest.Date("1999")
	record(t, l, known)
	tx, err := l.Pool().Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = tx.Rollback(context.WithoutCancel(t.Context())) })
	// How many possible duplicates the old one has can nobody change now.
	if _, err := tx.Exec(t.Context(), "SELECT FROM possible_duplicates FOR UPDATE"); err != nil {
		t.Fatal(err)
	}
	first := met("Meridian Ledger wallets drained", "Meridian Pay", "meridian")
	first.Participants = append(first.Participants, met("", "Old Pay", "").Participants...)
	first.Sources = append(first.Sources, met("", "", "old").Sources...)
	write(first)
	// The one that waits for ever: one that waits for a moment begins again.
	eventually(t, "it waits patiently", func() bool { return l.Patient() > 0 })
	untilWaiting(t, l, nil)
	return func() { _ = tx.Rollback(t.Context()) }
}

// inQueue reports whether a pair of incidents is in the queue, and that both are there.
func inQueue(t *testing.T, l *ledger.Ledger, one, other uuid.UUID) bool {
	t.Helper()
	return ask[bool](t, l, `SELECT EXISTS (SELECT FROM duplicates AS d JOIN incidents AS a ON a.id = d.first_id JOIN incidents AS b ON b.id = d.second_id
		WHERE d.first_id = least($1::uuid, $2) AND d.second_id = greatest($1, $2) AND d.state = 'open')`, one, other)
}

// names reports whether an answer names another incident.
func names(doc ledger.Document, other uuid.UUID) bool {
	return slices.ContainsFunc(doc.Similar, func(s ledger.Similar) bool { return s.ID == other })
}

// logged is the answer to an incident that is logged in the background.
type logged struct {
	doc ledger.Document
	err error
}

// inBackground logs incidents in one transaction, and returns what the first is answered.
func inBackground(ctx context.Context, l *ledger.Ledger, c ledger.Change, given ...incidents.Incident) <-chan logged {
	out := make(chan logged, 1)
	go func() {
		docs, err := l.RecordTogether(ctx, c, given...)
		out <- logged{docs[0], err}
	}()
	return out
}

// TestThoseLoggedAtOnceFindEachOther, though neither transaction sees the other's
// rows: by their organisation, their source or their titles.
func TestThoseLoggedAtOnceFindEachOther(t *testing.T) {
	t.Parallel()
	unlike := met("Unlike", "Unlike Inc", "unlike")
	for name, given := range map[string][]incidents.Incident{
		"by organisation": {met("Another title", "Meridian Pay", "other")},
		"by source":       {met("Another title", "Other Pay", "meridian")},
		"by title":        {met("Wallets drained: Meridian Ledger", "Other Pay", "other")},
		"in a group":      {met("Wallets drained: Meridian Ledger", "Other Pay", "other"), unlike},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := ledgertest.Open(t)
			l.SetMeetingPatience(time.Minute)
			key, _, err := l.CreateKey(t.Context(), "a script", access.Editor, nil)
			if err != nil {
				t.Fatal(err)
			}
			var slow <-chan logged
			release := stalled(t, l, func(in incidents.Incident) { slow = inBackground(t.Context(), l, recording, in) })
			c := recording
			c.Once = &ledger.Once{APIKey: key.ID, Key: "key", Hash: []byte{1}}
			quick := inBackground(t.Context(), l, c, given...)
			eventually(t, "it is stored all the same", func() bool { return ask[int](t, l, "SELECT count(*) FROM incidents") >= 4 })
			release()
			second, first := <-quick, <-slow
			if err := errors.Join(first.err, second.err); err != nil {
				t.Fatal(err)
			}
			if !inQueue(t, l, first.doc.ID, second.doc.ID) {
				t.Error("the pair is not in the queue")
			}
			if !names(second.doc, first.doc.ID) || names(first.doc, second.doc.ID) {
				t.Errorf("the answers name %+v and %+v", first.doc.Similar, second.doc.Similar)
			}
			if again, err := l.Record(t.Context(), c, given[0]); err != nil || !names(again, first.doc.ID) {
				t.Errorf("asked again, the answer names %+v (%v)", again.Similar, err)
			}
		})
	}
}

// TestAPairOfWhatIsNotStored is none, and no answer names it.
func TestAPairOfWhatIsNotStored(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	ctx, leave := context.WithCancel(t.Context())
	defer leave()
	var slow <-chan logged
	release := stalled(t, l, func(in incidents.Incident) { slow = inBackground(ctx, l, recording, in) })
	quick := inBackground(t.Context(), l, recording, met("Another title", "Meridian Pay", "other"))
	eventually(t, "the other is stored", func() bool { return ask[int](t, l, "SELECT count(*) FROM incidents") >= 4 })
	leave()
	if first := <-slow; !errors.Is(first.err, context.Canceled) {
		t.Errorf("who has gone is told %v", first.err)
	}
	second := <-quick
	release()
	if second.err != nil || len(second.doc.Similar) > 0 {
		t.Errorf("the answer names %+v (%v)", second.doc.Similar, second.err)
	}
	if n := ask[int](t, l, "SELECT count(*) FROM duplicates WHERE $1 IN (first_id, second_id)", second.doc.ID); n != 0 {
		t.Errorf("%d pairs of it are in the queue", n)
	}
}

// TestWhoTakesLongHoldsUpNoAnswer, and is found when it is stored at last.
func TestWhoTakesLongHoldsUpNoAnswer(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	var slow <-chan logged
	release := stalled(t, l, func(in incidents.Incident) { slow = inBackground(t.Context(), l, recording, in) })
	second := <-inBackground(t.Context(), l, recording, met("Another title", "Meridian Pay", "other"))
	release()
	first := <-slow
	if err := errors.Join(first.err, second.err); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the pair is in the queue", func() bool { return inQueue(t, l, first.doc.ID, second.doc.ID) })
}

// TestNoneOfManyIsMissed: of many organisations two incidents each are logged at
// once, in groups of every size and alone.
func TestNoneOfManyIsMissed(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	const n = 60
	for i := range n {
		known := met(fmt.Sprint("known", i), fmt.Sprint("Shop ", i), fmt.Sprint("known-", i))
		known.Disclosed = ledgertest.Date("1999")
		record(t, l, known)
	}
	for _, err := range atOnce(2*n, func(i int) error {
		time.Sleep(time.Duration(i%n) * time.Millisecond)
		_, err := l.Record(t.Context(), recording, met(fmt.Sprint("later", i), fmt.Sprint("Shop ", i%n), fmt.Sprint("later-", i)))
		return err
	}) {
		if err != nil {
			t.Fatal(err)
		}
	}
	l.Settle() // of those that took long the pairs are queued after the answer
	if pairs := ask[int](t, l, "SELECT count(*) FROM duplicates"); pairs != n {
		t.Errorf("the queue has %d pairs of two incidents each of %d organisations", pairs, n)
	}
}
