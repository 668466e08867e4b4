package incidents

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestVictims(t *testing.T) {
	t.Parallel()
	acme := &ActorRef{Name: "Acme"}
	quoted := Claim{Evidence: []Evidence{{Quote: "as many as"}}}
	tests := []struct {
		name   string
		counts []Count
		want   *Victims
	}{
		{"no count", nil, nil},
		{"at most", []Count{{Claim: quoted, Unit: Records, Qualifier: AtMost, Quantity: new(int64(78_800_000)), ClaimedBy: acme, Headline: true}},
			&Victims{Quantity: new(int64(78_800_000)), High: new(int64(78_800_000)), Qualifier: AtMost, Unit: Records, ClaimedBy: acme, Support: Quoted, Text: "at most 78,800,000 records"}},
		{"more than", []Count{{Unit: "national_ids", Qualifier: MoreThan, Quantity: new(int64(21_000_000)), Headline: true}},
			&Victims{Quantity: new(int64(21_000_000)), Low: new(int64(21_000_000)), Qualifier: MoreThan, Unit: "national_ids", Support: Unsourced, Text: "more than 21,000,000 national IDs"}},
		{"between", []Count{{Unit: People, Qualifier: Between, Low: new(int64(2)), High: new(int64(5)), Headline: true}},
			&Victims{Quantity: new(int64(5)), Low: new(int64(2)), High: new(int64(5)), Qualifier: Between, Unit: People, Support: Unsourced, Text: "between 2 and 5 people"}},
		{"a true zero", []Count{{Unit: People, Qualifier: Exact, Quantity: new(int64(0)), Headline: true}},
			&Victims{Quantity: new(int64(0)), Low: new(int64(0)), High: new(int64(0)), Qualifier: Exact, Unit: People, Support: Unsourced, Text: "0 people"}},
		{"unquantified", []Count{{Unit: People, Qualifier: Unquantified, Headline: true}},
			&Victims{Qualifier: Unquantified, Unit: People, Support: Unsourced, Text: "an unquantified number of people"}},
		{"the headline of several", []Count{
			{Unit: Records, Qualifier: Exact, Quantity: new(int64(900))},
			{Unit: People, Qualifier: NotDisclosed, Headline: true},
		}, &Victims{Qualifier: NotDisclosed, Unit: People, Support: Unsourced, Text: "number of people not disclosed"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			in := Incident{Counts: tt.counts, Victims: &Victims{Text: "stale"}}
			in.Derive()
			if diff := cmp.Diff(tt.want, in.Victims); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestSupport(t *testing.T) {
	t.Parallel()
	quote, source := Evidence{Source: SourceRef{ID: id(1)}, Quote: "…"}, Evidence{Source: SourceRef{ID: id(1)}}
	for _, tt := range []struct {
		name     string
		evidence []Evidence
		want     Support
	}{
		{"none", nil, Unsourced},
		{"source", []Evidence{source}, Cited},
		{"quote", []Evidence{quote}, Quoted},
		{"the best counts", []Evidence{source, quote, source}, Quoted},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			claim := Claim{Evidence: tt.evidence, Support: "stale"}
			in := Incident{Counts: []Count{{Claim: claim}}, Losses: []Loss{{Claim: claim}}, Attributions: []Attribution{{Claim: claim}}, Responses: []Response{{Claim: claim}}}
			in.Derive()
			in.EachClaim(func(pointer string, c *Claim) {
				if c.Support != tt.want {
					t.Errorf("%s: support %q, want %q", pointer, c.Support, tt.want)
				}
			})
		})
	}
}

func TestPayment(t *testing.T) {
	t.Parallel()
	with := func(sector Sector, role Role) Incident {
		return Incident{Category: DataBreach, Participants: []Participant{{ActorRef{Name: "Acme", Sector: sector}, role}}}
	}
	counting := func(unit Unit, qualifier Qualifier, quantity *int64) Incident {
		return Incident{Category: DataBreach, Counts: []Count{{Unit: People, Quantity: new(int64(7)), Headline: true}, {Unit: unit, Qualifier: qualifier, Quantity: quantity}}}
	}
	type test struct {
		name string
		in   Incident
		want bool
	}
	tests := []test{
		{"cards", counting(Cards, AtMost, new(int64(40_000_000))), true},
		{"cards, not counted", counting(Cards, NotDisclosed, nil), true},
		{"more than 0 cards", counting(Cards, MoreThan, new(int64(0))), true},
		{"no card at all", counting(Cards, Exact, new(int64(0))), false},
		{"accounts", counting(Accounts, AtMost, new(int64(40_000_000))), false},
		{"nothing", Incident{}, false},
		{"payment_methods alone", Incident{Category: DataBreach, PaymentMethods: []PaymentMethod{"crypto"}}, false},
		{"one data class of several", Incident{DataClasses: []DataClass{"contact", "bank_account"}}, true},
		{"affected platform of a payments sector", with("wallet", RoleAffectedPlatform), true},
		{"responder of a payments sector", with("bank", RoleResponder), false},
		{"alleged attacker of a payments sector", with("bank", RoleAllegedAttacker), false},
	}
	for _, c := range categories.Values() {
		tests = append(tests, test{"category " + c, Incident{Category: Category(c)}, c == "payment_fraud" || c == "theft_of_funds"})
	}
	inPayments := " card_number card_security_code card_track_or_pin partial_card bank_account payment_history wallet_or_crypto_key other_payment "
	for _, d := range dataClasses.Values() {
		tests = append(tests, test{"data class " + d, Incident{Category: DataBreach, DataClasses: []DataClass{DataClass(d)}}, strings.Contains(inPayments, " "+d+" ")})
	}
	inPayments += " bank payment_processor card_network wallet crypto fintech "
	for _, s := range sectors.Values() {
		tests = append(tests, test{"sector " + s, with(Sector(s), RoleVictim), strings.Contains(inPayments, " "+s+" ")})
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			tt.in.Payment = !tt.want
			tt.in.Derive()
			if tt.in.Payment != tt.want {
				t.Errorf("payment = %t, want %t", tt.in.Payment, tt.want)
			}
		})
	}
}

func TestUnanswered(t *testing.T) {
	t.Parallel()
	acme, bolt, state := ActorRef{ID: id(1), Name: "Acme"}, ActorRef{ID: id(2), Name: "Bolt"}, ActorRef{ID: id(3), Name: "Some state", Kind: Government}
	tests := []struct {
		name         string
		participants []Participant
		responses    []Response
		want         bool
	}{
		{"nobody was breached", nil, nil, false},
		{"a victim says nothing", []Participant{{acme, RoleVictim}}, nil, true},
		{"a platform says nothing", []Participant{{acme, RoleAffectedPlatform}}, nil, true},
		{"the victim answers", []Participant{{acme, RoleVictim}}, []Response{{Actor: acme, Kind: "apology"}}, false},
		{"no comment is a recorded response", []Participant{{acme, RoleVictim}}, []Response{{Actor: acme, Kind: "no_comment"}}, false},
		{"the platform answers for both", []Participant{{acme, RoleVictim}, {bolt, RoleAffectedPlatform}}, []Response{{Actor: bolt, Kind: Refund}}, false},
		{"the accused state denies", []Participant{{acme, RoleVictim}, {state, RoleAllegedAttacker}}, []Response{{Actor: state, Kind: Denial}}, true},
		{"a responder who was not breached", []Participant{{acme, RoleVictim}, {bolt, RoleResponder}}, []Response{{Actor: bolt, Kind: "warning"}}, true},
		{"only a responder", []Participant{{bolt, RoleResponder}}, []Response{{Actor: bolt, Kind: "warning"}}, false},
		{"the victim in a second role", []Participant{{acme, RoleReporter}, {acme, RoleVictim}}, []Response{{Actor: acme, Kind: "disclosure"}}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			in := Incident{Participants: tt.participants, Responses: tt.responses, Unanswered: !tt.want}
			in.Derive()
			if in.Unanswered != tt.want {
				t.Errorf("unanswered = %t, want %t", in.Unanswered, tt.want)
			}
		})
	}
}

func TestContested(t *testing.T) {
	t.Parallel()
	first, second := ClaimRef(id(1).String()), ClaimRef(id(2).String())
	tests := []struct {
		name      string
		responses []Response
		want      [2]bool
	}{
		{"no response", nil, [2]bool{}},
		{"denial of the first", []Response{{Kind: Denial, Answers: first}}, [2]bool{true, false}},
		{"denial of scope of the second", []Response{{Kind: ScopeDenial, Answers: second}}, [2]bool{false, true}},
		{"denials of both", []Response{{Kind: Denial, Answers: first}, {Kind: Denial, Answers: second}}, [2]bool{true, true}},
		{"denial that answers nothing", []Response{{Kind: Denial}}, [2]bool{}},
		{"no denial", []Response{{Kind: "apology", Answers: first}}, [2]bool{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			in := Incident{
				Attributions: []Attribution{{Claim: Claim{ID: id(1)}, Contested: !tt.want[0]}, {Claim: Claim{ID: id(2)}, Contested: !tt.want[1]}},
				Responses:    tt.responses,
			}
			in.Derive()
			if got := [2]bool{in.Attributions[0].Contested, in.Attributions[1].Contested}; got != tt.want {
				t.Errorf("contested = %v, want %v", got, tt.want)
			}
			if in.Contested != (tt.want[0] || tt.want[1]) {
				t.Errorf("the incident: contested = %t", in.Contested)
			}
		})
	}
}

// Without ids nothing is linked, and an empty reference meets no empty id.
func TestContestedNeedsALink(t *testing.T) {
	t.Parallel()
	in := Incident{Attributions: []Attribution{{}}, Responses: []Response{{Kind: Denial, Answers: "00000000-0000-0000-0000-000000000000"}}}
	in.Derive()
	if in.Contested {
		t.Error("contested by a reference to no claim")
	}
}

func TestCard(t *testing.T) {
	t.Parallel()
	undated := small()
	undated.ID, undated.Slug, undated.Publication, undated.Version, undated.UpdatedAt = id(2), "acme-pay-card-skimming-2", Draft, 1, time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	undated.Derive()
	undisclosed := small()
	undisclosed.Counts = []Count{{Unit: People, Qualifier: NotDisclosed, Headline: true}}
	undisclosed.Derive()
	cards := []Card{full(t).Card(), undated.Card(), undisclosed.Card(), new(Incident).Card()}
	out, err := json.MarshalIndent(cards, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "cards.golden", string(out)+"\n")
}

// The names of a list item's fields, in order, as clients rely on them.
func TestCardFields(t *testing.T) {
	t.Parallel()
	in := full(t)
	for _, tt := range []struct {
		name  string
		value any
		want  string
	}{
		{"list item", in.Card(), "id slug title category certainty publication occurred disclosed countries vectors payment victims actors response_count unanswered contested version updated_at"},
		{"list item without anything", new(Incident).Card(), "id slug title category certainty publication occurred disclosed countries vectors payment victims actors response_count unanswered contested version updated_at"},
		{"victims", Victims{}, "quantity low high qualifier unit claimed_by support text"},
		{"actor", in.Card().Actors[0], "slug name kind sector role"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(strings.Fields(tt.want), fieldsOf(t, tt.value)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// fieldsOf lists the names of the JSON object that a value is written as.
func fieldsOf(t *testing.T, value any) []string {
	t.Helper()
	out, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	dec := json.NewDecoder(strings.NewReader(string(out)))
	if _, err := dec.Token(); err != nil { // {
		t.Fatal(err)
	}
	var names []string
	for dec.More() {
		name, err := dec.Token()
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, name.(string))
		if err := dec.Decode(new(json.RawMessage)); err != nil {
			t.Fatal(err)
		}
	}
	return names
}

func TestCardKeepsNothingOfTheDocument(t *testing.T) {
	t.Parallel()
	in := full(t)
	card := in.Card()
	in.Occurred.From = date(t, "1999")
	if card.Occurred.From != date(t, "2014") {
		t.Error("the card changed with the document")
	}
}
