package ledger_test

import (
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
	"github.com/breachledger/breachledger/internal/ledgertest"
)

// promisesOf finds the promises of incidents in Go, in the report's order.
func promisesOf(all []incidents.Incident, today time.Time) []ledger.Promise {
	var out []ledger.Promise
	for _, in := range all {
		for _, r := range in.Responses {
			p := ledger.Promise{
				ID: r.ID, Incident: ledger.PromiseIncident{ID: in.ID, Slug: in.Slug, Title: in.Title},
				Actor:    ledger.ReportActor{Slug: r.Actor.Slug, Name: r.Actor.Name, Kind: r.Actor.Kind, Sector: r.Actor.Sector},
				SpokenBy: r.SpokenBy, Kind: r.Kind, MadeOn: r.Date, Due: r.Due, Summary: r.Summary, ViaUnnamedSource: r.ViaUnnamedSource,
				Support: r.Support, Evidence: r.Evidence,
			}
			switch {
			case r.Status == incidents.Broken && r.Fulfils == "":
				p.State, p.MadeOn, p.BrokenOn = ledger.PromiseBroken, incidents.PartialDate{}, r.Date
			case r.Status == incidents.Promised:
				p.State = ledger.PromiseOpen
				if !r.Due.IsZero() && r.Due.Last().Before(today) {
					p.State = ledger.PromiseOverdue
				}
				settle(&p, in.Responses)
			default:
				continue
			}
			out = append(out, p)
		}
	}
	slices.SortFunc(out, func(a, b ledger.Promise) int {
		due := func(p ledger.Promise) string {
			if p.Due.IsZero() {
				return "never"
			}
			return p.Due.First().Format(time.DateOnly)
		}
		if c := strings.Compare(due(a), due(b)); c != 0 {
			return c
		}
		if c := strings.Compare(a.Incident.ID.String(), b.Incident.ID.String()); c != 0 {
			return c
		}
		return strings.Compare(a.ID.String(), b.ID.String())
	})
	return out
}

// settle finds the response that keeps or breaks a promise.
func settle(p *ledger.Promise, responses []incidents.Response) {
	var best *incidents.Response
	for i, r := range responses {
		if string(r.Fulfils) != p.ID.String() {
			continue
		}
		better := best == nil || r.Status == incidents.Done && best.Status != incidents.Done
		if best != nil && r.Status == best.Status {
			first := func(r incidents.Response) string {
				if r.Date.IsZero() {
					return "never" + r.ID.String()
				}
				return r.Date.First().Format(time.DateOnly) + r.ID.String()
			}
			better = first(r) < first(*best)
		}
		if better {
			best = &responses[i]
		}
	}
	if best == nil {
		return
	}
	id := best.ID
	p.SettledBy = &id
	if best.Status == incidents.Done {
		p.State, p.KeptOn = ledger.PromiseKept, best.Date
	} else {
		p.State, p.BrokenOn = ledger.PromiseBroken, best.Date
	}
}

// everyPromise pages through the report.
func everyPromise(t *testing.T, l *ledger.Ledger, s ledger.PromiseScope, limit int) ([]ledger.Promise, ledger.PromiseCounts) {
	t.Helper()
	out := []ledger.Promise{}
	page := ledger.Page{Limit: limit}
	for {
		got, err := l.Promises(t.Context(), s, page)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, got.Promises...)
		if got.NextCursor == nil {
			return out, got.Counts
		}
		if len(got.Promises) != limit {
			t.Fatalf("a page of %d where %d were asked for", len(got.Promises), limit)
		}
		page.Cursor = *got.NextCursor
	}
}

func TestPromisesAreReported(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	today := time.Date(2015, 5, 5, 0, 0, 0, 0, time.UTC)
	l.SetClock(today.Add(13 * time.Hour))
	all := library(t, l, 51, 120)
	rnd := rand.New(rand.NewPCG(51, 1))
	equal := cmp.Options{cmp.Comparer(func(a, b incidents.PartialDate) bool { return a == b })}
	counts := func(ps []ledger.Promise) (out ledger.PromiseCounts) {
		for _, p := range ps {
			switch p.State {
			case ledger.PromiseOpen:
				out.Open++
			case ledger.PromiseKept:
				out.Kept++
			case ledger.PromiseBroken:
				out.Broken++
			case ledger.PromiseOverdue:
				out.Overdue++
			}
		}
		out.Counted = int64(len(ps))
		return out
	}
	check := func(name string, s ledger.PromiseScope, limit int, match func(incidents.Incident) bool, which func(ledger.Promise) bool) int {
		t.Helper()
		matching := slices.DeleteFunc(slices.Clone(all), func(in incidents.Incident) bool { return !listed(in) || !match(in) })
		want := slices.DeleteFunc(promisesOf(matching, today), func(p ledger.Promise) bool { return !which(p) })
		wantCounts := counts(want)
		if len(s.States) > 0 {
			want = slices.DeleteFunc(want, func(p ledger.Promise) bool { return !slices.Contains(s.States, p.State) })
		}
		got, gotCounts := everyPromise(t, l, s, limit)
		if diff := cmp.Diff(want, got, equal, cmp.Transformer("none", func(list []ledger.Promise) []ledger.Promise { return append([]ledger.Promise{}, list...) })); diff != "" && len(want)+len(got) > 0 {
			t.Errorf("%s: -want +got\n%s", name, diff)
		}
		if gotCounts != wantCounts {
			t.Errorf("%s: counted %+v, want %+v", name, gotCounts, wantCounts)
		}
		return len(want)
	}
	every := func(incidents.Incident) bool { return true }
	whichever := func(ledger.Promise) bool { return true }
	for limit := 1; limit <= 9; limit += 4 {
		if n := check("all", ledger.PromiseScope{}, limit, every, whichever); n < 20 {
			t.Fatalf("only %d promises: the test says little", n)
		}
	}
	for _, state := range ledger.PromiseStates() {
		if n := check(state, ledger.PromiseScope{States: []ledger.PromiseState{ledger.PromiseState(state)}}, 2, every, whichever); n == 0 {
			t.Errorf("none is %s: the test says nothing", state)
		}
	}
	check("two states", ledger.PromiseScope{States: []ledger.PromiseState{"kept", "overdue"}}, 3, every, whichever)
	from, to := ledgertest.Date("2014"), ledgertest.Date("2015-06")
	check("a period", ledger.PromiseScope{From: from, To: to}, 10, every, func(p ledger.Promise) bool {
		d := p.MadeOn
		if d.IsZero() && p.SettledBy == nil {
			d = p.BrokenOn
		}
		return !d.IsZero() && !d.First().Before(from.First()) && !d.First().After(to.Last())
	})
	for range 2 {
		for _, c := range filterCases(rnd, all) {
			if c.name == "from" || c.name == "to" {
				continue // of the incident; the report has its own
			}
			s := ledger.PromiseScope{}
			c.set(&s.Filter)
			check(c.name, s, 10, c.match, func(p ledger.Promise) bool {
				f := s.Filter
				return (len(f.ActorKinds) == 0 || slices.Contains(f.ActorKinds, p.Actor.Kind)) && (len(f.Sectors) == 0 || slices.Contains(f.Sectors, p.Actor.Sector)) &&
					(len(f.Responses) == 0 || slices.Contains(f.Responses, p.Kind)) &&
					(len(f.Actors) == 0 || slices.ContainsFunc(f.Actors, func(name string) bool { return is(t, l, name, p.Actor.Slug) }))
			})
		}
	}
}

// is reports whether a name or slug is that of the actor.
func is(t *testing.T, l *ledger.Ledger, name, slug string) bool {
	t.Helper()
	return name == slug || ask[bool](t, l, "SELECT EXISTS (SELECT FROM actor_names AS n JOIN actors AS a ON a.id = n.actor_id WHERE n.key = $1 AND a.slug = $2)", incidents.FoldName(name), slug)
}

// A promise is overdue from the day after the last one that its date can mean.
func TestPromisesBecomeOverdue(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	for _, due := range []string{"2016-02-28", "2016-02", "2016", ""} {
		record(t, l, incidents.Incident{Title: "Due " + due, Category: incidents.CategoryOther, Responses: []incidents.Response{
			{Actor: incidents.ActorRef{Name: "Acme Pay", Kind: incidents.Company}, Kind: "refund", Status: incidents.Promised, Due: ledgertest.Date(due)},
		}})
	}
	for day, overdue := range map[string]int64{
		"2015-12-31": 0, "2016-02-28": 0, "2016-02-29": 1, "2016-03-01": 2, "2016-12-31": 2, "2017-01-01": 3, "2199-01-01": 3,
	} {
		now := ledgertest.Date(day).First()
		for _, clock := range []time.Time{now, now.Add(24*time.Hour - 1), now.Add(time.Minute).In(time.FixedZone("", -11*3600))} {
			l.SetClock(clock)
			got, err := l.Promises(t.Context(), ledger.PromiseScope{}, ledger.Page{})
			if err != nil || got.Counts.Overdue != overdue || got.Counts.Open != 4-overdue {
				t.Errorf("at %s: %+v, want %d overdue, %v", clock, got.Counts, overdue, err)
			}
			report, err := l.Responses(t.Context(), ledger.ResponseScope{}, ledger.Page{})
			if err != nil || report.Actors[0].Overdue != overdue || report.Actors[0].Promised != 4 {
				t.Errorf("at %s the report of responses has %+v, %v", clock, report.Actors, err)
			}
		}
	}
}

func TestPromisesThatCannotBeAsked(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	_, err := l.Promises(t.Context(), ledger.PromiseScope{States: []ledger.PromiseState{"forgotten"}}, ledger.Page{})
	wantProblem(t, err, "/state: ")
	_, err = l.Promises(t.Context(), ledger.PromiseScope{Filter: ledger.Filter{Categories: []incidents.Category{"x"}}}, ledger.Page{})
	wantProblem(t, err, "/category: ")
	for _, place := range []map[string]any{
		{"d": "2015-13-01", "n": uuid.Nil, "i": uuid.Nil}, {"d": "0000-05-05", "n": uuid.Nil, "i": uuid.Nil}, {"d": "'; --", "n": uuid.Nil, "i": uuid.Nil}, {"d": "", "n": uuid.Nil, "i": uuid.Nil}, {"d": 5},
	} {
		cursor, err := ledger.EncodeCursor([]any{"promises", ledger.PromiseScope{}}, place)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := l.Promises(t.Context(), ledger.PromiseScope{}, ledger.Page{Cursor: cursor}); !errors.Is(err, ledger.ErrCursor) {
			t.Errorf("%v: %v", place, err)
		}
	}
}
