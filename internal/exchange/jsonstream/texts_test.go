package jsonstream_test

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/breachledger/breachledger/internal/exchange/jsonstream"
)

func TestTexts(t *testing.T) {
	t.Parallel()
	for document, want := range map[string][]string{
		`{"a":"1","b":"2"}`:                                  {"1", "2"},
		" { \"b\" : \"2\" ,\n\"x\":{\"a\":\"3\"} } ":         {"", "2"},
		`{"x":["}",{"a":"\""}],"y":-1.5e3,"z":null,"a":"ü"}`: {"ü", ""},
		`{}`:                  {"", ""},
		`{"a":"1","A":"2"}`:   nil, // encoding/json takes either
		`{"a":"1","a":"2"}`:   nil,
		`{"a":1}`:             nil,
		`{"a":null}`:          nil,
		`{"\u0061":"1"}`:      nil,
		`{"a":"\u0031"}`:      nil,
		"{\"a\":\"\xff\"}":    nil,
		`{"a":"1"} {"a":"2"}`: nil,
		`{"a":"1",}`:          nil,
		`{"a":"1" "b":"2"}`:   nil,
		`{"a":"1"`:            nil,
		`{"x":{"a":"1"`:       nil,
		`["a","1"]`:           nil,
		`"a"`:                 nil,
		``:                    nil,
	} {
		got, ok := jsonstream.Texts([]byte(document), "a", "b")
		if ok != (want != nil) || ok && !slices.Equal(got, want) {
			t.Errorf("Texts(%s) = %q, %t, want %q", document, got, ok, want)
		}
	}
}

// Of a document that encoding/json reads, both say the same.
func FuzzTexts(f *testing.F) {
	f.Add([]byte(`{"a":"1","x":[{"b":"\""}],"b":"2"}`))
	f.Add([]byte(`{"x":1,"b":"2","B":"3"}`))
	f.Fuzz(func(t *testing.T, document []byte) {
		got, ok := jsonstream.Texts(document, "a", "b")
		if !ok || !json.Valid(document) {
			return
		}
		var want struct{ A, B string }
		if err := json.Unmarshal(document, &want); err != nil {
			t.Fatalf("%s: %q, but encoding/json says %v", document, got, err)
		}
		if want := []string{want.A, want.B}; !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", document, got, want)
		}
	})
}
