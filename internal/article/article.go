// Package article reads the text of an article and finds quotes in it.
//
// A text is kept byte for byte: nothing is normalised, trimmed or decoded, so
// that a position means the same for ever. What is lenient is the search: who
// copies a sentence gets other quotation marks, dashes and line breaks than the
// article has, and the quote is still found and given back as the article
// spells it. What an article says is not known here.
package article

import (
	"bytes"
	"fmt"
	"unicode/utf8"
)

// MaxSize is the size of the longest text, in bytes.
const MaxSize = 1 << 20

// Article is a text as it was captured.
type Article struct {
	Name string // of the file, for messages
	Text string // byte for byte; valid UTF-8 without U+0000
}

// TextError says why bytes are no article, and where.
type TextError struct {
	Name   string
	Offset int // in bytes, from 0
	Line   int // from 1
	Detail string
}

func (e *TextError) Error() string {
	return fmt.Sprintf("%s:%d: byte %d (from 0): %s", e.Name, e.Line, e.Offset, e.Detail)
}

// Read takes the bytes of an article. It refuses what cannot be stored as they
// are: text that is not UTF-8, U+0000, and more than [MaxSize]. A byte order
// mark stays, as the first character. The error is a [*TextError].
func Read(name string, data []byte) (Article, error) {
	fail := func(offset int, format string, args ...any) (Article, error) {
		line := 1 + bytes.Count(data[:offset], []byte("\n"))
		return Article{}, &TextError{Name: name, Offset: offset, Line: line, Detail: fmt.Sprintf(format, args...)}
	}
	if len(data) > MaxSize {
		return fail(MaxSize, "must have at most %d bytes, has %d", MaxSize, len(data))
	}
	if i := bytes.IndexByte(data, 0); i >= 0 {
		return fail(i, "must not contain the character U+0000")
	}
	for i := 0; i < len(data); {
		r, size := utf8.DecodeRune(data[i:])
		if r == utf8.RuneError && size == 1 {
			return fail(i, "must be valid UTF-8; 0x%02X is not", data[i])
		}
		i += size
	}
	return Article{Name: name, Text: string(data)}, nil
}

// Index prepares the text for finding quotes in it.
func (a Article) Index() *Index { return NewIndex(a.Text) }
