package web_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
)

// TestNoLinksThatLeadNowhere: the API answers 404 for what is not public, and pages for
// those who see drafts don't link to it.
func TestNoLinksThatLeadNowhere(t *testing.T) {
	t.Parallel()
	s := open(t)
	acme := incidents.ActorRef{Name: "Acme", Kind: incidents.Company}
	in := incidents.Incident{Title: "A draft", Category: incidents.DataBreach, Participants: []incidents.Participant{{Actor: acme, Role: incidents.RoleVictim}}}
	for i := range 60 {
		in.Participants = append(in.Participants, incidents.Participant{Actor: incidents.ActorRef{Name: fmt.Sprint("Shop ", i), Kind: incidents.Company}, Role: incidents.RoleVictim})
	}
	c := ledger.Change{By: access.Identity{Name: "a test", Role: access.Contributor}, Action: "record"}
	draft, err := s.ledger.Record(t.Context(), c, in)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.ledger.Edit(t.Context(), c, draft.Slug, draft.ETag, func(i *incidents.Incident) error { i.Participants = i.Participants[:1]; return nil }); err != nil {
		t.Fatal(err)
	}
	slug := draft.Slug
	editor := s.as(access.Editor)
	for _, path := range []string{"/actors/acme", "/incidents/" + slug, "/incidents/" + slug + "/history"} {
		if page := editor.page(path); strings.Contains(page, `href="/v1/`) {
			t.Errorf("%s leads to the API, which does not show it", path)
		}
	}
	has(t, editor.page("/incidents/"+slug+"/history"), "more changes are not shown here.")
	in.Title = "Another"
	s.record(in)
	has(t, editor.page("/actors/acme"), `href="/v1/actors/acme"`)
}

// TestActorFigures: an incident counts once, whatever the roles, and promises
// stand as the register has them.
func TestActorFigures(t *testing.T) {
	t.Parallel()
	s := open(t)
	day := func(text string) incidents.PartialDate {
		t.Helper()
		d, err := incidents.ParseDate(text)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	acme := incidents.ActorRef{Name: "Acme", Kind: incidents.Company}
	bank := incidents.ActorRef{Name: "Central Bank", Kind: incidents.Company}
	s.record(incidents.Incident{
		Title: "Two roles", Category: incidents.DataBreach,
		Participants: []incidents.Participant{{Actor: acme, Role: incidents.RoleVictim}, {Actor: acme, Role: incidents.RoleAffectedPlatform}},
		Responses: []incidents.Response{
			{Claim: incidents.Claim{Key: "late"}, Actor: acme, Kind: "apology", Status: incidents.Promised, Due: day("2014"), Summary: "Late one."},
			{Actor: acme, Kind: "apology", Status: incidents.Promised, Due: day("2199"), Summary: "Open one."},
			{Actor: bank, Kind: "apology", Status: incidents.Promised, Due: day("2014"), Summary: "The bank's."},
		},
	})
	s.record(incidents.Incident{
		Title: "Kept and broken", Category: incidents.DataBreach, Participants: []incidents.Participant{{Actor: acme, Role: incidents.RoleVictim}},
		Responses: []incidents.Response{
			{Claim: incidents.Claim{Key: "p"}, Actor: acme, Kind: "apology", Status: incidents.Promised, Summary: "Kept one."},
			{Actor: acme, Kind: "apology", Status: "done", Fulfils: "p", Date: day("2015-01-01")},
			{Actor: acme, Kind: "apology", Status: incidents.Broken, Fulfils: "p", Date: day("2016-01-01")},
		},
	})
	body := s.anybody().page("/actors/acme")
	has(t, body, `<dt>Incidents</dt><dd><span class="big">2</span>`, "1 kept, 0 broken, 1 overdue", "<h2>Victim")
	// What was broken is not shown as if it had been done.
	has(t, body, "Its responses", `<span class="badge broken">broken</span> <span class="meta">`, "1 January 2016")
	badges := func(body string) map[string]string {
		out := map[string]string{}
		_, promises, _ := strings.Cut(body, "Its promises")
		promises, _, _ = strings.Cut(promises, "</section>")
		for _, m := range regexp.MustCompile(`(Late one|Open one|Kept one|The bank's)\. *<span class="badge ([a-z]+)">([a-z]+)</span>`).FindAllStringSubmatch(strings.ReplaceAll(promises, "&#39;", "'"), -1) {
			out[m[1]] = m[2] + " " + m[3]
		}
		return out
	}
	got := badges(body)
	if len(got) != 3 || got["Late one"] != "overdue overdue" || got["Open one"] != "open open" || got["Kept one"] != "kept kept" {
		t.Errorf("the promises of Acme are %v", got)
	}
	// Who takes no part in an incident can promise something about it.
	if got := badges(s.anybody().page("/actors/central-bank")); len(got) != 1 || got["The bank's"] != "overdue overdue" {
		t.Errorf("the promises of the bank are %v", got)
	}
	if description := regexp.MustCompile(`<meta name="description" content="[^"]*"`).FindString(body); !strings.Contains(description, "2 incidents") {
		t.Errorf("the page is described as %s", description)
	}
}

// TestActorReplies: a response says what it was, in its source's words where nobody
// has put it in others, and how well it is known.
func TestActorReplies(t *testing.T) {
	t.Parallel()
	s := open(t)
	acme := incidents.ActorRef{Name: "Acme", Kind: incidents.Company}
	s.record(incidents.Incident{
		Title: "Tills", Category: incidents.DataBreach, Sources: []incidents.Source{{Key: "s", Text: "We never lost a card."}},
		Responses: []incidents.Response{
			{Actor: acme, Kind: incidents.Denial, Claim: incidents.Claim{Evidence: []incidents.Evidence{{Source: incidents.SourceRef{Key: "s"}, Quote: "We never lost a card"}}}},
			{Actor: acme, Kind: "apology"},
		},
	})
	has(t, s.anybody().page("/actors/acme"), "Denial</a>", "quoted", "We never lost a card</q>", "Apology</a>", "unsourced", "not recorded")
	has(t, s.anybody().page("/actors/apple"), "Refund</a>", "promised", "known from an unnamed source", "quoted", "Its promises", "known from an unnamed source")
}
