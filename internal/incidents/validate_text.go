package incidents

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// What is wrong with a text: a line, a name, several lines, or the words of a source.

func (v *validator) required(pointer, value string) {
	if strings.TrimSpace(value) == "" {
		v.Add(pointer, "is required")
	}
}

// line checks a text of one line.
func (v *validator) line(pointer, value string, limit int) {
	if !isLine(value) {
		v.Add(pointer, "must be one line, without tabs")
		return
	}
	v.text(pointer, value, limit)
}

// isLine reports whether a text has no tab and no line break, Unicode's U+2028 and
// U+2029 among them.
func isLine(text string) bool {
	for i := range len(text) {
		switch text[i] {
		case '\n', '\r', '\t':
			return false
		case 0xE2:
			if strings.HasPrefix(text[i:], "\u2028") || strings.HasPrefix(text[i:], "\u2029") {
				return false
			}
		}
	}
	return true
}

// name checks a name that is unique under its folded key. A single character
// may fold to many.
func (v *validator) name(pointer, value string) {
	v.line(pointer, value, maxName)
	if utf8.RuneCountInString(value) > maxName {
		return
	}
	if n := len(FoldName(value)); n > maxNameKey {
		v.Add(pointer, "is too long: written out in plain letters it has %s bytes, and may have %s", Number(int64(n)), Number(maxNameKey))
	}
}

// text checks a text that may have several lines.
func (v *validator) text(pointer, value string, limit int) {
	if detail := BadText(value); detail != "" {
		v.Add(pointer, "%s", detail)
		return
	}
	v.length(pointer, value, limit)
}

// verbatim checks the words of a source, which are kept as they are: pages
// torn out of a PDF have form feeds, badly decoded ones have stray control
// characters. Only what Postgres cannot hold is refused.
func (v *validator) verbatim(pointer, value string, limit int) {
	switch {
	case !utf8.ValidString(value):
		v.Add(pointer, "must be valid UTF-8")
	case strings.ContainsRune(value, 0):
		v.Add(pointer, "must not contain the character U+0000")
	default:
		v.length(pointer, value, limit)
	}
}

func (v *validator) length(pointer, value string, limit int) {
	if limit == 0 || len(value) <= limit { // there are no more characters than bytes
		return
	}
	if n := utf8.RuneCountInString(value); n > limit {
		v.Add(pointer, "must have at most %s characters, has %s", Number(int64(limit)), Number(int64(n)))
	}
}

// BadText says what a text of several lines has that it must not have: a control
// character, or what is not UTF-8. "" is nothing.
func BadText(value string) string {
	if isPlain(value) {
		return ""
	}
	if !utf8.ValidString(value) {
		return "must be valid UTF-8"
	}
	for _, r := range value {
		switch {
		case r != '\n' && r != '\r' && r != '\t' && unicode.IsControl(r):
			return fmt.Sprintf("must not contain the control character U+%04X", r)
		case Reorders(r):
			return fmt.Sprintf("must not contain the control character U+%04X, which shows what stands around it in another order", r)
		}
	}
	return ""
}

// Reorders reports whether a character makes pages and terminals show the text after
// it in another order than it is stored in. Words written from right to left need
// none of these; the marks U+200E, U+200F and U+061C move nothing else.
func Reorders(r rune) bool { return '\u202A' <= r && r <= '\u202E' || '\u2066' <= r && r <= '\u2069' }

// WithoutReordering is a text without such characters, for wherever a text that is
// kept verbatim is shown or copied into a field that must not have them.
func WithoutReordering(text string) string {
	if !strings.ContainsFunc(text, Reorders) {
		return text
	}
	return strings.Map(func(r rune) rune {
		if Reorders(r) {
			return -1
		}
		return r
	}, text)
}

// isPlain reports whether a text has nothing but printable ASCII and spaces.
func isPlain(text string) bool {
	for i := range len(text) {
		if text[i] < ' ' || text[i] > '~' {
			return false
		}
	}
	return true
}

// clip keeps an error message short when it repeats a value.
func clip(s string) string {
	if r := []rune(s); len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return s
}
