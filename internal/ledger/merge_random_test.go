package ledger_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
	"github.com/breachledger/breachledger/internal/ledgertest"
)

// TestClaimsStandInOnePlaceWhateverIsDone: incidents are merged, given back, edited,
// renamed, restored, retracted and published at random. No claim ever stands in two,
// none gets lost by a merge or its undoing, and each document is the one that its
// rows make.
func TestClaimsStandInOnePlaceWhateverIsDone(t *testing.T) {
	t.Parallel()
	for seed := range uint64(4) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			w := &mergeWalk{t: t, l: ledgertest.Open(t), b: ledgertest.NewBuilder(seed), rnd: rand.New(rand.NewPCG(seed, 2))}
			for range 5 {
				in := w.b.Incident()
				in.Publication = incidents.Draft
				if w.rnd.IntN(4) == 0 {
					in.Publication = incidents.Published
				}
				w.ids = append(w.ids, record(t, w.l, in).ID)
			}
			for n := range 120 {
				w.step(n)
				if w.check(n); t.Failed() {
					return
				}
			}
		})
	}
}

// mergeWalk is a random walk over a few incidents.
type mergeWalk struct {
	t   *testing.T
	l   *ledger.Ledger
	b   *ledgertest.Builder
	rnd *rand.Rand
	ids []uuid.UUID
	did []string
}

func (w *mergeWalk) step(n int) {
	one, other := w.ids[w.rnd.IntN(len(w.ids))], w.ids[w.rnd.IntN(len(w.ids))]
	ref, now := one.String(), w.now(one)
	c, before := ledger.Change{By: editor, Action: "step", Reason: "a test"}, w.claims()
	var err error
	var what string
	keeps := false // all claims must be there afterwards
	switch k := w.rnd.IntN(10); {
	case now.Publication == incidents.Merged && k < 6:
		version := now.Version - 1
		if keeps = k < 4; !keeps {
			version = 1 + w.rnd.IntN(now.Version)
		}
		what = fmt.Sprintf("undo %s to %d", now.Slug, version)
		_, err = w.l.Restore(w.t.Context(), c, ref, "", version)
	case k < 4:
		what = fmt.Sprintf("merge %s into %s", now.Slug, w.now(other).Slug)
		keeps = true
		_, err = w.l.Merge(w.t.Context(), c, ref, "", other.String())
	case k < 5:
		what = fmt.Sprintf("rename %s to s-%d", now.Slug, n)
		_, err = w.l.Edit(w.t.Context(), c, ref, "", func(in *incidents.Incident) error {
			in.Slug = fmt.Sprint("s-", n)
			return nil
		})
	case k < 7:
		what = "edit " + now.Slug
		_, err = w.l.Edit(w.t.Context(), c, ref, "", func(in *incidents.Incident) error {
			w.b.Change(in)
			return nil
		})
	case k < 9:
		version := 1 + w.rnd.IntN(now.Version)
		what = fmt.Sprintf("restore %s to %d", now.Slug, version)
		_, err = w.l.Restore(w.t.Context(), c, ref, "", version)
	default:
		do := []func() (ledger.Document, error){
			func() (ledger.Document, error) { return w.l.Publish(w.t.Context(), c, ref, "") },
			func() (ledger.Document, error) { return w.l.Retract(w.t.Context(), c, ref, "") },
			func() (ledger.Document, error) { return w.l.Reject(w.t.Context(), c, ref, "") },
		}
		i := w.rnd.IntN(len(do))
		what = fmt.Sprintf("%s %s", []string{"publish", "retract", "reject"}[i], now.Slug)
		_, err = do[i]()
	}
	var state *ledger.StateError
	var moved *ledger.MovedError
	var problems incidents.Problems
	var taken *ledger.ExistsError
	switch {
	case err == nil:
		after := w.claims()
		for claim := range before {
			if keeps && len(after[claim]) == 0 {
				w.t.Errorf("%s: the claim %s stands nowhere", what, claim)
			}
		}
	case errors.As(err, &state), errors.As(err, &moved), errors.As(err, &problems), errors.As(err, &taken):
		what += ": " + err.Error()
	default:
		w.t.Errorf("%s: %v", what, err)
	}
	w.did = append(w.did, what)
}

func (w *mergeWalk) now(id uuid.UUID) incidents.Incident {
	doc, err := w.l.Rebuilt(w.t.Context(), id)
	if err != nil {
		w.t.Fatal(err)
	}
	return parse(w.t, doc)
}

// claims are the slugs of the incidents in which each claim stands.
func (w *mergeWalk) claims() map[string][]string {
	rows, err := w.l.Pool().Query(w.t.Context(), `
SELECT c.id::text AS claim, i.slug
  FROM (SELECT id, incident_id FROM counts UNION ALL SELECT id, incident_id FROM losses
         UNION ALL SELECT id, incident_id FROM attributions UNION ALL SELECT id, incident_id FROM responses) AS c
  JOIN incidents AS i ON i.id = c.incident_id
 ORDER BY 1, 2`)
	if err != nil {
		w.t.Fatal(err)
	}
	defer rows.Close()
	found, err := pgx.CollectRows(rows, pgx.RowToStructByPos[struct{ Claim, Slug string }])
	if err != nil {
		w.t.Fatal(err)
	}
	at := map[string][]string{}
	for _, one := range found {
		at[one.Claim] = append(at[one.Claim], one.Slug)
	}
	return at
}

func (w *mergeWalk) check(n int) {
	for claim, at := range w.claims() {
		if len(at) > 1 {
			w.t.Errorf("step %d: %s stands in %v", n, claim, at)
		}
	}
	for _, id := range w.ids {
		kept := ask[string](w.t, w.l, "SELECT document::text FROM incidents WHERE id = $1", id)
		rebuilt, err := w.l.Rebuilt(w.t.Context(), id)
		if err != nil || kept != string(rebuilt.JSON) {
			w.t.Errorf("step %d: %s is kept as\n%s\nand its rows make (%v)\n%s", n, id, kept, err, rebuilt.JSON)
		}
		if in := parse(w.t, rebuilt); in.Publication != incidents.Merged && len(in.Validate()) > 0 {
			w.t.Errorf("step %d: %s has problems: %v", n, in.Slug, in.Validate())
		}
	}
	if w.t.Failed() {
		for i, what := range w.did {
			w.t.Log(i, what)
		}
	}
}
