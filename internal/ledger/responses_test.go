package ledger_test

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
	"github.com/breachledger/breachledger/internal/ledgertest"
)

// answers is the report of how organisations answered, computed in Go over the
// incidents that match; shown says which actors the report is about.
func answers(matching []incidents.Incident, s ledger.ResponseScope, shown func(incidents.ActorRef) bool, today time.Time) ledger.ResponseReport {
	out := ledger.ResponseReport{ByKind: map[incidents.ResponseKind]int64{}, Actors: []ledger.ActorResponses{}}
	within := func(r incidents.Response) bool {
		if s.From.IsZero() && s.To.IsZero() {
			return true
		}
		return !r.Date.IsZero() && (s.From.IsZero() || !r.Date.First().Before(s.From.First())) && (s.To.IsZero() || !r.Date.First().After(s.To.Last()))
	}
	rows := map[string]*ledger.ActorResponses{}
	days := map[string][]float64{}
	row := func(a incidents.ActorRef) *ledger.ActorResponses {
		if rows[a.Slug] == nil {
			rows[a.Slug] = &ledger.ActorResponses{
				Actor:  ledger.ReportActor{Slug: a.Slug, Name: a.Name, Kind: a.Kind, Sector: a.Sector},
				ByKind: map[incidents.ResponseKind]int64{}, FirstResponse: ledger.FirstResponse{MeasuredFrom: "disclosed"},
			}
		}
		return rows[a.Slug]
	}
	for _, in := range matching {
		out.Incidents++
		if in.Unanswered {
			out.Unanswered++
		}
		actors, breached := map[string]incidents.ActorRef{}, map[string]incidents.ActorRef{}
		for _, p := range in.Participants {
			if p.Role.Breached() && shown(p.Actor) {
				breached[p.Actor.Slug], actors[p.Actor.Slug] = p.Actor, p.Actor
			}
		}
		for _, r := range in.Responses {
			if !shown(r.Actor) {
				continue
			}
			if r.Date.IsZero() {
				out.Undated++
			}
			if !within(r) {
				continue
			}
			actors[r.Actor.Slug] = r.Actor
			a := row(r.Actor)
			out.ByKind[r.Kind]++
			a.ByKind[r.Kind]++
			a.Responses++
			promise(a, in, r, today)
		}
		for _, a := range actors {
			row(a).Incidents++
		}
		for slug, a := range breached {
			first, silent := (*float64)(nil), true
			for _, r := range in.Responses {
				if r.Actor.Slug != slug {
					continue
				}
				silent = false
				if within(r) && toDay(r.Date) && toDay(in.Disclosed) {
					if d := r.Date.First().Sub(in.Disclosed.First()).Hours() / 24; first == nil || d < *first {
						first = &d
					}
				}
			}
			if silent {
				row(a).Unanswered++
			}
			if first != nil {
				days[slug] = append(days[slug], *first)
			}
		}
	}
	for slug, a := range rows {
		if n := len(days[slug]); n > 0 {
			slices.Sort(days[slug])
			median := (days[slug][(n-1)/2] + days[slug][n/2]) / 2
			a.FirstResponse.MedianDays, a.FirstResponse.Incidents = &median, int64(n)
		}
		out.Actors = append(out.Actors, *a)
	}
	slices.SortFunc(out.Actors, func(a, b ledger.ActorResponses) int {
		return cmp.Or(cmp.Compare(b.Incidents, a.Incidents), cmp.Compare(b.Responses, a.Responses), cmp.Compare(a.Actor.Slug, b.Actor.Slug))
	})
	return out
}

func toDay(d incidents.PartialDate) bool { return !d.IsZero() && d.Precision() == incidents.ToDay }

// promise counts what became of a response that is a promise, or a broken one.
func promise(a *ledger.ActorResponses, in incidents.Incident, r incidents.Response, today time.Time) {
	if r.Status == incidents.Broken && r.Fulfils == "" {
		a.Promised++
		a.Broken++
	}
	if r.Status != incidents.Promised {
		return
	}
	a.Promised++
	kept, broken := false, false
	for _, o := range in.Responses {
		if o.Fulfils == incidents.ClaimRef(r.ID.String()) {
			kept = kept || o.Status == incidents.Done
			broken = broken || o.Status == incidents.Broken
		}
	}
	switch {
	case kept:
		a.Kept++
	case broken:
		a.Broken++
	case !r.Due.IsZero() && r.Due.Last().Before(today):
		a.Overdue++
	}
}

// everyActor pages through the report.
func everyActor(t *testing.T, l *ledger.Ledger, s ledger.ResponseScope, limit int) ledger.ResponseReport {
	t.Helper()
	var out ledger.ResponseReport
	page := ledger.Page{Limit: limit}
	for {
		got, err := l.Responses(t.Context(), s, page)
		if err != nil {
			t.Fatal(err)
		}
		actors := append(slices.Clone(out.Actors), got.Actors...)
		out = got
		out.Actors, out.NextCursor = actors, nil
		if out.Actors == nil {
			out.Actors = []ledger.ActorResponses{}
		}
		if got.NextCursor == nil {
			return out
		}
		page.Cursor = *got.NextCursor
	}
}

func TestResponsesAreReported(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	today := time.Date(2015, 7, 1, 13, 14, 15, 0, time.UTC)
	all := library(t, l, 41, 70)
	l.SetClock(today)
	rnd := rand.New(rand.NewPCG(41, 1))
	seen := ledger.ActorResponses{}
	check := func(name string, s ledger.ResponseScope, limit int, match func(incidents.Incident) bool, shown func(incidents.ActorRef) bool) {
		t.Helper()
		got := everyActor(t, l, s, limit)
		matching := slices.DeleteFunc(slices.Clone(all), func(in incidents.Incident) bool { return !listed(in) || !match(in) })
		want := answers(matching, s, shown, today.Truncate(24*time.Hour))
		if diff := gocmp.Diff(want, got, cmpopts.EquateApprox(0, 1e-9)); diff != "" {
			t.Errorf("%s, %d a page: -computed +reported\n%s", name, limit, diff)
		}
		for _, a := range got.Actors {
			seen.Promised, seen.Kept, seen.Broken, seen.Overdue = seen.Promised+a.Promised, seen.Kept+a.Kept, seen.Broken+a.Broken, seen.Overdue+a.Overdue
			seen.Unanswered += a.Unanswered
			seen.FirstResponse.Incidents += a.FirstResponse.Incidents
		}
	}
	everything := func(incidents.Incident) bool { return true }
	everybody := func(incidents.ActorRef) bool { return true }
	for limit := 1; limit <= 7; limit += 3 {
		check("all", ledger.ResponseScope{}, limit, everything, everybody)
	}
	for _, period := range [][2]string{{"2014", ""}, {"", "2015-03"}, {"2014-06", "2015"}, {"2015-03-10", "2015-03-20"}, {"2099", ""}} {
		check("from "+period[0]+" to "+period[1], ledger.ResponseScope{From: ledgertest.Date(period[0]), To: ledgertest.Date(period[1])}, 100, everything, everybody)
	}
	if seen.Promised == 0 || seen.Kept == 0 || seen.Broken == 0 || seen.Overdue == 0 || seen.Unanswered == 0 || seen.FirstResponse.Incidents == 0 {
		t.Fatalf("the library is too plain: %+v", seen)
	}
	for range 2 {
		for _, c := range filterCases(rnd, all) {
			s := ledger.ResponseScope{}
			c.set(&s.Filter)
			shown := func(a incidents.ActorRef) bool {
				f := s.Filter
				return (len(f.ActorKinds) == 0 || slices.Contains(f.ActorKinds, a.Kind)) && (len(f.Sectors) == 0 || slices.Contains(f.Sectors, a.Sector)) &&
					(len(f.Actors) == 0 || c.match(incidents.Incident{Participants: []incidents.Participant{{Actor: a, Role: anyRole(f)}}}))
			}
			check(c.name, s, 100, c.match, shown)
		}
	}
}

// anyRole is a role that the filter accepts.
func anyRole(f ledger.Filter) incidents.Role {
	if len(f.Roles) > 0 {
		return f.Roles[0]
	}
	return incidents.RoleVictim
}

// An accused state's denial is no answer of the company, and days count only
// between two dates that are known to the day.
func TestWhatCountsAsAnAnswer(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	breach := func(title, disclosed string, responses ...incidents.Response) {
		t.Helper()
		in := incidents.Incident{
			Title: title, Category: incidents.DataBreach, Disclosed: ledgertest.Date(disclosed),
			Participants: []incidents.Participant{{Actor: incidents.ActorRef{Name: "Acme", Kind: incidents.Company}, Role: incidents.RoleVictim}},
			Responses:    responses,
		}
		record(t, l, in)
	}
	acme := func(date string) incidents.Response {
		return incidents.Response{Actor: incidents.ActorRef{Given: "acme"}, Kind: "apology", Date: ledgertest.Date(date)}
	}
	state := incidents.Response{Actor: incidents.ActorRef{Name: "Some State", Kind: incidents.Government}, Kind: incidents.Denial, Date: ledgertest.Date("2015-01-02")}
	breach("Denied by a state", "2015-01-01", state)
	breach("Answered after 4 days", "2015-01-01", acme("2015-01-05"), acme("2015-03-01"))
	breach("Answered before", "2015-01-03", acme("2015-01-01"))
	breach("Answered some day in January", "2015-01-01", acme("2015-01"))
	breach("Answered, disclosed in some month", "2015-01", acme("2015-01-05"))
	breach("Answered at no date", "2015-01-01", acme(""))
	got := everyActor(t, l, ledger.ResponseScope{}, 10)
	if got.Incidents != 6 || got.Unanswered != 1 || got.Undated != 1 || len(got.Actors) != 2 {
		t.Fatalf("reported %+v", got)
	}
	a := got.Actors[0]
	if a.Actor.Slug != "acme" || a.Incidents != 6 || a.Unanswered != 1 || a.Responses != 6 || a.FirstResponse.Incidents != 2 || *a.FirstResponse.MedianDays != 1 {
		t.Errorf("of Acme is reported %+v, median %v", a, a.FirstResponse.MedianDays)
	}
	if s := got.Actors[1]; s.Incidents != 1 || s.Unanswered != 0 || s.Responses != 1 || s.FirstResponse.MedianDays != nil {
		t.Errorf("of the state is reported %+v", s)
	}
}
