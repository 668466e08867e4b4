package csvfile

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"

	"github.com/breachledger/breachledger/internal/incidents"
)

// Row is a row of a file, read as an incident.
type Row struct {
	Number int    // as a spreadsheet numbers it, from 1
	Line   int    // of the file on which it begins, from 1
	Key    string // what the mapping's key says: with it a second run knows the row again
	// Incident is complete and valid, unless there are problems. Its actors are
	// described in place and its sources have keys.
	Incident incidents.Incident
	// Problems are everything that is wrong with the row.
	Problems []Problem
}

// Decode reads a file, a row at a time: what is wrong within a row is in the
// row, and the next one is read. An error ends it; it is an [*Error] and names
// the row. Rows in which no cell says anything are left out, and keep their
// numbers.
func Decode(r io.Reader, m *Mapping) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		t, err := m.open(r)
		if err != nil {
			yield(Row{}, err)
			return
		}
		for {
			row, err := m.next(t)
			if errors.Is(err, io.EOF) {
				return
			}
			if !yield(row, err) || err != nil {
				return
			}
		}
	}
}

// open begins to read and compares the columns with those of the mapping.
func (m *Mapping) open(r io.Reader) (*table, error) {
	t, err := openTable(r, m.delimiter, m.skip)
	if err != nil {
		return nil, err
	}
	if err := m.check(t); err != nil {
		return nil, &Error{Row: t.row, Line: t.line, Err: err}
	}
	return t, nil
}

func (m *Mapping) check(t *table) error {
	var wrong []string
	for _, c := range m.columns {
		if _, ok := t.index[c]; !ok && !m.own {
			wrong = append(wrong, fmt.Sprintf("there is no column %q, which the mapping names", c))
		}
		if t.twice[c] {
			wrong = append(wrong, fmt.Sprintf("the column %q is there twice", c))
		}
	}
	if m.own {
		for _, c := range t.columns {
			if c != "" && !slices.Contains(wideColumns(), c) {
				wrong = append(wrong, fmt.Sprintf("the column %q is none of this form; another form needs a mapping", c))
			}
		}
	}
	if len(wrong) == 0 {
		return nil
	}
	return fmt.Errorf("%s (the file's columns: %s)", strings.Join(wrong, "; "), strings.Join(t.columns, ", "))
}

// next is the next row that says something.
func (m *Mapping) next(t *table) (Row, error) {
	for {
		cells, err := t.next()
		if err != nil {
			return Row{}, err
		}
		if slices.ContainsFunc(cells, func(c string) bool { return strings.TrimSpace(c) != "" }) {
			return m.row(t, cells), nil
		}
	}
}

// row reads one row.
func (m *Mapping) row(t *table, cells []string) Row {
	x := &reading{m: m, index: t.index, cells: cells, from: map[string]*rule{}}
	for i := len(t.columns); i < len(cells); i++ {
		if strings.TrimSpace(cells[i]) != "" {
			x.add("", nil, "has %d cells, and there are %d columns; is a cell with a delimiter not in quotes?", len(cells), len(t.columns))
			break
		}
	}
	key := x.one("/key", m.key)
	in := x.incident()
	if m.own {
		x.ownID(key, in)
	}
	in.Complete()
	x.problems.Merge(in.Validate())
	return Row{Number: t.row, Line: t.line, Key: key, Incident: *in, Problems: x.told(t.row)}
}

// told is the problems of the document as problems of the row's cells.
func (x *reading) told(row int) []Problem {
	out := make([]Problem, 0, len(x.problems))
	for i, p := range x.problems {
		told := Problem{Row: row, Detail: p.Detail, Allowed: p.Allowed}
		if r := x.blame(p.Pointer); r != nil {
			told.Column, told.Value = r.shown(), x.raw(r)
		} else if p.Pointer != "" {
			told.Detail = p.Pointer + ": " + p.Detail
		}
		if i < len(x.values) && x.values[i] != "" {
			told.Value = x.values[i]
		}
		// A column may serve several fields.
		if !slices.ContainsFunc(out, func(o Problem) bool {
			return o.Column == told.Column && o.Value == told.Value && o.Detail == told.Detail
		}) {
			out = append(out, told)
		}
	}
	return out
}

// blame is the rule that gave the value at the pointer, or what holds it.
func (x *reading) blame(pointer string) *rule {
	for {
		if r := x.from[pointer]; r != nil {
			if len(r.all()) == 0 {
				return nil // a constant
			}
			return r
		}
		up := strings.LastIndexByte(pointer, '/')
		if up <= 0 {
			return nil
		}
		pointer = pointer[:up]
	}
}
