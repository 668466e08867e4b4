package incidents

import (
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"
)

// TestTextsAreLookedAtAsBefore compares what looks at texts byte by byte with the
// rule as one would write it.
func TestTextsAreLookedAtAsBefore(t *testing.T) {
	t.Parallel()
	tag := regexp.MustCompile(`^[a-z0-9]+([-:._][a-z0-9]+)*$`)
	parts := []string{"a", "z", "0", "9", "-", ":", ".", "_", "A", "é", "\u2027", "\u2028", "\u2029", "\xe2", "\x80", "\n", "\r", "\t", "\x00", "\x7f", "\u0085", " ", "~", "/"}
	random := rand.New(rand.NewPCG(3, 4))
	for range 50_000 {
		var b strings.Builder
		few := 1 + random.IntN(len(parts))
		for range random.IntN(8) {
			b.WriteString(parts[random.IntN(few)])
		}
		text := b.String()
		if isTag(text) != tag.MatchString(text) {
			t.Errorf("%q is a tag: %t", text, isTag(text))
		}
		if isLine(text) == strings.ContainsAny(text, "\n\r\t\u2028\u2029") {
			t.Errorf("%q is a line: %t", text, isLine(text))
		}
		if isPlain(text) && strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r > '~' }) {
			t.Errorf("%q is plain", text)
		}
	}
}
