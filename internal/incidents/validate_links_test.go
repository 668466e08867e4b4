package incidents

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestValidateIDsAndKeys(t *testing.T) {
	t.Parallel()
	check(t, []rule{
		{"an id twice, across kinds", func(in *Incident) {
			in.Counts = []Count{{Claim: Claim{ID: id(1)}, Unit: People, Qualifier: NotDisclosed}}
			in.Losses = []Loss{{Claim: Claim{ID: id(1)}, Kind: "stolen", Qualifier: NotDisclosed}}
		}, []string{"/losses/0/id: another claim has this id already"}},
		{"a key twice, across kinds", func(in *Incident) {
			in.Losses = []Loss{{Claim: Claim{Key: "a"}, Kind: "stolen", Qualifier: NotDisclosed}}
			in.Responses = []Response{{Claim: Claim{Key: "a"}, Actor: named("Acme"), Kind: "apology"}}
		}, []string{"/responses/0/key: another claim has this key already"}},
		{"a key like an id", func(in *Incident) {
			in.Losses = []Loss{{Claim: Claim{Key: strings.ToUpper(id(1).String())}, Kind: "stolen", Qualifier: NotDisclosed}}
		}, []string{"/losses/0/key: must not have the form of an id"}},
		{"a long key", func(in *Incident) {
			in.Losses = []Loss{{Claim: Claim{Key: strings.Repeat("a", 61)}, Kind: "stolen", Qualifier: NotDisclosed}}
		}, []string{"/losses/0/key: must have at most 60 characters, has 61"}},
		{"a key of two lines", func(in *Incident) {
			in.Losses = []Loss{{Claim: Claim{Key: "a\nb"}, Kind: "stolen", Qualifier: NotDisclosed}}
		}, []string{"/losses/0/key: must be one line, without tabs"}},
	})
}

// chain makes counts a, b, c …, of which each supersedes the one that it names.
func chain(supersedes ...ClaimRef) func(*Incident) {
	return func(in *Incident) {
		for i, older := range supersedes {
			in.Counts = append(in.Counts, Count{
				Claim: Claim{Key: string(rune('a' + i)), ID: id(i + 1)}, Unit: People, Qualifier: NotDisclosed, Supersedes: older,
			})
		}
		in.Counts = append(in.Counts, Count{Unit: People, Qualifier: NotDisclosed, Headline: true})
	}
}

func TestValidateSupersedes(t *testing.T) {
	t.Parallel()
	const (
		itself   = "a count cannot supersede itself"
		byOthers = "a count cannot supersede itself by way of others"
	)
	second := ClaimRef(id(2).String())
	check(t, []rule{
		{"chain", chain("b", "c", ""), nil},
		{"two supersede one", chain("c", "c", ""), nil},
		{"by id", chain(second, ""), nil},
		{"by id in upper case", chain(ClaimRef(strings.ToUpper(string(second))), ""), nil},
		{"unknown", chain("z"), []string{`/counts/0/supersedes: "z" is neither the id nor the key of a count of this incident`}},
		{"key in another case", chain("B", ""), []string{`/counts/0/supersedes: "B" is neither the id nor the key of a count of this incident`}},
		{"the empty id", chain("00000000-0000-0000-0000-000000000000"), []string{`/counts/0/supersedes: "00000000-0000-0000-0000-000000000000" is neither the id nor the key of a count of this incident`}},
		{"a loss", func(in *Incident) {
			in.Losses = []Loss{{Claim: Claim{Key: "loss"}, Kind: "stolen", Qualifier: NotDisclosed}}
			in.Counts = []Count{{Unit: People, Qualifier: NotDisclosed, Supersedes: "loss"}}
		}, []string{`/counts/0/supersedes: "loss" is neither the id nor the key of a count of this incident`}},
		{"itself", chain("a"), []string{"/counts/0/supersedes: " + itself}},
		{"itself by id", chain(ClaimRef(id(1).String())), []string{"/counts/0/supersedes: " + itself}},
		{"a lone headline, itself", func(in *Incident) {
			in.Counts = []Count{{Claim: Claim{Key: "a"}, Unit: People, Qualifier: NotDisclosed, Supersedes: "a"}}
		}, []string{"/counts/0/supersedes: " + itself}},
		{"each other", chain("b", "a"), []string{"/counts/0/supersedes: " + byOthers, "/counts/1/supersedes: " + byOthers}},
		{"circle of three, by id and key", chain(second, "c", "a"), []string{
			"/counts/0/supersedes: " + byOthers, "/counts/1/supersedes: " + byOthers, "/counts/2/supersedes: " + byOthers,
		}},
		{"whoever leads into a circle is not on it", chain("b", "c", "b"), []string{
			"/counts/1/supersedes: " + byOthers, "/counts/2/supersedes: " + byOthers,
		}},
	})
}

func TestValidatePartOf(t *testing.T) {
	t.Parallel()
	count := func(key string, unit Unit, q Qualifier, n int64, of ClaimRef) Count {
		return Count{Claim: Claim{Key: key}, Unit: unit, Qualifier: q, Quantity: &n, PartOf: of}
	}
	counts := func(all ...Count) func(*Incident) {
		return func(in *Incident) { in.Counts = slices.Clone(all); in.Counts[0].Headline = true }
	}
	const tooMany = "/counts/1/part_of: a part cannot be more than the whole, which is at most 1,200,000"
	superseding := count("b", People, Exact, 900_000, "a")
	superseding.Supersedes = "a"
	check(t, []rule{
		{"a part", counts(count("a", People, Exact, 1_200_000, ""), count("b", People, MoreThan, 900_000, "a")), nil},
		{"all of it", counts(count("a", People, Exact, 1_200_000, ""), count("b", People, AtLeast, 1_200_000, "a")), nil},
		{"a part of a part", counts(count("a", People, Exact, 9, ""), count("b", People, Exact, 5, "a"), count("c", People, Exact, 2, "b")), nil},
		{"two parts, which may overlap", counts(count("a", People, Exact, 9, ""), count("b", People, Exact, 8, "a"), count("c", People, Exact, 7, "a")), nil},
		{"more than the whole", counts(count("a", People, Exact, 1_200_000, ""), count("b", People, MoreThan, 1_200_001, "a")), []string{tooMany}},
		{"more than the most that it can be", counts(count("a", People, AtMost, 1_200_000, ""), count("b", People, Exact, 1_200_001, "a")), []string{tooMany}},
		{"of what has no upper bound", counts(count("a", People, AtLeast, 1_200_000, ""), count("b", People, Exact, 2_000_000, "a")), nil},
		{"perhaps less", counts(count("a", People, Exact, 1_200_000, ""), count("b", People, AtMost, 2_000_000, "a")), nil},
		{"another unit", counts(count("a", People, Exact, 1_200_000, ""), count("b", Records, Exact, 5_000_000, "a")), nil},
		{"unknown", counts(count("a", People, Exact, 1, ""), count("b", People, Exact, 1, "z")), []string{`/counts/1/part_of: "z" is neither the id nor the key of a count of this incident`}},
		{"itself", counts(count("a", People, Exact, 1, "a")), []string{"/counts/0/part_of: a count cannot be a part of itself"}},
		{"each other", counts(count("a", People, Exact, 1, "b"), count("b", People, Exact, 1, "a")), []string{
			"/counts/0/part_of: a count cannot be a part of itself by way of others", "/counts/1/part_of: a count cannot be a part of itself by way of others",
		}},
		{"of what it corrects", func(in *Incident) {
			in.Counts = []Count{count("a", People, Exact, 1_200_000, ""), superseding}
			in.Counts[1].Headline = true
		}, []string{"/counts/1/part_of: a count is not a part of the one that it supersedes"}},
	})
}

func TestOnCircle(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		next []int
		want []int // the places on a circle
	}{
		{nil, nil},
		{[]int{-1}, nil},
		{[]int{0}, []int{0}},
		{[]int{1, 2, -1}, nil},
		{[]int{1, 0}, []int{0, 1}},
		{[]int{1, 2, 0}, []int{0, 1, 2}},
		{[]int{1, 2, 1}, []int{1, 2}},
		{[]int{1, 2, 3, 3}, []int{3}},
		{[]int{2, 2, 3, 2, 1}, []int{2, 3}},
		{[]int{1, 0, 3, 2, 0}, []int{0, 1, 2, 3}},
	} {
		t.Run(fmt.Sprint(tt.next), func(t *testing.T) {
			t.Parallel()
			var got []int
			for i, circular := range onCircle(tt.next) {
				if circular {
					got = append(got, i)
				}
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("on a circle: %v, want %v", got, tt.want)
			}
		})
	}
}

func TestValidateAnswersAndFulfils(t *testing.T) {
	t.Parallel()
	acme, bolt := named("Acme"), named("Bolt")
	document := func(rs ...Response) func(*Incident) {
		return func(in *Incident) {
			in.Attributions = []Attribution{{Claim: Claim{Key: "accusation", ID: id(1)}, Accused: acme, Basis: "media_attributes"}}
			in.Counts = []Count{{Claim: Claim{Key: "count"}, Unit: People, Qualifier: NotDisclosed}}
			in.Responses = rs
		}
	}
	promise := Response{Claim: Claim{Key: "promise", ID: id(2)}, Actor: acme, Kind: Refund, Status: Promised}
	resolved := func(r Response, n int) Response { r.Actor.ID = id(n); return r }
	const (
		noAttribution = " is neither the id nor the key of an attribution of this incident"
		noResponse    = " is neither the id nor the key of a response of this incident"
	)
	check(t, []rule{
		{"answers by key", document(Response{Actor: acme, Kind: Denial, Answers: "accusation"}), nil},
		{"answers by id in upper case", document(Response{Actor: acme, Kind: Denial, Answers: ClaimRef(strings.ToUpper(id(1).String()))}), nil},
		{"answers nothing known", document(Response{Actor: acme, Kind: Denial, Answers: "slander"}), []string{`/responses/0/answers: "slander"` + noAttribution}},
		{"answers a count", document(Response{Actor: acme, Kind: Denial, Answers: "count"}), []string{`/responses/0/answers: "count"` + noAttribution}},
		{"answers itself", document(Response{Claim: Claim{Key: "me"}, Actor: acme, Kind: Denial, Answers: "me"}), []string{`/responses/0/answers: "me"` + noAttribution}},
		{"keeps a promise", document(promise, Response{Actor: acme, Kind: Refund, Status: Done, Fulfils: "promise"}), nil},
		{"breaks a promise", document(promise, Response{Actor: acme, Kind: Refund, Status: Broken, Fulfils: "promise"}), nil},
		{"keeps a promise further down", document(Response{Actor: acme, Kind: Refund, Fulfils: "promise"}, promise), nil},
		{"fulfils nothing known", document(Response{Actor: acme, Kind: Refund, Fulfils: "oath"}), []string{`/responses/0/fulfils: "oath"` + noResponse}},
		{"fulfils an attribution", document(Response{Actor: acme, Kind: Refund, Fulfils: "accusation"}), []string{`/responses/0/fulfils: "accusation"` + noResponse}},
		{"fulfils itself", document(Response{Claim: Claim{Key: "me"}, Actor: acme, Kind: Refund, Fulfils: "me"}), []string{"/responses/0/fulfils: the response that it names is not a promise: its status is done"}},
		{"a promise of itself", document(Response{Claim: Claim{Key: "me"}, Actor: acme, Kind: Refund, Status: Promised, Fulfils: "me"}), []string{"/responses/0/fulfils: only a response with the status done or broken can fulfil a promise"}},
		{"fulfils what is no promise", document(Response{Claim: Claim{Key: "sorry"}, Actor: acme, Kind: "apology"}, Response{Actor: acme, Kind: Refund, Fulfils: "sorry"}), []string{"/responses/1/fulfils: the response that it names is not a promise: its status is stated"}},
		{"a promise fulfilled only in words", document(promise, Response{Actor: acme, Kind: "apology", Fulfils: "promise"}), []string{"/responses/1/fulfils: only a response with the status done or broken can fulfil a promise"}},
		{"by another name, perhaps of the same actor", document(promise, Response{Actor: bolt, Kind: Refund, Fulfils: "promise"}), nil},
		{"by another name of the same actor", document(resolved(promise, 8), resolved(Response{Actor: bolt, Kind: Refund, Fulfils: "promise"}, 8)), nil},
		{"the promise of another", document(resolved(promise, 8), resolved(Response{Actor: bolt, Kind: Refund, Fulfils: "promise"}, 9)), []string{"/responses/1/fulfils: the promise that it names was made by another actor"}},
	})
}

func TestValidateResolved(t *testing.T) {
	t.Parallel()
	if problems := full(t).ValidateResolved(); problems != nil {
		t.Errorf("the full document: %v", problems)
	}
	acme, alias, bolt := named("Acme"), named("Acme Incorporated"), named("Bolt")
	acme.ID, alias.ID, bolt.ID = id(1), id(1), id(2)
	in := small()
	in.Participants = []Participant{{acme, RoleVictim}, {bolt, RoleVictim}, {alias, RoleVictim}}
	in.Responses = []Response{
		{Claim: Claim{Key: "promise"}, Actor: acme, Kind: Refund, Status: Promised},
		{Actor: alias, Kind: Refund, Status: Done, Fulfils: "promise"},
		{Actor: bolt, Kind: Refund, Status: Done, Fulfils: "promise"},
	}
	want := "/participants/2: the same actor is listed twice in the role victim; " +
		"/responses/2/fulfils: the promise that it names was made by another actor"
	if got := in.ValidateResolved().Error(); got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
}

// A hostile document of many claims is looked through in a moment, and its
// answer stays in proportion.
func TestTenThousandClaims(t *testing.T) {
	t.Parallel()
	const n = 10_000
	in := small()
	for i := range n {
		evidence := []Evidence{{Source: SourceRef{Key: fmt.Sprint("s", n-i)}}}
		in.Sources = append(in.Sources, Source{Key: fmt.Sprint("s", i), Title: "x"})
		in.Counts = append(in.Counts, Count{
			Claim: Claim{Key: fmt.Sprint("c", i), ID: id(i), Evidence: evidence}, Unit: People, Qualifier: NotDisclosed,
			Headline: true, Supersedes: ClaimRef(fmt.Sprint("c", i+1)),
		})
		in.Responses = append(in.Responses, Response{
			Claim: Claim{Key: fmt.Sprint("r", i)}, Actor: named("Acme"), Kind: Refund, Status: Done, Fulfils: ClaimRef(fmt.Sprint("r", n-i)),
		})
	}
	start := time.Now()
	in.Complete()
	problems := in.Validate()
	if took := time.Since(start); took > hostileLimit {
		t.Errorf("took %s", took)
	}
	if got := len(problems); got != maxProblems+1 {
		t.Fatalf("%d problems, want %d", got, maxProblems+1)
	}
	if got, want := problems[0].String(), "/sources: must have at most 500 items, has 10,000"; got != want {
		t.Errorf("the first problem: %s\nwant: %s", got, want)
	}
	if last := problems[maxProblems]; last.Pointer != "" || !strings.HasSuffix(last.Detail, " more problems, which are not listed") {
		t.Errorf("the last problem: %s", last)
	}
}

func TestValidateHowMany(t *testing.T) {
	t.Parallel()
	const most = ": must have at most 500 items, has 501"
	acme := named("Acme")
	check(t, []rule{
		{"counts", func(in *Incident) {
			in.Counts = slices.Repeat([]Count{{Unit: People, Qualifier: NotDisclosed}}, 501)
			in.Counts[7].Headline = true
		}, []string{"/counts" + most}},
		{"losses", func(in *Incident) { in.Losses = slices.Repeat([]Loss{{Kind: "stolen", Qualifier: NotDisclosed}}, 501) }, []string{"/losses" + most}},
		{"attributions", func(in *Incident) {
			in.Attributions = slices.Repeat([]Attribution{{Accused: acme, Basis: "media_attributes"}}, 501)
		}, []string{"/attributions" + most}},
		{"responses", func(in *Incident) { in.Responses = slices.Repeat([]Response{{Actor: acme, Kind: "apology"}}, 501) }, []string{"/responses" + most}},
		{"sources", func(in *Incident) { in.Sources = slices.Repeat([]Source{{Title: "x"}}, 501) }, []string{"/sources" + most}},
		{"participants", func(in *Incident) {
			for i := range 2001 {
				in.Participants = append(in.Participants, Participant{named(fmt.Sprint("Acme ", i)), RoleVictim})
			}
		}, []string{"/participants: must have at most 2,000 items, has 2,001"}},
		{"external references", func(in *Incident) {
			for i := range 101 {
				in.ExternalRefs = append(in.ExternalRefs, ExternalRef{"case", fmt.Sprint(i)})
			}
		}, []string{"/external_refs: must have at most 100 items, has 101"}},
		{"tags", func(in *Incident) {
			for i := range 101 {
				in.Tags = append(in.Tags, fmt.Sprint("t", i))
			}
		}, []string{"/tags: must have at most 100 items, has 101"}},
		{"evidence", func(in *Incident) {
			in.Sources = []Source{{Title: "x"}}
			in.Losses = []Loss{{Claim: Claim{Evidence: make([]Evidence, 51)}, Kind: "stolen", Qualifier: NotDisclosed}}
		}, []string{"/losses/0/evidence: must have at most 50 items, has 51"}},
	})
}
