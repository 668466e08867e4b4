package ledger_test

import (
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
	"github.com/breachledger/breachledger/internal/ledgertest"
)

// fillPromises makes promises of every third response that fill has added, and
// keeps some; it adds rare terms to some incidents.
func fillPromises(t *testing.T, l *ledger.Ledger) {
	t.Helper()
	exec(t, l, `
		UPDATE responses AS r SET status = 'promised', kind = 'refund', due = CASE WHEN n % 4 > 0 THEN date '2020-01-01' + n % 4000 END,
			due_precision = CASE WHEN n % 4 > 0 THEN 'day'::date_precision END
		  FROM (SELECT id, substr(slug, 6)::integer AS n FROM incidents WHERE slug LIKE 'bulk-%') AS i
		 WHERE i.id = r.incident_id AND n % 9 = 0`)
	exec(t, l, `
		INSERT INTO responses (incident_id, id, ordinal, actor_id, kind, status, fulfils, via_unnamed_source)
		SELECT r.incident_id, gen_random_uuid(), 1, r.actor_id, 'refund', 'done', r.id, false FROM responses AS r WHERE r.status = 'promised' AND get_byte(uuid_send(r.id), 0) < 100`)
	exec(t, l, `
		UPDATE incidents SET countries = '{TV}', vectors = '{sim_swap}', data_classes = '{biometric}', payment_methods = '{crypto}'
		 WHERE slug LIKE 'bulk-%' AND substr(slug, 6)::integer % 2000 = 7`)
	exec(t, l, `UPDATE incidents SET search = to_tsvector('english', 'common rareword') WHERE slug IN ('bulk-77', 'bulk-1000', 'bulk-5001')`)
	exec(t, l, `UPDATE incidents SET vectors = '{phishing}' WHERE vectors = '{sim_swap}' AND countries <> '{TV}'`)
	exec(t, l, "ANALYZE")
}

// Searches, facets and the report of promises start from an index, whatever is
// asked for; none reads all incidents.
func TestSearchesUseIndexes(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	fill(t, l, 24_000)
	fillPromises(t, l)
	yes := true
	check := func(name, plan string, err error, wanted ...string) {
		t.Helper()
		if err != nil {
			t.Errorf("%s: %v", name, err)
			return
		}
		bad := strings.Contains(plan, "Seq Scan on incidents") || strings.Contains(plan, "Function Scan on incidents_matching")
		for _, w := range wanted {
			bad = bad || !strings.Contains(plan, w)
		}
		if bad {
			t.Errorf("%s, wanted %q: the plan is\n%s", name, wanted, plan)
		}
	}
	page := ledger.Page{Limit: 20}
	// What is counted is to what there is as 10,000 to a million, or the planner
	// would rightly read a table of which it needs the half.
	const counted = 240
	for name, test := range map[string]struct {
		f     ledger.Filter
		index string
	}{
		"everything":          {ledger.Filter{}, "incidents_victims_desc"},
		"a category":          {ledger.Filter{Categories: []incidents.Category{incidents.DataBreach}}, "incidents_category"},
		"two filters":         {ledger.Filter{Payment: &yes, Units: []incidents.Unit{"people"}}, "incidents_victims_desc"},
		"a rare tag":          {ledger.Filter{Tags: []string{"rare"}}, "incidents_terms"},
		"a rare country":      {ledger.Filter{Countries: []string{"TV"}}, "incidents_pkey"},
		"a rare vector":       {ledger.Filter{Vectors: []incidents.Vector{"sim_swap"}}, "incidents_terms"},
		"a rare data class":   {ledger.Filter{DataClasses: []incidents.DataClass{"biometric"}}, "incidents_terms"},
		"a rare way of pay":   {ledger.Filter{PaymentMethods: []incidents.PaymentMethod{"crypto"}}, "incidents_terms"},
		"a rare word":         {ledger.Filter{Query: "rareword"}, "incidents_pkey"},
		"a rare closed word":  {ledger.Filter{Query: "rareword", TextsClosed: true}, "incidents_pkey"},
		"a common word":       {ledger.Filter{Query: "common"}, "incidents_victims_desc"},
		"a rare word and tag": {ledger.Filter{Query: "rareword", Tags: []string{"rare"}}, "incidents_"},
	} {
		plan, err := l.ExplainIncidents(t.Context(), test.f, "-victims", page)
		check(name+", the list", plan, err, test.index)
		plan, err = l.ExplainFacets(t.Context(), test.f, counted)
		check(name+", the facets", plan, err, test.index)
		plan, err = l.ExplainCount(t.Context(), test.f)
		check(name+", the count", plan, err, "incidents_")
		if test.f.Query != "" {
			plan, err = l.ExplainRanking(t.Context(), test.f, page)
			check(name+", the ranking", plan, err)
			wantWay(t, name, plan, map[string]string{"a rare word": "rare", "a rare closed word": "rare", "a common word": "common"}[name])
		}
	}
	report, err := l.Promises(t.Context(), ledger.PromiseScope{}, page)
	if err != nil || len(report.Promises) != 20 || report.NextCursor == nil || report.Counts.Counted < 1000 {
		t.Fatalf("%d promises, %+v, %v", len(report.Promises), report.Counts, err)
	}
	for _, cursor := range []string{"", *report.NextCursor} {
		list, _, err := l.ExplainPromises(t.Context(), ledger.PromiseScope{}, ledger.Page{Limit: 20, Cursor: cursor}, counted)
		check("promises", list, err, "responses_promises", "incidents_pkey")
		if cursor != "" && !strings.Contains(list, "Index Cond: (ROW(") {
			t.Errorf("the cursor does not bound the index:\n%s", list)
		}
	}
	for _, s := range []ledger.PromiseScope{
		{}, {States: []ledger.PromiseState{ledger.PromiseOverdue}}, {Filter: ledger.Filter{Tags: []string{"rare"}}}, {Filter: ledger.Filter{Actors: []string{"bulk-77"}}},
		{Filter: ledger.Filter{Query: "rareword"}}, {Filter: ledger.Filter{Categories: []incidents.Category{incidents.DataBreach}}},
	} {
		list, counts, err := l.ExplainPromises(t.Context(), s, page, counted)
		check("promises", list, err)
		check("the counts of promises", counts, err)
	}
}

// wantWay sees that a search has gone one of the three ways of its plan, and no
// other: "rare", "common", or "" from incidents that are given.
func wantWay(t *testing.T, name, plan, way string) {
	t.Helper()
	for beginning, of := range map[string]string{
		"Bitmap Index Scan on incidents_search ": "rare", "Index Scan Backward using incidents_victims_desc ": "common", " incidents_pkey ": "",
	} {
		carriedOut, there := false, false
		for line := range strings.Lines(plan) {
			if strings.Contains(line, beginning) {
				carriedOut, there = strings.Contains(line, "(actual "), true
			}
		}
		if !there || carriedOut != (of == way) {
			t.Errorf("%s, wanted the way %q: the plan is\n%s", name, way, plan)
		}
	}
}

// Of a common word the first matches are found without looking at all.
func TestCommonWordsAreBounded(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	// The statement is planned while nothing is known of words.
	if _, err := l.List(t.Context(), ledger.ListRequest{Filter: ledger.Filter{Query: "common"}}); err != nil {
		t.Fatal(err)
	}
	fill(t, l, 12_000)
	request := ledger.ListRequest{Filter: ledger.Filter{Query: "common"}, Page: ledger.Page{Limit: 200}, Count: true, Highlight: true}
	seen := map[string]bool{}
	for {
		got, err := l.List(t.Context(), request)
		if err != nil {
			t.Fatal(err)
		}
		for _, item := range got.JSON() {
			if seen[string(item)] {
				t.Fatalf("%s comes twice", item)
			}
			seen[string(item)] = true
		}
		if *got.Total != (ledger.Total{Value: 1000, More: true, Text: "more than 1,000"}) {
			t.Fatalf("the total is %+v", got.Total)
		}
		if request.Page.Cursor = got.NextCursor; got.NextCursor == "" {
			break
		}
	}
	if len(seen) != ledger.RankedCommon {
		t.Errorf("%d matches are ranked", len(seen))
	}
	alone, err := l.List(t.Context(), ledger.ListRequest{Filter: ledger.Filter{Query: "common"}, Page: ledger.Page{Limit: 200}})
	if err != nil || len(alone.Items) != ledger.RankedCommon {
		t.Errorf("of the word alone %d matches are ranked, %v", len(alone.Items), err)
	}
	request = ledger.ListRequest{Filter: ledger.Filter{Query: "common"}, Facets: []ledger.Facet{"category"}, Count: true}
	got, err := l.List(t.Context(), request)
	if err != nil || got.Facets.Counted != ledger.FacetMost || !got.Facets.Bounded || !got.Total.More {
		t.Errorf("%+v, %+v, %v", got.Facets, got.Total, err)
	}
	sum := int64(0)
	for _, v := range got.Facets.Category {
		sum += v.Count
	}
	if sum != ledger.FacetMost {
		t.Errorf("%d incidents have a category", sum)
	}
}

// TestUnknownWordsAreRare: in a large ledger the planner thinks of a word that it
// has not met that it is in 5 of 1,000 incidents. It is looked up all the same.
func TestUnknownWordsAreRare(t *testing.T) {
	t.Parallel()
	url := ledgertest.URL(t)
	l := ledgertest.OpenURL(t, url)
	fill(t, l, 300)
	estimates(t, l, url, 5_000_000, map[string]bool{
		"nowheretobefound": false, "nowheretobefound or neverheardof": false, "common": true, "common or nowheretobefound": true, "-nowheretobefound": true,
		"common -nowheretobefound": true, "common nowheretobefound": false, `"nowheretobefound neverheardof"`: false,
	})
}

// TestPhrasesAreRarer: of a phrase its words may be common where it is not. It is looked
// up until those that have all its words are very many.
func TestPhrasesAreRarer(t *testing.T) {
	t.Parallel()
	url := ledgertest.URL(t)
	l := ledgertest.OpenURL(t, url)
	fill(t, l, 300)
	exec(t, l, "UPDATE incidents SET search = to_tsvector('english', 'common phrases') WHERE payment")
	words := map[string]bool{"common": true, "common phrases": true, "phrases -common": false}
	for size, common := range map[int]bool{100_000: false, 1_000_000: true} {
		words[`"common phrases"`] = common
		estimates(t, l, url, size, words)
	}
}

// estimates holds whether queries pass for common if there were so many incidents.
func estimates(t *testing.T, l *ledger.Ledger, url string, size int, words map[string]bool) {
	t.Helper()
	exec(t, l, "ANALYZE incidents")
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(t.Context()) }()
	if _, err := conn.Exec(t.Context(), "UPDATE pg_class SET reltuples = $1 WHERE relname = 'incidents'", size); err != nil {
		t.Fatal(err)
	}
	for query, common := range words {
		var about int64
		if err := conn.QueryRow(t.Context(), "SELECT estimated_matches(websearch_to_tsquery('english', $1))", query).Scan(&about); err != nil {
			t.Fatal(err)
		}
		if (about >= ledger.CommonFrom) != common {
			t.Errorf("%s: in about %d of %d incidents", query, about, size)
		}
	}
}
