package ledger_test

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"
	"golang.org/x/sync/errgroup"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
	"github.com/breachledger/breachledger/internal/ledgertest"
)

// takenOrExplained fails the test when a document is refused by anything else
// than problems of its own, or stored other than it was given.
func takenOrExplained(t *testing.T, l *ledger.Ledger, name string, in incidents.Incident) {
	t.Helper()
	if slug := taken(t, l, name, in); slug != "" {
		sameAsRows(t, l, slug)
	}
}

// taken is the slug of a stored document; a document that is refused has none, and
// fails the test when it is by anything else than problems of its own.
func taken(t *testing.T, l *ledger.Ledger, name string, in incidents.Incident) string {
	t.Helper()
	doc, err := l.Record(t.Context(), recording, in)
	var ps incidents.Problems
	var exists *ledger.ExistsError
	switch {
	case err == nil:
		return doc.Slug
	case errors.As(err, &ps) && len(ps) > 0:
		if strings.Contains(err.Error(), "SQLSTATE") || len(err.Error()) > 1<<20 {
			t.Errorf("%s: the problems are not for people: %.300s", name, err)
		}
	case !errors.As(err, &exists):
		t.Errorf("%s: %.300v", name, err)
	}
	return ""
}

// hostileTexts are what a text field may be sent.
func hostileTexts() map[string]string {
	rnd := rand.New(rand.NewPCG(5, 5))
	wide := func(n int) string { // incompressible, four bytes a character
		out := make([]rune, n)
		for i := range out {
			out[i] = rune(0x20000 + rnd.IntN(40_000))
		}
		return string(out)
	}
	expanding := make([]rune, 200) // of which one becomes up to eighteen
	for i := range expanding {
		expanding[i] = []rune{'ﷺ', 'ﷻ', '㍐', 'ﬃ', rune(0xfb50 + rnd.IntN(300)), rune(0x3300 + rnd.IntN(80))}[rnd.IntN(6)]
	}
	return map[string]string{
		"NUL": "a\x00b", "only NUL": "\x00", "not UTF-8": "a\xffb", "half a character": "a\xe5\xa4", "surrogate": "a\xed\xa0\x80b", "replacement": "\ufffd",
		"5,000 wide": wide(5000), "200 wide": wide(200), "199 wide and a": wide(199) + "a", "expanding": string(expanding), "one that expands": strings.Repeat("ﷺ", 200),
		"empty": "", "spaces": " \u00a0\u3000", "tab": "a\tb", "lines": "a\r\nb", "controls": "a\u0007\u0085b", "SQL": "'; DROP TABLE incidents; --", "dollars": "$1 $$ $body$",
		"HTML": "<script>alert(1)</script>", "JSON": `{"a":[1,"\u0000"]}`, "backslash": `a\b\u0000\x00`, "template": "{{.}} %s %d", "path": "../../etc/passwd",
		"confusables": "аcmе раy", "right to left": "\u202eevil\u202c", "joiners": "a\u200d\u200bb", "many marks": "e" + strings.Repeat("\u0301", 190), "emoji": strings.Repeat("👩‍💻", 40),
		"a megabyte": strings.Repeat("long ", 200_000), "an id": uuid.NewString(), "nil id": uuid.Nil.String(),
	}
}

// Whatever is sent in whatever field, the answer is a stored document or a list
// of what is wrong with it.
func TestHostileTextInEveryField(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	fields := map[string]func(in *incidents.Incident, s string){
		"title":    func(in *incidents.Incident, s string) { in.Title = s },
		"slug":     func(in *incidents.Incident, s string) { in.Slug = s },
		"summary":  func(in *incidents.Incident, s string) { in.Summary = s },
		"category": func(in *incidents.Incident, s string) { in.Category = incidents.Category(s) },
		"country":  func(in *incidents.Incident, s string) { in.Countries = []string{s} },
		"vector":   func(in *incidents.Incident, s string) { in.Vectors = []incidents.Vector{incidents.Vector(s)} },
		"tag":      func(in *incidents.Incident, s string) { in.Tags = []string{s} },
		"scheme": func(in *incidents.Incident, s string) {
			in.ExternalRefs = []incidents.ExternalRef{{Scheme: s, ID: "1"}}
		},
		"reference": func(in *incidents.Incident, s string) {
			in.ExternalRefs = []incidents.ExternalRef{{Scheme: "case", ID: s}}
		},
		"actor":              func(in *incidents.Incident, s string) { in.Participants[0].Actor = incidents.ActorRef{Given: s} },
		"actor name":         func(in *incidents.Incident, s string) { in.Participants[0].Actor = incidents.ActorRef{Name: s} },
		"actor slug":         func(in *incidents.Incident, s string) { in.Participants[0].Actor.Slug = s },
		"actor kind":         func(in *incidents.Incident, s string) { in.Participants[0].Actor.Kind = incidents.ActorKind(s) },
		"actor country":      func(in *incidents.Incident, s string) { in.Participants[0].Actor.Country = s },
		"actor domain":       func(in *incidents.Incident, s string) { in.Participants[0].Actor.Domain = s },
		"actor alias":        func(in *incidents.Incident, s string) { in.Participants[0].Actor.Aliases = []string{s, "Another"} },
		"role":               func(in *incidents.Incident, s string) { in.Participants[0].Role = incidents.Role(s) },
		"source key":         func(in *incidents.Incident, s string) { in.Sources[0].Key = s },
		"source url":         func(in *incidents.Incident, s string) { in.Sources[0].URL = s },
		"source path":        func(in *incidents.Incident, s string) { in.Sources[0].URL = "https://example.com/" + s },
		"source host":        func(in *incidents.Incident, s string) { in.Sources[0].URL = "https://" + s },
		"source title":       func(in *incidents.Incident, s string) { in.Sources[0].Title = s },
		"source publisher":   func(in *incidents.Incident, s string) { in.Sources[0].Publisher = s },
		"source author":      func(in *incidents.Incident, s string) { in.Sources[0].Author = s },
		"source language":    func(in *incidents.Incident, s string) { in.Sources[0].Language = s },
		"source text":        func(in *incidents.Incident, s string) { in.Sources[0].Text = s },
		"no incident reason": func(in *incidents.Incident, s string) { in.Sources[0].NoIncidentReason = s },
		"evidence": func(in *incidents.Incident, s string) {
			in.Counts[0].Evidence[0].Source = incidents.SourceRef{Given: s}
		},
		"evidence address": func(in *incidents.Incident, s string) {
			in.Counts[0].Evidence[0].Source = incidents.SourceRef{Given: "https://example.com/" + s}
		},
		"evidence key": func(in *incidents.Incident, s string) { in.Counts[0].Evidence[0].Source = incidents.SourceRef{Key: s} },
		"evidence url": func(in *incidents.Incident, s string) { in.Counts[0].Evidence[0].Source = incidents.SourceRef{URL: s} },
		"evidence title": func(in *incidents.Incident, s string) {
			in.Counts[0].Evidence[0].Source = incidents.SourceRef{Title: s}
		},
		"evidence publisher": func(in *incidents.Incident, s string) {
			in.Counts[0].Evidence[0].Source = incidents.SourceRef{URL: "https://example.com/p", Publisher: s}
		},
		"quote": func(in *incidents.Incident, s string) { in.Counts[0].Evidence[0].Quote = s },
		"quote that is there": func(in *incidents.Incident, s string) {
			in.Sources[0].URL, in.Sources[0].Text, in.Counts[0].Evidence[0].Quote = "", "x "+s+" y", s
		},
		"claim key":             func(in *incidents.Incident, s string) { in.Counts[0].Key = s },
		"supersedes":            func(in *incidents.Incident, s string) { in.Counts[0].Supersedes = incidents.ClaimRef(s) },
		"unit":                  func(in *incidents.Incident, s string) { in.Counts[0].Unit = incidents.Unit(s) },
		"qualifier":             func(in *incidents.Incident, s string) { in.Counts[0].Qualifier = incidents.Qualifier(s) },
		"currency":              func(in *incidents.Incident, s string) { in.Losses[0].Currency = s },
		"basis":                 func(in *incidents.Incident, s string) { in.Attributions[0].Basis = incidents.Basis(s) },
		"answers":               func(in *incidents.Incident, s string) { in.Responses[0].Answers = incidents.ClaimRef(s) },
		"fulfils":               func(in *incidents.Incident, s string) { in.Responses[0].Fulfils = incidents.ClaimRef(s) },
		"spoken by":             func(in *incidents.Incident, s string) { in.Responses[0].SpokenBy = s },
		"summary of a response": func(in *incidents.Incident, s string) { in.Responses[0].Summary = s },
	}
	texts := hostileTexts()
	stored := make(chan string, len(fields)*len(texts))
	var all errgroup.Group
	all.SetLimit(8)
	for field, set := range fields {
		all.Go(func() error {
			for name, text := range texts {
				in := incidents.Incident{
					Title: "Hostile", Category: incidents.CategoryOther,
					Participants: []incidents.Participant{{Actor: incidents.ActorRef{Name: "Acme"}, Role: incidents.RoleVictim}},
					Sources:      []incidents.Source{{URL: "https://example.com/hostile"}},
					Counts:       []incidents.Count{{Claim: incidents.Claim{Evidence: []incidents.Evidence{{}}}, Unit: incidents.People, Quantity: new(int64(1))}},
					Losses:       []incidents.Loss{{Kind: "stolen", Amount: new(decimal.New(1, 0)), Currency: "USD"}},
					Attributions: []incidents.Attribution{{Accused: incidents.ActorRef{Given: "Acme"}, Basis: "media_attributes"}},
					Responses:    []incidents.Response{{Actor: incidents.ActorRef{Given: "Acme"}, Kind: incidents.Denial}},
				}
				set(&in, text)
				if slug := taken(t, l, field+" "+name, in); slug != "" {
					stored <- slug
				}
			}
			return nil
		})
	}
	_ = all.Wait()
	close(stored)
	for slug := range stored { // now that nobody changes the sources and actors that they share
		sameAsRows(t, l, slug)
	}
}

func TestHostileReasons(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	for _, text := range hostileTexts() {
		c := recording
		c.Reason, c.By.Name = text, "A key"
		_, err := l.Record(t.Context(), c, incidents.Incident{Title: "Reason", Category: incidents.CategoryOther})
		if err != nil {
			wantProblem(t, err, "/reason: ")
		}
	}
	c := recording
	c.Reason = "It says \u202eelse"
	_, err := l.Record(t.Context(), c, incidents.Incident{Title: "Turned round", Category: incidents.CategoryOther})
	wantProblem(t, err, "/reason: must not contain the control character U+202E")
	c = recording
	c.By.Name = ""
	_, err = l.Record(t.Context(), c, incidents.Incident{Title: "By nobody", Category: incidents.CategoryOther})
	wantProblem(t, err, "/author: ")
}

func TestHostileNumbers(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	for _, q := range incidents.Qualifier("").Vocabulary().Values() {
		for _, n := range []int64{math.MinInt64, -1, 0, math.MaxInt64 - 1, math.MaxInt64} {
			takenOrExplained(t, l, fmt.Sprint(q, n), incidents.Incident{Title: "A number", Category: incidents.CategoryOther, Counts: []incidents.Count{
				{Unit: incidents.People, Qualifier: incidents.Qualifier(q), Quantity: &n, Headline: true}, {Unit: incidents.People, Qualifier: incidents.Between, Low: &n, High: new(int64(math.MaxInt64))},
			}})
		}
		for _, a := range []decimal.Decimal{
			decimal.New(1, 29), decimal.New(1, 30), decimal.New(1, math.MaxInt32), decimal.New(1, math.MinInt32), decimal.New(-1, 0), decimal.New(0, 999_999), decimal.New(0, -999_999),
			decimal.RequireFromString(strings.Repeat("9", 30) + "." + strings.Repeat("9", 18)), decimal.RequireFromString(strings.Repeat("9", 5000)), decimal.RequireFromString("0." + strings.Repeat("0", 17) + "1"),
			decimal.RequireFromString("1.000000000000000000000000"), decimal.RequireFromString("1e5"), {},
		} {
			takenOrExplained(t, l, q+" an amount", incidents.Incident{Title: "An amount", Category: incidents.CategoryOther, Losses: []incidents.Loss{
				{Kind: "stolen", Qualifier: incidents.Qualifier(q), Amount: &a, Currency: "USD"}, {Kind: "stolen", Qualifier: incidents.Between, Low: &a, High: &a, Currency: "BTC"},
				{Kind: "fine", Amount: new(decimal.New(5, 0)), Currency: "ETH", Converted: &incidents.Money{Amount: a, Currency: "USD"}},
			}})
		}
	}
	if _, err := l.BreachTotals(t.Context(), ledger.Filter{}); err != nil {
		t.Error(err)
	}
}

func TestHostilePositions(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	for _, start := range []int{math.MinInt, -1, 0, 5, 1 << 31, 1<<32 + 5, math.MaxInt} {
		for _, occurrence := range []int{math.MinInt, -1, 0, 1, 2, 3, 1 << 31, math.MaxInt} {
			in := quoting(incidents.Source{Text: "word, word."}, "word")
			in.Counts[0].Evidence[0].Start, in.Counts[0].Evidence[0].End, in.Counts[0].Evidence[0].Occurrence = &start, &start, occurrence
			takenOrExplained(t, l, fmt.Sprint(start, " ", occurrence), in)
		}
	}
}

// The largest document there may be is stored, and what is larger is refused.
func TestAsManyClaimsAsThereMayBe(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	build := func(n int) incidents.Incident {
		in := incidents.Incident{Title: "Large", Category: incidents.CategoryOther, Sources: []incidents.Source{{Text: strings.Repeat("Filler. ", 1000) + "A sentence."}}}
		claim := func() incidents.Claim {
			return incidents.Claim{Evidence: []incidents.Evidence{{Quote: "A sentence."}, {}}}
		}
		for i := range n {
			in.Counts = append(in.Counts, incidents.Count{Claim: claim(), Unit: incidents.People, Quantity: new(int64(i)), Headline: i == 0})
			in.Losses = append(in.Losses, incidents.Loss{Claim: claim(), Kind: "stolen", Amount: new(decimal.New(int64(i), 0)), Currency: "USD"})
			in.Attributions = append(in.Attributions, incidents.Attribution{Claim: claim(), Accused: incidents.ActorRef{Name: fmt.Sprint("Accused ", i)}, Basis: "media_attributes"})
			in.Responses = append(in.Responses, incidents.Response{Claim: claim(), Actor: incidents.ActorRef{Name: fmt.Sprint("Actor ", i)}, Kind: "apology"})
		}
		return in
	}
	start := time.Now()
	doc := record(t, l, build(incidents.MaxClaims))
	sameAsRows(t, l, doc.Slug)
	edit(t, l, doc.Slug, func(in *incidents.Incident) { in.Title = "Large and edited" })
	t.Logf("recorded and edited in %v, %d bytes", time.Since(start), len(doc.JSON))
	_, err := l.Record(t.Context(), recording, build(incidents.MaxClaims+1))
	for _, claims := range []string{"counts", "losses", "attributions", "responses"} {
		wantProblem(t, err, "/"+claims+": must have at most 500 items, has 501")
	}
}

// Evidence brings its sources along, up to as many as a document may have.
func TestAsManySourcesAsThereMayBe(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	in := quoting(incidents.Source{URL: "https://example.com/0"})
	for i := range incidents.MaxClaims {
		c := incidents.Count{Unit: incidents.People, Qualifier: incidents.NotDisclosed, Headline: i == 0}
		c.Evidence = []incidents.Evidence{{Source: incidents.SourceRef{URL: fmt.Sprint("https://example.com/", i)}}}
		in.Counts = append(in.Counts[:i], c)
	}
	sameAsRows(t, l, record(t, l, in).Slug)
	in.Counts[0].Evidence = append(in.Counts[0].Evidence, incidents.Evidence{Source: incidents.SourceRef{URL: "https://example.com/one-more"}})
	_, err := l.Record(t.Context(), recording, in)
	wantProblem(t, err, "/sources: must have at most 500 items, has 501")
}

// TestFarTooManySources: evidence that names many thousands of them is refused before
// they are looked for, each among all before it.
func TestFarTooManySources(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	in := quoting(incidents.Source{URL: "https://example.com/0"})
	count := incidents.Count{Unit: incidents.People, Qualifier: incidents.NotDisclosed}
	for i := range 120 * incidents.MaxClaims {
		if i%incidents.MaxClaims == 0 {
			count.Evidence, in.Counts = nil, append(in.Counts, count)
		}
		last := &in.Counts[len(in.Counts)-1]
		last.Evidence = append(last.Evidence, incidents.Evidence{Source: incidents.SourceRef{Given: fmt.Sprint("https://example.com/", i)}})
	}
	start := time.Now()
	_, err := l.Record(t.Context(), recording, in)
	wantProblem(t, err, "/sources: must have at most 500 items, and the evidence names 60,000")
	if took := time.Since(start); took > 20*time.Second && !testing.Short() {
		t.Errorf("it took %v", took)
	}
}

// Very many quotes that are not in a long text cost little.
func TestManyWrongQuotes(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	in := quoting(incidents.Source{Text: strings.Repeat("It went on and on. ", 50_000)})
	for i := range incidents.MaxClaims {
		c := incidents.Count{Unit: incidents.People, Qualifier: incidents.NotDisclosed, Headline: i == 0}
		for j := range 4 {
			c.Evidence = append(c.Evidence, incidents.Evidence{Quote: fmt.Sprintf("It went on and on. It went on and off %d %d", i, j)})
		}
		in.Counts = append(in.Counts[:i], c)
	}
	start := time.Now()
	_, err := l.Record(t.Context(), recording, in)
	wantProblem(t, err, "/counts/0/evidence/0/quote: the quote is not in the text")
	if took := time.Since(start); took > time.Minute {
		t.Errorf("it took %v", took)
	}
}
