package article

import (
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"
)

// spelling are the characters that copying and typesetting exchange for each
// other. Every one folds to one that is no longer in bytes.
var spelling = map[rune]rune{
	'‘': '\'', '’': '\'', '‚': '\'', '‛': '\'', 'ʼ': '\'',
	'“': '"', '”': '"', '„': '"', '‟': '"',
	'‐': '-', '‑': '-', '‒': '-', '–': '-', '—': '-', '―': '-', '−': '-',
}

// fold rewrites s as quotes are compared: one kind of quotation mark, apostrophe
// and dash, and any run of white space as one space. Case and everything else
// stay. When source is not nil it gets, for every byte of the result, the
// offset in s of the character that the byte comes from.
func fold(s string, source *[]int32) string {
	var out strings.Builder
	out.Grow(len(s))
	emit := func(r rune, from int) {
		before := out.Len()
		out.WriteRune(r)
		if source != nil {
			for range out.Len() - before {
				*source = append(*source, int32(from))
			}
		}
	}
	inSpace := false
	for i, r := range s {
		switch {
		case r < utf8.RuneSelf && r > ' ':
			emit(r, i)
		case unicode.IsSpace(r):
			if !inSpace {
				emit(' ', i)
			}
			inSpace = true
			continue
		default:
			if same, ok := spelling[r]; ok {
				r = same
			}
			emit(r, i)
		}
		inSpace = false
	}
	return out.String()
}

// Index is a text prepared for finding many quotes in it.
type Index struct {
	text   string
	folded string
	source []int32 // byte of folded → byte of text; one more for the end
	runes  []int32 // characters before every stride-th byte of text
}

const stride = 1024

// NewIndex prepares a text. The work is linear in its length.
func NewIndex(text string) *Index {
	x := &Index{text: text, source: make([]int32, 0, len(text)+1)}
	x.folded = fold(text, &x.source)
	x.source = append(x.source, int32(len(text)))
	n := 0
	for i := 0; i < len(text); i += stride {
		x.runes = append(x.runes, int32(n))
		// A character belongs to the stride that its first byte is in.
		for _, b := range []byte(text[i:min(i+stride, len(text))]) {
			if utf8.RuneStart(b) {
				n++
			}
		}
	}
	x.runes = append(x.runes, int32(n))
	return x
}

// position is the number of characters before the given byte of the text.
func (x *Index) position(offset int) int {
	i := offset / stride
	n := int(x.runes[i])
	for _, b := range []byte(x.text[i*stride : offset]) {
		if utf8.RuneStart(b) {
			n++
		}
	}
	return n
}

// foldedAt is the byte of the folded text that comes from the character at a
// position of the text; false when there is none or it vanished in a space.
func (x *Index) foldedAt(position int) (int, bool) {
	if position < 0 || position >= int(x.runes[len(x.runes)-1]) {
		return 0, false
	}
	i := sort.Search(len(x.runes), func(i int) bool { return int(x.runes[i]) > position }) - 1
	n, offset := int(x.runes[i]), i*stride
	for ; ; offset++ {
		if utf8.RuneStart(x.text[offset]) {
			if n == position {
				break
			}
			n++
		}
	}
	at := sort.Search(len(x.source), func(i int) bool { return int(x.source[i]) >= offset })
	return at, at < len(x.source)-1 && int(x.source[at]) == offset
}
