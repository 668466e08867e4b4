package hibp

import (
	"bytes"
	"cmp"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/breachledger/breachledger/internal/exchange/jsonstream"
	"github.com/breachledger/breachledger/internal/exchange/sharedtest"
	"github.com/breachledger/breachledger/internal/incidents"
)

var update = flag.Bool("update", false, "rewrite the files in testdata")

// all is the answer with every breach.
func all(t sharedtest.TB) [][]byte {
	t.Helper()
	f, err := os.Open(sharedtest.Path(t, "data/hibp-2025-03.json.gz"))
	if err != nil {
		t.Fatalf("%v", err)
	}
	defer f.Close()
	var out [][]byte
	for d, err := range jsonstream.Read(f) {
		if err != nil {
			t.Fatalf("%v", err)
		}
		out = append(out, d.JSON)
	}
	return out
}

type breach struct {
	Name, Domain string
	PwnCount     int64
	Description  string

	IsVerified, IsFabricated, IsSpamList, IsStealerLog bool
}

// Every breach is read without problems, and the incidents rank as the breaches
// do.
func TestDecodeAll(t *testing.T) {
	t.Parallel()
	var breaches []breach
	var read []incidents.Incident
	var sum int64
	for _, doc := range all(t) {
		var b breach
		if err := json.Unmarshal(doc, &b); err != nil {
			t.Fatal(err)
		}
		r, problems := Decode(doc)
		if len(problems) > 0 {
			t.Fatalf("%s: %v", b.Name, problems)
		}
		if len(r.Notes) > 0 {
			t.Errorf("%s: %v", b.Name, r.Notes)
		}
		in := r.Incident
		in.Derive()
		check(t, b, in)
		sum += *in.Victims.Quantity
		breaches, read = append(breaches, b), append(read, in)
	}
	if len(read) != 875 || sum != 14_946_651_318 {
		t.Fatalf("%d breaches with %d accounts", len(read), sum)
	}
	slices.SortStableFunc(breaches, func(a, b breach) int { return cmp.Compare(b.PwnCount, a.PwnCount) })
	slices.SortStableFunc(read, func(a, b incidents.Incident) int { return cmp.Compare(*b.Victims.Quantity, *a.Victims.Quantity) })
	for i, b := range breaches {
		if got := read[i].ExternalRefs[0].ID; got != b.Name {
			t.Fatalf("rank %d: %s, want %s", i+1, got, b.Name)
		}
	}
}

func check(t *testing.T, b breach, in incidents.Incident) {
	t.Helper()
	if v := in.Victims; v == nil || *v.Quantity != b.PwnCount || v.ClaimedBy.Name != "Have I Been Pwned" || v.Support != incidents.Cited || v.Unit != incidents.Accounts {
		t.Errorf("%s: victims %+v, want %d accounts", b.Name, v, b.PwnCount)
	}
	want := incidents.Confirmed
	if !b.IsVerified {
		want = incidents.Suspected
	}
	if b.IsFabricated {
		want = incidents.FalsePositive
	}
	if in.Certainty != want {
		t.Errorf("%s: certainty %s, want %s", b.Name, in.Certainty, want)
	}
	compilation := slices.Contains(in.Tags, incidents.Compilation)
	if (b.IsSpamList || b.IsStealerLog) && !compilation {
		t.Errorf("%s: a spam list or stealer log that is no compilation", b.Name)
	}
	if compilation && len(in.Participants) > 0 {
		t.Errorf("%s: a compilation with the victim %+v", b.Name, in.Participants)
	}
	if strings.ContainsAny(in.Summary, "<>") || strings.Contains(in.Summary, "&quot;") {
		t.Errorf("%s: markup is left in %q", b.Name, in.Summary)
	}
	if links := strings.Count(b.Description, "<a href=\"http"); links > 0 && len(in.Sources) < 2 {
		t.Errorf("%s: %d links, %d sources", b.Name, links, len(in.Sources))
	}
}

// Every name of the list is one of HIBP's, and every breach without a domain is
// on the list or flagged.
func TestNames(t *testing.T) {
	t.Parallel()
	known := map[string]breach{}
	for _, doc := range all(t) {
		var b breach
		if err := json.Unmarshal(doc, &b); err != nil {
			t.Fatal(err)
		}
		known[b.Name] = b
		if _, listed := names()[b.Name]; b.Domain == "" && !listed && !b.IsSpamList && !b.IsStealerLog {
			t.Errorf("%s has no domain and is not on the list of names", b.Name)
		}
	}
	for name := range names() {
		if _, ok := known[name]; !ok {
			t.Errorf("the list names %s, which is no breach", name)
		}
	}
	for _, name := range []string{"Collection1", "AntiPublic", "ExploitIn", "TelegramCombolists", "Pemiblanc", "KayoMoe", "NazApi", "2844Breaches"} {
		if names()[name].compilation == "" {
			t.Errorf("%s is no compilation", name)
		}
	}
}

// TestDecodeGolden reads hand-made breaches.
func TestDecodeGolden(t *testing.T) {
	t.Parallel()
	file, err := os.ReadFile("testdata/breaches.json")
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	for d, err := range jsonstream.Read(bytes.NewReader(file)) {
		if err != nil {
			t.Fatal(err)
		}
		r, problems := Decode(d.JSON)
		encoder := json.NewEncoder(&out)
		encoder.SetEscapeHTML(false)
		encoder.SetIndent("", "\t")
		if err := encoder.Encode(map[string]any{"incident": r.Incident, "notes": r.Notes, "problems": problems, "ref": r.Ref}); err != nil {
			t.Fatal(err)
		}
	}
	golden(t, "breaches.golden", out.String())
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v (go test -update writes it)", err)
	}
	if diff := gocmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got; go test -update rewrites it):\n%s", path, diff)
	}
}

// TestACountThatIsTooLarge is noted; the rest of the breach is read.
func TestACountThatIsTooLarge(t *testing.T) {
	t.Parallel()
	r, problems := Decode([]byte(`{"Name":"Acme","Title":"Acme","Domain":"acme.example","BreachDate":"2020-01-02","PwnCount":1000000000000001}`))
	if len(problems) > 0 || len(r.Incident.Counts) > 0 || len(r.Notes) != 1 || r.Notes[0].Pointer != "/PwnCount" {
		t.Errorf("%v, counts %v, notes %v", problems, r.Incident.Counts, r.Notes)
	}
}

func TestPlain(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, in, want string
		links          []string
	}{
		{"text", "a &lt;b&gt; &amp; &quot;c&quot; &mdash; d", `a <b> & "c" — d`, nil},
		{"link", `x <a href="https://example.com/a?b=1&amp;c=2" target="_blank">y</a>.`, "x y.", []string{"https://example.com/a?b=1&c=2"}},
		{"relative link", `<a href='/FAQs'>more</a>`, "more", []string{"https://haveibeenpwned.com/FAQs"}},
		{"hostile link", `<a href="javascript:alert(1)">y</a>`, "y", []string{"javascript:alert(1)"}},
		{"script", `a<script>alert("<b>")</script>b<style>p{}</style>c<!-- d -->`, "abc", nil},
		{"broken", `a <b unclosed="`, "a", nil},
		{"directions", "<p>a\u202eb\u2069 \u200fעברית</p>", "ab \u200fעברית", nil},
		{"lines", "<p>a\u0007 b</p><p>c<br>d</p>\n\n", "a b\nc\nd", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, links := plain(c.in)
			if got != c.want || !slices.Equal(links, c.links) {
				t.Errorf("got %q %q, want %q %q", got, links, c.want, c.links)
			}
		})
	}
}

func FuzzDecode(f *testing.F) {
	file, err := os.ReadFile("testdata/breaches.json")
	if err != nil {
		f.Fatal(err)
	}
	for d, err := range jsonstream.Read(bytes.NewReader(file)) {
		if err != nil {
			f.Fatal(err)
		}
		f.Add(d.JSON)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		r, problems := Decode(data)
		if len(problems) > 0 {
			return
		}
		if problems := r.Incident.Validate(); len(problems) > 0 {
			t.Fatalf("decoded, but invalid: %v", problems)
		}
	})
}

func BenchmarkDecode(b *testing.B) {
	docs := all(b)
	b.ReportAllocs()
	for b.Loop() {
		for _, doc := range docs {
			if _, problems := Decode(doc); len(problems) > 0 {
				b.Fatal(problems)
			}
		}
	}
}
