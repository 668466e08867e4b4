package article

import (
	"errors"
	"slices"
	"strings"
	"unicode/utf8"
)

// Options say which of several places is meant.
type Options struct {
	Occurrence int  // from 1; 0 = not said
	Start      *int // where the quote began when it was found before
}

// Span is a quote in its text: code points, from 0, half-open.
type Span struct {
	Start, End int
	Quote      string // as the text spells it
}

// MaxOccurrence bounds the work of counting places.
const MaxOccurrence = 1000

// ErrBlank is what a quote without a word is answered with.
var ErrBlank = errors.New("the quote is blank")

// Find finds a quote in a text. For many quotes of one text, see [NewIndex].
func Find(text, quote string, o Options) (Span, error) { return NewIndex(text).Find(quote, o) }

// Find finds a quote. White space around it does not belong to it. A quote that
// stands in the text more than once needs an occurrence, or the start of one of
// its places; a start at which it does not stand is no hint. The error is
// [ErrBlank], a [*NotFoundError] or an [*AmbiguousError].
func (x *Index) Find(quote string, o Options) (Span, error) {
	wanted := strings.TrimSpace(fold(quote, nil))
	if wanted == "" {
		return Span{}, ErrBlank
	}
	if o.Occurrence == 0 && o.Start != nil {
		if at, ok := x.foldedAt(*o.Start); ok && strings.HasPrefix(x.folded[at:], wanted) {
			return x.span(at, len(wanted)), nil
		}
	}
	places := x.places(wanted, max(min(o.Occurrence, MaxOccurrence), listed+1))
	switch {
	case len(places) == 0:
		return Span{}, x.notFound(quote, wanted)
	case o.Occurrence > len(places):
		return Span{}, &NotFoundError{Quote: quote, Occurrence: o.Occurrence, Places: len(places)}
	case o.Occurrence > 0:
		return x.span(places[o.Occurrence-1], len(wanted)), nil
	case len(places) > 1:
		return Span{}, x.ambiguous(quote, places, len(wanted))
	default:
		return x.span(places[0], len(wanted)), nil
	}
}

// Occurrence says which of its places a quote found at start is: 0 when it has
// one place only, and nothing needs to be said.
func (x *Index) Occurrence(quote string, start int) int {
	wanted := strings.TrimSpace(fold(quote, nil))
	at, ok := x.foldedAt(start)
	if wanted == "" || !ok {
		return 0
	}
	places := x.places(wanted, MaxOccurrence)
	if len(places) < 2 {
		return 0
	}
	return 1 + slices.Index(places, at)
}

// places are the offsets in the folded text at which wanted stands, at most
// limit of them. They may overlap.
func (x *Index) places(wanted string, limit int) []int {
	var out []int
	for from := 0; len(out) < limit; {
		i := strings.Index(x.folded[from:], wanted)
		if i < 0 {
			break
		}
		out = append(out, from+i)
		_, size := utf8.DecodeRuneInString(wanted)
		from += i + size
	}
	return out
}

func (x *Index) span(at, size int) Span {
	start, end := int(x.source[at]), int(x.source[at+size])
	return Span{Start: x.position(start), End: x.position(end), Quote: x.text[start:end]}
}
