package ledger_test

import (
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
	"github.com/breachledger/breachledger/internal/ledgertest"
)

// breached is what decides whether two incidents of an organisation may be the same.
type breached struct {
	ID      uuid.UUID
	Actor   uuid.UUID
	Role    string
	Open    bool // a draft or published
	Day     *time.Time
	Victims *int64
}

func breachedIn(t *testing.T, l *ledger.Ledger) []breached {
	t.Helper()
	rows, err := l.Pool().Query(t.Context(), `
		SELECT i.id, p.actor_id, p.role::text, i.publication IN ('draft', 'published'), coalesce(i.occurred_from, i.disclosed), i.victims
		  FROM incidents AS i JOIN incident_participants AS p ON p.incident_id = i.id
		 WHERE p.role IN ('victim', 'affected_platform') ORDER BY i.id DESC`)
	if err != nil {
		t.Fatal(err)
	}
	all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[breached])
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// days are those between two dates; -1 where one is not known.
func (b breached) days(o breached) int {
	if b.Day == nil || o.Day == nil {
		return -1
	}
	days := int(b.Day.Sub(*o.Day).Hours() / 24)
	return max(days, -days)
}

func (b breached) maySame(o breached) bool {
	if days := b.days(o); days >= 0 {
		return days <= 366
	}
	if b.Victims == nil || o.Victims == nil {
		return false
	}
	small, large := min(*b.Victims, *o.Victims), max(*b.Victims, *o.Victims)
	return small >= 1000 && float64(large) <= 1.1*float64(small)
}

// likelyPairs follows the rule to the letter: of the 20 latest incidents of the
// organisation in each role the three closest ones, of the same day the latest.
func likelyPairs(all []breached, of map[uuid.UUID]bool) map[string]int {
	pairs := map[string]int{}
	for _, n := range all {
		if !of[n.ID] {
			continue
		}
		var near []breached
		for _, role := range []string{"victim", "affected_platform"} {
			latest := 0
			for _, o := range all {
				if o.Actor == n.Actor && o.Role == role && o.ID != n.ID && latest < 20 {
					if latest++; o.Open && n.maySame(o) {
						near = append(near, o)
					}
				}
			}
		}
		far := func(o breached) int { // what is not known comes last
			if days := n.days(o); days >= 0 {
				return days
			}
			return 1 << 30
		}
		slices.SortStableFunc(near, func(a, b breached) int {
			return cmp.Or(cmp.Compare(far(a), far(b)), bytes.Compare(b.ID[:], a.ID[:]))
		})
		for _, o := range near[:min(len(near), 3)] {
			one, other := n.ID.String(), o.ID.String()
			pairs[min(one, other)+" "+max(one, other)] = n.days(o)
		}
	}
	return pairs
}

// TestBulkFindsDuplicatesByTheRule, batch by batch, of organisations with few and
// with many incidents, on few days and on many, and whatever was retracted since.
func TestBulkFindsDuplicatesByTheRule(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	bulk := openBulk(t, l)
	random := rand.New(rand.NewPCG(1, 2))
	dates := []string{"", "", "2019-05-03", "2019-05-03", "2019-05-03", "2019-05-04", "2020-03", "2020-12-31", "2024"}
	stored := map[string]int{}
	sameDay := 0
	for batch := range 12 {
		var items []ledger.ImportItem
		for i := range 30 {
			in := incidents.Incident{Title: fmt.Sprint("Incident ", batch, " ", i), Category: incidents.DataBreach}
			in.Occurred.From = ledgertest.Date(dates[random.IntN(len(dates))])
			in.Disclosed = ledgertest.Date(dates[random.IntN(len(dates))])
			if victims := int64(900 + random.IntN(400)); victims%4 > 0 { // of some the number is not known
				in.Counts = []incidents.Count{{Unit: incidents.People, Quantity: &victims}}
			}
			for _, role := range []incidents.Role{incidents.RoleVictim, incidents.RoleAffectedPlatform} {
				if random.IntN(3) > 0 {
					name := fmt.Sprint("Company ", random.IntN(1+random.IntN(20)))
					in.Participants = append(in.Participants, incidents.Participant{Actor: incidents.ActorRef{Name: name, Kind: incidents.Company}, Role: role})
				}
			}
			items = append(items, itemOf(t, fmt.Sprintf("test:%d-%d", batch, i), in))
		}
		before := breachedIn(t, l)
		importBatch(t, bulk, items)
		fresh := map[uuid.UUID]bool{}
		all := breachedIn(t, l)
		for _, b := range all {
			fresh[b.ID] = true
		}
		for _, b := range before {
			delete(fresh, b.ID)
		}
		for pair, days := range likelyPairs(all, fresh) {
			stored[pair] = days
			if days == 0 {
				sameDay++
			}
		}
		exec(t, l, `UPDATE incidents SET publication = 'retracted', retraction_reason = 'not so'
			WHERE publication = 'published' AND id IN (SELECT id FROM incidents ORDER BY md5(id::text) LIMIT 3)`)
	}
	found := map[string]int{}
	rows, err := l.Pool().Query(t.Context(), `SELECT first_id || ' ' || second_id, CASE WHEN score = 0.6::real THEN -1 WHEN reasons[2] = 'their dates are the same' THEN 0
		WHEN reasons[2] = 'their dates are a day apart' THEN 1 ELSE substring(reasons[2] FROM '[0-9]+')::integer END FROM duplicates`)
	if err != nil {
		t.Fatal(err)
	}
	pairs, err := pgx.CollectRows(rows, pgx.RowToStructByPos[struct {
		Pair string
		Days int
	}])
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range pairs {
		found[p.Pair] = p.Days
	}
	if !maps.Equal(found, stored) || sameDay < 50 || len(stored)-sameDay < 50 {
		t.Errorf("%d pairs are stored, and by the rule %d, of the same day %d of these", len(found), len(stored), sameDay)
	}
	// What lists say is what counting all of them would say.
	if wrong := ask[int](t, l, `WITH counted AS (
		SELECT e.id, count(*) AS n
		  FROM (SELECT first_id AS id, second_id AS other FROM duplicates UNION ALL SELECT second_id, first_id FROM duplicates) AS e
		  JOIN incidents AS o ON o.id = e.other AND o.publication = 'published' GROUP BY e.id)
		SELECT count(*) FROM counted AS c FULL JOIN possible_duplicates AS p ON p.incident_id = c.id WHERE c.n IS DISTINCT FROM p.others`); wrong > 0 {
		t.Errorf("%d incidents say another number of possible duplicates than there are", wrong)
	}
}

// TestBulkKnowsNoNumberFromNone: what states no number states none that is nearly the
// same, not of an organisation whose name goes on from the other's either.
func TestBulkKnowsNoNumberFromNone(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	bulk := openBulk(t, l)
	millions := int64(5_000_000)
	for i, of := range []struct {
		company string
		victims *int64
	}{{"Acme", &millions}, {"Acme", nil}, {"Acme Blue", nil}, {"Acme Blue Cross", &millions}} {
		in := incidents.Incident{
			Title: fmt.Sprint("Incident ", i), Category: incidents.DataBreach,
			Participants: []incidents.Participant{{Actor: incidents.ActorRef{Name: of.company, Kind: incidents.Company}, Role: incidents.RoleVictim}},
		}
		if of.victims != nil {
			in.Counts = []incidents.Count{{Unit: incidents.People, Quantity: of.victims}}
		}
		importBatch(t, bulk, []ledger.ImportItem{itemOf(t, fmt.Sprint("test:", i), in)})
	}
	pairs := ask[string](t, l, `SELECT coalesce(string_agg(one.slug || ' ' || two.slug, ', '), '')
		FROM duplicates AS d JOIN incidents AS one ON one.id = d.first_id JOIN incidents AS two ON two.id = d.second_id`)
	if want := "incident-0 incident-3"; pairs != want {
		t.Errorf("the queue has the pairs %q, want %q", pairs, want)
	}
}

// TestBulkNumbersSlugs: one number after another, whichever batch asks; what was
// undone leaves none out.
func TestBulkNumbersSlugs(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	var slugs []string
	give := func(bulk *ledger.Bulk, n int) {
		t.Helper()
		var items []ledger.ImportItem
		for range n {
			items = append(items, itemOf(t, "test:"+incidents.NewID().String(), incidents.Incident{Title: "The same", Category: incidents.CategoryOther}))
		}
		for _, r := range importBatch(t, bulk, items) {
			slugs = append(slugs, r.Slug)
		}
	}
	open := func() *ledger.Bulk {
		t.Helper()
		bulk, err := l.OpenBulk(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { bulk.Close(t.Context()) })
		return bulk
	}
	one, other, undone := open(), open(), open()
	give(one, 2)
	give(other, 3)
	if err := undone.Begin(t.Context()); err != nil {
		t.Fatal(err)
	}
	give(undone, 2)
	undone.Rollback(t.Context())
	slugs = slugs[:5]
	give(one, 2)
	record(t, l, incidents.Incident{Title: "The same", Category: incidents.CategoryOther})
	give(other, 12)
	want := []string{"the-same"}
	for n := 2; n <= 20; n++ {
		if n != 8 { // which was logged by itself
			want = append(want, fmt.Sprint("the-same-", n))
		}
	}
	if !slices.Equal(slugs, want) {
		t.Errorf("the slugs are %v, want %v", slugs, want)
	}
	slugs = nil
	if give(one, 2); slugs[0] == slugs[1] || len(slugs[0]) != len("the-same-")+12 {
		t.Errorf("after all numbers the slugs are %v", slugs)
	}
}

// TestBatchesAtOnceFindEachOther: two imports that store incidents of one
// organisation at the same moment find that they may be the same.
func TestBatchesAtOnceFindEachOther(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	bulks := []*ledger.Bulk{openBulk(t, l), openBulk(t, l), openBulk(t, l)}
	const rounds = 40
	for round := range rounds {
		var all sync.WaitGroup
		for i, bulk := range bulks {
			in := incidents.Incident{
				Title: fmt.Sprint("Breach ", round, " told by ", i), Category: incidents.DataBreach, Disclosed: ledgertest.Date("2024-05-01"),
				Participants: []incidents.Participant{{Actor: incidents.ActorRef{Name: fmt.Sprint("Company ", round), Kind: incidents.Company}, Role: incidents.RoleVictim}},
			}
			item := itemOf(t, fmt.Sprintf("test:%d-%d", round, i), in)
			all.Go(func() {
				if _, err := bulk.Import(t.Context(), byBulk, []ledger.ImportItem{item}); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
	}
	if n := ask[int](t, l, "SELECT count(*) FROM duplicates"); n != 3*rounds {
		t.Errorf("%d pairs were found, of %d", n, 3*rounds)
	}
}
