package web_test

import (
	"fmt"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
)

// TestHistoryTellsRenamedActorsApart: the next version did not rename anybody.
func TestHistoryTellsRenamedActorsApart(t *testing.T) {
	t.Parallel()
	s := open(t)
	c := ledger.Change{By: access.Identity{Name: "a test", Role: access.Editor}, Action: "patch"}
	slug := s.record(incidents.Incident{
		Title: "A breach", Category: incidents.DataBreach,
		Participants: []incidents.Participant{{Actor: incidents.ActorRef{Name: "Acme Terminals"}, Role: incidents.RoleVictim}},
	})
	if err := s.ledger.EditActor(t.Context(), c, "acme-terminals", func(a *incidents.Actor) error { a.Name = "Acme Tills"; return nil }); err != nil {
		t.Fatal(err)
	}
	if _, err := s.ledger.Edit(t.Context(), c, slug, "", func(in *incidents.Incident) error { in.Summary = "Cards."; return nil }); err != nil {
		t.Fatal(err)
	}
	body := s.anybody().page("/incidents/" + slug + "/history")
	has(t, body, "<span>Edited</span>", `Acme Terminals had been renamed to <a href="/actors/acme-terminals">Acme Tills</a> by then.`, "<span>Logged</span>")
	if n := strings.Count(body, "<dt>"); n != 1 {
		t.Errorf("%d changes are shown, and there is one, of the summary:\n%s", n, body)
	}
}

// TestHistoryTellsMergedActorsApart: the next version put nobody in the place of
// another, and removed nobody.
func TestHistoryTellsMergedActorsApart(t *testing.T) {
	t.Parallel()
	s := open(t)
	c := ledger.Change{By: access.Identity{Name: "a test", Role: access.Editor}, Action: "patch"}
	slug := s.record(incidents.Incident{
		Title: "A breach", Category: incidents.DataBreach,
		Participants: []incidents.Participant{
			{Actor: incidents.ActorRef{Name: "Acme Terminals"}, Role: incidents.RoleVictim}, {Actor: incidents.ActorRef{Name: "Acme Tills"}, Role: incidents.RoleVictim},
		},
		Responses: []incidents.Response{{Actor: incidents.ActorRef{Given: "acme-terminals"}, Kind: "apology"}},
	})
	if err := s.ledger.MergeActors(t.Context(), c, "acme-terminals", "acme-tills"); err != nil {
		t.Fatal(err)
	}
	if _, err := s.ledger.Edit(t.Context(), c, slug, "", func(in *incidents.Incident) error { in.Summary = "Cards."; return nil }); err != nil {
		t.Fatal(err)
	}
	body := s.anybody().page("/incidents/" + slug + "/history")
	has(t, body, `Acme Terminals had been merged into <a href="/actors/acme-tills">Acme Tills</a> by then.`)
	if n := strings.Count(body, "<dt>"); n != 1 {
		t.Errorf("%d changes are shown, and there is one, of the summary:\n%s", n, body)
	}
}

// TestHistoryTellsChangedSourcesApart: the next version changed nothing of a source.
func TestHistoryTellsChangedSourcesApart(t *testing.T) {
	t.Parallel()
	s := open(t)
	c := ledger.Change{By: access.Identity{Name: "a test", Role: access.Editor}, Action: "patch"}
	slug := s.record(incidents.Incident{
		Title: "A breach", Category: incidents.DataBreach, Sources: []incidents.Source{{URL: "https://example.com/a", Title: "A notice"}},
		Counts: []incidents.Count{{Unit: "cards", Quantity: new(int64(10)), Claim: incidents.Claim{Evidence: []incidents.Evidence{{Source: incidents.SourceRef{URL: "https://example.com/a"}}}}}},
	})
	sources, _, err := s.ledger.Sources(t.Context(), c.By, "https://example.com/a", ledger.Page{})
	if err != nil || len(sources) != 1 {
		t.Fatal(sources, err)
	}
	if err := s.ledger.EditSource(t.Context(), c, sources[0].ID, func(x *incidents.Source) error { x.Title = "Another notice"; return nil }); err != nil {
		t.Fatal(err)
	}
	if _, err := s.ledger.Edit(t.Context(), c, slug, "", func(in *incidents.Incident) error { in.Summary = "Cards."; return nil }); err != nil {
		t.Fatal(err)
	}
	body := s.anybody().page("/incidents/" + slug + "/history")
	has(t, body, `The source <a href="/sources/`+sources[0].ID.String()+`">Another notice</a> had been changed by then; before, it was shown as A notice.`)
	if n := strings.Count(body, "<dt>"); n != 1 {
		t.Errorf("%d changes are shown, and there is one, of the summary:\n%s", n, body)
	}
}

// TestHistoryShowsSoManyChanges of one version, and says how many there are besides.
func TestHistoryShowsSoManyChanges(t *testing.T) {
	t.Parallel()
	s := open(t)
	in := incidents.Incident{Title: "A breach", Category: incidents.DataBreach}
	for i := range 60 {
		in.Responses = append(in.Responses, incidents.Response{Actor: incidents.ActorRef{Name: "Acme"}, Kind: "apology", Summary: fmt.Sprint("Number ", i)})
	}
	slug := s.record(in)
	c := ledger.Change{By: access.Identity{Name: "a test", Role: access.Editor}, Action: "patch"}
	if _, err := s.ledger.Edit(t.Context(), c, slug, "", func(in *incidents.Incident) error {
		for i := range in.Responses {
			in.Responses[i].Summary += " again"
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	body := s.anybody().page("/incidents/" + slug + "/history")
	has(t, body, `10 more changes are not shown here. <a href="/v1/incidents/`+slug+`/history">The history as JSON</a> has them all.`)
	if n := strings.Count(body, "<dt>"); n != 50 {
		t.Errorf("%d changes are shown", n)
	}
}

// TestAnOldVersionsFiles: what an old version offers to take away is that version.
func TestAnOldVersionsFiles(t *testing.T) {
	t.Parallel()
	v := open(t).anybody()
	has(t, v.page("/incidents/opm-breach"), `href="/incidents/opm-breach/claims.csv"`, `href="/v1/incidents/opm-breach"`, "VERIS")
	body := v.page("/incidents/opm-breach/history/1")
	has(t, body, `href="/v1/incidents/opm-breach/history/1"`)
	for _, present := range []string{"claims.csv", `"/v1/incidents/opm-breach"`, "VERIS", "STIX"} {
		if strings.Contains(body, present) {
			t.Errorf("an old version offers %s, which is that of the present one", present)
		}
	}
}

// TestUndoAMerge goes the way that the queue of duplicates promises: from the
// incident that is left to the history of the one that was merged.
func TestUndoAMerge(t *testing.T) {
	t.Parallel()
	s := open(t)
	for _, title := range []string{"Kept breach", "Merged breach"} {
		s.record(incidents.Incident{Title: title, Category: incidents.DataBreach, Counts: []incidents.Count{{Unit: "cards", Quantity: new(int64(len(title)))}}})
	}
	v := s.as(access.Editor)
	if r := v.post("/duplicates", url.Values{"one": {"kept-breach"}, "other": {"merged-breach"}, "decision": {"keep-one"}}); r.Code != http.StatusSeeOther {
		t.Fatalf("merge: status %d", r.Code)
	}
	const others = "/incidents/merged-breach/history"
	has(t, v.page("/incidents/kept-breach/history"), "Merge from merged-breach", `To undo it, go to the <a href="`+others+`">`)
	has(t, s.anybody().page("/incidents/kept-breach/history"), "Merge from merged-breach", `<a href="`+others+`">History of merged-breach</a>`)
	if body := s.anybody().page(others); strings.Contains(body, "undo") || strings.Contains(body, "restore") {
		t.Error("a reader is offered to undo a merge")
	}
	body := v.page(others)
	has(t, body, `Merged into <a href="/incidents/kept-breach">`, "undo", "Version 2", "Version 1", "Bring version 1 back")
	etag := regexp.MustCompile(`name="etag" value="([^"]+)"`).FindStringSubmatch(body)
	if etag == nil {
		t.Fatal("the form does not say which version it is about")
	}
	undo := url.Values{"version": {"1"}, "etag": {html.UnescapeString(etag[1])}}
	if r := v.post("/incidents/merged-breach/restore", undo); r.Header().Get("Location") != "/incidents/merged-breach?done=restored" {
		t.Fatalf("undo: status %d to %q\n%s", r.Code, r.Header().Get("Location"), r.Body)
	}
	if r := v.post("/incidents/merged-breach/restore", undo); r.Code != http.StatusConflict {
		t.Errorf("undone twice: status %d", r.Code)
	}
	has(t, s.anybody().page("/incidents/merged-breach"), "13 cards")
	has(t, s.anybody().page("/incidents/kept-breach"), "The figure", "11 cards")
}
