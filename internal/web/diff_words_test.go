package web

import (
	"strings"
	"testing"
)

func TestByWords(t *testing.T) {
	t.Parallel()
	shown := func(of []stretch) string {
		var out strings.Builder
		for _, s := range of {
			if s.Same {
				out.WriteString(s.Text)
			} else {
				out.WriteString("[" + s.Text + "]")
			}
		}
		return out.String()
	}
	for _, tt := range []struct{ before, after, was, is string }{
		{"more than 21,000,000 IDs", "at most 21,000,000 IDs", "[more than ]21,000,000 IDs", "[at most ]21,000,000 IDs"},
		{"a b c d", "a c d e", "a [b ]c [d]", "a c [d e]"},
		{"a b c", "a x c", "a [b ]c", "a [x ]c"},
		{"a b", "a a b", "a b", "a [a ]b"},
		{"a a b", "a b", "a [a ]b", "a b"},
		{"a b c", "a b c d", "a b [c]", "a b [c d]"},
		{"one two", "three four five", "one two", "three four five"},
		{"", "new", "", "new"},
		{"old", "", "old", ""},
		{strings.Repeat("x ", 700), strings.Repeat("x ", 701), strings.Repeat("x ", 700), strings.Repeat("x ", 701)},
	} {
		was, is := byWords(tt.before, tt.after)
		if shown(was) != tt.was || shown(is) != tt.is {
			t.Errorf("%q to %q: %q to %q", tt.before, tt.after, shown(was), shown(is))
		}
	}
}
