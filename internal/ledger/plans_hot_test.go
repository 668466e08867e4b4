package ledger_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/breachledger/breachledger/internal/benchdata"
	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
	"github.com/breachledger/breachledger/internal/ledgertest"
)

// hotPlansSize is how many incidents the plans of the hot queries are made for.
const hotPlansSize = 100_000

// The hot queries use their indexes where there is much of realistic shape.
// The names of indexes are asserted, not times.
func TestHotPlans(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("it fills a ledger with 100,000 incidents")
	}
	l := ledgertest.Open(t)
	set := benchdata.New(hotPlansSize).Terse()
	fillReal(t, l, set)
	t.Run("lists", func(t *testing.T) {
		t.Parallel()
		listsWalkTheirIndex(t, l)
	})
	t.Run("plain lists", func(t *testing.T) {
		t.Parallel()
		for _, sort := range ledger.PlainSorts() {
			r := ledger.ListRequest{Sort: sort, Page: ledger.Page{Limit: 20}}
			for range 2 {
				plan, err := l.ExplainPlain(t.Context(), r)
				if err != nil {
					t.Fatal(err)
				}
				wantPlan(t, "the plain list by "+string(sort), plan, "incidents_"+strings.TrimPrefix(string(sort), "-"))
				if strings.Contains(plan, "Sort") || strings.Contains(plan, "Seq Scan on incidents") || !strings.Contains(plan, "Index Cond: (ROW(") {
					t.Errorf("the plain list by %s does not walk its index from its place:\n%s", sort, plan)
				}
				got, err := l.List(t.Context(), r)
				if err != nil || got.NextCursor == "" {
					t.Fatalf("by %s: %v", sort, err)
				}
				r.Page.Cursor = got.NextCursor
			}
		}
	})
	t.Run("what few have", func(t *testing.T) {
		t.Parallel()
		fewAreLookedUp(t, l, set)
	})
	t.Run("what many have", func(t *testing.T) {
		t.Parallel()
		for name, f := range map[string]ledger.Filter{
			"confirmed":            {Certainties: []incidents.Certainty{incidents.Confirmed}},
			"suspected or not":     {Certainties: []incidents.Certainty{incidents.Suspected, incidents.Confirmed}},
			"a sector":             {Sectors: []incidents.Sector{"bank"}},
			"companies":            {ActorKinds: []incidents.ActorKind{incidents.Company}},
			"a sector and country": {Sectors: []incidents.Sector{"bank", "wallet"}, Countries: []string{"US"}},
		} {
			plan, err := l.ExplainIncidents(t.Context(), f, "-victims", ledger.Page{Limit: 20})
			if err != nil {
				t.Fatal(err)
			}
			wantPlan(t, name, plan, "incidents_victims_desc")
			if strings.Contains(plan, "hashed SubPlan") || strings.Contains(plan, "Sort") {
				t.Errorf("%s: all that match are gathered for one page:\n%s", name, plan)
			}
		}
	})
	t.Run("what is not listed", func(t *testing.T) {
		t.Parallel()
		for _, f := range []ledger.Filter{
			{Certainties: []incidents.Certainty{incidents.NearMiss}},
			{Certainties: []incidents.Certainty{incidents.NearMiss, incidents.FalsePositive}, Contested: new(true)},
		} {
			plan, err := l.ExplainIncidents(t.Context(), f, "-victims", ledger.Page{Limit: 20})
			if err != nil {
				t.Fatal(err)
			}
			wantPlan(t, fmt.Sprint(f.Certainties), plan, "incidents_unlisted")
		}
	})
	t.Run("filtered responses", func(t *testing.T) {
		t.Parallel()
		responsesTakeTheirNumber(t, l)
	})
	t.Run("the list of responses", func(t *testing.T) {
		t.Parallel()
		responsesWalkTheirDates(t, l)
	})
	t.Run("detail", func(t *testing.T) {
		t.Parallel()
		for name, ref := range map[string]string{"incidents_slug_key": set.Incident(77).Slug, "incidents_pkey": benchdata.ID(77).String()} {
			plan, err := l.ExplainIncident(t.Context(), ref)
			if err != nil {
				t.Fatal(err)
			}
			wantPlan(t, "an incident by "+ref, plan, name)
		}
	})
	t.Run("searches", func(t *testing.T) {
		t.Parallel()
		page := ledger.Page{Limit: 20}
		for word, way := range map[string]string{benchdata.RareWord(4312): "rare", benchdata.Common()[0]: "common"} {
			f := ledger.Filter{Query: word}
			plan, err := l.ExplainRanking(t.Context(), f, page)
			if err != nil {
				t.Fatal(err)
			}
			wantPlan(t, "the ranking of "+word, plan, "incidents_search")
			wantWay(t, word, plan, way)
			if plan, err = l.ExplainIncidents(t.Context(), f, "-disclosed", page); err != nil {
				t.Fatal(err)
			}
			wantPlan(t, word+" by date", plan, "incidents_")
			if plan, err = l.ExplainCount(t.Context(), f); err != nil {
				t.Fatal(err)
			}
			wantPlan(t, "the count of "+word, plan, "incidents_")
			got, err := l.List(t.Context(), ledger.ListRequest{Filter: f, Page: page})
			if err != nil || len(got.Items) == 0 || len(got.Items) > 20 {
				t.Errorf("%s: %d items, %v", word, len(got.Items), err)
			}
		}
	})
	t.Run("reports", func(t *testing.T) {
		t.Parallel()
		for index, payment := range map[string]bool{"report_actors_ranking": false, "report_actors_payment_ranking": true} {
			for _, after := range []bool{false, true} {
				plan, err := l.ExplainRolled(t.Context(), payment, after)
				if err != nil {
					t.Fatal(err)
				}
				wantPlan(t, "the ranking of responses", plan, index)
				_, page, _ := strings.Cut(plan, "CTE page") // which is sorted once more, having been read
				page = notAsked.ReplaceAllString(page, "")
				if page == "" || strings.Contains(page, "Sort") || strings.Contains(page, "Seq Scan") || after && !strings.Contains(page, "ROW(") {
					t.Errorf("the ranking of responses does not walk its index from its place:\n%s", plan)
				}
			}
		}
	})
	t.Run("promises", func(t *testing.T) {
		t.Parallel()
		list, counts, err := l.ExplainPromises(t.Context(), ledger.PromiseScope{}, ledger.Page{Limit: 20}, hotPlansSize/100)
		if err != nil {
			t.Fatal(err)
		}
		wantPlan(t, "promises", list, "responses_promises")
		wantPlan(t, "the counts of promises", counts, "responses_promises")
	})
}

// notAsked is the half of a ranking, over payments or over all, that is not run.
var notAsked = regexp.MustCompile(`Sort\n.*Sort Key:.*\n.*Result\n.*One-Time Filter: false`)

// The incidents of an actor are looked up, where they are few: no list is walked for them.
func fewAreLookedUp(t *testing.T, l *ledger.Ledger, set *benchdata.Set) {
	t.Helper()
	actors := []string{set.Incident(77).Participants[0].Actor.Slug}
	for name, f := range map[string]ledger.Filter{
		"an actor":           {Actors: actors},
		"an actor in a role": {Actors: actors, Roles: []incidents.Role{incidents.RoleVictim}},
		"an actor and words": {Actors: actors, Query: set.Incident(77).Title},
		"nobody":             {Actors: []string{"nobody-there"}},
		"an answer":          {Responses: []incidents.ResponseKind{"leadership_change"}, Actors: actors},
		"a country":          {Countries: []string{"AQ"}},
		"a kind":             {ActorKinds: []incidents.ActorKind{incidents.Person}},
		"a kind in a sector": {ActorKinds: []incidents.ActorKind{incidents.Person}, Sectors: []incidents.Sector{"bank"}},
	} {
		for _, sort := range []ledger.Sort{"-victims", "updated"} {
			plan, err := l.ExplainIncidents(t.Context(), f, sort, ledger.Page{Limit: 20})
			if err != nil {
				t.Fatal(err)
			}
			wantPlan(t, name+" by "+string(sort), plan, "incidents_pkey")
		}
	}
	in, of, err := l.ExplainFew(t.Context(), "AQ", incidents.Person)
	if err != nil {
		t.Fatal(err)
	}
	wantPlan(t, "the look-up of a country", in, "incidents_terms")
	wantPlan(t, "the look-up of a kind", of, "incident_participants_actor")
}

// A filtered report on responses is as much work as there are incidents, and not the
// square of that, whatever PostgreSQL guesses of how many match.
func responsesTakeTheirNumber(t *testing.T, l *ledger.Ledger) {
	t.Helper()
	for name, s := range map[string]ledger.ResponseScope{
		"country":  {Filter: ledger.Filter{Countries: []string{"US"}}},
		"sector":   {Filter: ledger.Filter{Sectors: []incidents.Sector{"bank"}}},
		"category": {Filter: ledger.Filter{Categories: []incidents.Category{incidents.DataBreach}}},
		"year":     {From: ledgertest.Date("2023"), To: ledgertest.Date("2023")},
	} {
		rows, err := l.WorkOfResponses(t.Context(), s, ledger.Page{Limit: 200})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if rows > 10*hotPlansSize {
			t.Errorf("%s: a part of the plan looks at %.0f rows for %d incidents", name, rows, hotPlansSize)
		}
	}
}

// wantPlan sees that a plan uses an index and reads no table of incidents whole.
func wantPlan(t *testing.T, name, plan, index string) {
	t.Helper()
	if !strings.Contains(plan, index) || strings.Contains(plan, "Seq Scan on incident") || strings.Contains(plan, "Seq Scan on responses") ||
		strings.Contains(plan, "Function Scan on incidents_matching") {
		t.Errorf("%s, wanted %s: the plan is\n%s", name, index, plan)
	}
}

// responsesWalkTheirDates sees that a page of responses is read from the index of their
// dates, from its place on.
func responsesWalkTheirDates(t *testing.T, l *ledger.Ledger) {
	t.Helper()
	page := ledger.Page{Limit: 20}
	_, next, err := l.ResponseList(t.Context(), ledger.ResponseListScope{}, page)
	if err != nil {
		t.Fatal(err)
	}
	for name, f := range map[string]ledger.Filter{
		"all": {}, "payments": {Payment: new(true)}, "of a frequent kind": {Responses: []incidents.ResponseKind{incidents.Denial, "refund", "acknowledgement"}},
	} {
		s := ledger.ResponseListScope{ResponseScope: ledger.ResponseScope{Filter: f}}
		plan, err := l.ExplainResponseList(t.Context(), s, page)
		if err != nil {
			t.Fatal(err)
		}
		wantPlan(t, "responses: "+name, plan, "responses_date")
	}
	plan, err := l.ExplainResponseList(t.Context(), ledger.ResponseListScope{}, ledger.Page{Limit: 20, Cursor: next})
	if err != nil {
		t.Fatal(err)
	}
	wantPlan(t, "the second page of responses", plan, "responses_date")
	if !strings.Contains(plan, "Index Cond: (COALESCE(") {
		t.Errorf("the cursor does not bound the index:\n%s", plan)
	}
}
