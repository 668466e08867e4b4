// Package csvfile reads and writes CSV (RFC 4180) that a spreadsheet can open
// without running anything that somebody else wrote into a cell.
package csvfile

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// MediaType is that of what a [Writer] writes.
const MediaType = "text/csv; charset=utf-8; header=present"

// Separator stands between the values of a cell with several.
const Separator = "; "

// Cell is a finished cell. What somebody has written goes through [Text]; what
// is made here, such as numbers, needs no care.
type Cell struct{ text string }

// Empty is the cell of what is not known.
var Empty = Cell{}

// Text is a cell with words from anywhere. A spreadsheet would take some for a
// formula: those get an apostrophe before them, which [Plain] takes away again.
func Text(s string) Cell {
	if isFormula(strings.TrimLeft(s, "'")) {
		s = "'" + s
	}
	return Cell{s}
}

// Plain is the text that [Text] has made this cell of.
func Plain(cell string) string {
	if rest, found := strings.CutPrefix(cell, "'"); found && isFormula(strings.TrimLeft(rest, "'")) {
		return rest
	}
	return cell
}

// formulaStarts are the characters with which a cell can begin that a
// spreadsheet computes, the wide forms of East Asian keyboards included, and
// white space that some strip before they look.
const formulaStarts = "=+-@\t\r\n＝＋－＠"

// isFormula looks behind spaces: a spreadsheet that trims cells finds what is there.
func isFormula(s string) bool {
	first, _ := utf8.DecodeRuneInString(strings.TrimLeft(s, " \u00a0\u3000\ufeff"))
	return strings.ContainsRune(formulaStarts, first)
}

// Texts is a cell with several values.
func Texts[T ~string](values []T) Cell {
	all := make([]string, len(values))
	for i, v := range values {
		all[i] = string(v)
	}
	return Text(strings.Join(all, Separator))
}

// Int is a cell with a whole number.
func Int[T ~int | ~int64](n T) Cell { return Cell{strconv.FormatInt(int64(n), 10)} }

// MaybeInt is a cell with a number that may not be known.
func MaybeInt(n *int64) Cell {
	if n == nil {
		return Empty
	}
	return Int(*n)
}

// Decimal is a cell with a number as a decimal type writes it, such as "-0.50".
func Decimal(n fmt.Stringer) Cell { return Cell{n.String()} }

// Float is a cell with a number in its shortest form.
func Float(n float64) Cell { return Cell{strconv.FormatFloat(n, 'f', -1, 64)} }

// Bool is a cell with true or false.
func Bool(b bool) Cell { return Cell{strconv.FormatBool(b)} }

// Time is a cell with a moment, as RFC 3339 has it, in UTC.
func Time(t time.Time) Cell { return Cell{t.UTC().Format(time.RFC3339Nano)} }

// Writer writes rows. Its errors are kept and come with [Writer.Flush].
type Writer struct {
	w       *bufio.Writer
	columns int
	err     error
}

// NewWriter begins a file with the names of its columns.
func NewWriter(w io.Writer, columns []string) *Writer {
	out := &Writer{w: bufio.NewWriter(w), columns: len(columns)}
	cells := make([]Cell, len(columns))
	for i, c := range columns {
		cells[i] = Text(c)
	}
	out.Row(cells...)
	return out
}

// Row writes a row. A row with too few or too many cells is a mistake of the
// program, and an error.
func (w *Writer) Row(cells ...Cell) {
	if len(cells) != w.columns && w.err == nil {
		w.err = fmt.Errorf("write CSV: a row has %d cells, the file %d columns", len(cells), w.columns)
	}
	if w.err != nil {
		return
	}
	for i, c := range cells {
		if i > 0 {
			w.put(",")
		}
		w.cell(c.text, len(cells) == 1)
	}
	w.put("\r\n")
}

// cell writes a cell, in quotes where it needs them. A lone empty cell needs
// them too: its row would be an empty line, which readers skip.
func (w *Writer) cell(text string, alone bool) {
	needs := strings.ContainsAny(text, ",\"\r\n") || strings.HasPrefix(text, " ") || strings.HasSuffix(text, " ") || alone && text == ""
	if !needs {
		w.put(text)
		return
	}
	w.put(`"`)
	w.put(strings.ReplaceAll(text, `"`, `""`))
	w.put(`"`)
}

func (w *Writer) put(s string) {
	if w.err != nil {
		return
	}
	if _, err := w.w.WriteString(s); err != nil {
		w.err = fmt.Errorf("write CSV: %w", err)
	}
}

// Flush writes what is still held back, and returns the first error of all.
func (w *Writer) Flush() error {
	if w.err != nil {
		return w.err
	}
	if err := w.w.Flush(); err != nil {
		return fmt.Errorf("write CSV: %w", err)
	}
	return nil
}
