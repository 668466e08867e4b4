package factfile

import (
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/breachledger/breachledger/internal/article"
	"github.com/breachledger/breachledger/internal/incidents"
)

const docs = "../../docs/fact-format.md"

func readDocs(t *testing.T) string {
	t.Helper()
	data, err := os.ReadFile(docs)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// between is the part of s between two lines.
func between(t *testing.T, s, begin, end string) (before, part, after string) {
	t.Helper()
	before, rest, ok := strings.Cut(s, begin)
	part, after, ok2 := strings.Cut(rest, end)
	if !ok || !ok2 {
		t.Fatalf("%s has no part from %q to %q", docs, begin, end)
	}
	return before + begin, part, end + after
}

// readExample is the example of the documentation.
func readExample(t *testing.T) File {
	t.Helper()
	_, example, _ := between(t, readDocs(t), "<!-- example: a test reads both blocks -->", "<!-- end of the example -->")
	_, text, _ := between(t, example, "```text\n", "```\n")
	_, yaml, _ := between(t, example, "```yaml\n", "```\n")
	a, err := article.Read("articles/example.txt", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	f, problems := Parse("facts/example.yaml", []byte(yaml), a)
	if len(problems) > 0 {
		t.Fatalf("the documentation's example:\n%s", problems.Error())
	}
	return f
}

func TestDocsExample(t *testing.T) {
	t.Parallel()
	f := readExample(t)
	if len(f.Incidents) != 1 || len(f.Incidents[0].Counts) != 2 || len(f.Actors) != 3 {
		t.Errorf("got %+v", f)
	}
}

// A field that is added to the domain must be added to the documentation.
func TestDocsNameEveryField(t *testing.T) {
	t.Parallel()
	text := readDocs(t)
	seen := map[reflect.Type]bool{}
	var visit func(t reflect.Type)
	var missing []string
	visit = func(typ reflect.Type) {
		for typ.Kind() == reflect.Pointer || typ.Kind() == reflect.Slice {
			typ = typ.Elem()
		}
		if typ.Kind() != reflect.Struct || typ == dateType || typ == decimalType || seen[typ] {
			return
		}
		seen[typ] = true
		for f := range typ.Fields() {
			name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			if name == "-" || name == "created_at" || name == "updated_at" || !f.IsExported() { // "the timestamps"
				continue
			}
			if name != "" && !strings.Contains(text, "`"+name+"`") && !slices.Contains(missing, name) {
				missing = append(missing, name)
			}
			if f.Tag.Get("readOnly") == "" && f.Type != reflect.TypeFor[[]incidents.Source]() && f.Type != reflect.TypeFor[incidents.SourceRef]() {
				visit(f.Type)
			}
		}
	}
	visit(reflect.TypeFor[document]())
	if len(missing) > 0 {
		t.Errorf("%s does not name %s", docs, strings.Join(missing, ", "))
	}
}

func TestDocsVocabularies(t *testing.T) {
	t.Parallel()
	before, got, after := between(t, readDocs(t), "<!-- vocabularies: written by go test ./internal/factfile -update -->\n", "<!-- end of the vocabularies -->")
	want := vocabularyTables()
	if *update {
		if err := os.WriteFile(docs, []byte(before+want+after), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if got != want {
		t.Errorf("the vocabularies of %s differ from the code's; go test ./internal/factfile -update writes them", docs)
	}
}

func vocabularyTables() string {
	given := map[string]string{
		"publication":    "Set by the ledger; not in a fact file.",
		"support":        "Derived; not in a fact file.",
		"date_precision": "How much of a date is known; it follows from how the date is written.",
	}
	var out strings.Builder
	for _, v := range incidents.Vocabularies() {
		fmt.Fprintf(&out, "\n### `%s`\n\n", v.Name)
		if note := given[v.Name]; note != "" {
			fmt.Fprintf(&out, "%s\n\n", note)
		}
		out.WriteString("| value | meaning | maps to |\n|---|---|---|\n")
		for _, term := range v.Terms {
			maps := "–"
			if term.VERIS != "" {
				maps = term.VERIS
			}
			fmt.Fprintf(&out, "| `%s` | %s | %s |\n", term.Value, term.Meaning, strings.ReplaceAll(maps, "|", `\|`))
		}
	}
	return out.String() + "\n"
}
