package strict

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"github.com/breachledger/breachledger/internal/incidents"
)

type inner struct {
	ID    uuid.UUID `json:"id,omitzero"`
	Notes []string  `json:"notes"`
}

type document struct {
	inner

	Title   string                `json:"title"`
	Kind    incidents.Category    `json:"kind"`
	Number  int64                 `json:"number"`
	Small   *int8                 `json:"small"`
	Flag    bool                  `json:"flag"`
	Amount  decimal.Decimal       `json:"amount"`
	Maybe   *decimal.Decimal      `json:"maybe"`
	Date    incidents.PartialDate `json:"date"`
	When    time.Time             `json:"when"`
	Actor   incidents.ActorRef    `json:"actor"`
	Actors  []incidents.ActorRef  `json:"actors"`
	Money   *incidents.Money      `json:"money"`
	Raw     *Node                 `json:"raw"`
	Derived string                `json:"derived" readOnly:"true"`
	Hidden  string                `json:"-"`
}

func decodeJSON(t *testing.T, data string, into any, o Options) incidents.Problems {
	t.Helper()
	n, err := ParseJSON([]byte(data))
	if err != nil {
		t.Fatal(err)
	}
	return Decode(n, into, o)
}

func TestDecode(t *testing.T) {
	t.Parallel()
	var got document
	problems := decodeJSON(t, `{
		"id": "018F4B2E-0000-7000-8000-000000000001", "notes": ["a", ""], "title": "T", "kind": "no such thing",
		"number": -9223372036854775808, "small": 127, "flag": true,
		"amount": 0.10, "maybe": "123456789012345678901234567890.123456789012345678", "date": "2014-10",
		"when": "2014-10-28T09:30:00+02:00", "actor": "Acme", "actors": [{"name": "B", "aliases": ["C"]}, "D"],
		"money": {"amount": 1.5e3, "currency": "CNY"}, "raw": null, "derived": {"any": "thing"}
	}`, &got, Options{})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	if got.ID.String() != "018f4b2e-0000-7000-8000-000000000001" || got.Number != -9223372036854775808 || *got.Small != 127 || !got.Flag {
		t.Errorf("got %+v", got)
	}
	if got.Amount.String() != "0.1" || got.Maybe.String() != "123456789012345678901234567890.123456789012345678" || got.Money.Amount.String() != "1500" {
		t.Errorf("amounts: %s, %s, %s", got.Amount, got.Maybe, got.Money.Amount)
	}
	if got.Date.String() != "2014-10" || got.When.UTC().Hour() != 7 || got.Raw.Kind != Null || got.Derived != "" || got.Kind != "no such thing" {
		t.Errorf("got %+v", got)
	}
	want := []incidents.ActorRef{{Name: "B", Aliases: []string{"C"}}, {Given: "D"}}
	if diff := cmp.Diff(want, got.Actors); diff != "" || got.Actor.Given != "Acme" {
		t.Errorf("actors: %s, %+v", diff, got.Actor)
	}
}

func TestDecodeProblems(t *testing.T) {
	t.Parallel()
	names := "id, notes, title, kind, number, small, flag, amount, maybe, date, when, actor, actors, money, raw"
	for _, tc := range []struct{ data, want string }{
		{`{"Title":"x"}`, "/Title: is not a known field (allowed: " + names + ")"},
		{`{"Hidden":"x"}`, "/Hidden: is not a known field (allowed: " + names + ")"},
		{`{"private":"x"}`, "/private: is not a known field (allowed: " + names + ")"},
		{`{"inner":{}}`, "/inner: is not a known field (allowed: " + names + ")"},
		{`{"a/b~c":1}`, "/a~1b~0c: is not a known field (allowed: " + names + ")"},
		{`{"money":{"x":1}}`, "/money/x: is not a known field (allowed: qualifier, amount, currency)"},
		{`{"actor":{"id":"x"}}`, "/actor/id: is not a known field (allowed: slug, name, kind, sector, country, domain, aliases)"},
		{`{"title":1,"kind":true,"flag":"true"}`, "/title: must be a string; /kind: must be a string; /flag: must be true or false"},
		{`{"notes":"a"}`, "/notes: must be a list"},
		{`{"notes":{}}`, "/notes: must be a list"},
		{`{"notes":[null,1,"a",[]]}`, "/notes/0: must not be null; /notes/1: must be a string; /notes/3: must be a string"},
		{`{"money":[]}`, "/money: must be an object"},
		{`{"money":"1 USD"}`, "/money: must be an object"},
		{`{"number":1.5}`, "/number: must be a whole number"},
		{`{"number":1.0}`, "/number: must be a whole number"},
		{`{"number":1e3}`, "/number: must be a whole number"},
		{`{"number":"1"}`, "/number: must be a whole number"},
		{`{"number":9223372036854775808}`, "/number: must be a whole number from -9223372036854775808 to 9223372036854775807"},
		{`{"small":128}`, "/small: must be a whole number from -128 to 127"},
		{`{"small":-129}`, "/small: must be a whole number from -128 to 127"},
		{`{"amount":"twelve"}`, "/amount: must be a decimal number"},
		{`{"amount":""}`, "/amount: must be a decimal number"},
		{`{"amount":"1,000"}`, "/amount: must be a decimal number"},
		{`{"amount":" 1"}`, "/amount: must be a decimal number"},
		{`{"amount":"NaN"}`, "/amount: must be a decimal number"},
		{`{"amount":true}`, "/amount: must be a decimal number"},
		{`{"amount":1e999999999}`, "/amount: must be a decimal number with an exponent from -100 to 100"},
		{`{"maybe":"1e-99999999999999999999"}`, "/maybe: must be a decimal number with an exponent from -100 to 100"},
		{`{"maybe":` + strings.Repeat("9", 101) + `}`, "/maybe: must be a decimal number of at most 100 characters"},
		{`{"id":"x"}`, "/id: must be an id (UUID)"},
		{`{"id":"018f4b2e000070008000000000000001"}`, "/id: must be an id (UUID)"},
		{`{"id":"00000000-0000-0000-0000-000000000000"}`, "/id: must be an id (UUID)"},
		{`{"id":7}`, "/id: must be an id (UUID)"},
		{`{"date":"28 Oct 2014"}`, "/date: must be a date such as 2014-10-28, 2014-10 or 2014"},
		{`{"date":2014}`, "/date: must be a string"},
		{`{"date":{}}`, "/date: must be a string"},
		{`{"when":"2014-10-28"}`, "/when: must be a time such as 2014-10-28T09:30:00Z"},
		{`{"actor":7}`, "/actor: must be a string or an object"},
		{`{"actors":[[]]}`, "/actors/0: must be a string or an object"},
		{`{"actors":["x",{"name":1}]}`, "/actors/1/name: must be a string"},
		{`[]`, ": must be an object"},
		{`null`, ": must not be null"},
		{`{"title":null,"notes":null,"money":null,"amount":null,"actor":null}`, ""},
	} {
		t.Run(tc.data, func(t *testing.T) {
			t.Parallel()
			if got := decodeJSON(t, tc.data, &document{}, Options{}).Error(); got != tc.want {
				t.Errorf("\n got %s\nwant %s", got, tc.want)
			}
		})
	}
}

func TestDecodeReadOnly(t *testing.T) {
	t.Parallel()
	var got document
	if problems := decodeJSON(t, `{"derived":"kept"}`, &got, Options{ReadOnly: true}); len(problems) > 0 || got.Derived != "kept" {
		t.Errorf("got %q, %v", got.Derived, problems)
	}
	if problems := decodeJSON(t, `{"derived":1}`, &got, Options{ReadOnly: true}); problems.Error() != "/derived: must be a string" {
		t.Errorf("got %v", problems)
	}
}

func TestDecodeRefusesReadOnly(t *testing.T) {
	t.Parallel()
	want := "/derived: must be left out: it is not for the writer to say"
	if got := decodeJSON(t, `{"derived":"kept"}`, &document{}, Options{RefuseReadOnly: true}).Error(); got != want {
		t.Errorf("got %s", got)
	}
}

func TestDecodeCapsProblems(t *testing.T) {
	t.Parallel()
	problems := decodeJSON(t, `{"notes":[1`+strings.Repeat(",1", 5000)+`]}`, &document{}, Options{})
	if len(problems) != maxProblems {
		t.Errorf("got %d problems", len(problems))
	}
}

func TestDecodeYAML(t *testing.T) {
	t.Parallel()
	n, err := ParseYAML("f.yaml", []byte("date: 2014\nactor: no\nnumber: 12\namount: 0.50\nactors: [a, {name: b}]\n"))
	if err != nil {
		t.Fatal(err)
	}
	var got document
	if problems := Decode(n, &got, Options{}); len(problems) > 0 {
		t.Fatal(problems)
	}
	if got.Date.String() != "2014" || got.Actor.Given != "no" || got.Number != 12 || got.Amount.String() != "0.5" || len(got.Actors) != 2 {
		t.Errorf("got %+v", got)
	}
	n, err = ParseYAML("f.yaml", []byte("number: 12_000\nsmall: 014\namount: 0x1F\nmaybe: .inf\ntitle: 12\nactor: 360\ndate: 20.14\nflag: yes\n"))
	if err != nil {
		t.Fatal(err)
	}
	want := "/number: must be a whole number; /small: must be a whole number; /amount: must be a decimal number; " +
		"/maybe: must be a decimal number; /title: must be a string; /actor: must be a string or an object; " +
		"/date: must be a date such as 2014-10-28, 2014-10 or 2014; /flag: must be true or false"
	if got := Decode(n, &document{}, Options{}).Error(); got != want {
		t.Errorf("\n got %s\nwant %s", got, want)
	}
}

// Every type of the domain must be decodable: a field of a type that Decode
// does not know would panic on the first document that has it.
func TestDecodeReachesEveryDomainField(t *testing.T) {
	t.Parallel()
	var in incidents.Incident
	problems := decodeJSON(t, `{
		"id":"018f4b2e-0000-7000-8000-000000000001","slug":"s","title":"t","summary":"s","category":"c","certainty":"c","publication":"p",
		"occurred":{"from":"2014","to":"2014"},"discovered":"2014","disclosed":"2014","contained":"2014",
		"countries":["US"],"vectors":["v"],"data_classes":["d"],"payment_methods":["p"],"tags":["t"],
		"participants":[{"actor":"a","role":"r"}],
		"counts":[{"id":"018f4b2e-0000-7000-8000-000000000002","key":"k","support":"s","unit":"u","qualifier":"q","quantity":1,"low":1,"high":2,
			"claimed_by":"a","as_of":"2014","supersedes":"x","headline":true,"text":"t",
			"evidence":[{"source":"s","quote":"q","start":1,"end":2,"occurrence":1},{"source":{"id":"018f4b2e-0000-7000-8000-000000000003","key":"k","url":"u","title":"t","publisher":"p"}}]}],
		"losses":[{"kind":"k","scope":"s","qualifier":"q","amount":1,"low":1,"high":1,"currency":"USD","converted":{"amount":"1","currency":"CNY"},"claimed_by":"a","text":"t","evidence":[]}],
		"attributions":[{"accused":"a","claimant":"c","basis":"b","confidence":"c","stated":"2014","contested":true,"evidence":[]}],
		"responses":[{"actor":"a","spoken_by":"s","kind":"k","status":"s","date":"2014","due":"2014","fulfils":"f","answers":"a","summary":"s","via_unnamed_source":true,"evidence":[]}],
		"sources":[{"key":"k","url":"u","title":"t","publisher":"p","author":"a","published":"2014","language":"en","text":"t","has_text":true,"no_incident_reason":"n"}],
		"external_refs":[{"scheme":"s","id":"i"}],
		"victims":{"quantity":1,"low":1,"high":1,"qualifier":"q","unit":"u","claimed_by":"a","support":"s","text":"t"},
		"payment":true,"unanswered":true,"contested":true,"version":1,"created_at":"2014-10-28T09:30:00Z","updated_at":"2014-10-28T09:30:00Z"
	}`, &in, Options{ReadOnly: true})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	if in.Victims == nil || *in.Victims.Quantity != 1 || in.Counts[0].Support != "s" || in.Counts[0].Evidence[1].Source.Key != "k" || in.CreatedAt.IsZero() {
		t.Errorf("got %+v", in)
	}
}

// TestAnOuterFieldStandsForAnEmbeddedOne, as in encoding/json.
func TestAnOuterFieldStandsForAnEmbeddedOne(t *testing.T) {
	t.Parallel()
	type Within struct {
		Name  string `json:"name" readOnly:"true"`
		Other string `json:"other"`
	}
	var got struct {
		Within
		Name string `json:"name"`
	}
	root, err := ParseJSON([]byte(`{"name": "outer", "other": "inner"}`))
	if err != nil {
		t.Fatal(err)
	}
	if problems := Decode(root, &got, Options{}); len(problems) > 0 || got.Name != "outer" || got.Within.Name != "" || got.Other != "inner" {
		t.Errorf("%+v, %v", got, problems)
	}
}

// TestEmptyIsNoValue: what has no empty value is left out, or null; "" would read as
// if nothing had been sent. Free text may be empty.
func TestEmptyIsNoValue(t *testing.T) {
	t.Parallel()
	var d document
	problems := decodeJSON(t, `{"kind": "", "date": "", "title": "", "notes": [""]}`, &d, Options{})
	if len(problems) != 2 {
		t.Fatalf("%v", problems)
	}
	for i, pointer := range []string{"/kind", "/date"} {
		if problems[i].Pointer != pointer || !strings.HasPrefix(problems[i].Detail, "is empty") {
			t.Errorf("%v, wanted one at %s", problems[i], pointer)
		}
	}
	if len(problems[0].Allowed) == 0 {
		t.Error("the values of the vocabulary are not given")
	}
}
