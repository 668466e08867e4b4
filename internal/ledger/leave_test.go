package ledger_test

import (
	"strings"
	"testing"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
	"github.com/breachledger/breachledger/internal/ledgertest"
)

// roles are the participants of a document.
func roles(in incidents.Incident) string {
	out := make([]string, len(in.Participants))
	for i, p := range in.Participants {
		out[i] = p.Actor.Slug + ":" + string(p.Role)
	}
	return strings.Join(out, " ")
}

// TestWhoJoinedLeaves: whoever joined because a claim names them goes with the
// last claim that does, whatever way the claim goes; whoever was listed stays.
func TestWhoJoinedLeaves(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	const accusation = `{"accused":{"name":"Innocent Ivan","kind":"person"},"claimant":{"name":"The Press","kind":"media"},"basis":"media_attributes"}`
	acme := `"category":"other","participants":[{"actor":{"name":"Acme","kind":"company"},"role":"victim"}]`
	withdraw := func(in *incidents.Incident) { in.Attributions = nil }
	correct := func(in *incidents.Incident) {
		in.Attributions[0].Accused = incidents.ActorRef{Name: "Guilty Gert", Kind: incidents.Person}
	}
	for _, tt := range []struct {
		name, with string
		changes    []func(*incidents.Incident)
		want       string
	}{
		{"withdrawn", `"attributions":[` + accusation + `]`, []func(*incidents.Incident){withdraw}, "acme:victim"},
		{"corrected", `"attributions":[` + accusation + `]`, []func(*incidents.Incident){correct}, "acme:victim the-press:accuser guilty-gert:alleged_attacker"},
		{"one of two", `"attributions":[` + accusation + `,` + accusation + `]`, []func(*incidents.Incident){func(in *incidents.Incident) { in.Attributions = in.Attributions[1:] }}, "acme:victim innocent-ivan:alleged_attacker the-press:accuser"},
		{"read, edited, put back", `"attributions":[` + accusation + `]`, []func(*incidents.Incident){func(in *incidents.Incident) {
			for i := range in.Participants {
				in.Participants[i].Actor = incidents.ActorRef{Slug: in.Participants[i].Actor.Slug, Name: in.Participants[i].Actor.Name}
			}
			withdraw(in)
		}}, "acme:victim"},
		{"responder", `"responses":[{"actor":{"name":"The Bank","kind":"company"},"kind":"apology"}]`, []func(*incidents.Incident){func(in *incidents.Incident) { in.Responses = nil }}, "acme:victim"},
		{"named in another way", `"attributions":[` + accusation + `],"responses":[{"actor":"Innocent Ivan","kind":"apology"}]`, []func(*incidents.Incident){withdraw}, "acme:victim innocent-ivan:responder"},
		{"listed before the claim", `"tags":["listed"]`, []func(*incidents.Incident){
			func(in *incidents.Incident) {
				in.Participants = append(in.Participants, incidents.Participant{Actor: incidents.ActorRef{Name: "Innocent Ivan", Kind: incidents.Person}, Role: incidents.RoleAllegedAttacker})
			},
			func(in *incidents.Incident) {
				in.Attributions = []incidents.Attribution{{Accused: incidents.ActorRef{Given: "Innocent Ivan"}, Basis: "media_attributes"}}
			},
			withdraw,
		}, "acme:victim innocent-ivan:alleged_attacker"},
		{"listed after the claim went", `"attributions":[` + accusation + `]`, []func(*incidents.Incident){withdraw, func(in *incidents.Incident) {
			in.Participants = append(in.Participants, incidents.Participant{Actor: incidents.ActorRef{Given: "Innocent Ivan"}, Role: incidents.RoleAllegedAttacker})
		}, func(in *incidents.Incident) { in.Summary = "Listed." }}, "acme:victim innocent-ivan:alleged_attacker"},
		{"a second role is listed", `"attributions":[{"accused":"Acme","basis":"media_attributes"}]`, []func(*incidents.Incident){func(in *incidents.Incident) {
			in.Participants = append(in.Participants, incidents.Participant{Actor: in.Participants[0].Actor, Role: incidents.RoleAllegedAttacker})
		}, withdraw}, "acme:victim acme:alleged_attacker"},
	} {
		doc := record(t, l, fromJSON(t, `{"title":"`+tt.name+`",`+acme+`,`+tt.with+`}`))
		for _, change := range tt.changes {
			doc = edit(t, l, doc.Slug, change)
		}
		if got := roles(parse(t, doc)); got != tt.want {
			t.Errorf("%s: the participants are %s, want %s", tt.name, got, tt.want)
		}
		sameAsRows(t, l, doc.Slug)
		for version := range parse(t, doc).Version - 1 {
			was, err := l.Revision(t.Context(), editor, doc.Slug, version+1)
			if err != nil {
				t.Fatal(err)
			}
			back, err := l.Restore(t.Context(), ledger.Change{By: editor, Action: "restore"}, doc.Slug, "", version+1)
			if err != nil {
				t.Fatal(err)
			}
			if got, want := roles(parse(t, back)), roles(parse(t, ledger.Document{JSON: was.Document})); got != want {
				t.Errorf("%s: restored, the participants of version %d are %s, want %s", tt.name, version+1, got, want)
			}
		}
	}
}

// TestWhoWasListedInADraftStays when the claim that names them goes: a draft is
// written by people too, however many versions ago. So does somebody who was listed under another slug, of an
// actor that has become another since.
func TestWhoWasListedInADraftStays(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	ivan := incidents.ActorRef{Name: "Innocent Ivan", Kind: incidents.Person}
	listed := func(publication incidents.Publication) ledger.Document {
		return record(t, l, incidents.Incident{
			Title: "Listed " + string(publication), Category: incidents.CategoryOther, Publication: publication,
			Participants: []incidents.Participant{{Actor: ivan, Role: incidents.RoleAllegedAttacker}},
		})
	}
	accuse := func(in *incidents.Incident) {
		in.Attributions = []incidents.Attribution{{Accused: in.Participants[0].Actor, Basis: "media_attributes"}}
	}
	withdraw := func(in *incidents.Incident) { in.Attributions = nil }
	check := func(doc ledger.Document, want string) {
		t.Helper()
		if got := roles(parse(t, doc)); got != want {
			t.Errorf("%s: the participants are %q, want %q", doc.Slug, got, want)
		}
	}
	draft := listed(incidents.Draft)
	edit(t, l, draft.Slug, accuse)
	for range 9 {
		edit(t, l, draft.Slug, func(in *incidents.Incident) { in.Summary += "More. " })
	}
	check(edit(t, l, draft.Slug, withdraw), "innocent-ivan:alleged_attacker")

	published := listed("")
	edit(t, l, published.Slug, accuse)
	if _, err := l.CreateActor(t.Context(), ledger.Change{By: editor, Action: "create actor"}, incidents.Actor{Name: "The Other Ivan", Kind: incidents.Person}); err != nil {
		t.Fatal(err)
	}
	if err := l.MergeActors(t.Context(), ledger.Change{By: editor, Action: "merge actors"}, "innocent-ivan", "the-other-ivan"); err != nil {
		t.Fatal(err)
	}
	check(edit(t, l, published.Slug, withdraw), "the-other-ivan:alleged_attacker")
}
