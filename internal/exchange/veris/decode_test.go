package veris

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/breachledger/breachledger/internal/exchange/jsonstream"
	"github.com/breachledger/breachledger/internal/incidents"
)

var update = flag.Bool("update", false, "rewrite the files in testdata")

// samples are hand-made documents, good and bad.
func samples(tb testing.TB) [][]byte {
	tb.Helper()
	file, err := os.ReadFile("testdata/documents.json")
	if err != nil {
		tb.Fatal(err)
	}
	var out [][]byte
	for d, err := range jsonstream.Read(bytes.NewReader(file)) {
		if err != nil {
			tb.Fatal(err)
		}
		out = append(out, d.JSON)
	}
	return out
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
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got; go test -update rewrites it):\n%s", path, diff)
	}
}

func write(t *testing.T, out *bytes.Buffer, v any) {
	t.Helper()
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "\t")
	if err := encoder.Encode(v); err != nil {
		t.Fatal(err)
	}
}

func TestDecodeGolden(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	for _, doc := range samples(t) {
		r, problems := Decode(doc, Options{})
		write(t, &out, map[string]any{"incident": r.Incident, "notes": r.Notes, "problems": problems, "ref": r.Ref})
	}
	golden(t, "decode.golden", out.String())
}

func TestUpgradeGolden(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	for _, doc := range samples(t) {
		upgraded, changes, problems := Upgrade(doc)
		write(t, &out, map[string]any{"upgraded": json.RawMessage(orNull(upgraded)), "changes": changes, "problems": problems})
		if upgraded != nil {
			if problems := Validate(upgraded); len(problems) > 0 {
				t.Error(problems)
			}
		}
	}
	golden(t, "upgrade.golden", out.String())
}

func orNull(doc []byte) []byte {
	if doc == nil {
		return []byte("null")
	}
	return doc
}

func TestDecodeStrict(t *testing.T) {
	t.Parallel()
	docs := samples(t)
	for i, want := range []string{"/asset/cloud", "/victim/country/2", "", "/schema_version"} {
		_, problems := Decode(docs[i], Options{Strict: true})
		switch {
		case want == "" && len(problems) > 0:
			t.Errorf("document %d: %v", i, problems)
		case want != "" && !slices.ContainsFunc(problems, func(p incidents.Problem) bool { return p.Pointer == want }):
			t.Errorf("document %d: want a problem at %s, got %v", i, want, problems)
		}
	}
	_, problems := Decode([]byte(`{"schema_version":"2.0"}`), Options{Strict: true})
	if len(problems) != 1 || len(problems[0].Allowed) == 0 {
		t.Errorf("unknown version: %v", problems)
	}
}

func TestAddresses(t *testing.T) {
	t.Parallel()
	const a, b = "https://example.com/a", "http://example.org/b"
	for _, c := range []struct {
		in   string
		want []string
	}{
		{"", nil},
		{"HHS breach tool", nil},
		{a, []string{a}},
		{a + "; " + b, []string{a, b}},
		{a + ";" + b + ";", []string{a, b}},
		{a + ", " + b + ".", []string{a, b}},
		{a + " " + b + " " + a, []string{a, b}},
		{a + "\n" + b, []string{a, b}},
		{a + " (20130604);" + b + " (20130604)", []string{a, b}},
		{"(" + a + ") [" + b + "]", []string{a, b}},
		{": " + a + "; v" + b, []string{a, b}},
		{a + ",0,2904197.story; " + b + ";jsessionid=A0", []string{a + ",0,2904197.story", b + ";jsessionid=A0"}},
		{"https://example.com/wiki/Acme_(company)", []string{"https://example.com/wiki/Acme_(company)"}},
		{"http://web.archive.example/web/2014/" + b + "?u=" + a, []string{"http://web.archive.example/web/2014/" + b + "?u=" + a}},
		{"www.example.com/x.pdf; " + a + "; example.net/y/", []string{"http://www.example.com/x.pdf", a, "http://example.net/y/"}},
		{"HTTP://EXAMPLE.com/A", []string{"HTTP://EXAMPLE.com/A"}},
		{"http:// https://", nil},
		{"İİİİİİİİ http://example.com/İ", []string{"http://example.com/İ"}},
	} {
		if got := addresses(c.in); !slices.Equal(got, c.want) {
			t.Errorf("%q: got %q, want %q", c.in, got, c.want)
		}
	}
}

func TestRepaired(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"HTTPS://Example.com/A":        "https://Example.com/A",
		"https://example.com/100%":     "https://example.com/100%25",
		"https://example.com/%20a%zz%": "https://example.com/%20a%25zz%25",
	} {
		if got := repaired(in); got != want || !incidents.ValidURL(got) {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

func TestSectorOf(t *testing.T) {
	t.Parallel()
	for naics, want := range map[string]incidents.Sector{
		"522110": "bank", "522210": "bank", "522320": "payment_processor", "522291": "fintech", "523": "fintech", "521110": "bank", "52": "other",
		"524114": "health", "524126": "other", "44": "merchant", "454110": "merchant", "44-45": "merchant", "722511": "merchant", "721110": "merchant",
		"519130": "technology", "334111": "technology", "541512": "technology", "541211": "other", "622110": "health", "923140": "government",
		"611310": "other", "31-33": "other", "000": "unknown", "00": "unknown", "": "unknown", "x": "unknown", "99": "unknown",
	} {
		if got := sectorOf(naics); got != want {
			t.Errorf("%s: %s, want %s", naics, got, want)
		}
	}
	for _, s := range incidents.Sector("").Vocabulary().Values() {
		if back := sectorOf(industryOf(incidents.Sector(s))); back == incidents.SectorUnknown && s != "unknown" && s != "other" {
			t.Errorf("sector %s is written as %s, which is unknown", s, industryOf(incidents.Sector(s)))
		}
	}
}

func TestNobody(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"", "Unknown", "N/A", "Various", "Unnamed hotel", "unknown (german steel mill)", "Several Unnamed LEA", "Mass Event"} {
		if !nobody(name) {
			t.Errorf("%q names somebody", name)
		}
	}
	for _, name := range []string{"Multiple Listing Service", "Citizens Bank", "The Unknown Company Ltd", "17"} {
		if nobody(name) {
			t.Errorf("%q names nobody", name)
		}
	}
}

func FuzzDecode(f *testing.F) {
	for _, doc := range samples(f) {
		f.Add(doc)
		var indented bytes.Buffer
		if json.Indent(&indented, doc, "", " ") == nil {
			f.Add(indented.Bytes())
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		_ = Validate(data)
		upgraded, _, problems := Upgrade(data)
		if len(problems) == 0 {
			if problems := Validate(upgraded); len(problems) > 0 {
				t.Fatalf("upgraded, but invalid: %v\n%s", problems, upgraded)
			}
		}
		r, problems := Decode(data, Options{})
		if len(problems) > 0 {
			return
		}
		if problems := r.Incident.Validate(); len(problems) > 0 {
			t.Fatalf("decoded, but invalid: %v", problems)
		}
		doc, err := Encode(r.Incident, nil)
		if err != nil {
			t.Fatal(err)
		}
		if problems := Validate(doc); len(problems) > 0 {
			t.Fatalf("encoded, but invalid: %v\n%s", problems, doc)
		}
		again, problems := Decode(doc, Options{Strict: true})
		if len(problems) > 0 {
			t.Fatalf("encoded, and not read back: %v", problems)
		}
		if diff := cmp.Diff(plain(&r.Incident), plain(&again.Incident), cmp.Comparer(func(a, b incidents.PartialDate) bool { return a == b })); diff != "" {
			t.Fatalf("(-want +got):\n%s", diff)
		}
	})
}

func TestDate(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ in, want, noted string }{
		{`{}`, "", ""},
		{`{"year":2014}`, "2014", ""},
		{`{"year":2014,"day":3}`, "2014", ""},
		{`{"year":2014,"month":2,"day":28}`, "2014-02-28", ""},
		{`{"year":2014,"month":2,"day":29}`, "2014-02", "/x/day"},
		{`{"year":2014,"month":2,"day":2018}`, "2014-02", "/x/day"},
		{`{"year":2014,"month":123,"day":1}`, "2014", "/x/month"},
		{`{"year":20145,"month":1}`, "", "/x/year"},
		{`{"year":27,"month":1}`, "", "/x/year"},
		{`{"year":"2014","month":1.5}`, "2014", "/x/month"},
	} {
		n, problems := parse([]byte(c.in))
		if problems != nil {
			t.Fatal(problems)
		}
		d := &decoder{}
		got := d.date("/x", n)
		noted := ""
		if len(d.notes) > 0 {
			noted = d.notes[0].Pointer
		}
		if got.String() != c.want || noted != c.noted || len(d.notes) > 1 {
			t.Errorf("%s: %q, notes %v, want %q and a note at %q", c.in, got, d.notes, c.want, c.noted)
		}
	}
}

// TestWhatReordersIsLeftOut, so that the document is not refused for it.
func TestWhatReordersIsLeftOut(t *testing.T) {
	t.Parallel()
	r, problems := Decode([]byte(`{"schema_version":"1.3.4","incident_id":"A","security_incident":"Confirmed","summary":"a \u202eb\u2069 \u200fc"}`), Options{})
	if len(problems) > 0 || r.Incident.Summary != "a b \u200fc" || len(r.Incident.Validate()) > 0 {
		t.Errorf("the summary is %q (%v, %v)", r.Incident.Summary, problems, r.Incident.Validate())
	}
}

// TestAFigureThatNoCountMayHave is noted; the rest of the document is read.
func TestAFigureThatNoCountMayHave(t *testing.T) {
	t.Parallel()
	for _, figure := range []string{"1000000000000001", "9223372036854775808", "1e30", "1e999999999", "1.5"} {
		r, problems := Decode(fmt.Appendf(nil, `{"schema_version":"1.3.4","incident_id":"A","security_incident":"Confirmed",
			"attribute":{"confidentiality":{"data_total":%s,"data":[{"variety":"Payment","amount":%s}]}}}`, figure, figure), Options{})
		if len(problems) > 0 || len(r.Incident.Counts) > 0 || len(r.Notes) == 0 {
			t.Errorf("%s: %v, counts %v, notes %v", figure, problems, r.Incident.Counts, r.Notes)
		}
	}
}
