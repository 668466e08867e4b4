package incidents

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
)

func TestComplete(t *testing.T) {
	t.Parallel()
	in := Incident{
		Counts:       []Count{{}},
		Losses:       []Loss{{}},
		Attributions: []Attribution{{}},
		Responses:    []Response{{Kind: Denial}, {Kind: Refund}, {Kind: Refund, Status: Promised}},
	}
	in.Complete()
	none := Claim{Evidence: []Evidence{}}
	want := Incident{
		Certainty: Confirmed,
		Countries: []string{}, Vectors: []Vector{}, DataClasses: []DataClass{}, PaymentMethods: []PaymentMethod{}, Tags: []string{},
		Participants: []Participant{}, Sources: []Source{}, ExternalRefs: []ExternalRef{},
		Counts:       []Count{{Claim: none, Qualifier: Exact, Headline: true}},
		Losses:       []Loss{{Claim: none, Qualifier: Exact, Scope: ScopeUnspecified}},
		Attributions: []Attribution{{Claim: none, Confidence: "none"}},
		Responses:    []Response{{Claim: none, Kind: Denial, Status: Stated}, {Claim: none, Kind: Refund, Status: Done}, {Claim: none, Kind: Refund, Status: Promised}},
	}
	if diff := cmp.Diff(want, in, cmp.AllowUnexported(PartialDate{})); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestCompleteKeepsWhatIsGiven(t *testing.T) {
	t.Parallel()
	in, again := full(t), full(t)
	again.Complete()
	if diff := cmp.Diff(in, again, cmp.AllowUnexported(PartialDate{})); diff != "" {
		t.Errorf("completing a complete document changes it:\n%s", diff)
	}
}

func TestCompleteSaysExactlyInOneWay(t *testing.T) {
	t.Parallel()
	given := &Money{Qualifier: Exact, Amount: *amount("1"), Currency: "USD"}
	in := Incident{Losses: []Loss{{Converted: given}, {Converted: &Money{Qualifier: About}}}}
	in.Complete()
	if in.Losses[0].Converted.Qualifier != "" || in.Losses[1].Converted.Qualifier != About {
		t.Errorf("the qualifiers are %q and %q", in.Losses[0].Converted.Qualifier, in.Losses[1].Converted.Qualifier)
	}
	if given.Qualifier != Exact {
		t.Error("what was given was written into")
	}
}

// Which of several counts is the headline is for a person to say.
func TestCompleteMarksOnlyALoneCount(t *testing.T) {
	t.Parallel()
	in := Incident{Counts: []Count{{}, {}}}
	in.Complete()
	if in.Counts[0].Headline || in.Counts[1].Headline {
		t.Error("one of two counts became the headline by itself")
	}
}

func TestDefaultStatus(t *testing.T) {
	t.Parallel()
	said := " disclosure acknowledgement apology denial scope_denial no_comment user_advisory cooperation warning ransom_refused other "
	for _, kind := range responseKinds.Values() {
		want := Done
		if strings.Contains(said, " "+kind+" ") {
			want = Stated
		}
		if got := ResponseKind(kind).DefaultStatus(); got != want {
			t.Errorf("%s: default status %q, want %q", kind, got, want)
		}
	}
}

func TestLink(t *testing.T) {
	t.Parallel()
	known, foreign := id(1), id(2)
	in := Incident{
		Counts: []Count{
			{Claim: Claim{Key: "old"}},
			{Claim: Claim{Key: "new"}, Supersedes: "old"},
			{Claim: Claim{ID: known}},
			{Claim: Claim{Key: "newer"}, Supersedes: ClaimRef(strings.ToUpper(known.String()))},
			{Claim: Claim{ID: foreign}, Supersedes: "newer"},
			{Supersedes: ClaimRef(strings.ToUpper(foreign.String()))},
		},
		Losses:       []Loss{{}},
		Attributions: []Attribution{{Claim: Claim{Key: "accusation"}}},
		Responses: []Response{
			{Claim: Claim{Key: "promise"}},
			{Answers: "accusation", Fulfils: "promise"},
		},
	}
	in.Link(func(u uuid.UUID) bool { return u == known })

	seen := map[uuid.UUID]string{}
	in.EachClaim(func(pointer string, c *Claim) {
		if c.ID == uuid.Nil || seen[c.ID] != "" {
			t.Errorf("%s has the id %s, like %q", pointer, c.ID, seen[c.ID])
		}
		if c.Key != "" {
			t.Errorf("%s still has the key %q", pointer, c.Key)
		}
		seen[c.ID] = pointer
	})
	if in.Counts[2].ID != known {
		t.Errorf("the known claim has the id %s, want %s", in.Counts[2].ID, known)
	}
	if in.Counts[4].ID == foreign {
		t.Error("a claim keeps an id that is not the incident's")
	}
	if v := in.Losses[0].ID.Version(); v != 7 {
		t.Errorf("a new id has the version %d, want 7", v)
	}
	for _, tt := range []struct {
		name      string
		got, want ClaimRef
	}{
		{"count by key", in.Counts[1].Supersedes, ClaimRef(in.Counts[0].ID.String())},
		{"count by id in upper case", in.Counts[3].Supersedes, ClaimRef(known.String())},
		{"count further on by key", in.Counts[4].Supersedes, ClaimRef(in.Counts[3].ID.String())},
		{"count by an id that was not kept", in.Counts[5].Supersedes, ClaimRef(in.Counts[4].ID.String())},
		{"no reference", in.Counts[0].Supersedes, ""},
		{"attribution by key", in.Responses[1].Answers, ClaimRef(in.Attributions[0].ID.String())},
		{"response by key", in.Responses[1].Fulfils, ClaimRef(in.Responses[0].ID.String())},
	} {
		if tt.got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, tt.got, tt.want)
		}
	}
}

func TestLinkAgainChangesNothing(t *testing.T) {
	t.Parallel()
	in, again := full(t), full(t)
	again.Link(func(uuid.UUID) bool { return true })
	if diff := cmp.Diff(in, again, cmp.AllowUnexported(PartialDate{})); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestClone(t *testing.T) {
	t.Parallel()
	in, same := full(t), full(t)
	c := in.Clone()
	if diff := cmp.Diff(in, c, cmp.AllowUnexported(PartialDate{})); diff != "" {
		t.Errorf("-document +clone:\n%s", diff)
	}
	c.Countries[0], c.Vectors[0], c.DataClasses[0], c.PaymentMethods[0], c.Tags[0] = "", "", "", "", ""
	c.Sources[0], c.ExternalRefs[0] = Source{}, ExternalRef{}
	c.EachActor(func(_ string, r *ActorRef) { *r = named("changed") })
	c.EachClaim(func(_ string, claim *Claim) { claim.Evidence[0] = Evidence{} })
	c.Link(func(uuid.UUID) bool { return false })
	c.JoinActors()
	c.Derive()
	if diff := cmp.Diff(same, in, cmp.AllowUnexported(PartialDate{})); diff != "" {
		t.Errorf("the document changed with its clone, -before +after:\n%s", diff)
	}
}

func TestNewIDsAscend(t *testing.T) {
	t.Parallel()
	last := ""
	for range 1000 {
		next := NewID().String()
		if next <= last {
			t.Fatalf("%s follows %s", next, last)
		}
		last = next
	}
}

func TestJoinActors(t *testing.T) {
	t.Parallel()
	acme, state, firm, press := ActorRef{ID: id(1), Slug: "acme"}, ActorRef{ID: id(2), Slug: "state"}, ActorRef{ID: id(3), Slug: "firm"}, ActorRef{ID: id(4), Slug: "press"}
	tests := []struct {
		name string
		in   Incident
		want string
	}{
		{"nobody", Incident{}, ""},
		{"accused, claimant and responder", Incident{
			Participants: []Participant{{acme, RoleVictim}},
			Attributions: []Attribution{{Accused: state, Claimant: &firm}},
			Responses:    []Response{{Actor: press}},
		}, "acme victim, state alleged_attacker, firm accuser, press responder"},
		{"whoever has a role keeps it", Incident{
			Participants: []Participant{{acme, RoleVictim}, {press, RoleReporter}},
			Attributions: []Attribution{{Accused: press, Claimant: &acme}},
			Responses:    []Response{{Actor: acme}},
		}, "acme victim, press reporter"},
		{"once each", Incident{
			Attributions: []Attribution{{Accused: state, Claimant: &firm}, {Accused: state, Claimant: &firm}},
			Responses:    []Response{{Actor: state}, {Actor: acme}, {Actor: acme}},
		}, "state alleged_attacker, firm accuser, acme responder"},
		{"the source itself is the claimant", Incident{Attributions: []Attribution{{Accused: state}}}, "state alleged_attacker"},
		{"who claims a figure does not join", Incident{Counts: []Count{{ClaimedBy: &acme}}, Losses: []Loss{{ClaimedBy: &firm}}}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			for range 2 { // joining again changes nothing
				tt.in.JoinActors()
				var got []string
				for _, p := range tt.in.Participants {
					got = append(got, p.Actor.Slug+" "+string(p.Role))
				}
				if s := strings.Join(got, ", "); s != tt.want {
					t.Errorf("participants: %s\nwant: %s", s, tt.want)
				}
			}
		})
	}
}

func TestActorRefKey(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		ref  ActorRef
		want string
	}{
		{ActorRef{ID: id(1), Slug: "acme", Name: "Acme"}, id(1).String()},
		{ActorRef{Slug: "acme", Name: "Acme"}, "slug:acme"},
		{named("ACME Pay"), "name:acme pay"},
		{ActorRef{Name: "Acme-Pay"}, "name:acme pay"},
	} {
		if got := tt.ref.Key(); got != tt.want {
			t.Errorf("Key() of %+v = %q, want %q", tt.ref, got, tt.want)
		}
	}
}

func TestActorRefAndActor(t *testing.T) {
	t.Parallel()
	ref := full(t).Participants[1].Actor
	ref.ID = id(5)
	actor := ref.Actor()
	if diff := cmp.Diff(ref, ActorRef{ID: actor.ID, Slug: actor.Slug, Name: actor.Name, Kind: actor.Kind, Sector: actor.Sector, Country: actor.Country, Domain: actor.Domain, Aliases: actor.Aliases}); diff != "" {
		t.Errorf("-ref +actor:\n%s", diff)
	}
	if diff := cmp.Diff([]string{"Night Ring", "NR", "夜环"}, actor.Names()); diff != "" {
		t.Errorf("names, -want +got:\n%s", diff)
	}
	if diff := cmp.Diff(ActorRef{ID: id(5), Slug: "night-ring", Name: "Night Ring", Kind: Group, Sector: SectorUnknown}, actor.Ref()); diff != "" {
		t.Errorf("reference, -want +got:\n%s", diff)
	}
}

func TestExternalRefIdentifies(t *testing.T) {
	t.Parallel()
	for scheme, want := range map[string]bool{"vcdb": true, "hibp": true, "case": true, "cve": false, "cwe": false, "ghsa": false, "attack": false} {
		if got := (ExternalRef{Scheme: scheme, ID: "1"}).Identifies(); got != want {
			t.Errorf("%s identifies: %t, want %t", scheme, got, want)
		}
	}
}
