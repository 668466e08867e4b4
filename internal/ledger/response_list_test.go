package ledger_test

import (
	"cmp"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
	"github.com/breachledger/breachledger/internal/ledgertest"
)

// responsesOf are the responses of incidents as the list shows them, in its order, worked
// out from the documents.
func responsesOf(all []incidents.Incident, today time.Time) []ledger.ResponseItem {
	promises := map[uuid.UUID]ledger.PromiseState{}
	for _, p := range promisesOf(all, today) {
		promises[p.ID] = p.State
	}
	var out []ledger.ResponseItem
	for _, in := range all {
		for _, r := range in.Responses {
			item := ledger.ResponseItem{
				Incident: ledger.ResponseIncident{ID: in.ID, Slug: in.Slug, Title: in.Title, Disclosed: in.Disclosed},
				Roles:    []incidents.Role{}, Promise: promises[r.ID], Response: r,
			}
			for _, value := range incidents.RoleVictim.Vocabulary().Values() {
				for _, p := range in.Participants {
					if p.Actor.Slug == r.Actor.Slug && string(p.Role) == value {
						item.Roles = append(item.Roles, p.Role)
					}
				}
			}
			if len(r.Date.String()) == len("2014-10-28") && len(in.Disclosed.String()) == len("2014-10-28") {
				item.DaysAfterDisclosure = new(int64(r.Date.First().Sub(in.Disclosed.First()).Hours()) / 24)
			}
			for _, a := range in.Attributions {
				if a.ID.String() == string(r.Answers) {
					item.Denies = &ledger.Accusation{Accused: a.Accused, Claimant: a.Claimant}
				}
			}
			out = append(out, item)
		}
	}
	key := func(r ledger.ResponseItem) string {
		day := "0000-00-00"
		if !r.Date.IsZero() {
			day = r.Date.First().Format(time.DateOnly)
		}
		return day + r.Incident.ID.String()
	}
	slices.SortFunc(out, func(a, b ledger.ResponseItem) int {
		return cmp.Or(strings.Compare(key(b), key(a)), strings.Compare(a.ID.String(), b.ID.String()))
	})
	return out
}

// everyResponse pages through the list.
func everyResponse(t *testing.T, l *ledger.Ledger, s ledger.ResponseListScope, limit int) []ledger.ResponseItem {
	t.Helper()
	out := []ledger.ResponseItem{}
	page := ledger.Page{Limit: limit}
	for {
		items, next, err := l.ResponseList(t.Context(), s, page)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, items...)
		if next == "" {
			return out
		}
		if len(items) != limit {
			t.Fatalf("a page of %d where %d were asked for", len(items), limit)
		}
		page.Cursor = next
	}
}

func TestResponsesAreListed(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	today := time.Date(2015, 5, 5, 0, 0, 0, 0, time.UTC)
	l.SetClock(today.Add(13 * time.Hour))
	all := library(t, l, 77, 120)
	equal := gocmp.Options{
		gocmp.Comparer(func(a, b incidents.PartialDate) bool { return a == b }),
		gocmp.Comparer(func(a, b incidents.ActorRef) bool { a.ID, b.ID = uuid.Nil, uuid.Nil; return gocmp.Equal(a, b) }), // a document has no ids of actors
	}
	check := func(name string, s ledger.ResponseListScope, limit int, match func(incidents.Incident) bool, which func(ledger.ResponseItem) bool) int {
		t.Helper()
		matching := slices.DeleteFunc(slices.Clone(all), func(in incidents.Incident) bool { return !listed(in) || !match(in) })
		want := slices.DeleteFunc(responsesOf(matching, today), func(r ledger.ResponseItem) bool { return !which(r) })
		counts := ledger.ResponseCounts{ByKind: map[incidents.ResponseKind]int64{}, Counted: int64(len(want))}
		for _, r := range want {
			counts.ByKind[r.Kind]++
		}
		if kinds := s.Filter.Responses; len(kinds) > 0 {
			want = slices.DeleteFunc(want, func(r ledger.ResponseItem) bool { return !slices.Contains(kinds, r.Kind) })
		}
		if diff := gocmp.Diff(append([]ledger.ResponseItem{}, want...), everyResponse(t, l, s, limit), equal); diff != "" {
			t.Errorf("%s: -want +got\n%s", name, diff)
		}
		counted, err := l.ResponseCounts(t.Context(), s)
		if diff := gocmp.Diff(counts, counted); err != nil || diff != "" {
			t.Errorf("%s: %v, counts -want +got\n%s", name, err, diff)
		}
		return len(want)
	}
	every := func(incidents.Incident) bool { return true }
	whichever := func(ledger.ResponseItem) bool { return true }
	for limit := 1; limit <= 9; limit += 4 {
		if n := check("all", ledger.ResponseListScope{}, limit, every, whichever); n < 50 {
			t.Fatalf("only %d responses: the test says little", n)
		}
	}
	for _, status := range []incidents.ResponseStatus{incidents.Stated, incidents.Promised, incidents.Done, incidents.Broken} {
		if n := check(string(status), ledger.ResponseListScope{Statuses: []incidents.ResponseStatus{status}}, 3, every, func(r ledger.ResponseItem) bool { return r.Status == status }); n == 0 {
			t.Errorf("none is %s: the test says nothing", status)
		}
	}
	from, to := ledgertest.Date("2014"), ledgertest.Date("2015-06")
	period := ledger.ResponseListScope{ResponseScope: ledger.ResponseScope{From: from, To: to}}
	if n := check("a period", period, 10, every, func(r ledger.ResponseItem) bool {
		return !r.Date.IsZero() && !r.Date.First().Before(from.First()) && !r.Date.First().After(to.Last())
	}); n == 0 {
		t.Error("none is of the period: the test says nothing")
	}
	period.From = incidents.PartialDate{}
	check("until", period, 10, every, func(r ledger.ResponseItem) bool { return !r.Date.IsZero() && !r.Date.First().After(to.Last()) })
	rnd := rand.New(rand.NewPCG(77, 1))
	for range 2 {
		for _, c := range filterCases(rnd, all) {
			if c.name == "from" || c.name == "to" {
				continue // of the incident; the list has its own
			}
			s := ledger.ResponseListScope{}
			c.set(&s.Filter)
			match := c.match
			if len(s.Filter.Responses) > 0 {
				match = every // what is asked for is the responses, not incidents that have such ones too
			}
			check(c.name, s, 10, match, func(r ledger.ResponseItem) bool {
				f := s.Filter
				return (len(f.ActorKinds) == 0 || slices.Contains(f.ActorKinds, r.Actor.Kind)) && (len(f.Sectors) == 0 || slices.Contains(f.Sectors, r.Actor.Sector)) &&
					(len(f.Actors) == 0 || slices.ContainsFunc(f.Actors, func(name string) bool { return is(t, l, name, r.Actor.Slug) }))
			})
		}
	}
}

func TestResponsesThatCannotBeAsked(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	_, _, err := l.ResponseList(t.Context(), ledger.ResponseListScope{Statuses: []incidents.ResponseStatus{"forgotten"}}, ledger.Page{})
	wantProblem(t, err, "/status: ")
	_, _, err = l.ResponseList(t.Context(), ledger.ResponseListScope{ResponseScope: ledger.ResponseScope{Filter: ledger.Filter{Responses: []incidents.ResponseKind{"x"}}}}, ledger.Page{})
	wantProblem(t, err, "/response: ")
	for _, place := range []map[string]any{
		{"d": "2015-13-01", "n": uuid.Nil, "i": uuid.Nil}, {"d": "0000-05-05", "n": uuid.Nil, "i": uuid.Nil}, {"d": "'; --", "n": uuid.Nil, "i": uuid.Nil}, {"d": "", "n": uuid.Nil, "i": uuid.Nil}, {"d": 5},
	} {
		cursor, err := ledger.EncodeCursor([]any{"response list", ledger.ResponseListScope{}}, place)
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := l.ResponseList(t.Context(), ledger.ResponseListScope{}, ledger.Page{Cursor: cursor}); !errors.Is(err, ledger.ErrCursor) {
			t.Errorf("%v: %v", place, err)
		}
	}
}

// TestPagesOfMuchEvidenceEndEarly: a page is not a multiple of what one incident may hold.
func TestPagesOfMuchEvidenceEndEarly(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	const each, cited = 25, 50 // of 2 KB
	for i := range 3 {
		in := incidents.Incident{
			Title: fmt.Sprintf("Much is cited %d", i), Category: incidents.CategoryOther,
			Sources: []incidents.Source{{Key: "s", Title: "It", URL: "https://example.com/" + strings.Repeat("a", 1900)}},
		}
		for range each {
			r := incidents.Response{Actor: incidents.ActorRef{Name: "Acme Pay", Kind: incidents.Company}, Kind: "refund", Status: incidents.Promised, Date: ledgertest.Date("2015")}
			r.Evidence = slices.Repeat([]incidents.Evidence{{Source: incidents.SourceRef{Key: "s"}}}, cited)
			in.Responses = append(in.Responses, r)
		}
		record(t, l, in)
	}
	for name, page := range map[string]func(cursor string) (n int, next string, err error){
		"the list": func(cursor string) (int, string, error) {
			items, next, err := l.ResponseList(t.Context(), ledger.ResponseListScope{}, ledger.Page{Limit: ledger.MaxLimit, Cursor: cursor})
			return len(items), next, err
		},
		"the promises": func(cursor string) (int, string, error) {
			report, err := l.Promises(t.Context(), ledger.PromiseScope{}, ledger.Page{Limit: ledger.MaxLimit, Cursor: cursor})
			if report.NextCursor == nil {
				return len(report.Promises), "", err
			}
			return len(report.Promises), *report.NextCursor, err
		},
	} {
		all, pages := 0, 0
		for cursor := ""; pages == 0 || cursor != ""; pages++ {
			n, next, err := page(cursor)
			if err != nil || n == 0 || n > 2*each-5 {
				t.Fatalf("%s: a page of %d, %v", name, n, err)
			}
			all, cursor = all+n, next
		}
		if all != 3*each || pages != 2 {
			t.Errorf("%s: %d responses in %d pages", name, all, pages)
		}
	}
}
