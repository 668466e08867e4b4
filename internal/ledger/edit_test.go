package ledger_test

import (
	"errors"
	"testing"

	"github.com/google/uuid"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
	"github.com/breachledger/breachledger/internal/ledgertest"
)

func TestAnEditThatAltersNothingWritesNothing(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	b := ledgertest.NewBuilder(3)
	for range 20 {
		before := record(t, l, b.Incident())
		sent := parse(t, before)
		after := edit(t, l, before.Slug, func(in *incidents.Incident) { *in = sent }) // GET, then PUT
		if after.ETag != before.ETag || string(after.JSON) != string(before.JSON) {
			t.Errorf("it became\n%s\nit was\n%s", after.JSON, before.JSON)
		}
		wantRevisions(t, l, after, 1)
	}
}

func TestAClaimKeepsItsID(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	doc := record(t, l, fromJSON(t, `{"title":"Claims","category":"other","counts":[
		{"unit":"people","quantity":1,"headline":true},{"unit":"cards","quantity":2},{"unit":"forms","quantity":3}]}`))
	before := parse(t, doc).Counts
	after := parse(t, edit(t, l, doc.Slug, func(in *incidents.Incident) {
		in.Counts[1].Quantity = new(int64(20)) // sent with its id: the same claim, corrected
		in.Counts[2].ID = uuid.Nil             // sent without: a new one
		in.Counts = append(in.Counts[1:], in.Counts[0])
	})).Counts
	if after[0].ID != before[1].ID || *after[0].Quantity != 20 || after[2].ID != before[0].ID {
		t.Errorf("the claims sent with their ids are %v", after)
	}
	if after[1].ID == before[2].ID || after[1].ID == uuid.Nil {
		t.Errorf("the claim sent without its id is %v", after[1])
	}
	other := parse(t, record(t, l, fromJSON(t, `{"title":"Others","category":"other","counts":[{"unit":"people","quantity":1}]}`)))
	_, err := l.Edit(t.Context(), editing, doc.Slug, "", func(in *incidents.Incident) error {
		in.Counts[0].ID = other.Counts[0].ID
		return nil
	})
	wantProblem(t, err, "/counts/0/id: the incident has no claim with this id")
}

func TestWhatCannotBeEdited(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	doc := record(t, l, fromJSON(t, `{"title":"Published","category":"other"}`))
	change := func(c ledger.Change, ref, ifMatch string, f func(*incidents.Incident)) error {
		_, err := l.Edit(t.Context(), c, ref, ifMatch, func(in *incidents.Incident) error {
			f(in)
			return nil
		})
		return err
	}
	title := func(in *incidents.Incident) { in.Title += "!" }

	wantProblem(t, change(editing, doc.Slug, "", func(in *incidents.Incident) { in.Slug = "another" }), "/slug: is permanent")
	var stale *ledger.StaleError
	if err := change(editing, doc.Slug, `"0-000000000000"`, title); !errors.As(err, &stale) || stale.ETag != doc.ETag {
		t.Errorf("with another ETag: %v", err)
	}
	if err := change(ledger.Change{By: contributor, Action: "replace"}, doc.Slug, "", title); !errors.Is(err, ledger.ErrForbidden) {
		t.Errorf("by a contributor: %v", err)
	}
	for _, ref := range []string{"no-such-slug", uuid.NewString(), "../etc", "", "\x00", "ä"} {
		if err := change(editing, ref, "", title); !errors.Is(err, ledger.ErrNotFound) {
			t.Errorf("%q: %v", ref, err)
		}
	}
	wantProblem(t, change(editing, doc.Slug, "", func(in *incidents.Incident) { in.Title = "" }), "/title: is required")
	if err := change(editing, doc.Slug, "", func(in *incidents.Incident) { in.Version, in.ID, in.Title = 9, uuid.New(), "Renamed" }); err != nil {
		t.Error(err)
	}
	if in := parse(t, sameAsRows(t, l, doc.ID.String())); in.Version != 2 || in.Title != "Renamed" || in.Slug != "published" {
		t.Errorf("now it is %+v", in)
	}
	mine := errors.New("the caller's own")
	if _, err := l.Edit(t.Context(), editing, doc.Slug, "", func(*incidents.Incident) error { return mine }); !errors.Is(err, mine) {
		t.Errorf("the caller's own error came back as %v", err)
	}
}

// A contributor's incident is a draft: theirs to edit, slug included, and for
// readers it is not there.
func TestDrafts(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	by := ledger.Change{By: contributor, Action: "record"}
	doc, err := l.Record(t.Context(), by, fromJSON(t, `{"title":"A draft","category":"other",
		"participants":[{"actor":{"name":"Secret Victim"},"role":"victim"}],"sources":[{"url":"https://example.com/secret"}]}`))
	if err != nil || doc.Publication != incidents.Draft {
		t.Fatalf("recorded as %s, %v", doc.Publication, err)
	}
	doc, err = l.Edit(t.Context(), by, doc.Slug, doc.ETag, func(in *incidents.Incident) error {
		in.Slug = "another-name"
		return nil
	})
	if err != nil || doc.Slug != "another-name" {
		t.Fatalf("renamed to %s, %v", doc.Slug, err)
	}
	source := parse(t, doc).Sources[0].ID
	for _, who := range []struct {
		sees bool
		l    func() (string, error)
	}{
		{false, func() (string, error) { d, err := l.Incident(t.Context(), reader, doc.Slug); return d.Slug, err }},
		{false, func() (string, error) { d, err := l.Incident(t.Context(), reader, doc.ID.String()); return d.Slug, err }},
		{true, func() (string, error) { d, err := l.Incident(t.Context(), contributor, doc.Slug); return d.Slug, err }},
		{false, func() (string, error) { a, err := l.Actor(t.Context(), reader, "secret-victim"); return a.Slug, err }},
		{true, func() (string, error) { a, err := l.Actor(t.Context(), editor, "secret-victim"); return a.Slug, err }},
		{false, func() (string, error) { s, err := l.Source(t.Context(), reader, source); return s.URL, err }},
		{true, func() (string, error) { s, err := l.Source(t.Context(), contributor, source); return s.URL, err }},
	} {
		got, err := who.l()
		if who.sees && err != nil || !who.sees && !errors.Is(err, ledger.ErrNotFound) {
			t.Errorf("should it be seen? %t: %q, %v", who.sees, got, err)
		}
	}
	actors, _, err := l.Actors(t.Context(), reader, ledger.ActorFilter{}, ledger.Page{Limit: 10})
	if err != nil || len(actors) != 0 {
		t.Errorf("a reader lists the actors %v, %v", actors, err)
	}
	sources, _, err := l.Sources(t.Context(), reader, "", ledger.Page{Limit: 10})
	if err != nil || len(sources) != 0 {
		t.Errorf("a reader lists the sources %v, %v", sources, err)
	}
	page, err := l.Incidents(t.Context(), ledger.Filter{}, "", ledger.Page{})
	if err != nil || len(page.Items) != 0 {
		t.Errorf("the list is %s, %v", page.JSON(), err)
	}
	totals, err := l.BreachTotals(t.Context(), ledger.Filter{})
	if err != nil || totals.Counted+totals.Uncounted != 0 {
		t.Errorf("the totals are %+v, %v", totals, err)
	}
	report, err := l.Responses(t.Context(), ledger.ResponseScope{}, ledger.Page{})
	if err != nil || report.Incidents != 0 || len(report.Actors) != 0 {
		t.Errorf("the report is %+v, %v", report, err)
	}
}

func TestAddResponse(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	doc := record(t, l, fromJSON(t, `{"title":"Answered","category":"other","participants":[{"actor":{"name":"Acme"},"role":"victim"}],
		"attributions":[{"accused":{"name":"Some State"},"basis":"media_attributes"}]}`))
	attribution := parse(t, doc).Attributions[0].ID
	id, doc, err := l.AddResponse(t.Context(), ledger.Change{By: editor, Action: "add response"}, doc.Slug, doc.ETag, incidents.Response{
		Claim: incidents.Claim{ID: attribution}, // an id that a client makes up is not taken
		Actor: incidents.ActorRef{Given: "some state"}, Kind: incidents.Denial, Answers: incidents.ClaimRef(attribution.String()),
	})
	if err != nil {
		t.Fatal(err)
	}
	in := parse(t, sameAsRows(t, l, doc.Slug))
	if len(in.Responses) != 1 || in.Responses[0].ID != id || id == attribution || !in.Contested || !in.Unanswered || in.Version != 2 {
		t.Errorf("after the denial it is %s", doc.JSON)
	}
	_, doc, err = l.AddResponse(t.Context(), ledger.Change{By: editor, Action: "add response"}, doc.Slug, "", incidents.Response{
		Actor: incidents.ActorRef{Name: "Lone Bank", Kind: incidents.Company, Sector: "bank"}, Kind: "apology",
	})
	if err != nil {
		t.Fatal(err)
	}
	in = parse(t, doc)
	if last := in.Participants[len(in.Participants)-1]; last.Actor.Slug != "lone-bank" || last.Role != incidents.RoleResponder {
		t.Errorf("who answers joins as %+v", last)
	}
	wantRevisions(t, l, doc, 3)
	_, _, err = l.AddResponse(t.Context(), editing, doc.Slug, `"1-x"`, incidents.Response{})
	var stale *ledger.StaleError
	if !errors.As(err, &stale) {
		t.Errorf("with another ETag: %v", err)
	}
	_, _, err = l.AddResponse(t.Context(), editing, doc.Slug, "", incidents.Response{Actor: incidents.ActorRef{Given: "nobody we know"}, Kind: "shrug"})
	wantProblem(t, err, "/kind: ")
	wantProblem(t, err, "/actor: no actor has the slug or name")
}

// TestIfMatchMayListSeveral, as RFC 9110 has it.
func TestIfMatchMayListSeveral(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	doc := record(t, l, fromJSON(t, smallest))
	title := func(to string) func(*incidents.Incident) error {
		return func(in *incidents.Incident) error { in.Title = to; return nil }
	}
	if _, err := l.Edit(t.Context(), recording, doc.Slug, `"another", `+doc.ETag, title("Changed")); err != nil {
		t.Errorf("with the present ETag among them: %v", err)
	}
	var stale *ledger.StaleError
	if _, err := l.Edit(t.Context(), recording, doc.Slug, `"another", `+doc.ETag, title("Again")); !errors.As(err, &stale) {
		t.Errorf("with none that is present: %v", err)
	}
}
