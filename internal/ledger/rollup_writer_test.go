package ledger_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
	"github.com/breachledger/breachledger/internal/ledgertest"
)

// writer writes at random, in every way there is.
type writer struct {
	l     *ledger.Ledger
	b     *ledgertest.Builder
	rnd   *rand.Rand
	slugs []string
	done  map[string]int
}

func (w *writer) write(t *testing.T) string {
	t.Helper()
	ways := []struct {
		name string
		do   func(*testing.T) error
	}{
		{"record", w.record},
		{"record", w.record},
		{"edit", w.edit},
		{"edit", w.edit},
		{"publish", func(t *testing.T) error {
			t.Helper()
			_, err := w.l.Publish(t.Context(), editing, w.one(), "")
			return err
		}},
		{"retract", func(t *testing.T) error {
			t.Helper()
			_, err := w.l.Retract(t.Context(), editing, w.one(), "")
			return err
		}},
		{"merge", func(t *testing.T) error {
			t.Helper()
			_, err := w.l.Merge(t.Context(), editing, w.one(), "", w.one())
			return err
		}},
		{"restore", func(t *testing.T) error {
			t.Helper()
			_, err := w.l.Restore(t.Context(), editing, w.one(), "", 1+w.rnd.IntN(3))
			return err
		}},
		{"rename", w.rename},
		{"merge actors", func(t *testing.T) error {
			t.Helper()
			if w.rnd.IntN(4) > 0 { // the cast is small
				return nil
			}
			return w.l.MergeActors(t.Context(), editing, w.actor(t), w.actor(t))
		}},
		{"import", w.bulk},
	}
	way := ways[w.rnd.IntN(len(ways))]
	if len(w.slugs) < 3 {
		way = ways[0]
	}
	if w.done == nil {
		w.done = map[string]int{}
	}
	// What cannot be done now, such as retracting a draft, is not done.
	if err := way.do(t); err == nil {
		w.done[way.name]++
	}
	return way.name
}

func (w *writer) one() string { return w.slugs[w.rnd.IntN(len(w.slugs))] }

func (w *writer) actor(t *testing.T) string {
	t.Helper()
	slugs := ask[[]string](t, w.l, "SELECT array_agg(slug ORDER BY slug) FROM actors WHERE merged_into IS NULL")
	return slugs[w.rnd.IntN(len(slugs))]
}

func (w *writer) record(t *testing.T) error {
	t.Helper()
	in := w.b.Incident()
	if w.rnd.IntN(4) == 0 {
		in.Publication = incidents.Draft
	}
	doc, err := w.l.Record(t.Context(), recording, in)
	if err == nil { // it may name one actor by two names, since these were merged
		w.slugs = append(w.slugs, doc.Slug)
	}
	return err
}

func (w *writer) edit(t *testing.T) error {
	t.Helper()
	_, err := w.l.Edit(t.Context(), editing, w.one(), "", func(in *incidents.Incident) error {
		w.b.Change(in)
		if w.rnd.IntN(6) == 0 {
			in.Tags = append(in.Tags, incidents.Compilation)
		}
		return nil
	})
	return err
}

// rename changes what documents show of an actor, and whether its incidents are
// about payments.
func (w *writer) rename(t *testing.T) error {
	t.Helper()
	return w.l.EditActor(t.Context(), editing, w.actor(t), func(a *incidents.Actor) error {
		a.Name += "!"
		a.Sector = ledgertest.Term[incidents.Sector](w.rnd)
		return nil
	})
}

func (w *writer) bulk(t *testing.T) error {
	t.Helper()
	bulk, err := w.l.OpenBulk(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer bulk.Close(t.Context())
	var items []ledger.ImportItem
	for range 1 + w.rnd.IntN(5) {
		items = append(items, itemOf(t, fmt.Sprint("rolled:", w.rnd.Int64()), w.b.Incident()))
	}
	for _, r := range importBatch(t, bulk, items) {
		if r.Outcome == ledger.Created {
			w.slugs = append(w.slugs, r.Slug)
		}
	}
	return nil
}
