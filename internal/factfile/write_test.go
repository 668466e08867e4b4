package factfile

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/strict"
)

var byText = cmp.Comparer(func(a, b incidents.PartialDate) bool { return a == b })

// Whatever was read is written so that it reads back as the same.
func TestWriteReadsBack(t *testing.T) {
	t.Parallel()
	set, err := Load(os.DirFS("../../seeds"), "seeds")
	if err != nil || len(set.Problems) > 0 {
		t.Fatal(err, set.Problems)
	}
	acme, problems := Parse("facts/acme.yaml", []byte(facts), acme(t))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	example := readExample(t)
	for _, f := range append(set.Files, acme, example) {
		t.Run(f.Name, func(t *testing.T) {
			t.Parallel()
			before := len(f.Incidents) > 0 && len(f.Incidents[0].Sources) > 0
			yaml, err := Write(f)
			if err != nil {
				t.Fatal(err)
			}
			again, problems := Parse(f.Name, yaml, f.Article)
			if diff := cmp.Diff(f, again, byText); diff != "" || len(problems) > 0 {
				t.Errorf("%v\n%s\n%s", problems, diff, yaml)
			}
			if twice, err := Write(again); err != nil || string(twice) != string(yaml) {
				t.Errorf("written differently the second time: %v\n%s", err, twice)
			}
			if after := len(f.Incidents) > 0 && len(f.Incidents[0].Sources) > 0; before != after {
				t.Error("Write changed what it was given")
			}
		})
	}
}

func TestWriteRefusesWhatWouldNotReadBack(t *testing.T) {
	t.Parallel()
	f, problems := Parse("facts/acme.yaml", []byte(facts), acme(t))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	f.Actors = f.Actors[:1]
	if _, err := Write(f); err == nil || !strings.Contains(err.Error(), "/accused") {
		t.Errorf("got %v", err)
	}
}

func FuzzQuoted(f *testing.F) {
	for _, seed := range []string{
		"", " ", "a", "no", "Null", "1.5", "0x1F", "2014-10-28", "a: b", "a #b", "- a", "it's", `"`, `\`, "a\nb\n", "\ttab ", "é’“”", "\u0085\u2028\ufeff\u00a0", "😀", "\U000e0001", "e.g. x", "key:", "~", "<<", "\r\n", "a  b", "[x]", "&a", "*a", "!a", "%a", "@a", "`a", "\x7f",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		n, err := strict.ParseYAML("f.yaml", []byte("a:\n  - b: "+quoted(s)+"\n    c: ["+quoted(s)+", x]\n"))
		if strings.ContainsRune(s, 0) || s != strings.ToValidUTF8(s, "") {
			return
		}
		if err != nil {
			t.Fatalf("%q as %s: %v", s, quoted(s), err)
		}
		for _, pointer := range []string{"/a/0/b", "/a/0/c/0"} {
			if got := n.Find(pointer); got.Kind != strict.String || got.Text != s {
				t.Fatalf("%q as %s reads back as %q (%v)", s, quoted(s), got.Text, got.Kind)
			}
		}
	})
}
