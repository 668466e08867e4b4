package ledger_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
	"github.com/breachledger/breachledger/internal/ledgertest"
)

// TestLoggedTogetherIsWrittenTogether: incidents of every shape that are logged at
// once share transactions, and are stored as one that is logged alone.
func TestLoggedTogetherIsWrittenTogether(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	b := ledgertest.NewBuilder(90)
	for range 30 { // so that actors and sources are known
		record(t, l, b.Incident())
	}
	const n = 60
	given := make([]incidents.Incident, n)
	for i := range given {
		given[i] = b.Incident()
	}
	documents := make([]ledger.Document, n)
	for i, err := range atOnce(n, func(i int) (err error) {
		documents[i], err = l.Record(t.Context(), recording, given[i])
		return err
	}) {
		if err != nil {
			t.Fatalf("%d: %v", i, err)
		}
		kept := sameAsRows(t, l, documents[i].Slug)
		if string(kept.JSON) != string(documents[i].JSON) {
			t.Errorf("%s was answered as another document", kept.Slug)
		}
		wantRevisions(t, l, documents[i], 1)
	}
	if n := ask[int](t, l, `SELECT count(*) FROM incidents AS i WHERE search IS DISTINCT FROM incident_search(title, summary,
		(SELECT array_agg(actor_id) FROM incident_participants AS p WHERE p.incident_id = i.id),
		(SELECT array_agg(source_id) FROM incident_sources AS s WHERE s.incident_id = i.id))`); n > 0 {
		t.Errorf("%d incidents are found by other words than their own", n)
	}
	// xmin is the transaction that wrote a row.
	if together := ask[int](t, l, "SELECT count(*) FROM (SELECT FROM incidents GROUP BY xmin::text HAVING count(*) > 2) AS t"); together == 0 {
		t.Error("no incidents were written in one transaction")
	}
}

// TestLoggedTogetherAsIfAlone: many incidents at once, among them some that
// cannot be stored, name the same new actors and sources, want the same slug or
// are the same request. Each gets what it would have got alone.
func TestLoggedTogetherAsIfAlone(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	key, _, err := l.CreateKey(t.Context(), "a script", access.Editor, nil)
	if err != nil {
		t.Fatal(err)
	}
	const n = 120
	documents := make([]ledger.Document, n)
	errs := atOnce(n, func(i int) (err error) {
		c, in := recording, fromJSON(t, fmt.Sprintf(`{"title": "Breach %d", "category": "data_breach",
			"participants": [{"actor": {"name": "Shop %d", "kind": "company", "sector": "merchant"}, "role": "victim"}],
			"sources": [{"key": "s", "url": "https://news.example/%d", "text": "At least 40 cards were read."}],
			"counts": [{"unit": "cards", "qualifier": "at_least", "quantity": 40, "evidence": [{"source": {"key": "s"}, "quote": "At least 40 cards"}]}]}`,
			i, i%7, i%11))
		switch i % 6 {
		case 0:
			in.Title = "The same title"
		case 1:
			in.Counts[0].Evidence[0].Quote = "what nobody wrote"
		case 2:
			in.ExternalRefs = []incidents.ExternalRef{{Scheme: "case", ID: fmt.Sprint("C-", i%4)}}
		case 3:
			c.Once = &ledger.Once{APIKey: key.ID, Key: fmt.Sprint("key ", i%5), Hash: []byte{byte(i % 5)}}
		}
		documents[i], err = l.Record(t.Context(), c, in)
		return err
	})
	byKey, refs, slugs := map[int]string{}, map[string]bool{}, map[string]int{}
	for i, err := range errs {
		var exists *ledger.ExistsError
		switch i % 6 {
		case 1:
			wantProblem(t, err, "/counts/0/evidence/0/quote")
			continue
		case 2:
			if errors.As(err, &exists) {
				continue
			}
			if refs[fmt.Sprint(i%4)] {
				t.Errorf("two incidents carry the number C-%d", i%4)
			}
			refs[fmt.Sprint(i%4)] = true
		}
		if err != nil {
			t.Fatalf("%d: %v", i, err)
		}
		if i%6 == 3 {
			if first, ok := byKey[i%5]; ok && first != documents[i].Slug {
				t.Errorf("one key was answered with %s and %s", first, documents[i].Slug)
			}
			byKey[i%5] = documents[i].Slug
		} else {
			slugs[documents[i].Slug]++
		}
		kept := sameAsRows(t, l, documents[i].Slug)
		if string(kept.JSON) != string(documents[i].JSON) {
			t.Errorf("%s was answered as another document", kept.Slug)
		}
		wantRevisions(t, l, documents[i], 1)
	}
	for slug, times := range slugs {
		if times != 1 {
			t.Errorf("%d incidents were told the slug %s", times, slug)
		}
	}
	if len(refs) == 0 || len(byKey) != 5 {
		t.Errorf("%d numbers and %d keys were used", len(refs), len(byKey))
	}
	actors, _, err := l.Actors(t.Context(), editor, ledger.ActorFilter{}, ledger.Page{Limit: 100})
	if err != nil || len(actors) != 7 {
		t.Errorf("there are %d actors, want 7 (%v)", len(actors), err)
	}
}

// TestDuplicatesOfAGroupAreFound, though none of them was there before.
func TestDuplicatesOfAGroupAreFound(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	const n = 12
	for _, err := range atOnce(n, func(i int) error {
		_, err := l.Record(t.Context(), recording, fromJSON(t, fmt.Sprintf(`{"title": "Zamora Wallet keys stolen", "category": "theft_of_funds", "disclosed": "2026-01-0%d",
			"participants": [{"actor": {"name": "Zamora Wallet", "kind": "company", "sector": "wallet"}, "role": "victim"}]}`, 1+i%9)))
		return err
	}) {
		if err != nil {
			t.Fatal(err)
		}
	}
	l.Settle()
	pairs, _, err := l.Duplicates(t.Context(), editor, ledger.Page{Limit: 200})
	if err != nil || len(pairs) < n-1 {
		t.Errorf("%d pairs of %d alike incidents are in the queue (%v)", len(pairs), n, err)
	}
}

// TestSimilarTitlesAreFoundByTheirRareWords where nothing else is shared.
func TestSimilarTitlesAreFoundByTheirRareWords(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	record(t, l, fromJSON(t, `{"title": "Quillfeather ledger wallets drained", "category": "theft_of_funds"}`))
	doc := record(t, l, fromJSON(t, `{"title": "Quillfeather wallets drained: ledger says", "category": "theft_of_funds"}`))
	if len(doc.Similar) != 1 || !slices.Contains(doc.Similar[0].Reasons, "their titles are alike") {
		t.Errorf("the warning is %+v", doc.Similar)
	}
}

// TestMomentSeesEveryWrite: at once those of this program, and soon those that
// come by any other way.
func TestMomentSeesEveryWrite(t *testing.T) {
	t.Parallel()
	url := ledgertest.URL(t)
	l := ledgertest.OpenURL(t, url)
	now := func() uint64 {
		t.Helper()
		var number uint64
		eventually(t, "the ledger is sure of its moment", func() (sure bool) {
			number, sure = l.Moment()
			return sure
		})
		return number
	}
	before := now()
	doc := record(t, l, fromJSON(t, smallest))
	if after := now(); after == before {
		t.Errorf("a write has left the moment at %d", before)
	}
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(t.Context()) }()
	before = now()
	if _, err := conn.Exec(t.Context(), "UPDATE incidents SET summary = 'by hand' WHERE id = $1", doc.ID); err != nil {
		t.Fatal(err)
	}
	eventually(t, "a write by another program is noticed", func() bool { return now() != before })
}
