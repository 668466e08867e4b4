package benchdata_test

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/breachledger/breachledger/internal/benchdata"
	"github.com/breachledger/breachledger/internal/incidents"
)

func TestIncidentsAreValid(t *testing.T) {
	t.Parallel()
	set := benchdata.New(3000)
	ids, slugs, rare := map[uuid.UUID]bool{}, map[string]bool{}, map[string]int{}
	for i := range set.Len() {
		in := set.Incident(i)
		if problems := append(in.Validate(), in.ValidateResolved()...); len(problems) > 0 {
			t.Fatalf("%s: %v", in.Slug, problems)
		}
		if ids[in.ID] || slugs[in.Slug] || in.ID != benchdata.ID(i) {
			t.Fatalf("%s: its id or slug is not its own", in.Slug)
		}
		ids[in.ID], slugs[in.Slug] = true, true
		in.EachClaim(func(pointer string, c *incidents.Claim) {
			if ids[c.ID] {
				t.Fatalf("%s%s: the id is not its own", in.Slug, pointer)
			}
			ids[c.ID] = true
			for _, e := range c.Evidence {
				if e.Quote != "" && string([]rune(in.Sources[0].Text)[*e.Start:*e.End]) != e.Quote {
					t.Fatalf("%s%s: the quote %q does not stand there", in.Slug, pointer, e.Quote)
				}
			}
		})
		words := strings.Fields(in.Summary)
		rare[strings.TrimSuffix(words[len(words)-1], ".")]++
	}
	if rare[benchdata.RareWord(7)] < 2 || rare[benchdata.RareWord(7)] > 30 {
		t.Errorf("a rare word is in %d incidents", rare[benchdata.RareWord(7)])
	}
}

// The shape is that of real incidents, and what may be unknown often is.
func TestShape(t *testing.T) {
	t.Parallel()
	const n = 4000
	set := benchdata.New(n)
	total := map[string]float64{}
	qualifiers, categories := map[incidents.Qualifier]bool{}, map[incidents.Category]bool{}
	var largest, above int64
	for i := range n {
		in := set.Incident(i)
		in.JoinActors()
		in.Derive()
		total["participants"] += float64(len(in.Participants))
		total["responses"] += float64(len(in.Responses))
		total["sources"] += float64(len(in.Sources))
		total["text"] += float64(utf8.RuneCountInString(text(in)))
		categories[in.Category] = true
		for _, c := range in.Counts {
			qualifiers[c.Qualifier] = true
		}
		if strings.Contains(in.Summary, benchdata.Common()[0]) {
			total["common"]++
		}
		if in.Victims == nil || in.Victims.Quantity == nil {
			total["unknown"]++
			continue
		}
		largest = max(largest, *in.Victims.Quantity)
		if *in.Victims.Quantity > 1_000_000 {
			above++
		}
	}
	for _, want := range []struct {
		what        string
		least, most float64
	}{
		{"participants", 2.6, 3.6}, {"responses", 1.3, 1.7}, {"sources", 0.9, 1}, {"text", 300, 1500}, {"common", 0.12, 0.16}, {"unknown", 0.2, 0.45},
	} {
		if got := total[want.what] / n; got < want.least || got > want.most {
			t.Errorf("%s: %.2f an incident, wanted %.2f to %.2f", want.what, got, want.least, want.most)
		}
	}
	if len(qualifiers) != 9 || len(categories) != 7 || largest < 10_000_000 || above < 20 || above > 300 {
		t.Errorf("%d qualifiers, %d categories, at most %d victims, %d above a million", len(qualifiers), len(categories), largest, above)
	}
}

func text(in *incidents.Incident) string {
	if len(in.Sources) == 0 {
		return ""
	}
	return in.Sources[0].Text
}

func TestTheSameNumberGivesTheSame(t *testing.T) {
	t.Parallel()
	a, errA := json.Marshal(benchdata.New(1000).Incident(77))
	b, errB := json.Marshal(benchdata.New(1000).Incident(77))
	if errA != nil || errB != nil || string(a) != string(b) {
		t.Errorf("%s\n%s\n%v %v", a, b, errA, errB)
	}
}

func TestActorsAreOneNameEach(t *testing.T) {
	t.Parallel()
	names := map[string]string{}
	for _, a := range benchdata.New(1_000_000).Actors() {
		if problems := a.Validate(""); len(problems) > 0 {
			t.Fatalf("%s: %v", a.Slug, problems)
		}
		for _, name := range append(a.Names(), "slug "+a.Slug) {
			key := incidents.FoldName(name)
			if other, taken := names[key]; taken {
				t.Fatalf("%s and %s are both named %s", other, a.Slug, name)
			}
			names[key] = a.Slug
		}
	}
}

func BenchmarkIncident(b *testing.B) {
	set := benchdata.New(1_000_000)
	for i := range b.N {
		set.Incident(i)
	}
}
