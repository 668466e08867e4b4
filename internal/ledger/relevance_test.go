package ledger_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
	"github.com/breachledger/breachledger/internal/ledgertest"
)

type found struct {
	Slug      string             `json:"slug"`
	Highlight []ledger.Highlight `json:"highlight"`
}

// search is everything that a search finds, page by page.
func search(t *testing.T, l *ledger.Ledger, r ledger.ListRequest) []found {
	t.Helper()
	r.Highlight = true
	var out []found
	for {
		got, err := l.List(t.Context(), r)
		if err != nil {
			t.Fatalf("search for %q: %v", r.Filter.Query, err)
		}
		for _, item := range got.JSON() {
			var f found
			if err := json.Unmarshal(item, &f); err != nil {
				t.Fatalf("%v: %s", err, item)
			}
			out = append(out, f)
		}
		if got.NextCursor == "" {
			return out
		}
		r.Page.Cursor = got.NextCursor
	}
}

func slugsOf(all []found) []string {
	out := make([]string, len(all))
	for i, f := range all {
		out[i] = f.Slug
	}
	return out
}

// passages are the highlights, each as "field: text" with [matches] in brackets.
func passages(f found) []string {
	var out []string
	for _, h := range f.Highlight {
		text := h.Field + ": "
		for _, p := range h.Parts {
			if p.Match {
				text += "[" + p.Text + "]"
			} else {
				text += p.Text
			}
		}
		out = append(out, text)
	}
	return out
}

func TestSearchPutsTheBestFirst(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	long := strings.Repeat("Nothing of interest happened on that day. ", 50)
	for _, in := range []incidents.Incident{
		{Slug: "in-a-source", Title: "A case", Sources: []incidents.Source{{Text: long + "A submarine was seen." + long}}},
		{Slug: "in-the-title", Title: "The submarine case"},
		{Slug: "in-the-summary", Title: "Another case", Summary: "It was a submarine."},
		{Slug: "of-an-actor", Title: "Case three", Participants: []incidents.Participant{{Actor: incidents.ActorRef{Name: "Submarine Pay"}, Role: incidents.RoleVictim}}},
		{Slug: "elsewhere", Title: "No such thing"},
	} {
		in.Category = incidents.CategoryOther
		record(t, l, in)
	}
	want := []string{"in-the-title", "of-an-actor", "in-the-summary", "in-a-source"}
	for limit := range 5 {
		got := slugsOf(search(t, l, ledger.ListRequest{Filter: ledger.Filter{Query: "submarines"}, Page: ledger.Page{Limit: limit + 1}}))
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("with pages of %d: -want +got\n%s", limit+1, diff)
		}
	}
	// In any other order it is a filter.
	got := slugsOf(search(t, l, ledger.ListRequest{Filter: ledger.Filter{Query: "submarine"}, Sort: "updated"}))
	if diff := cmp.Diff([]string{"in-a-source", "in-the-title", "in-the-summary", "of-an-actor"}, got); diff != "" {
		t.Errorf("by the time of writing: -want +got\n%s", diff)
	}
	_, err := l.List(t.Context(), ledger.ListRequest{Sort: ledger.Relevance})
	wantProblem(t, err, "/sort: ")
}

func TestHighlightsSayWhereTheWordsStand(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	record(t, l, incidents.Incident{
		Title: "Skimming <b>at</b> the harbour & more", Summary: "Terminals were altered by night. " + strings.Repeat("And then there was more of it. ", 40) + "It was skimming.",
		Category:     incidents.PaymentFraud,
		Participants: []incidents.Participant{{Actor: incidents.ActorRef{Name: "Zürich Wallet", Aliases: []string{"Blue Purse"}}, Role: incidents.RoleVictim}},
		Sources: []incidents.Source{
			{URL: "https://example.com/a", Title: "Gazette of crimes", Text: "Witnesses saw a submarine. The harbour was dark, and the harbour master slept"},
			{Text: "A second text names the harbour and the skimming and \u0002odd\u0003 marks."},
		},
		Counts: []incidents.Count{{Unit: "cards", Qualifier: "unquantified", Claim: incidents.Claim{Evidence: []incidents.Evidence{
			{Source: incidents.SourceRef{URL: "https://example.com/a"}, Quote: "Witnesses saw a submarine."}}}}},
	})
	for q, want := range map[string][]string{
		"terminals":         {"summary: [Terminals] were altered by night. And then there was more of it. And then there was more of it. And then there was more of it. And then there"},
		"harbour":           {"title: Skimming <b>at</b> the [harbour] & more", "source: Gazette of crimes — Witnesses saw a submarine. The [harbour] was dark, and the [harbour] master slept"},
		"skimmed harbour":   {"title: [Skimming] <b>at</b> the [harbour] & more", "source: second text names the [harbour] and the [skimming] and  odd  marks"},
		"blue purse":        {"actor: [Blue] [Purse]"},
		"zürich submarine":  {"actor: [Zürich] Wallet", "source: Gazette of crimes — Witnesses saw a [submarine]. The harbour was dark, and the harbour master slept"},
		`"harbour master"`:  {"source: Gazette of crimes — Witnesses saw a submarine. The [harbour] was dark, and the [harbour] [master] slept"},
		"harbour -mountain": {"title: Skimming <b>at</b> the [harbour] & more", "source: Gazette of crimes — Witnesses saw a submarine. The [harbour] was dark, and the [harbour] master slept"},
		"-mountain":         nil,
	} {
		got := search(t, l, ledger.ListRequest{Filter: ledger.Filter{Query: q}})
		if len(got) != 1 {
			t.Errorf("%q finds %d", q, len(got))
			continue
		}
		if got[0].Highlight == nil {
			t.Errorf("%q: there is no list of highlights", q)
		}
		if diff := cmp.Diff(want, passages(got[0])); diff != "" {
			t.Errorf("%q: -want +got\n%s", q, diff)
		}
	}
	// Where texts are closed they find nothing, in either way of searching, and what
	// is quoted from them is all that shows.
	for q, want := range map[string][]string{
		"harbour":              {"title: Skimming <b>at</b> the [harbour] & more"},
		"terminals":            {"summary: [Terminals] were altered by night. And then there was more of it. And then there was more of it. And then there was more of it. And then there"},
		"zürich":               {"actor: [Zürich] Wallet"},
		"harbour or submarine": {"title: Skimming <b>at</b> the [harbour] & more", "source: Gazette of crimes — Witnesses saw a [submarine]"},
		"harbour -submarine":   {"title: Skimming <b>at</b> the [harbour] & more"},
		"submarine":            nil, "slept": nil, "harbour slept": nil, `"harbour master"`: nil,
	} {
		closed := ledger.Filter{Query: q, TextsClosed: true}
		for _, r := range []ledger.ListRequest{{Filter: closed}, {Filter: closed, Count: true}, {Filter: closed, Sort: "-victims"}} {
			got, shown := search(t, l, r), []string(nil)
			if len(got) == 1 {
				shown = passages(got[0])
			}
			if diff := cmp.Diff(want, shown); diff != "" {
				t.Errorf("%q where texts are closed, %+v: -want +got\n%s", q, r, diff)
			}
		}
	}
}

// A text that speaks of HTML is plain all the same: PostgreSQL would skip its tags, and
// what stands between two of script or style.
func TestWordsBehindATag(t *testing.T) {
	t.Parallel()
	url := ledgertest.URL(t)
	l := ledgertest.OpenURL(t, url)
	record(t, l, incidents.Incident{
		Title: "Skimmers <script> Acme", Summary: "They put a <script> into the payment pages of Qwertzuiop, and took < 5 cards.", Category: incidents.PaymentFraud,
		Participants: []incidents.Participant{{Actor: incidents.ActorRef{Name: "Less <style> Frobnitz"}, Role: incidents.RoleVictim}},
		Sources:      []incidents.Source{{Text: "Reading the <style>of the page revealed Plughwort nearby."}},
	})
	found := map[string][]string{
		"acme":                 {"title: Skimmers <script> [Acme]"},
		"qwertzuiop":           {"summary: They put a <script> into the payment pages of [Qwertzuiop], and took < 5 cards"},
		"frobnitz":             {"actor: Less <style> [Frobnitz]"},
		"plughwort":            {"source: Reading the <style>of the page revealed [Plughwort] nearby"},
		`"<script> acme"`:      {"title: Skimmers <[script]> [Acme]"},
		"<script> qwertzuiop":  {"summary: They put a <[script]> into the payment pages of [Qwertzuiop], and took < 5 cards"},
		"plughwort -<frobnitz": nil,
	}
	look := func(when string) {
		t.Helper()
		for q, want := range found {
			got, shown := search(t, l, ledger.ListRequest{Filter: ledger.Filter{Query: q}}), []string(nil)
			if len(got) == 1 {
				shown = passages(got[0])
			}
			if diff := cmp.Diff(want, shown); diff != "" {
				t.Errorf("%s, %q: -want +got\n%s", when, q, diff)
			}
		}
	}
	look("as logged")
	if err := ledger.MigrateTo(t.Context(), url, 38); err != nil {
		t.Fatal(err)
	}
	exec(t, l, `UPDATE incidents AS i SET search = incident_search(title, summary,
		(SELECT array_agg(actor_id) FROM incident_participants WHERE incident_id = i.id), (SELECT array_agg(source_id) FROM incident_sources WHERE incident_id = i.id))`)
	if got := search(t, l, ledger.ListRequest{Filter: ledger.Filter{Query: "qwertzuiop"}}); len(got) != 0 {
		t.Fatal("the version before finds it too")
	}
	if _, err := ledger.Migrate(t.Context(), url, nil); err != nil {
		t.Fatal(err)
	}
	look("after the migration")
}

// Whatever texts are like, a highlight stays short and is found in time.
func TestHighlightsStayShort(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	for i, text := range []string{
		"findable " + strings.Repeat("x", 200_000), strings.Repeat("findable ", 50_000), strings.Repeat("x", 50_000) + " findable " + strings.Repeat("y", 90_000),
		"findable " + strings.Repeat("𠀀𠀁-", 60_000), strings.Repeat("<findable ", 20_000), strings.Repeat("http://findable.example/findable?a=findable&b ", 3000),
		"findable " + strings.Repeat("\u0001\u0002\u0003\ufffe ", 5000),
	} {
		record(t, l, incidents.Incident{Title: fmt.Sprint("Case ", i), Category: incidents.CategoryOther, Sources: []incidents.Source{{Text: text}}})
	}
	got := search(t, l, ledger.ListRequest{Filter: ledger.Filter{Query: "findable"}})
	if len(got) < 6 {
		t.Fatalf("%d are found", len(got))
	}
	for _, f := range got {
		for _, h := range f.Highlight {
			text, _ := json.Marshal(h)
			if len(text) > 20_000 {
				t.Errorf("%s: a highlight of %d bytes: %.200s", f.Slug, len(text), text)
			}
		}
	}
	for _, q := range []string{strings.Repeat("word ", 190), strings.Repeat("a or ", 190), "& | :*", "'' <-> ''", `"a" -"b" or c`, "http://a.example/x?y=1&z=2 or b", "it's", `a\b`, "T", "-T"} {
		search(t, l, ledger.ListRequest{Filter: ledger.Filter{Query: q}})
		search(t, l, ledger.ListRequest{Filter: ledger.Filter{Query: "findable or " + q}})
	}
}

func TestHighlightParts(t *testing.T) {
	t.Parallel()
	part := func(text string, match bool) ledger.HighlightPart {
		return ledger.HighlightPart{Text: text, Match: match}
	}
	long := strings.Repeat("ö", 500)
	half := strings.Repeat("ö", 100)
	for marked, want := range map[string][]ledger.HighlightPart{
		"":                            {},
		"none":                        {part("none", false)},
		"\u0002all\u0003":             {part("all", true)},
		"a \u0002b\u0003 c":           {part("a ", false), part("b", true), part(" c", false)},
		"\u0002a\u0003\u0002b\u0003":  {part("a", true), part("b", true)},
		"\u0002unclosed":              {part("unclosed", true)},
		long + "\u0002b\u0003" + long: {part("…"+half, false), part("b", true), part(half+"…", false)},
		"\u0002a\u0003" + long + "\u0002" + long + "\u0003": {part("a", true), part(half+"…"+half, false), part(half+"…", true)},
	} {
		if diff := cmp.Diff(want, ledger.HighlightParts(marked)); diff != "" {
			t.Errorf("%.40q: -want +got\n%s", marked, diff)
		}
	}
	if got := ledger.HighlightParts(strings.Repeat("a\u0002b\u0003", 1000)); len(got) > 45 || got[len(got)-1].Text != "…" {
		t.Errorf("%d parts", len(got))
	}
}

// A page of a search goes on where the last one ended, whatever is recorded in
// between, and takes no cursor of another list.
func TestSearchCursors(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	for i := range 7 {
		record(t, l, incidents.Incident{Title: fmt.Sprint("Quartz case ", i), Category: incidents.CategoryOther})
	}
	f := ledger.Filter{Query: "quartz"}
	first, err := l.List(t.Context(), ledger.ListRequest{Filter: f, Page: ledger.Page{Limit: 3}})
	if err != nil {
		t.Fatal(err)
	}
	record(t, l, incidents.Incident{Title: "Quartz quartz quartz", Category: incidents.CategoryOther})
	second, err := l.List(t.Context(), ledger.ListRequest{Filter: f, Page: ledger.Page{Limit: 10, Cursor: first.NextCursor}})
	if err != nil || len(second.Items) != 4 || second.NextCursor != "" {
		t.Fatalf("the second page has %d items, %q, %v", len(second.Items), second.NextCursor, err)
	}
	for _, item := range second.JSON() {
		if slices.ContainsFunc(first.JSON(), func(other json.RawMessage) bool { return string(other) == string(item) }) {
			t.Errorf("%s comes twice", item)
		}
	}
	for name, r := range map[string]ledger.ListRequest{
		"another search": {Filter: ledger.Filter{Query: "case"}}, "another order": {Filter: f, Sort: "-victims"},
		"another filter": {Filter: ledger.Filter{Query: "quartz", Tags: []string{"x"}}},
	} {
		r.Page.Cursor = first.NextCursor
		if _, err := l.List(t.Context(), r); !errors.Is(err, ledger.ErrCursor) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := l.List(t.Context(), ledger.ListRequest{Filter: f, Page: ledger.Page{Cursor: first.NextCursor[:20] + "A" + first.NextCursor[21:]}}); !errors.Is(err, ledger.ErrCursor) {
		t.Errorf("a tampered one: %v", err)
	}
}

// Words alone are searched for in one way, words within a filter in another.
// A filter that says no more than none does finds the same.
func TestBothWaysOfSearchingFindTheSame(t *testing.T) {
	t.Parallel()
	l := ledgertest.Open(t)
	all := library(t, l, 7, 60)
	queries := []string{"bank or payments", "the data", `"customer data" or refund`, "breach -bank", "-bank", "nonsense", "and the of", all[0].Title, all[1].Summary}
	some := 0
	for i, q := range queries {
		for _, closed := range []bool{false, true} {
			alone := ledger.ListRequest{Filter: ledger.Filter{Query: q, TextsClosed: closed}, Page: ledger.Page{Limit: 7}}
			within := alone
			within.Filter.Publications = []incidents.Publication{incidents.Published}
			within.Filter.Certainties = []incidents.Certainty{incidents.Confirmed, incidents.Suspected}
			got := search(t, l, alone)
			if diff := cmp.Diff(search(t, l, within), got); diff != "" {
				t.Errorf("%d %q: -within a filter +alone\n%s", i, q, diff)
			}
			some += len(got)
		}
	}
	if some < 20 {
		t.Errorf("only %d incidents are found", some)
	}
}
