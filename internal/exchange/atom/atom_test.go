package atom_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/breachledger/breachledger/internal/exchange/atom"
	"github.com/breachledger/breachledger/internal/incidents"
)

var update = flag.Bool("update", false, "rewrite the files in testdata")

// documents are the maximal and the smallest document of the domain's own tests.
func documents(t *testing.T) (full, small incidents.Incident) {
	t.Helper()
	text, err := os.ReadFile("../../incidents/testdata/documents.golden")
	if err != nil {
		t.Fatal(err)
	}
	dec := json.NewDecoder(bytes.NewReader(text))
	for _, in := range []*incidents.Incident{&full, &small} {
		if err := dec.Decode(in); err != nil {
			t.Fatal(err)
		}
	}
	small.ID, small.UpdatedAt = uuid.MustParse("01890000-0000-7000-8000-000000000001"), full.UpdatedAt.Add(time.Hour)
	return full, small
}

func feed(t *testing.T) atom.Feed {
	t.Helper()
	full, small := documents(t)
	small.Title = `</title><script>alert("1")</script> & 夜 ` + "\x01"
	f := atom.Feed{
		Name: "example.org/feed.atom?category=data_breach&q=naïve café", Title: "Breachledger: incidents", Subtitle: "New and changed <incidents>",
		Self: "https://example.org/feed.atom?category=data_breach&limit=2", Alternate: "https://example.org/incidents?category=data_breach", Next: "https://example.org/feed.atom?cursor=a%2Bb",
		Entries: []atom.Entry{atom.EntryOf(small.Card()), atom.EntryOf(full.Card())},
	}
	for i, slug := range []string{"small", full.Slug} {
		f.Entries[i].Page = "https://example.org/incidents/" + slug
	}
	f.Entries[1].JSON = "https://example.org/v1/incidents/" + full.Slug
	f.Entries[1].Published = full.CreatedAt
	return f
}

func TestGolden(t *testing.T) {
	t.Parallel()
	got, err := atom.Encode(feed(t))
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join("testdata", "feed.golden.atom")
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v (go test -update writes it)", err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (-want +got; go test -update rewrites it):\n%s", path, diff)
	}
}

// element is any element of a feed, as a feed reader sees it.
type element struct {
	XMLName  xml.Name
	Attrs    []xml.Attr `xml:",any,attr"`
	Text     string     `xml:",chardata"`
	Children []element  `xml:",any"`
}

func (e element) all(name string) []element {
	return slices.DeleteFunc(slices.Clone(e.Children), func(c element) bool { return c.XMLName.Local != name })
}

func (e element) attr(name string) string {
	for _, a := range e.Attrs {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// What is written is well-formed, has the elements that RFC 4287 asks for in the
// number that it asks for, and gives texts back as they were.
func TestParses(t *testing.T) {
	t.Parallel()
	f := feed(t)
	text, err := atom.Encode(f)
	if err != nil {
		t.Fatal(err)
	}
	var root element
	dec := xml.NewDecoder(bytes.NewReader(text))
	if err := dec.Decode(&root); err != nil {
		t.Fatal(err)
	}
	for {
		token, err := dec.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if space, ok := token.(xml.CharData); err != nil || !ok || len(bytes.TrimSpace(space)) > 0 {
			t.Fatalf("behind the feed: %v, %v", token, err)
		}
	}
	if root.XMLName != (xml.Name{Space: "http://www.w3.org/2005/Atom", Local: "feed"}) {
		t.Errorf("the root is %v", root.XMLName)
	}
	once := func(e element, names ...string) {
		for _, name := range names {
			if found := e.all(name); len(found) != 1 || found[0].Text == "" && len(found[0].Children) == 0 {
				t.Errorf("%s: %d of %s: %v", e.XMLName.Local, len(found), name, found)
			}
		}
	}
	once(root, "id", "title", "subtitle", "updated", "author", "generator")
	links := map[string]string{}
	for _, l := range root.all("link") {
		links[l.attr("rel")] = l.attr("href")
	}
	if diff := cmp.Diff(map[string]string{"self": f.Self, "alternate": f.Alternate, "next": f.Next}, links); diff != "" {
		t.Errorf("links (-want +got):\n%s", diff)
	}
	entries := root.all("entry")
	if len(entries) != 2 {
		t.Fatalf("%d entries", len(entries))
	}
	for i, e := range entries {
		once(e, "id", "title", "updated", "summary")
		if got, want := e.all("title")[0].Text, strings.ReplaceAll(f.Entries[i].Title, "\x01", "\uFFFD"); got != want {
			t.Errorf("title %q, want %q", got, want)
		}
		if got := e.all("id")[0].Text; got != "tag:breachledger.github.io,2026:incident:"+f.Entries[i].ID.String() {
			t.Errorf("id %s", got)
		}
		if _, err := time.Parse(time.RFC3339, e.all("updated")[0].Text); err != nil {
			t.Error(err)
		}
		types := map[string]bool{}
		for _, l := range e.all("link") {
			if types[l.attr("type")] {
				t.Errorf("two links of the type %s", l.attr("type"))
			}
			types[l.attr("type")] = true
		}
		for _, c := range e.all("category") {
			if c.attr("term") == "" || !strings.HasPrefix(c.attr("scheme"), "tag:breachledger.github.io,2026:vocabulary:") {
				t.Errorf("category %v", c.Attrs)
			}
		}
	}
	if got := root.all("updated")[0].Text; got != f.Entries[0].Updated.Format(time.RFC3339) {
		t.Errorf("the feed was updated at %s", got)
	}
}

// An entry is known again whatever changes of the incident and of the ledger.
func TestIDsAreStable(t *testing.T) {
	t.Parallel()
	ids := func(f atom.Feed) []string {
		text, err := atom.Encode(f)
		if err != nil {
			t.Fatal(err)
		}
		var root element
		if err := xml.Unmarshal(text, &root); err != nil {
			t.Fatal(err)
		}
		out := []string{root.all("id")[0].Text}
		for _, e := range root.all("entry") {
			out = append(out, e.all("id")[0].Text)
		}
		return out
	}
	f := feed(t)
	before := ids(f)
	f.Self, f.Next, f.Title = "https://elsewhere.example/feed.atom?cursor=x", "", "Another"
	for i := range f.Entries {
		f.Entries[i].Title, f.Entries[i].Page = "Another", "https://elsewhere.example/another"
	}
	if diff := cmp.Diff(before, ids(f)); diff != "" {
		t.Errorf("(-before +after):\n%s", diff)
	}
	if want := "tag:breachledger.github.io,2026:feed:example.org/feed.atom?category=data_breach&q=na%C3%AFve%20caf%C3%A9"; before[0] != want {
		t.Errorf("the feed's id is %s", before[0])
	}
}

func TestEncodeErrors(t *testing.T) {
	t.Parallel()
	for want, change := range map[string]func(*atom.Feed){
		"a feed needs a name and a title":                 func(f *atom.Feed) { f.Name = "" },
		"a feed without entries needs a time":             func(f *atom.Feed) { f.Entries = nil },
		"entry 2 needs an id, a title and a time":         func(f *atom.Feed) { f.Entries[1].Title = "" },
		`"/feed.atom" is not an http or https address`:    func(f *atom.Feed) { f.Self = "/feed.atom" },
		`"javascript:alert(1)" is not an http or https`:   func(f *atom.Feed) { f.Entries[0].Page = "javascript:alert(1)" },
		`"https://%" is not an http or https address`:     func(f *atom.Feed) { f.Next = "https://%" },
		`"mailto:a@b.example" is not an http or https ad`: func(f *atom.Feed) { f.Entries[1].JSON = "mailto:a@b.example" },
	} {
		t.Run(want, func(t *testing.T) {
			t.Parallel()
			f := feed(t)
			change(&f)
			if _, err := atom.Encode(f); err == nil || !strings.HasPrefix(err.Error(), "write feed: "+want) {
				t.Errorf("got %v", err)
			}
		})
	}
	empty := atom.Feed{Name: "n", Title: "t", Self: "https://example.org/feed.atom", Updated: time.Unix(0, 0)}
	if _, err := atom.Encode(empty); err != nil {
		t.Errorf("an empty feed: %v", err)
	}
}

func TestSummary(t *testing.T) {
	t.Parallel()
	day, err := incidents.ParseDate("2014-10-28")
	if err != nil {
		t.Fatal(err)
	}
	victim := incidents.CardActor{Name: "Acme", Role: incidents.RoleVictim, Sector: "bank"}
	n := int64(1)
	for want, c := range map[string]incidents.Card{
		"Data breach. No number of those affected recorded.": {Category: incidents.DataBreach},
		"Extortion (near miss): Acme, Beta. No number of those affected recorded. Occurred until 2014-10-28. No response of those breached recorded.": {
			Category: incidents.Extortion, Certainty: incidents.NearMiss, Occurred: &incidents.Period{To: day}, Unanswered: true,
			Actors: []incidents.CardActor{victim, {Name: "Beta", Role: incidents.RoleAffectedPlatform}, {Name: "Acme", Role: incidents.RoleAffectedPlatform}},
		},
		"Payment fraud: Acme. 1 person, stated by Cert, cited. Occurred 2014-10-28. Disclosed 2014-10-28. Accused: Ring. An accusation is contested. 1 response recorded.": {
			Category: incidents.PaymentFraud, Certainty: incidents.Confirmed, Occurred: &incidents.Period{From: day, To: day}, Disclosed: day, ResponseCount: 1, Contested: true,
			Victims: &incidents.Victims{Quantity: &n, Text: "1 person", ClaimedBy: &incidents.ActorRef{Name: "Cert"}, Support: incidents.Cited},
			Actors:  []incidents.CardActor{victim, {Name: "Ring", Role: incidents.RoleAllegedAttacker}},
		},
		// A card does not say which of several accusations is denied.
		"Other. No number of those affected recorded. Accused: Ring, Void. An accusation is contested. 1 response recorded.": {
			Category: incidents.CategoryOther, ResponseCount: 1, Contested: true,
			Actors: []incidents.CardActor{{Name: "Ring", Role: incidents.RoleAllegedAttacker}, {Name: "Void", Role: incidents.RoleAllegedAttacker}},
		},
		"Other. At most 2 cards, unsourced. 2 responses recorded.": {
			Category: incidents.CategoryOther, ResponseCount: 2, Victims: &incidents.Victims{Text: "at most 2 cards", Support: incidents.Unsourced},
		},
		"Other. At most 2 cards, stated by the source itself, cited.": {
			Category: incidents.CategoryOther, Victims: &incidents.Victims{Text: "at most 2 cards", Support: incidents.Cited},
		},
	} {
		if got := atom.Summary(c); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
}
