// Package jsonstream takes a stream of JSON apart into its documents: an array,
// JSON lines, or documents one behind another, plain or gzip. It holds one
// document at a time and doesn't look into it: whether a document is well-formed
// is for its reader to say.
package jsonstream

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"

	"github.com/breachledger/breachledger/internal/exchange/unpack"
)

// MaxDocument is the largest document, in bytes. No honest one comes near it.
const MaxDocument = 16 << 20

// Document is one document of a stream.
type Document struct {
	JSON   []byte // the document as it stands; the caller's to keep
	Row    int    // its number, from 1
	Line   int    // the line of the unpacked stream on which it begins, from 1
	Offset int64  // the byte of the unpacked stream at which it begins
}

// Error says at which document a stream can't be read on.
type Error struct {
	Row    int
	Line   int
	Offset int64
	Err    error
}

func (e *Error) Error() string {
	return fmt.Sprintf("row %d (line %d, byte %d): %v", e.Row, e.Line, e.Offset, e.Err)
}

// Unwrap is the cause.
func (e *Error) Unwrap() error { return e.Err }

var (
	errTooLarge = fmt.Errorf("a document is larger than %d bytes", MaxDocument)
	errNothing  = errors.New("there is no document; a list of none is []")
	errEnds     = errors.New("the stream ends within a document")
	errUTF16    = errors.New("the stream is written in UTF-16; save it in UTF-8")
)

// Read gives the documents of a stream. An error ends it; it is an [*Error] and names
// the document that could not be read, so that those before it are known to be whole.
// A stream with nothing in it is an error too, since it was cut off or is another file
// than was meant; an empty array is not. In JSON lines, known by a first line that is a
// whole document, a broken line is given like any other, and the next one is read.
func Read(r io.Reader) iter.Seq2[Document, error] {
	return func(yield func(Document, error) bool) {
		s := &scanner{line: 1, row: 1}
		if err := s.open(r); err != nil {
			yield(Document{}, s.fail(err))
			return
		}
		var err error
		if first, spaceErr := s.space(); spaceErr == nil && first == '[' {
			err = s.array(yield)
		} else {
			err = s.sequence(yield)
		}
		if err != nil && !errors.Is(err, errStopped) {
			yield(Document{}, s.fail(err))
		}
	}
}

// errStopped says that the caller wants no more.
var errStopped = errors.New("stopped")

type scanner struct {
	in     *bufio.Reader
	row    int
	line   int
	offset int64
}

func (s *scanner) fail(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		err = errEnds
	}
	return &Error{Row: s.row, Line: s.line, Offset: s.offset, Err: err}
}

// open unpacks gzip and skips a byte order mark of UTF-8.
func (s *scanner) open(r io.Reader) error {
	in, err := unpack.Reader(r, 64<<10)
	if err != nil {
		return err
	}
	s.in = in
	// No JSON in UTF-8 begins so, with a byte order mark or without one.
	if first, _ := s.in.Peek(2); len(first) == 2 && (first[0] >= 0xfe || first[0] == 0 || first[1] == 0) {
		return errUTF16
	}
	if mark, _ := s.in.Peek(3); bytes.Equal(mark, []byte("\xef\xbb\xbf")) {
		n, err := s.in.Discard(len(mark))
		s.offset += int64(n)
		return err
	}
	return nil
}

// skip passes a byte that is known not to end a line.
func (s *scanner) skip() error {
	n, err := s.in.Discard(1)
	s.offset += int64(n)
	return err
}

// space skips white space and shows the byte behind it.
func (s *scanner) space() (byte, error) {
	for {
		c, err := s.in.ReadByte()
		if err != nil {
			return 0, err
		}
		if c != ' ' && c != '\t' && c != '\r' && c != '\n' {
			return c, s.in.UnreadByte()
		}
		s.offset++
		if c == '\n' {
			s.line++
		}
	}
}

func (s *scanner) give(d Document, yield func(Document, error) bool) error {
	d.Row = s.row
	s.row++
	if !yield(d, nil) {
		return errStopped
	}
	return nil
}

// array gives the items of one array.
func (s *scanner) array(yield func(Document, error) bool) error {
	if err := s.skip(); err != nil {
		return err
	}
	c, err := s.space()
	if err != nil {
		return err
	}
	for c != ']' {
		d, err := s.value()
		if err != nil {
			return err
		}
		if err := s.give(d, yield); err != nil {
			return err
		}
		if c, err = s.space(); err != nil {
			return err
		}
		if c != ',' && c != ']' {
			return fmt.Errorf("there is %q where a comma or ] is expected", c)
		}
		if c == ',' {
			if err := s.skip(); err != nil {
				return err
			}
			if _, err := s.space(); err != nil {
				return err
			}
		}
	}
	if err := s.skip(); err != nil {
		return err
	}
	switch c, err := s.space(); {
	case err == nil:
		return fmt.Errorf("the stream goes on behind the array with %q", c)
	case !errors.Is(err, io.EOF):
		return err
	}
	return nil
}

// sequence gives documents that stand one behind another. Once a line holds
// just one document, each line is one.
func (s *scanner) sequence(yield func(Document, error) bool) error {
	lines := false
	for {
		if _, err := s.space(); errors.Is(err, io.EOF) {
			if s.row == 1 {
				return errNothing
			}
			return nil
		} else if err != nil {
			return err
		}
		read := s.value
		if lines {
			read = s.wholeLine
		}
		line := s.line
		d, err := read()
		if err != nil {
			return err
		}
		lines = lines || s.row == 1 && line == s.line && s.atLineEnd()
		if err := s.give(d, yield); err != nil {
			return err
		}
	}
}

// atLineEnd reports whether nothing more stands on the line.
func (s *scanner) atLineEnd() bool {
	for n := 1; ; n++ {
		ahead, err := s.in.Peek(n)
		if err != nil {
			return true
		}
		switch ahead[n-1] {
		case '\n':
			return true
		case ' ', '\t', '\r':
		default:
			return false
		}
	}
}

func (s *scanner) begin() Document { return Document{Line: s.line, Offset: s.offset} }

// wholeLine reads the rest of the line.
func (s *scanner) wholeLine() (Document, error) {
	d := s.begin()
	for {
		part, err := s.in.ReadSlice('\n')
		s.offset += int64(len(part))
		if len(d.JSON)+len(part) > MaxDocument {
			return d, errTooLarge
		}
		d.JSON = append(d.JSON, part...)
		switch {
		case err == nil:
			s.line++
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case !errors.Is(err, io.EOF):
			return d, err
		}
		d.JSON = bytes.TrimRight(d.JSON, " \t\r\n")
		return d, nil
	}
}

// value reads one value by counting its brackets.
func (s *scanner) value() (Document, error) {
	d := s.begin()
	end := bounds{}
	for {
		if _, err := s.in.Peek(1); err != nil {
			if errors.Is(err, io.EOF) && end.depth == 0 && end.begun && !end.inText {
				return d, nil // a bare number or word at the end
			}
			return d, err
		}
		ahead, err := s.in.Peek(s.in.Buffered())
		if err != nil {
			return d, err
		}
		n, done := end.in(ahead)
		if len(d.JSON)+n > MaxDocument {
			return d, errTooLarge
		}
		d.JSON = append(d.JSON, ahead[:n]...)
		s.line += bytes.Count(ahead[:n], []byte("\n"))
		s.offset += int64(n)
		if _, err := s.in.Discard(n); err != nil {
			return d, err
		}
		if done {
			return d, nil
		}
	}
}

// bounds looks for the end of a value.
type bounds struct {
	begun, inText, escaped bool
	depth                  int
}

// in reads on and says how many bytes belong to the value, and whether it ends
// behind them.
func (b *bounds) in(ahead []byte) (n int, done bool) {
	for i := 0; i < len(ahead); i++ {
		c := ahead[i]
		if b.inText && !b.escaped && c != '"' && c != '\\' {
			i += within(ahead[i+1:])
			continue
		}
		if b.depth == 0 && !b.inText && b.begun && ends(c) {
			return i, true
		}
		b.begun = true
		switch {
		case b.escaped:
			b.escaped = false
		case b.inText && c == '\\':
			b.escaped = true
		case c == '"':
			b.inText = !b.inText
			if !b.inText && b.depth == 0 {
				return i + 1, true
			}
		case b.inText:
		case c == '{' || c == '[':
			b.depth++
		case c == '}' || c == ']':
			if b.depth--; b.depth <= 0 {
				return i + 1, true
			}
		}
	}
	return len(ahead), false
}

// within is how many bytes belong to a text before something ends or is escaped
// there, as far as it looks.
func within(text []byte) int {
	const far = 128 // bounds what is looked at in vain where much is escaped
	text = text[:min(len(text), far)]
	if end := bytes.IndexByte(text, '"'); end >= 0 {
		text = text[:end]
	}
	if escape := bytes.IndexByte(text, '\\'); escape >= 0 {
		return escape
	}
	return len(text)
}

// ends reports whether a bare value, such as a number, ends before the byte.
func ends(c byte) bool {
	return c == ',' || c == ']' || c == '}' || c == ' ' || c == '\n' || c == '\r' || c == '\t'
}
