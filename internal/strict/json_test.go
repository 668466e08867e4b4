package strict

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"
)

func TestParseJSONRefuses(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, data, want string }{
		{"empty", " ", "line 1, column 2: is empty where a JSON value is expected"},
		{"byte order mark", "\xef\xbb\xbf{}", "line 1, column 1: begins with a byte order mark; leave it out"},
		{"duplicate key", "{\"a\": 1,\n \"a\": 2}", "line 2, column 2: /a: the key stands twice in its object"},
		{"duplicate key, escaped", `{"a":{"b":1,"\u0062":2}}`, "line 1, column 13: /a/b: the key stands twice in its object"},
		{"duplicate key in a large object", `{` + manyKeys(40) + `,"k7":1}`, "/k7: the key stands twice in its object"},
		{"invalid UTF-8 in a string", "{\"a\":[\"x\xff\"]}", "line 1, column 9: /a/0: must be valid UTF-8; the byte 0xFF is not"},
		{"invalid UTF-8 outside", "[1,\xff]", "line 1, column 4: /1: has the byte 0xFF, which is not UTF-8, where a value is expected"},
		{"encoded surrogate", "\"\xed\xa0\x80\"", "must be valid UTF-8"},
		{"lone high surrogate", `["é","\ud800"]`, "line 1, column 7: /1: has half of a surrogate pair, which is no character"},
		{"lone low surrogate", `"\udc00"`, "has half of a surrogate pair"},
		{"two high surrogates", `"\ud800\ud800"`, "has half of a surrogate pair"},
		{"high surrogate, then a letter", `"\ud800\u0041"`, "has half of a surrogate pair"},
		{"NUL", `{"a~/b":"\u0000"}`, "line 1, column 10: /a~0~1b: must not hold the character U+0000"},
		{"NUL in a key", `{"\u0000":1}`, "must not hold the character U+0000"},
		{"raw control character", "\"a\tb\"", "has the control character U+0009 in a string"},
		{"unknown escape", `"\x41"`, "has an escape in a string that JSON does not know"},
		{"short escape", `"\u12"`, "without four hexadecimal digits"},
		{"signed escape", `"\u+123"`, "without four hexadecimal digits"},
		{"open string", `"abc`, "line 1, column 1: has a string that is not closed"},
		{"open object", `{"a":1`, "ends before the { at byte 0 is closed"},
		{"open list", `[1`, "ends before the [ at byte 0 is closed"},
		{"trailing comma in a list", `[1,]`, `/1: has ']' where a value is expected`},
		{"trailing comma in an object", `{"a":1,}`, `has '}' where a key in double quotes is expected`},
		{"missing comma", `[1 2]`, `has '2' where a comma or ] is expected`},
		{"missing colon", `{"a" 1}`, `/a: has '1' where a colon is expected`},
		{"missing value", `{"a":}`, `/a: has '}' where a value is expected`},
		{"trailing data", "{}\n{}", "line 2, column 1: goes on behind its end with '{'"},
		{"leading zero", `[01]`, "has a number with a leading zero"},
		{"plus", `[+1]`, "has '+' where a value is expected"},
		{"point without digits", `[1.]`, "has ']' where a digit is expected"},
		{"exponent without digits", `[1e]`, "has ']' where a digit is expected"},
		{"minus alone", `-`, "has its end where a digit is expected"},
		{"NaN", `NaN`, "has 'N' where a value is expected"},
		{"comment", "{/**/}", "has '/' where a key"},
		{"33 levels", strings.Repeat("[", 33) + strings.Repeat("]", 33), tooDeep},
		{"a million open brackets", strings.Repeat("[", 1_000_000), tooDeep},
		{"200,001 values", "[" + strings.Repeat("1,", 200_000) + "1]", tooMany},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			n, err := ParseJSON([]byte(tc.data))
			var syntax *SyntaxError
			if !errors.As(err, &syntax) || n != nil {
				t.Fatalf("got %v, %v; want a SyntaxError", n, err)
			}
			if !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got  %s\nwant %s", err, tc.want)
			}
		})
	}
}

func manyKeys(n int) string {
	keys := make([]string, n)
	for i := range keys {
		keys[i] = `"k` + string(rune('0'+i/10)) + string(rune('0'+i%10)) + `":0`
	}
	keys[7] = `"k7":0`
	return strings.Join(keys, ",")
}

func TestParseJSONKeepsNumbersAndPositions(t *testing.T) {
	t.Parallel()
	n, err := ParseJSON([]byte("{\n  \"é\": [1.50, -0e+1, true, null, \"\\ud83d\\ude00\\n\"],\n  \"b\": {}\n}"))
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		pointer, text string
		kind          Kind
		line, column  int
	}{
		{"", "", Object, 1, 1},
		{"/é", "", List, 2, 8},
		{"/é/0", "1.50", Number, 2, 9},
		{"/é/1", "-0e+1", Number, 2, 15},
		{"/é/2", "true", Bool, 2, 22},
		{"/é/3", "null", Null, 2, 28},
		{"/é/4", "😀\n", String, 2, 34},
		{"/é/9", "", List, 2, 8},
		{"/é/0/x", "1.50", Number, 2, 9},
		{"/b", "", Object, 3, 8},
		{"/b/title", "", Object, 3, 8},
		{"/none", "", Object, 1, 1},
	} {
		got := n.Find(tc.pointer)
		if got.Text != tc.text || got.Kind != tc.kind || got.Line != tc.line || got.Column != tc.column {
			t.Errorf("%s: got %+v", tc.pointer, got)
		}
	}
}

func TestFindEscapes(t *testing.T) {
	t.Parallel()
	n, err := ParseJSON([]byte(`{"a/b":{"m~n":1,"~1":2},"":3}`))
	if err != nil {
		t.Fatal(err)
	}
	for pointer, want := range map[string]string{"/a~1b/m~0n": "1", "/a~1b/~01": "2", "/": "3"} {
		if got := n.Find(pointer).Text; got != want {
			t.Errorf("%s: got %q, want %q", pointer, got, want)
		}
	}
}

// Whatever is accepted here, encoding/json accepts too, and reads as the same
// value: strictness may only ever take away.
func FuzzParseJSON(f *testing.F) {
	for _, seed := range []string{
		`{"a":[1,2.5e-3,"x\u00e9\ud83d\ude00",null,true]}`, `[]`, `"\u0000"`, `{"a":1,"a":2}`, `{"a":1}{`, "\"\xff\"", `-0.0E+1`, `[[[[]]]]`, `"\ud800"`, ` 1 `,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		n, err := ParseJSON(data)
		if err != nil {
			var syntax *SyntaxError
			if !errors.As(err, &syntax) || syntax.Line < 1 || syntax.Column < 1 || syntax.Offset > len(data) {
				t.Fatalf("a bad error: %#v", err)
			}
			return
		}
		var want any
		dec := json.NewDecoder(bytes.NewReader(data))
		dec.UseNumber()
		if err := dec.Decode(&want); err != nil {
			t.Fatalf("encoding/json refuses what was accepted: %v", err)
		}
		if _, err := dec.Token(); !errors.Is(err, io.EOF) {
			t.Fatalf("encoding/json sees more data: %v", err)
		}
		same(t, "", n, want)
	})
}

func same(t *testing.T, at string, n *Node, want any) {
	t.Helper()
	ok := false
	switch want := want.(type) {
	case nil:
		ok = n.Kind == Null
	case bool:
		ok = n.Kind == Bool && (n.Text == "true") == want
	case json.Number:
		ok = n.Kind == Number && n.Text == want.String()
	case string:
		ok = n.Kind == String && n.Text == want
	case []any:
		ok = n.Kind == List && len(n.Items) == len(want)
		for i := 0; ok && i < len(want); i++ {
			same(t, at+"/"+string(rune('0'+i%10)), n.Items[i], want[i])
		}
	case map[string]any:
		ok = n.Kind == Object && len(n.Members) == len(want)
		for _, m := range n.Members {
			same(t, at+"/"+m.Name, m.Value, want[m.Name])
		}
	}
	if !ok {
		t.Fatalf("%s: got %+v, encoding/json reads %#v", at, n, want)
	}
}
