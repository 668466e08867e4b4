package ledger_test

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
	"github.com/breachledger/breachledger/internal/ledgertest"
)

// The document that is kept of an incident is the one that its rows make, and
// each write leaves one revision, which holds that document. Checked on random
// documents and random edits of them.
func TestDocumentsEqualTheirRows(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	b := ledgertest.NewBuilder(7)
	var slugs []string
	for range 40 {
		given := b.Incident()
		doc := record(t, l, given)
		slugs = append(slugs, doc.Slug)
		stored := parse(t, sameAsRows(t, l, doc.Slug))
		saysTheSame(t, given, stored)
		wantRevisions(t, l, doc, 1)
	}
	for i, slug := range slugs {
		for v := 2; v <= 4; v++ {
			doc := edit(t, l, slug, b.Change)
			if got := parse(t, sameAsRows(t, l, slug)).Version; got == v {
				wantRevisions(t, l, doc, v)
			} else { // the change happened to alter nothing
				wantRevisions(t, l, doc, got)
				break
			}
		}
		if i%10 == 0 { // what was written since has changed nothing of the others
			for _, other := range slugs {
				sameAsRows(t, l, other)
			}
		}
	}
}

// wantRevisions fails the test unless the document has just so many revisions,
// numbered from 1, and the last one holds it.
func wantRevisions(t *testing.T, l *ledger.Ledger, doc ledger.Document, n int) {
	t.Helper()
	count := ask[int](t, l, "SELECT count(*) FROM incident_revisions WHERE incident_id = $1 AND version BETWEEN 1 AND $2", doc.ID, n)
	all := ask[int](t, l, "SELECT count(*) FROM incident_revisions WHERE incident_id = $1", doc.ID)
	if count != n || all != n {
		t.Errorf("%s has %d revisions, of which %d are numbered 1 to %d", doc.Slug, all, count, n)
	}
	last := ask[json.RawMessage](t, l, "SELECT document FROM incident_revisions WHERE incident_id = $1 ORDER BY version DESC LIMIT 1", doc.ID)
	if !bytes.Equal(last, doc.JSON) {
		t.Errorf("the last revision of %s holds\n%s\nthe write answered\n%s", doc.Slug, last, doc.JSON)
	}
}

// saysTheSame fails the test when a stored document says anything else than the
// one that was given.
func saysTheSame(t *testing.T, given, stored incidents.Incident) {
	t.Helper()
	type said struct {
		Title, Summary                         string
		Category                               incidents.Category
		Occurred                               incidents.Period
		Discovered, Disclosed, Contained       incidents.PartialDate
		Countries, Tags                        []string
		Vectors                                []incidents.Vector
		Refs                                   []incidents.ExternalRef
		Counts, Losses, Attributions, Response []string
	}
	of := func(given incidents.Incident) said {
		in := given.Clone()
		in.Complete()
		in.Link(func(uuid.UUID) bool { return true })
		in.Derive()
		s := said{
			Title: in.Title, Summary: in.Summary, Category: in.Category, Occurred: in.Occurred, Discovered: in.Discovered, Disclosed: in.Disclosed,
			Contained: in.Contained, Countries: in.Countries, Tags: in.Tags, Vectors: in.Vectors, Refs: in.ExternalRefs,
		}
		for _, c := range in.Counts {
			s.Counts = append(s.Counts, c.Text+" "+string(c.Support)+" "+c.AsOf.String())
		}
		for _, c := range in.Losses {
			s.Losses = append(s.Losses, c.Text+" "+string(c.Support)+" "+string(c.Scope))
		}
		for _, c := range in.Attributions {
			s.Attributions = append(s.Attributions, string(c.Basis)+" "+string(c.Confidence)+" "+string(c.Support)+" "+c.Stated.String())
		}
		for _, c := range in.Responses {
			s.Response = append(s.Response, string(c.Kind)+" "+string(c.Status)+" "+string(c.Support)+" "+c.Date.String()+" "+c.Due.String()+" "+c.Summary+c.SpokenBy)
		}
		return s
	}
	if diff := cmp.Diff(of(given), of(stored), cmp.Comparer(func(a, b incidents.PartialDate) bool { return a == b })); diff != "" {
		t.Errorf("-given +stored:\n%s", diff)
	}
}

// What a later document adds to what is known of a shared source shows in the
// documents that name it already.
func TestASharedSourceLooksTheSameEverywhere(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	citing := func(title string, s incidents.Source) incidents.Incident {
		return incidents.Incident{
			Title: title, Category: incidents.CategoryOther, Sources: []incidents.Source{s},
			Counts: []incidents.Count{{Unit: incidents.People, Qualifier: incidents.NotDisclosed, Claim: incidents.Claim{Evidence: []incidents.Evidence{{}}}}},
		}
	}
	const url = "https://example.com/shared"
	first := record(t, l, citing("First", incidents.Source{URL: url}))
	search := func(q string) int {
		page, err := l.Incidents(t.Context(), ledger.Filter{Query: q}, "", ledger.Page{})
		if err != nil {
			t.Fatal(err)
		}
		return len(page.Items)
	}
	if search("haystack") != 0 {
		t.Error("found before it was written")
	}
	record(t, l, citing("Second", incidents.Source{URL: url, Title: "A title", Publisher: "A publisher"}))
	record(t, l, citing("Third", incidents.Source{URL: url, Title: "Another title", Text: "There is a needle in the haystack."}))
	now := sameAsRows(t, l, "first")
	in := parse(t, now)
	if s := in.Sources[0]; s.Title != "A title" || s.Publisher != "A publisher" || !s.HasText {
		t.Errorf("the first document shows %+v", s)
	}
	if in.Counts[0].Evidence[0].Source.Title != "A title" {
		t.Errorf("its evidence shows %+v", in.Counts[0].Evidence[0].Source)
	}
	if now.ETag == first.ETag || in.Version != 1 {
		t.Errorf("its ETag was %s and is %s, its version is %d", first.ETag, now.ETag, in.Version)
	}
	wantOne := ask[int](t, l, "SELECT count(*) FROM incident_revisions WHERE incident_id = $1", first.ID)
	if n := search("haystack"); n != 3 || wantOne != 1 {
		t.Errorf("%d of 3 found, %d revisions of the first", n, wantOne)
	}
}
