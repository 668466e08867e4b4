package article

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Place is where a quote stands.
type Place struct {
	Start   int    // in code points, from 0
	Line    int    // from 1
	Context string // the quote between brackets, with some words around it
}

// listed is how many places an error lists.
const listed = 10

// AmbiguousError says that a quote stands in its text more than once.
type AmbiguousError struct {
	Quote  string
	Places []Place // the first ones
	More   bool    // than those listed
}

func (e *AmbiguousError) Error() string {
	var out strings.Builder
	atLeast := ""
	if e.More {
		atLeast = "more than "
	}
	fmt.Fprintf(&out, "the quote stands in the text %s%d times; say which by occurrence:", atLeast, len(e.Places))
	for i, p := range e.Places {
		fmt.Fprintf(&out, " (%d) line %d, start %d: %s", i+1, p.Line, p.Start, p.Context)
	}
	return out.String()
}

// NotFoundError says that a quote does not stand in its text, and how far the
// text agrees with it; or that it does, but not as often as said.
type NotFoundError struct {
	Quote      string
	Occurrence int // the one asked for, when the quote itself was found
	Places     int // how often it was found

	// The nearest passage: the longest beginning (or, when that is longer, the
	// end) of the quote that the text has. All are "" when nothing is near.
	Matched  string // of the quote, that the text has too
	Line     int    // where Matched stands in the text
	AtEnd    bool   // Matched is the quote's end, not its beginning
	TextHas  string // next to Matched
	QuoteHas string // next to Matched
}

func (e *NotFoundError) Error() string {
	switch {
	case e.Places > 0:
		return fmt.Sprintf("the quote stands in the text %d times; there is no occurrence %d", e.Places, e.Occurrence)
	case e.Matched == "":
		return "the quote is not in the text, nor is its beginning"
	case e.AtEnd:
		return fmt.Sprintf("the quote is not in the text. Its end %q is (line %d), but before that the text has %s and the quote %s", e.Matched, e.Line, visible(e.TextHas), visible(e.QuoteHas))
	default:
		return fmt.Sprintf("the quote is not in the text. Its beginning %q is (line %d), but after that the text has %s and the quote %s", e.Matched, e.Line, visible(e.TextHas), visible(e.QuoteHas))
	}
}

// visible quotes a passage so that two that differ look different: an accent that
// is a character of its own (as in what is copied from a PDF) is written out.
func visible(s string) string {
	var out strings.Builder
	for _, r := range strconv.Quote(s) {
		if unicode.In(r, unicode.Mn) && r < 0x0370 {
			fmt.Fprintf(&out, `\u%04x`, r)
			continue
		}
		out.WriteRune(r)
	}
	return out.String()
}

func (x *Index) ambiguous(quote string, places []int, size int) error {
	e := &AmbiguousError{Quote: quote}
	for _, at := range places {
		if len(e.Places) == listed {
			e.More = true
			break
		}
		const around = 25
		context := "[" + middle(x.folded[at:at+size], 60) + "]"
		if before := lastRunes(x.folded[:at], around); before != "" {
			context = "…" + before + context
		}
		if after := firstRunes(x.folded[at+size:], around); after != "" {
			context += after + "…"
		}
		e.Places = append(e.Places, Place{Start: x.position(int(x.source[at])), Line: x.line(at), Context: context})
	}
	return e
}

// line is the line of the text that a byte of the folded text comes from.
func (x *Index) line(at int) int { return 1 + strings.Count(x.text[:x.source[at]], "\n") }

const (
	shown = 40 // characters of a passage that a message shows
	near  = 5  // characters that must agree to be worth a message
)

func (x *Index) notFound(quote, wanted string) error {
	e := &NotFoundError{Quote: quote}
	// A part that is found holds only parts that are found: halving is enough.
	head := longest(len(wanted), func(n int) bool { return strings.Contains(x.folded, wanted[:n]) })
	tail := longest(len(wanted), func(n int) bool { return strings.Contains(x.folded, wanted[len(wanted)-n:]) })
	for head > 0 && !utf8.RuneStart(wanted[head]) {
		head-- // not within a character
	}
	for tail > 0 && !utf8.RuneStart(wanted[len(wanted)-tail]) {
		tail--
	}
	switch {
	case max(utf8.RuneCountInString(wanted[:head]), utf8.RuneCountInString(wanted[len(wanted)-tail:])) < near:
	case head >= tail:
		at := strings.Index(x.folded, wanted[:head])
		e.Matched, e.Line = lastRunes(wanted[:head], shown), x.line(at+head)
		e.TextHas, e.QuoteHas = firstRunes(x.folded[at+head:], shown), firstRunes(wanted[head:], shown)
	default:
		at := strings.Index(x.folded, wanted[len(wanted)-tail:])
		e.AtEnd = true
		e.Matched, e.Line = firstRunes(wanted[len(wanted)-tail:], shown), x.line(at)
		e.TextHas, e.QuoteHas = lastRunes(x.folded[:at], shown), lastRunes(wanted[:len(wanted)-tail], shown)
	}
	return e
}

// longest is the largest n below limit for which ok(n), given that ok holds for
// every smaller one too.
func longest(limit int, ok func(int) bool) int {
	low, high := 0, limit
	for high-low > 1 {
		if mid := (low + high) / 2; ok(mid) {
			low = mid
		} else {
			high = mid
		}
	}
	return low
}

func firstRunes(s string, n int) string {
	for i := range s {
		if n--; n < 0 {
			return s[:i]
		}
	}
	return s
}

func lastRunes(s string, n int) string {
	end := len(s)
	for ; n > 0 && end > 0; n-- {
		_, size := utf8.DecodeLastRuneInString(s[:end])
		end -= size
	}
	return s[end:]
}

// middle leaves out the middle of a long passage.
func middle(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	return firstRunes(s, n/2) + " … " + lastRunes(s, n/2)
}
