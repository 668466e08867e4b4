package ledger_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
	"github.com/breachledger/breachledger/internal/ledgertest"
)

// fill adds n plain incidents with an actor each by SQL, for tests of plans.
func fill(t *testing.T, l *ledger.Ledger, n int) {
	t.Helper()
	exec(t, l, `
		WITH a AS (
			INSERT INTO actors (id, slug, name, kind, sector)
			SELECT gen_random_uuid(), 'bulk-' || g, 'Bulk ' || g, 'company', (enum_range(NULL::sector))[1 + g % 12]
			  FROM generate_series(1, $1::integer / 10) AS g
			RETURNING id, slug, name)
		INSERT INTO actor_names (key, actor_id, name) SELECT lower(name), id, name FROM a`, n)
	exec(t, l, `
		INSERT INTO incidents (id, slug, title, category, certainty, publication, disclosed, disclosed_precision, occurred_from,
			occurred_from_precision, vectors, tags, countries, version, created_at, updated_at, victims, victims_low, victims_high, victims_unit, victims_support,
			payment, unanswered, contested, card, document, etag, search)
		SELECT gen_random_uuid(), 'bulk-' || g, 'Bulk ' || g, (enum_range(NULL::category))[1 + g % 7],
			CASE WHEN g % 20 = 0 THEN 'near_miss' ELSE 'confirmed' END::certainty, CASE WHEN g % 50 = 0 THEN 'draft' ELSE 'published' END::publication,
			CASE WHEN g % 3 > 0 THEN date '2010-01-01' + g % 4000 END, CASE WHEN g % 3 > 0 THEN 'day'::date_precision END,
			CASE WHEN g % 4 > 0 THEN date '2009-01-01' + g % 4000 END, CASE WHEN g % 4 > 0 THEN 'day'::date_precision END,
			ARRAY[(enum_range(NULL::vector))[1 + g % 17]], CASE WHEN g % 1000 = 0 THEN '{rare}' ELSE '{}' END::text[], '{US}', 1,
			now(), now() - g * interval '1 minute', v, CASE WHEN g % 2 = 0 THEN v END, v, 'people', 'cited',
			g % 2 = 0, g % 3 = 0, g % 5 = 0, json_build_object('slug', 'bulk-' || g), '{}', 'x', to_tsvector('english', 'common word' || g % 100)
		  FROM generate_series(1, $1::integer) AS g, LATERAL (SELECT CASE WHEN g % 5 > 0 THEN (g::bigint * 7919) % 1000003 END AS v) AS x`, n)
	exec(t, l, `
		INSERT INTO incident_participants (incident_id, actor_id, role, ordinal)
		SELECT i.id, a.id, 'victim', 0 FROM incidents AS i JOIN actors AS a ON a.slug = 'bulk-' || (1 + substr(i.slug, 6)::integer % ($1::integer / 10))
		 WHERE i.slug LIKE 'bulk-%'`, n)
	exec(t, l, `
		INSERT INTO responses (incident_id, id, ordinal, actor_id, kind, status, via_unnamed_source)
		SELECT p.incident_id, gen_random_uuid(), 0, p.actor_id, 'apology', 'stated', false FROM incident_participants AS p JOIN incidents AS i ON i.id = p.incident_id
		 WHERE substr(i.slug, 6)::integer % 3 = 0`)
	exec(t, l, "VACUUM (ANALYZE) incidents, incident_participants, responses, actors, actor_names") // also merges what waits for a GIN index
}

// The names of indexes are asserted, not times.
func TestPlans(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	fill(t, l, 20_000)
	t.Run("lists walk their index", func(t *testing.T) {
		t.Parallel()
		listsWalkTheirIndex(t, l)
	})
	t.Run("filters use indexes", func(t *testing.T) {
		t.Parallel()
		filtersUseIndexes(t, l)
	})
	t.Run("search for a common word", func(t *testing.T) {
		t.Parallel()
		searchForACommonWord(t, l)
	})
	t.Run("actors", func(t *testing.T) {
		t.Parallel()
		actorsUseIndexes(t, l)
	})
	t.Run("too slow", func(t *testing.T) {
		t.Parallel()
		tooSlow(t, l)
	})
}

// A list walks the index of its sort, from the cursor on, and looks at no more
// rows than it shows.
func listsWalkTheirIndex(t *testing.T, l *ledger.Ledger) {
	t.Helper()
	indexes := map[string]string{
		"-victims": "incidents_victims_desc", "victims": "incidents_victims_desc", "-victims_low": "incidents_victims_low_desc", "victims_low": "incidents_victims_low_desc",
		"-disclosed": "incidents_disclosed_desc", "disclosed": "incidents_disclosed_desc", "-occurred": "incidents_occurred_desc", "occurred": "incidents_occurred_desc",
		"-updated": "incidents_updated", "updated": "incidents_updated",
	}
	for _, sort := range ledger.Sorts() {
		page := ledger.Page{Limit: 20}
		for range 2 {
			plan, err := l.ExplainIncidents(t.Context(), ledger.Filter{}, ledger.Sort(sort), page)
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(plan, " using "+indexes[sort]+" on incidents") || strings.Contains(plan, "Seq Scan on incidents") || strings.Contains(plan, "Sort") {
				t.Errorf("by %s (cursor %q) the plan is\n%s", sort, page.Cursor, plan)
			}
			if page.Cursor != "" && !strings.Contains(plan, "Index Cond: (ROW(") {
				t.Errorf("by %s the cursor does not bound the index:\n%s", sort, plan)
			}
			got, err := l.Incidents(t.Context(), ledger.Filter{}, ledger.Sort(sort), page)
			if err != nil || len(got.Items) != 20 || got.NextCursor == "" {
				t.Fatalf("by %s: %d items, %q, %v", sort, len(got.Items), got.NextCursor, err)
			}
			page.Cursor = got.NextCursor
		}
	}
}

// Filters walk the list in its order or start from an index of their own; none
// reads all incidents.
func filtersUseIndexes(t *testing.T, l *ledger.Ledger) {
	t.Helper()
	yes := true
	for name, f := range map[string]ledger.Filter{
		"category":      {Categories: []incidents.Category{incidents.DataBreach}},
		"two":           {Categories: []incidents.Category{incidents.DataBreach}, Payment: &yes},
		"vector":        {Vectors: []incidents.Vector{"phishing"}},
		"unanswered":    {Unanswered: &yes},
		"min_victims":   {MinVictims: new(int64(1000))},
		"from":          {From: ledgertest.Date("2015")},
		"to":            {To: ledgertest.Date("2001")},
		"actor":         {Actors: []string{"bulk-77"}},
		"sector":        {Sectors: []incidents.Sector{"bank"}},
		"role":          {Roles: []incidents.Role{incidents.RoleVictim}},
		"response":      {Responses: []incidents.ResponseKind{"apology"}},
		"tag":           {Tags: []string{"rare"}},
		"search":        {Query: "word7"},
		"search and":    {Query: "word7", Unanswered: &yes},
		"country":       {Countries: []string{"US"}},
		"drafts":        {Publications: []incidents.Publication{incidents.Draft}},
		"updated_since": {UpdatedSince: ask[time.Time](t, l, "SELECT max(updated_at) - interval '1 hour' FROM incidents")},
	} {
		for _, sort := range []ledger.Sort{"-victims", "updated"} {
			plan, err := l.ExplainIncidents(t.Context(), f, sort, ledger.Page{Limit: 20})
			if err != nil {
				t.Fatal(err)
			}
			if strings.Contains(plan, "Seq Scan on incidents") || strings.Contains(plan, "Function Scan on incidents_matching") {
				t.Errorf("%s by %s: the plan is\n%s", name, sort, plan)
			}
		}
	}
}

// A word that very many incidents have is looked for while the list is walked.
func searchForACommonWord(t *testing.T, l *ledger.Ledger) {
	t.Helper()
	common := ledger.Filter{Query: "common"}
	page, err := l.Incidents(t.Context(), common, "-victims", ledger.Page{Limit: 20})
	if err != nil || len(page.Items) != 20 || page.NextCursor == "" {
		t.Fatalf("%d items, %v", len(page.Items), err)
	}
	plan, err := l.ExplainIncidents(t.Context(), common, "-victims", ledger.Page{Limit: 20})
	if err != nil || strings.Contains(plan, uuid.Nil.String()) || !strings.Contains(plan, "incidents_victims_desc") {
		t.Errorf("%v\n%s", err, plan)
	}
}

// The list of actors looks up what its rows need, and no more.
func actorsUseIndexes(t *testing.T, l *ledger.Ledger) {
	t.Helper()
	for name, f := range map[string]ledger.ActorFilter{
		"all": {}, "prefix": {Prefix: "Bulk 77"}, "sector": {Sectors: []incidents.Sector{"bank"}},
	} {
		plan, err := l.ExplainActors(t.Context(), reader, f, ledger.Page{Limit: 20})
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(plan, "Seq Scan on incident") || strings.Contains(plan, "Seq Scan on responses") || f.Prefix != "" && !strings.Contains(plan, "actor_names_pkey") {
			t.Errorf("%s: the plan is\n%s", name, plan)
		}
		got, _, err := l.Actors(t.Context(), reader, f, ledger.Page{Limit: 5})
		if err != nil || len(got) != 5 {
			t.Errorf("%s: %d actors, %v", name, len(got), err)
		}
	}
}

// What takes longer than a search may is ended, and said to be too slow; the
// pool serves on.
func tooSlow(t *testing.T, l *ledger.Ledger) {
	t.Helper()
	slow, err := ledger.Open(t.Context(), ledger.Config{URL: l.Pool().Config().ConnString(), Connections: 1, SearchConnections: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer slow.Close()
	if _, err := slow.SearchPool().Exec(t.Context(), "SET statement_timeout = 1"); err != nil {
		t.Fatal(err)
	}
	filtered := ledger.Filter{Countries: []string{"US"}} // of which no sums are kept
	for name, f := range map[string]func(context.Context) error{
		"breaches": func(ctx context.Context) error { _, err := slow.BreachTotals(ctx, filtered); return err },
		"responses": func(ctx context.Context) error {
			_, err := slow.Responses(ctx, ledger.ResponseScope{Filter: filtered}, ledger.Page{})
			return err
		},
	} {
		if err := f(t.Context()); !errors.Is(err, ledger.ErrTooSlow) {
			t.Errorf("%s in a millisecond: %v", name, err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := f(ctx); !errors.Is(err, context.Canceled) || errors.Is(err, ledger.ErrTooSlow) {
			t.Errorf("%s called off: %v", name, err)
		}
	}
	if err := slow.Ready(t.Context()); err != nil {
		t.Error(err)
	}
	if _, err := l.SearchPool().Exec(t.Context(), "UPDATE incidents SET title = title"); err == nil || !strings.Contains(err.Error(), "read-only") {
		t.Errorf("a write through the pool for searches: %v", err)
	}
}
