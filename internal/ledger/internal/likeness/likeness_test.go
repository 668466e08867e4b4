package likeness_test

import (
	"slices"
	"testing"
	"time"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger/internal/likeness"
)

func day(t *testing.T, text string) (incidents.PartialDate, *time.Time) {
	t.Helper()
	date, err := incidents.ParseDate(text)
	if err != nil {
		t.Fatal(err)
	}
	first := date.First()
	return date, &first
}

// incident is one of Acme Pay, disclosed on 2024-03-01, with so many cards.
func incident(t *testing.T, cards int64) *incidents.Incident {
	t.Helper()
	disclosed, _ := day(t, "2024-03-01")
	in := &incidents.Incident{
		Title: "Acme Pay loses card numbers in a breach", Disclosed: disclosed,
		Participants: []incidents.Participant{{Actor: incidents.ActorRef{Name: "Acme Pay"}, Role: incidents.RoleVictim}},
	}
	if cards > 0 {
		in.Victims = &incidents.Victims{Quantity: &cards, Unit: "cards"}
	}
	return in
}

func TestWith(t *testing.T) {
	t.Parallel()
	cards, people := incidents.Unit("cards"), incidents.People
	figure := func(n int64) *int64 { return &n }
	on := func(text string) *time.Time { _, at := day(t, text); return at }
	for name, test := range map[string]struct {
		cards   int64
		other   likeness.Candidate
		score   float64
		reasons []string
	}{
		"nothing in common": {cards: 4100, other: likeness.Candidate{Title: "Globex outage"}},
		"the same organisation alone": {
			other: likeness.Candidate{Title: "Globex outage", SharesBreached: true},
			score: 0.4, reasons: []string{"the same organisation was breached"},
		},
		"organisations spelt alike": {
			other: likeness.Candidate{Title: "Globex outage", NamesAlike: 0.5},
			score: 0.2, reasons: []string{"organisations with similar names were breached"},
		},
		"the organisation counts once, if it is the same": {
			other: likeness.Candidate{Title: "Globex outage", SharesBreached: true, NamesAlike: 1},
			score: 0.4, reasons: []string{"the same organisation was breached"},
		},
		"a source": {
			other: likeness.Candidate{Title: "Globex outage", SharesSource: true},
			score: 0.25, reasons: []string{"they share a source"},
		},
		"the same title": {
			other: likeness.Candidate{Title: "Acme Pay loses card numbers in a breach"},
			score: 0.4, reasons: []string{"their titles are alike"},
		},
		"titles that have only the organisation in common": {
			other: likeness.Candidate{Title: "Acme Pay website defaced", SharesBreached: true},
			score: 0.4, reasons: []string{"the same organisation was breached"},
		},
		"the same day": {
			other: likeness.Candidate{Title: "Globex outage", SharesBreached: true, Disclosed: on("2024-03-01")},
			score: 0.65, reasons: []string{"the same organisation was breached", "their dates are the same"},
		},
		"the day after": {
			other: likeness.Candidate{Title: "Globex outage", Disclosed: on("2024-03-02")},
			score: 0.25, reasons: []string{"their dates are a day apart"},
		},
		"three months and more": {
			other: likeness.Candidate{Title: "Globex outage", SharesBreached: true, Disclosed: on("2024-06-02")},
			score: 0.4, reasons: []string{"the same organisation was breached"},
		},
		"years apart": {
			other:   likeness.Candidate{Title: "Globex outage", SharesBreached: true, Disclosed: on("2021-03-01")},
			reasons: []string{"the same organisation was breached", "but their dates are 1096 days apart"},
		},
		"dates of different kinds are not compared": {
			other: likeness.Candidate{Title: "Globex outage", OccurredFrom: on("2024-03-01")},
		},
		"the same number of the same": {
			cards: 4100, other: likeness.Candidate{Title: "Globex outage", Victims: figure(4100), VictimsUnit: &cards},
			score: 0.35, reasons: []string{"they state the same number of cards"},
		},
		"the same number of something else": {
			cards: 4100, other: likeness.Candidate{Title: "Globex outage", Victims: figure(4100), VictimsUnit: &people},
			score: 0.2, reasons: []string{"they state nearly the same number"},
		},
		"a tenth more": {
			cards: 4100, other: likeness.Candidate{Title: "Globex outage", Victims: figure(4510), VictimsUnit: &cards},
			score: 0.2, reasons: []string{"they state nearly the same number"},
		},
		"more than a tenth more": {
			cards: 4100, other: likeness.Candidate{Title: "Globex outage", Victims: figure(4511), VictimsUnit: &cards},
		},
		"none is no number": {
			other: likeness.Candidate{Title: "Globex outage", Victims: figure(0), VictimsUnit: &cards},
		},
		"all at once is not above 1": {
			cards: 4100,
			other: likeness.Candidate{
				Title: "Acme Pay loses card numbers in a breach", SharesBreached: true, SharesSource: true, Disclosed: on("2024-03-01"),
				Victims: figure(4100), VictimsUnit: &cards,
			},
			score: 1,
			reasons: []string{
				"the same organisation was breached", "they share a source", "their titles are alike", "their dates are the same",
				"they state the same number of cards",
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := likeness.Of(incident(t, test.cards)).With(test.other)
			if got.Score != test.score || !slices.Equal(got.Reasons, test.reasons) {
				t.Errorf("%v for %q, want %v for %q", got.Score, got.Reasons, test.score, test.reasons)
			}
		})
	}
}

// TestUsualTitles: the words with which titles are usually made say nothing of whether two
// incidents are one; what else they say does.
func TestUsualTitles(t *testing.T) {
	t.Parallel()
	disclosed, _ := day(t, "2017-04-09")
	_, other := day(t, "2017-05-05")
	for _, test := range []struct {
		one, other string
		shown      bool
	}{
		{"Wonga data breach", "Bell Canada data breach", false},
		{"Wonga data breach", "Debenhams Flowers data breach", false},
		{"Visa hacked", "Avis hacked", false},
		{"Circle K card skimming", "CVS card skimming", false},
		{"Data breach", "Data breach", false},
		{"Debenhams Flowers data breach", "Debenham Flower hacked", true},
		{"Wonga data breach", "WONGA hacked", true},
		{"Card skimming at petrol stations in Ohio", "Skimming of cards at Ohio petrol stations", true},
	} {
		in := &incidents.Incident{Title: test.one, Disclosed: disclosed}
		if got := likeness.Of(in).With(likeness.Candidate{Title: test.other, Disclosed: other}); (got.Score >= likeness.ShownFrom) != test.shown {
			t.Errorf("%q and %q: %v for %q, want shown: %v", test.one, test.other, got.Score, got.Reasons, test.shown)
		}
	}
}

// One incident is compared with many: none leaves anything behind for the next.
func TestWithOneAfterAnother(t *testing.T) {
	t.Parallel()
	compared, alike := likeness.Of(incident(t, 0)), likeness.Candidate{Title: "Acme Pay loses card numbers", SharesBreached: true}
	first := compared.With(alike).Score
	for _, title := range []string{"Globex outage", "Acme Pay", "", "Acme Pay loses card numbers in a breach, and more than that besides"} {
		compared.With(likeness.Candidate{Title: title, SharesBreached: true})
	}
	if again := compared.With(alike).Score; again != first {
		t.Errorf("the score was %v, and is %v after others", first, again)
	}
}

func TestRankedAndQueued(t *testing.T) {
	t.Parallel()
	var all []likeness.Similar
	for _, slug := range []string{"l", "k", "j", "i", "h", "g", "f", "e", "d", "c", "b", "a"} {
		all = append(all, likeness.Similar{Slug: slug, Score: 0.4})
	}
	all[0].Score, all[1].Score = 0.5, 0.9
	var slugs []string
	ranked := likeness.Ranked(all)
	for _, s := range ranked {
		slugs = append(slugs, s.Slug)
	}
	if want := []string{"k", "l", "a", "b", "c", "d", "e", "f", "g", "h"}; !slices.Equal(slugs, want) {
		t.Errorf("ranked %q, want %q", slugs, want)
	}
	if queued := likeness.Queued(ranked); len(queued) != 2 || queued[1].Slug != "l" {
		t.Errorf("queued %+v, want k and l", queued)
	}
	for i := range ranked {
		ranked[i].Score = 0.8
	}
	if n := len(likeness.Queued(ranked)); n != 3 {
		t.Errorf("%d of one incident are queued, want the 3 likeliest", n)
	}
}

func TestSignsEqual(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		change func(*incidents.Incident)
		equal  bool
	}{
		"nothing":      {change: func(*incidents.Incident) {}, equal: true},
		"the summary":  {change: func(in *incidents.Incident) { in.Summary = "More." }, equal: true},
		"the title":    {change: func(in *incidents.Incident) { in.Title += "!" }},
		"the date":     {change: func(in *incidents.Incident) { in.Disclosed, _ = day(t, "2024-03") }},
		"the figure":   {change: func(in *incidents.Incident) { *in.Victims.Quantity++ }},
		"the unit":     {change: func(in *incidents.Incident) { in.Victims.Unit = incidents.People }},
		"who":          {change: func(in *incidents.Incident) { in.Participants[0].Actor.ID = incidents.NewID() }},
		"another role": {change: func(in *incidents.Incident) { in.Participants[0].Role = incidents.RoleReporter }},
		"a source":     {change: func(in *incidents.Incident) { in.Sources = append(in.Sources, incidents.Source{ID: incidents.NewID()}) }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			before, after := incident(t, 4100), incident(t, 4100)
			test.change(after)
			if got := likeness.SignsOf(before).Equal(likeness.SignsOf(after)); got != test.equal {
				t.Errorf("equal: %v, want %v", got, test.equal)
			}
		})
	}
}
