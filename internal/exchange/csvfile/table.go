package csvfile

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// maxRow is the largest row in bytes. A quotation mark that is never closed
// must not draw the whole file into memory.
const maxRow = 16 << 20

// table reads the rows of a file, one at a time.
type table struct {
	csv     *csv.Reader
	limit   *limited
	row     int // of the last row read
	endLine int // on which it ends
	line    int // on which it begins
	columns []string
	index   map[string]int
	twice   map[string]bool
}

var (
	errTooLong = fmt.Errorf("is larger than %d bytes; is a quotation mark left open?", maxRow)
	errUTF16   = errors.New("is written in UTF-16; save the file as CSV in UTF-8")
	errZIP     = errors.New("is a ZIP file, as spreadsheets of their own form are (.xlsx, .ods); save the sheet as CSV in UTF-8")
	errUTF8    = errors.New("is not valid UTF-8; save the file as CSV in UTF-8")
	errNoRows  = errors.New("is missing: the file has no row with the names of the columns")
)

// limited refuses to give more than maxRow bytes for one row.
type limited struct {
	from io.Reader
	left int
}

func (l *limited) Read(p []byte) (int, error) {
	if l.left <= 0 {
		return 0, errTooLong
	}
	n, err := l.from.Read(p)
	l.left -= n
	return n, err
}

// openTable begins to read. The delimiter is found out when it is 0.
func openTable(r io.Reader, delimiter rune, skip int) (*table, error) {
	const size = 64 << 10
	in := bufio.NewReaderSize(r, size)
	t := &table{}
	ahead, err := in.Peek(size)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, bufio.ErrBufferFull) {
		return nil, &Error{Row: 1, Line: 1, Err: err}
	}
	if err := otherForm(ahead); err != nil {
		return nil, &Error{Row: 1, Line: 1, Err: err}
	}
	if mark := []byte("\xef\xbb\xbf"); bytes.HasPrefix(ahead, mark) {
		if _, err := in.Discard(len(mark)); err != nil {
			return nil, &Error{Row: 1, Line: 1, Err: err}
		}
		ahead = ahead[len(mark):]
	}
	if delimiter == 0 {
		delimiter = guessDelimiter(ahead)
	}
	t.limit = &limited{from: in, left: maxRow}
	t.csv = csv.NewReader(t.limit)
	t.csv.Comma, t.csv.FieldsPerRecord, t.csv.ReuseRecord = delimiter, -1, true
	for t.row <= skip {
		cells, err := t.next()
		if errors.Is(err, io.EOF) {
			return nil, &Error{Row: skip + 1, Line: 1, Err: errNoRows}
		}
		if err != nil {
			return nil, err
		}
		if t.row > skip {
			t.header(cells)
		}
	}
	return t, nil
}

// otherForm knows by its beginning a file that is not text in UTF-8.
func otherForm(ahead []byte) error {
	switch {
	case bytes.HasPrefix(ahead, []byte("PK\x03\x04")):
		return errZIP
	case bytes.HasPrefix(ahead, []byte("\xff\xfe")), bytes.HasPrefix(ahead, []byte("\xfe\xff")),
		len(ahead) > 1 && (ahead[0] == 0) != (ahead[1] == 0): // without a byte order mark
		return errUTF16
	default:
		return nil
	}
}

// guessDelimiter is the delimiter that stands most often, outside quotes, in the
// first line that has one.
func guessDelimiter(ahead []byte) rune {
	count := map[byte]int{}
	quoted := false
	for _, c := range ahead {
		if c == '"' {
			quoted = !quoted
		}
		if quoted {
			continue
		}
		if c == '\n' && len(count) > 0 {
			break
		}
		if c == ',' || c == ';' || c == '\t' {
			count[c]++
		}
	}
	best := byte(',')
	for _, c := range []byte(";\t") {
		if count[c] > count[best] {
			best = c
		}
	}
	return rune(best)
}

func (t *table) header(cells []string) {
	t.index, t.twice = map[string]int{}, map[string]bool{}
	for i, name := range cells {
		name = strings.TrimSpace(name)
		t.columns = append(t.columns, name)
		if _, again := t.index[name]; again {
			t.twice[name] = true
			continue
		}
		t.index[name] = i
	}
}

// next is the next row, valid until the one behind it is read; io.EOF at the
// end. Blank lines count as rows, as they do in a spreadsheet, but are not given.
func (t *table) next() ([]string, error) {
	t.limit.left = maxRow
	cells, err := t.csv.Read()
	if errors.Is(err, io.EOF) {
		return nil, io.EOF
	}
	var parse *csv.ParseError
	if errors.As(err, &parse) {
		return nil, &Error{Row: t.row + 1 + parse.StartLine - t.endLine - 1, Line: parse.Line, Err: explain(parse)}
	}
	if err != nil {
		return nil, &Error{Row: t.row + 1, Line: t.endLine + 1, Err: err}
	}
	t.line, _ = t.csv.FieldPos(0)
	t.row += t.line - t.endLine
	t.endLine = t.line
	for _, c := range cells {
		t.endLine += strings.Count(c, "\n")
		if !utf8.ValidString(c) {
			return nil, &Error{Row: t.row, Line: t.line, Err: errUTF8}
		}
	}
	return cells, nil
}

// explain says in our words what encoding/csv has met.
func explain(e *csv.ParseError) error {
	switch {
	case errors.Is(e.Err, csv.ErrBareQuote):
		return fmt.Errorf("column %d has a quotation mark within a cell that is not in quotes", e.Column)
	case errors.Is(e.Err, csv.ErrQuote):
		return errors.New("has a cell in quotes that is not closed, or goes on after its closing mark")
	default:
		return e.Err
	}
}
