package veris

import (
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/breachledger/breachledger/internal/exchange/sharedtest"
)

var compiled = sync.OnceValues(func() (*jsonschema.Schema, error) {
	f, err := os.Open(schemaPath)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	parsed, err := jsonschema.UnmarshalJSON(f)
	if err != nil {
		return nil, err
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("verisc-merged.json", parsed); err != nil {
		return nil, err
	}
	return c.Compile("verisc-merged.json")
})

var schemaPath string

var schemaOnce sync.Once

// schema is VERIS's own schema, 1.4.1.
func schema(tb testing.TB) *jsonschema.Schema {
	tb.Helper()
	path := sharedtest.Path(tb, "data/veris/verisc-merged.json")
	schemaOnce.Do(func() { schemaPath = path })
	s, err := compiled()
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

// valid checks a document against the schema, and that our own rules agree.
func valid(t *testing.T, doc []byte) {
	t.Helper()
	parsed, err := jsonschema.UnmarshalJSON(strings.NewReader(string(doc)))
	if err != nil {
		t.Fatalf("%v in %s", err, doc)
	}
	if err := schema(t).Validate(parsed); err != nil {
		t.Errorf("%v\nin %s", err, doc)
	}
	if problems := Validate(doc); len(problems) > 0 {
		t.Errorf("%v\nin %s", problems, doc)
	}
}

func TestUpgradeVCDB(t *testing.T) {
	t.Parallel()
	docs := vcdb(t)
	for i, doc := range docs {
		upgraded, _, problems := Upgrade(doc)
		if len(problems) > 0 {
			t.Errorf("%v in %s", problems, doc)
			continue
		}
		valid(t, upgraded)
		if i%10 != 0 {
			continue
		}
		again, changes, problems := Upgrade(upgraded)
		if len(changes)+len(problems) > 0 || string(again) != string(upgraded) {
			t.Errorf("upgraded twice: %v %v\n%s\n%s", changes, problems, upgraded, again)
		}
	}
}
