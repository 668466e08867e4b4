package ledger_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
	"github.com/breachledger/breachledger/internal/ledgertest"
)

// atOnce runs f n times at the same time and returns its errors.
func atOnce(n int, f func(i int) error) []error {
	errs := make([]error, n)
	var ready, done sync.WaitGroup
	ready.Add(n)
	for i := range n {
		done.Go(func() {
			ready.Done()
			ready.Wait()
			errs[i] = f(i)
		})
	}
	done.Wait()
	return errs
}

func TestOfTwoEditorsExactlyOneWins(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	doc := record(t, l, fromJSON(t, smallest))
	for round := range 10 {
		won := make([]ledger.Document, 6)
		errs := atOnce(len(won), func(i int) (err error) {
			won[i], err = l.Edit(t.Context(), editing, doc.Slug, doc.ETag, func(in *incidents.Incident) error {
				in.Title, in.Summary = fmt.Sprint("Title ", round, i), fmt.Sprint("Summary ", round, i)
				return nil
			})
			return err
		})
		winners := 0
		for i, err := range errs {
			var stale *ledger.StaleError
			switch {
			case err == nil:
				winners++
				doc = won[i]
			case !errors.As(err, &stale):
				t.Errorf("a loser got %v", err)
			case stale.ETag == doc.ETag && winners == 0:
				t.Errorf("a loser was told the ETag that it had sent")
			}
		}
		if winners != 1 {
			t.Fatalf("%d editors won", winners)
		}
		in := parse(t, sameAsRows(t, l, doc.Slug))
		if in.Title[len("Title "):] != in.Summary[len("Summary "):] || in.Version != round+2 {
			t.Errorf("version %d is %q, %q", in.Version, in.Title, in.Summary)
		}
	}
	wantRevisions(t, l, doc, 11)
}

func TestEveryEditWithoutAConditionLands(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	doc := record(t, l, fromJSON(t, smallest))
	const n = 25
	for _, err := range atOnce(n, func(i int) error {
		_, _, err := l.AddResponse(t.Context(), editing, doc.Slug, "", incidents.Response{
			Actor: incidents.ActorRef{Name: fmt.Sprint("Actor ", i%5)}, Kind: "apology", Summary: fmt.Sprint("Response ", i),
		})
		return err
	}) {
		if err != nil {
			t.Error(err)
		}
	}
	doc = sameAsRows(t, l, doc.Slug)
	in := parse(t, doc)
	said := map[string]bool{}
	for _, r := range in.Responses {
		said[r.Summary] = true
	}
	if len(said) != n || in.Version != n+1 {
		t.Errorf("%d different responses, version %d", len(said), in.Version)
	}
	wantRevisions(t, l, doc, n+1)
}

// Many at once name the same new actor under several names, the same new source,
// the same text and the same title: all are recorded, and share what they name.
func TestRecordsThatNameTheSameNewThings(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	const n = 40
	names := []string{"Fresh Bank", "FRESH BANK", "Frésh-Bank"}
	docs := make([]ledger.Document, n)
	for _, err := range atOnce(n, func(i int) (err error) {
		docs[i], err = l.Record(t.Context(), recording, incidents.Incident{
			Title: "The same title", Category: incidents.DataBreach,
			Participants: []incidents.Participant{{Actor: incidents.ActorRef{Name: names[i%3], Aliases: []string{"FB"}, Kind: incidents.Company, Sector: "bank"}, Role: incidents.RoleVictim}},
			Sources:      []incidents.Source{{URL: "https://example.com/same"}, {Text: "The same text, without an address."}},
		})
		return err
	}) {
		if err != nil {
			t.Error(err)
		}
	}
	slugs, actors, sources := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, doc := range docs {
		in := parse(t, doc)
		slugs[in.Slug] = true
		actors[in.Participants[0].Actor.Slug] = true
		for _, s := range in.Sources {
			sources[s.ID.String()] = true
		}
		sameAsRows(t, l, doc.Slug)
	}
	if len(slugs) != n || !slugs["the-same-title"] || !slugs["the-same-title-2"] || len(actors) != 1 || len(sources) != 2 {
		t.Errorf("%d slugs, %d actors, %d sources", len(slugs), len(actors), len(sources))
	}
}

// The order in which documents name new things does not matter either.
func TestRecordsThatNameNewThingsInAnotherOrder(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	for round := range 5 {
		for _, err := range atOnce(8, func(i int) error {
			a, b := fmt.Sprint("Bank A", round), fmt.Sprint("Bank B", round)
			u, v := fmt.Sprint("https://example.com/u", round), fmt.Sprint("https://example.com/v", round)
			if i%2 == 0 {
				a, b, u, v = b, a, v, u
			}
			_, err := l.Record(t.Context(), recording, incidents.Incident{
				Title: fmt.Sprint("Crossed ", round), Category: incidents.DataBreach,
				Participants: []incidents.Participant{{Actor: incidents.ActorRef{Name: a}, Role: "victim"}, {Actor: incidents.ActorRef{Name: b}, Role: "victim"}},
				Sources:      []incidents.Source{{URL: u}, {URL: v}},
			})
			return err
		}) {
			if err != nil {
				t.Error(err)
			}
		}
	}
}

func TestAnExternalReferenceIsTaken(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	with := func(title, scheme, id string) incidents.Incident {
		return incidents.Incident{Title: title, Category: incidents.CategoryOther, ExternalRefs: []incidents.ExternalRef{{Scheme: scheme, ID: id}}}
	}
	docs := make([]ledger.Document, 12)
	recorded := 0
	for i, err := range atOnce(len(docs), func(i int) (err error) {
		docs[i], err = l.Record(t.Context(), recording, with(fmt.Sprint("Case ", i), "case", "FR-1"))
		return err
	}) {
		var exists *ledger.ExistsError
		switch {
		case err == nil:
			recorded++
		case !errors.As(err, &exists):
			t.Errorf("record %d: %v", i, err)
		case exists.Ref != (incidents.ExternalRef{Scheme: "case", ID: "FR-1"}) || exists.Slug == "":
			t.Errorf("record %d is told %+v", i, exists)
		}
	}
	if recorded != 1 {
		t.Errorf("%d incidents have the reference", recorded)
	}
	for _, err := range atOnce(5, func(i int) error {
		_, err := l.Record(t.Context(), recording, with(fmt.Sprint("Shared ", i), "cve", "CVE-2014-0160"))
		return err
	}) {
		if err != nil {
			t.Errorf("a shared reference: %v", err)
		}
	}
	// Said again, an incident is reported as known, not its slug as taken.
	again := with("Again", "case", "FR-2")
	again.Slug = "again"
	first := record(t, l, again)
	var exists *ledger.ExistsError
	if _, err := l.Record(t.Context(), recording, again); !errors.As(err, &exists) || exists.ID != first.ID || exists.Slug != "again" {
		t.Errorf("recorded again: %v", err)
	}
	other := record(t, l, with("Other", "case", "FR-3"))
	_, err := l.Edit(t.Context(), editing, other.Slug, "", func(in *incidents.Incident) error {
		in.ExternalRefs = append(in.ExternalRefs, incidents.ExternalRef{Scheme: "case", ID: "FR-2"})
		return nil
	})
	if !errors.As(err, &exists) {
		t.Errorf("edited to carry another's reference: %v", err)
	}
	edit(t, l, other.Slug, func(in *incidents.Incident) { in.Title = "It keeps its own reference" })
}

func TestSlugs(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	for _, test := range []struct{ title, slug, disclosed, want string }{
		{"Acme Pay skimmed", "", "", "acme-pay-skimmed"},
		{"Acme Pay skimmed", "", "2014-10", "acme-pay-skimmed-2014"},
		{"Acme Pay skimmed", "", "", "acme-pay-skimmed-2"},
		{"Acme Pay skimmed in 2014", "", "2014-10", "acme-pay-skimmed-in-2014"},
		{"夜环", "", "", "incident"},
		{"夜环", "", "", "incident-2"},
		{"Whatever", "chosen-by-hand", "", "chosen-by-hand"},
	} {
		in := incidents.Incident{Title: test.title, Slug: test.slug, Category: incidents.CategoryOther, Disclosed: ledgertest.Date(test.disclosed)}
		if doc := record(t, l, in); doc.Slug != test.want {
			t.Errorf("%q, %s became %s, want %s", test.title, test.disclosed, doc.Slug, test.want)
		}
	}
	_, err := l.Record(t.Context(), recording, incidents.Incident{Title: "Whatever", Slug: "chosen-by-hand", Category: incidents.CategoryOther})
	wantProblem(t, err, `/slug: another incident has the slug "chosen-by-hand"`)
	// Beyond the numbered ones that are tried there is still a way.
	for range 25 {
		record(t, l, incidents.Incident{Title: "夜环", Category: incidents.CategoryOther})
	}
}

// Edits that touch shared sources in every order end without a mix-up.
func TestWritersOfOneSource(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	b := ledgertest.NewBuilder(99)
	given := make([]incidents.Incident, 16)
	for i := range given {
		given[i] = b.Incident()
	}
	docs := make([]ledger.Document, len(given))
	for i, err := range atOnce(len(given), func(i int) (err error) {
		docs[i], err = l.Record(t.Context(), recording, given[i])
		return err
	}) {
		if err != nil {
			t.Fatalf("record %d: %v", i, err)
		}
	}
	for i, err := range atOnce(len(given), func(i int) error {
		_, err := l.Edit(t.Context(), editing, docs[i].Slug, "", func(in *incidents.Incident) error {
			in.Sources = append(in.Sources, incidents.Source{URL: "https://example.com/late", Title: fmt.Sprint("Title ", i%2)})
			if i%4 == 0 {
				in.Sources[len(in.Sources)-1].Text = "Found late."
			}
			return nil
		})
		return err
	}) {
		if err != nil {
			t.Errorf("edit %d: %v", i, err)
		}
	}
	for _, doc := range docs {
		sameAsRows(t, l, doc.Slug)
	}
}

// An actor that is renamed, or merged into another, while documents name it: all
// end with the actor as it is then.
func TestActorsThatChangeWhileTheyAreNamed(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	naming := func(name string) incidents.Incident {
		return incidents.Incident{
			Title: "An incident of " + name, Category: incidents.CategoryOther,
			Participants: []incidents.Participant{{Actor: incidents.ActorRef{Given: name}, Role: incidents.RoleVictim}},
		}
	}
	for round := range 4 {
		first := naming("")
		first.Title = "The first"
		first.Participants = []incidents.Participant{
			{Actor: incidents.ActorRef{Name: fmt.Sprint("Old ", round), Aliases: []string{fmt.Sprint("Alias ", round)}}, Role: incidents.RoleVictim},
			{Actor: incidents.ActorRef{Name: fmt.Sprint("New ", round)}, Role: incidents.RoleReporter},
		}
		record(t, l, first)
		docs := make([]ledger.Document, 10)
		for i, err := range atOnce(len(docs), func(i int) (err error) {
			switch i {
			case 4:
				return l.EditActor(t.Context(), editing, fmt.Sprint("old-", round), func(a *incidents.Actor) error {
					a.Name, a.Kind = fmt.Sprint("Renamed ", round), incidents.Government
					return nil
				})
			case 7:
				return l.MergeActors(t.Context(), editing, fmt.Sprint("old-", round), fmt.Sprint("new-", round))
			default:
				docs[i], err = l.Record(t.Context(), recording, naming(fmt.Sprint("Alias ", round)))
				return err
			}
		}) {
			var moved *ledger.MovedError
			if err != nil && (i != 4 || !errors.As(err, &moved)) {
				t.Errorf("%d: %v", i, err)
			}
		}
		for _, doc := range docs {
			if doc.Slug != "" {
				if got := parse(t, sameAsRows(t, l, doc.Slug)).Participants[0].Actor.Slug; got != fmt.Sprint("new-", round) {
					t.Errorf("%s names %s", doc.Slug, got)
				}
			}
		}
	}
	if n := ask[int](t, l, "SELECT count(*) FROM incident_participants AS p JOIN actors AS a ON a.id = p.actor_id WHERE a.merged_into IS NOT NULL"); n != 0 {
		t.Errorf("%d roles are left to actors that were merged into others", n)
	}
}
