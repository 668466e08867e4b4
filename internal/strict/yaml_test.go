package strict

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestParseYAMLRefuses(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, data, want string }{
		{"empty", "", "f.yaml:1:1: is empty"},
		{"only a comment", "# nothing\n", "is empty"},
		{"duplicate key", "a: 1\nb:\n  c: 1\n  c: 2\n", "f.yaml:4:3: /b/c: the key stands twice in its object"},
		{"duplicate key in braces", "a: {b: 1, b: 2}\n", "f.yaml:1:11: /a/b: the key stands twice"},
		{"duplicate key, quoted", "a: 1\n\"a\": 2\n", "f.yaml:2:1: /a: the key stands twice"},
		{"two documents", "a: 1\n---\nb: 2\n", "f.yaml:2:1: must hold one document, holds 2"},
		{"anchor", "a: &x 1\n", "f.yaml:1:4: /a: must not use anchors and aliases"},
		{"alias", "a: 1\nb: *x\n", "f.yaml:2:4: /b: must not use anchors and aliases"},
		{"merge key", "a:\n  <<: {b: 1}\n", "f.yaml:2:3: /a: must not use merge keys (<<)"},
		{"tag", "a: !!str 1\n", "f.yaml:1:4: /a: must not use tags and directives"},
		{"directive", "%YAML 1.2\n---\na: 1\n", "must "},
		{"key of two", "? [a, b]\n: 1\n", "f.yaml:2:1: "},
		{"key in a key", "? a\n: 1\n", "f.yaml:1:1: must have plain words as keys"},
		{"bad indentation", "a: 1\n b: 2\n", "f.yaml:"},
		{"a tab", "a:\n\tb: 2\n", "f.yaml:2:1: found character '\\t' that cannot start any token (a tab stands where spaces are expected"},
		{"a colon in a text", "a: b: c\n", "(a colon with a space behind it, within a text, makes a field of it: put the text in quotes;"},
		{"a text behind brackets", "a: [b] c\n", "(a text that begins like this is put in quotes;"},
		{"a no-break space", "a: 1\nb:\u00a02\n", "f.yaml:2:1: non-map value is specified (a line here is no field: a field has a colon and an ordinary space,"},
		{"open quotes", "a: \"b\n", "(quotes are opened here and not closed)"},
		{"unclosed list", "a: [1,\n", "f.yaml:1:4: "},
		{"invalid UTF-8", "a: é\nb: x\xff\n", "f.yaml:2:5: must be valid UTF-8 without U+0000; the byte 0xFF is not"},
		{"NUL", "a: \x00\n", "f.yaml:1:4: must be valid UTF-8 without U+0000"},
		{"escaped NUL", "a: \"\\0\"\n", "must be valid Unicode without U+0000"},
		{"lone surrogate", "a: \"\\ud800 x\"\n", "f.yaml:1:"},
		{"deep brackets", "a: " + strings.Repeat("[", 100_000), tooDeep},
		{"deep dashes", strings.Repeat("- ", 100_000) + "a", tooDeep},
		{"deep indentation", deepYAML(40), tooDeep},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			n, err := ParseYAML("f.yaml", []byte(tc.data))
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

func deepYAML(n int) string {
	var out strings.Builder
	for i := range n {
		out.WriteString(strings.Repeat(" ", i) + "a:\n")
	}
	return out.String()
}

func TestParseYAMLScalars(t *testing.T) {
	t.Parallel()
	for written, want := range map[string]Kind{
		"12": Number, "-1.5e3": Number, "0x1F": Number, "014": Number, ".5": Number, ".inf": Number,
		"true": Bool, "False": Bool, "yes": String, "no": String, "on": String,
		"null": Null, "~": Null, "": Null,
		"2014-10-28": String, "1.2.3": String, "12_000": String, "0b11": String, "NO": String, "two words": String,
		`"12"`: String, `'true'`: String, `"null"`: String, "12 000": String, "2,000": String,
	} {
		n, err := ParseYAML("f.yaml", []byte("a: "+written+"\n"))
		if err != nil {
			t.Errorf("%s: %v", written, err)
			continue
		}
		if got := n.Member("a"); got.Kind != want {
			t.Errorf("%s: got kind %d, want %d", written, got.Kind, want)
		}
	}
}

func TestParseYAMLTextAndPositions(t *testing.T) {
	t.Parallel()
	n, err := ParseYAML("f.yaml", []byte(`# a comment
a: it is plain   # another
b:
  - c: 'it''s'
    d: "“é”\u00e9"
  - e: >-
      folded
      text
    f: |
      line 1
      line 2
g: [x, {h: y}]
i: two
  lines
`))
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		pointer, text string
		line, column  int
	}{
		{"", "", 2, 1},
		{"/a", "it is plain", 2, 4},
		{"/b", "", 4, 3},
		{"/b/0", "", 4, 5},
		{"/b/0/c", "it's", 4, 8},
		{"/b/0/d", "“é”é", 5, 8},
		{"/b/1/e", "folded text", 6, 8},
		{"/b/1/f", "line 1\nline 2\n", 9, 8},
		{"/g/1", "", 12, 8},
		{"/g/1/h", "y", 12, 12},
		{"/i", "two lines", 13, 4},
	} {
		line, column := tc.line, tc.column
		if tc.pointer == "/b" {
			line, column = 3, 1 // its name stands on the line before
		}
		if l, c := n.Position(tc.pointer); l != line || c != column {
			t.Errorf("%s: position %d:%d, want %d:%d", tc.pointer, l, c, line, column)
		}
		if got := n.Find(tc.pointer); got.Text != tc.text || got.Line != tc.line || got.Column != tc.column {
			t.Errorf("%s: got %q at %d:%d, want %q at %d:%d", tc.pointer, got.Text, got.Line, got.Column, tc.text, tc.line, tc.column)
		}
	}
}

func FuzzParseYAML(f *testing.F) {
	for _, seed := range []string{
		"a: 1\nb: [x, {c: ~}]\n", "- a\n- b: >-\n    c\n", "a: &x 1\nb: *x\n", "? a\n: b\n", "%YAML 1.2\n---\na\n", "a: \"\\ud800\"\n", "{a: [}\n", "a:\t- b\n", "!!x", "'", "---\n...\n---\n",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		n, err := ParseYAML("f.yaml", data)
		var syntax *SyntaxError
		switch {
		case err == nil:
			check(t, n, 0)
		case !errors.As(err, &syntax) || syntax.Line < 1 || syntax.Column < 1:
			t.Fatalf("a bad error: %#v", err)
		}
	})
}

func check(t *testing.T, n *Node, depth int) {
	t.Helper()
	if n == nil || depth > maxDepth+1 || !utf8.ValidString(n.Text) || strings.ContainsRune(n.Text, 0) {
		t.Fatalf("a bad node at depth %d: %+v", depth, n)
	}
	seen := map[string]bool{}
	for _, m := range n.Members {
		if seen[m.Name] {
			t.Fatalf("%q stands twice", m.Name)
		}
		seen[m.Name] = true
		check(t, m.Value, depth+1)
	}
	for _, item := range n.Items {
		check(t, item, depth+1)
	}
}

// TestParseYAMLBehindAByteOrderMark: it is no part of the first key, nor of what
// positions count.
func TestParseYAMLBehindAByteOrderMark(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"a: 1\nb: 2\n", "# a remark\na: 1\nb: 2\n", "{a: 1, b: 2}"} {
		got, err := ParseYAML("f.yaml", []byte("\ufeff"+text))
		if err != nil {
			t.Errorf("%q: %v", text, err)
			continue
		}
		want, err := ParseYAML("f.yaml", []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		line, column := got.Position("/b")
		wantLine, wantColumn := want.Position("/b")
		if got.Member("a") == nil || line != wantLine || column != wantColumn {
			t.Errorf("%q: b stands in %d:%d, want %d:%d", text, line, column, wantLine, wantColumn)
		}
	}
}
