package importer_test

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/exchange/jsonstream"
	"github.com/breachledger/breachledger/internal/factfile"
	"github.com/breachledger/breachledger/internal/importer"
	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
	"github.com/breachledger/breachledger/internal/ledgertest"
)

var editor = access.Identity{Name: "editor", Role: access.Editor}

// Two breaches of the seeds as VERIS and Have I Been Pwned would tell them.
const (
	sameInVERIS = `{"schema_version":"1.3","incident_id":"A-1","source_id":"vcdb","security_incident":"Confirmed","summary":"Records of Anthem.",
		"victim":{"victim_id":"Anthem Blue Cross","industry":"524114","country":["US"]},"timeline":{"incident":{"year":2014,"month":12,"day":10}},
		"attribute":{"confidentiality":{"data_disclosure":"Yes","data_total":80000000}},"reference":"https://example.com/anthem"}
	{"schema_version":"1.3","incident_id":"O-1","source_id":"vcdb","security_incident":"Confirmed","summary":"Records of OPM.",
		"victim":{"victim_id":"Office of Personnel Management","industry":"921190","country":["US"]},"timeline":{"incident":{"year":2015,"month":4}},
		"attribute":{"confidentiality":{"data_disclosure":"Yes","data_total":21500000}},"reference":"https://example.com/opm"}`
	sameInHIBP = `[
		{"Name":"Anthem","Title":"Anthem","Domain":"anthem.com","BreachDate":"2015-01-29","AddedDate":"2015-02-05T00:00:00Z","ModifiedDate":"2015-02-05T00:00:00Z",
		 "PwnCount":78812345,"Description":"Anthem was breached.","DataClasses":["Names"],"IsVerified":true},
		{"Name":"OPM","Title":"OPM","Domain":"opm.gov","BreachDate":"2015-04-15","AddedDate":"2015-06-05T00:00:00Z","ModifiedDate":"2015-06-05T00:00:00Z",
		 "PwnCount":21512345,"Description":"OPM was breached.","DataClasses":["Social security numbers"],"IsVerified":true}]`
)

func importSeeds(t *testing.T, l *ledger.Ledger) {
	t.Helper()
	set, err := factfile.Load(os.DirFS("../../seeds"), "seeds")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := importer.Facts(t.Context(), l, set); err != nil {
		t.Fatal(err)
	}
}

func importText(t *testing.T, l *ledger.Ledger, f importer.Format, text string) {
	t.Helper()
	report, err := importer.Stream(t.Context(), l, f, jsonstream.Read(strings.NewReader(text)), importer.Options{})
	if err != nil || report.Created != 2 {
		t.Fatalf("%s: %v %v", f.Name, report, err)
	}
}

// TestSeedsAfterTheOthers: what an incident of the seeds names as one actor is two
// in the ledger. It alone is refused, with what to do; once that is done it goes in.
func TestSeedsAfterTheOthers(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	importText(t, l, importer.VERIS(false), sameInVERIS)
	importText(t, l, importer.HIBP(), sameInHIBP)
	set, err := factfile.Load(os.DirFS("../../seeds"), "seeds")
	if err != nil {
		t.Fatal(err)
	}
	facts := func() (string, importer.Report) {
		report, err := importer.Facts(t.Context(), l, set)
		if err != nil {
			t.Fatal(err)
		}
		var text strings.Builder
		if err := report.Write(&text); err != nil {
			t.Fatal(err)
		}
		return text.String(), report
	}
	text, report := facts()
	for _, want := range []string{
		"refused: opm-breach: /participants/0/actor: its names belong to two actors, Office of Personnel Management (office-of-personnel-management) and OPM (opm): " +
			"if they are the same, merge one into the other, else leave out the name that is the other's\n",
		"created: anthem-records-breach (version 1)\n", // of the same article
		"4 incidents: 3 created, 0 changed, 0 unchanged, 0 left alone, 1 refused\n",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("it does not say %q:\n%s", want, text)
		}
	}
	var asJSON strings.Builder
	var read struct {
		Incidents []struct {
			Slug     string
			Outcome  ledger.Outcome
			Problems incidents.Problems
		}
	}
	if err := report.WriteJSON(&asJSON); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(asJSON.String()), &read); err != nil || len(read.Incidents) != 4 {
		t.Fatalf("%v:\n%s", err, asJSON.String())
	}
	for _, one := range read.Incidents {
		if refused := one.Slug == "opm-breach"; refused != (one.Outcome == ledger.Refused) || refused != (len(one.Problems) == 1) {
			t.Errorf("as JSON: %+v", one)
		}
	}
	if err := l.MergeActors(t.Context(), ledger.Change{By: editor, Action: "merge actor"}, "opm", "office-of-personnel-management"); err != nil {
		t.Fatal(err)
	}
	if text, _ := facts(); !strings.Contains(text, "1 created, 0 changed, 3 unchanged, 0 left alone, 0 refused\n") {
		t.Errorf("after the merge:\n%s", text)
	}
}

// TestTheSameBreachFromThreeSides: the breaches of Anthem and OPM are found to be
// likely duplicates, and merged they show every figure beside the others, with
// who states it.
func TestTheSameBreachFromThreeSides(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	importSeeds(t, l)
	importText(t, l, importer.VERIS(false), sameInVERIS)
	importText(t, l, importer.HIBP(), sameInHIBP)
	sideBySide(t, l)
}

// TestTheSameBreachInTheRealFiles is that with the whole VCDB and HIBP, which
// has neither of the two: there the made-up entries stand in.
func TestTheSameBreachInTheRealFiles(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	importSeeds(t, l)
	stream(t, l, importer.VERIS(false), "data/vcdb-2019.jsonl.gz", importer.Options{})
	stream(t, l, importer.HIBP(), "data/hibp-2025-03.json.gz", importer.Options{})
	importText(t, l, importer.HIBP(), sameInHIBP)
	both, pairs := 0, queue(t, l)
	seen := map[string]bool{}
	for _, p := range pairs {
		first, second := originOf(t, l, p[0]), originOf(t, l, p[1])
		for i, origin := range []string{first, second} {
			other := []string{second, first}[i]
			if strings.HasPrefix(origin, "hibp:") && strings.HasPrefix(other, "veris:") && !seen[origin] && !strings.HasSuffix(origin, ":Anthem") && !strings.HasSuffix(origin, ":OPM") {
				both, seen[origin] = both+1, true
			}
		}
	}
	if both < 40 || both > 60 {
		t.Errorf("%d breaches of Have I Been Pwned may be the same as one of the VCDB, want about 50", both)
	}
	friendFinder := slices.ContainsFunc(pairs, func(p [2]incidents.Card) bool {
		return strings.Contains(p[0].Title, "FriendFinder") && strings.Contains(p[1].Title, "FriendFinder")
	})
	if !friendFinder {
		t.Error("that the VCDB lists FriendFinder twice is not found")
	}
	sideBySide(t, l)
}

// originOf says which format an incident is from.
func originOf(t *testing.T, l *ledger.Ledger, card incidents.Card) string {
	t.Helper()
	doc, err := l.Incident(t.Context(), editor, card.Slug)
	if err != nil {
		t.Fatal(err)
	}
	var in incidents.Incident
	if err := json.Unmarshal(doc.JSON, &in); err != nil {
		t.Fatal(err)
	}
	for _, r := range in.ExternalRefs {
		switch r.Scheme {
		case "hibp":
			return "hibp:" + r.ID
		case "vcdb":
			return "veris:" + r.ID
		}
	}
	return ""
}

// queue is every pair of likely duplicates.
func queue(t *testing.T, l *ledger.Ledger) [][2]incidents.Card {
	t.Helper()
	var out [][2]incidents.Card
	for cursor := ""; ; {
		pairs, next, err := l.Duplicates(t.Context(), editor, ledger.Page{Cursor: cursor, Limit: 200})
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range pairs {
			var cards [2]incidents.Card
			if json.Unmarshal(p.First, &cards[0]) != nil || json.Unmarshal(p.Second, &cards[1]) != nil {
				t.Fatalf("a pair is %s and %s", p.First, p.Second)
			}
			out = append(out, cards)
		}
		if cursor = next; cursor == "" {
			return out
		}
	}
}

// sideBySide merges what the queue has for the two breaches of the seeds.
func sideBySide(t *testing.T, l *ledger.Ledger) {
	t.Helper()
	for _, c := range []struct {
		target, headline string
		others           []string
		counts           []string // the figure and who claims it, where the source does not itself
	}{
		{
			"anthem-records-breach", "at most 78,800,000 records",
			[]string{"80,000,000 records", "78,812,345 accounts"},
			[]string{"at most 78,800,000 records", "80,000,000 records", "78,812,345 accounts: Have I Been Pwned"},
		},
		{
			"opm-breach", "more than 21,000,000 national IDs",
			[]string{"21,500,000 records", "21,512,345 accounts"},
			[]string{
				"more than 21,000,000 national IDs", "19,700,000 forms", "5,600,000 fingerprints",
				"21,500,000 records", "21,512,345 accounts: Have I Been Pwned",
			},
		},
	} {
		if n := possibleDuplicates(t, l, c.target); n < 2 {
			t.Errorf("the list says that %s has %d possible duplicates, want at least 2", c.target, n)
		}
		for _, victims := range c.others {
			slug := pairedWith(t, l, c.target, victims)
			if slug == "" {
				t.Errorf("%s is not in the queue with the one of %s", c.target, victims)
				continue
			}
			if _, err := l.Merge(t.Context(), ledger.Change{By: editor, Action: "merge", Reason: "the same breach"}, slug, "", c.target); err != nil {
				t.Fatal(err)
			}
		}
		doc, err := l.Incident(t.Context(), editor, c.target)
		if err != nil {
			t.Fatal(err)
		}
		var in incidents.Incident
		if err := json.Unmarshal(doc.JSON, &in); err != nil {
			t.Fatal(err)
		}
		if in.Victims == nil || in.Victims.Text != c.headline {
			t.Errorf("the headline of %s is now %+v, want %s", c.target, in.Victims, c.headline)
		}
		var got []string
		for _, count := range in.Counts {
			text := count.Words()
			if count.ClaimedBy != nil {
				text += ": " + count.ClaimedBy.Name
			}
			got = append(got, text)
			if len(count.Evidence) == 0 || count.Evidence[0].Source.ID == in.Counts[0].Evidence[0].Source.ID && strings.Contains(text, "accounts") {
				t.Errorf("%s: %s has not its own source", c.target, text)
			}
		}
		slices.Sort(got)
		slices.Sort(c.counts)
		if !slices.Equal(got, c.counts) {
			t.Errorf("%s has the counts\n%q, want\n%q", c.target, got, c.counts)
		}
	}
}

func possibleDuplicates(t *testing.T, l *ledger.Ledger, slug string) int {
	t.Helper()
	list, err := l.Incidents(t.Context(), ledger.Filter{}, "", ledger.Page{Limit: 200})
	if err != nil {
		t.Fatal(err)
	}
	for _, item := range list.JSON() {
		var card incidents.Card
		if err := json.Unmarshal(item, &card); err != nil {
			t.Fatal(err)
		}
		if card.Slug == slug {
			return card.PossibleDuplicates
		}
	}
	t.Fatalf("%s is not in the list", slug)
	return 0
}

// pairedWith is the slug of the incident with that figure in the queue beside
// another, directly or by way of a third.
func pairedWith(t *testing.T, l *ledger.Ledger, slug, victims string) string {
	t.Helper()
	for _, p := range queue(t, l) {
		for i, one := range p {
			other := p[1-i]
			if one.Slug == slug && other.Victims != nil && other.Victims.Text == victims {
				return other.Slug
			}
		}
	}
	return ""
}
