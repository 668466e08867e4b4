package csvfile

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"

	"github.com/breachledger/breachledger/internal/incidents"
)

// Row is a row of a file, read as an incident; of our form with one row per claim,
// all rows of an incident.
type Row struct {
	Number int // of the first row, as a spreadsheet numbers it, from 1
	Line   int // of the file on which it begins, from 1
	// Key tells the row from every other of the file, so that a second run knows
	// it again: what the mapping's key says, else the incident's slug, else the
	// slug that it would get by its title and year.
	Key string
	// Incident is complete and valid, unless there are problems. Its actors are
	// described in place and its sources have keys.
	Incident incidents.Incident
	// Problems are everything that is wrong with the row.
	Problems []Problem
	// Place is the row and the column that gave a field of the incident, by its JSON
	// Pointer: what shows only later, in a ledger, is told by them too. The column is
	// "" where none did.
	Place func(pointer string) (row int, column string)
}

// File is a file whose names of columns have been read.
type File struct {
	Columns []string // of the file
	Unread  []string // those that the mapping doesn't name
	m       *Mapping
	t       *table
}

// Open begins to read a file and compares its columns with those of the mapping.
// Which of our own forms it has is found out by its columns.
func Open(r io.Reader, m *Mapping) (*File, error) {
	t, err := openTable(r, m.delimiter, m.skip)
	if err != nil {
		return nil, err
	}
	if m.own {
		m = ownForm(t)
	}
	if err := m.check(t); err != nil {
		return nil, &Error{Row: t.row, Line: t.line, Err: err}
	}
	f := &File{Columns: t.columns, m: m, t: t}
	for _, c := range t.columns {
		if c != "" && !slices.Contains(m.columns, c) {
			f.Unread = append(f.Unread, c)
		}
	}
	return f, nil
}

// Name is that of the mapping by which the file is read: "wide" or "long" for
// our own forms.
func (f *File) Name() string { return f.m.Name }

// Rows are the rows in which a cell says something; the others are left out,
// and keep their numbers. What is wrong within a row is in the row, and the next
// one is read. An error ends the file; it is an [*Error] and names the row.
func (f *File) Rows() iter.Seq2[Row, error] {
	if f.m.long {
		return longRows(f.m, f.t)
	}
	return func(yield func(Row, error) bool) {
		for {
			row, err := f.m.next(f.t)
			if errors.Is(err, io.EOF) {
				return
			}
			if !yield(row, err) || err != nil {
				return
			}
		}
	}
}

func (m *Mapping) check(t *table) error {
	var wrong []string
	for _, c := range m.columns {
		if _, ok := t.index[c]; !ok && !m.own {
			wrong = append(wrong, fmt.Sprintf("there is no column %q, which the mapping names", c))
		}
		if t.twice[c] {
			wrong = append(wrong, fmt.Sprintf("the column %q occurs twice", c))
		}
	}
	if m.own {
		wrong = append(wrong, m.strange(t)...)
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
		if says(cells) {
			return m.row(t, cells), nil
		}
	}
}

// row reads one row.
func (m *Mapping) row(t *table, cells []string) Row {
	x := newReading(m, t)
	x.cells = cells
	x.fits("", len(t.columns))
	key := x.one("/key", m.key)
	in := x.incident()
	if m.own {
		x.ownID(key, in)
		x.wasPublished()
	}
	in.Complete()
	x.problems.Merge(in.Validate())
	if key == "" {
		key = cmp.Or(in.Slug, in.DefaultSlug())
	}
	out := Row{Number: t.row, Line: t.line, Key: key, Incident: *in, Problems: x.told(t.row)}
	out.Place = func(pointer string) (int, string) { return out.Number, x.column(pointer) }
	return out
}

// fits says when a row has more cells than the table has columns.
func (x *reading) fits(pointer string, columns int) {
	if len(x.cells) > columns && says(x.cells[columns:]) {
		x.add(pointer, nil, "has %d cells, and there are %d columns; is there a delimiter in a cell without quotes?", len(x.cells), columns)
	}
}

// says reports whether any of the cells says something.
func says(cells []string) bool {
	return slices.ContainsFunc(cells, func(c string) bool { return strings.TrimSpace(c) != "" })
}

// told is the problems of the document as problems of the row's cells.
func (x *reading) told(row int) []Problem {
	var out []Problem
	for i := range x.problems {
		if out = tell(out, x.problem(i, row)); len(out) == mostTold {
			return append(out, Problem{Row: row, Detail: moreProblems})
		}
	}
	return out
}

// mostTold bounds what is told of one incident, mostRepeated what is repeated of a value.
const (
	mostTold     = 1000
	moreProblems = "has more problems, which are not listed"
	mostRepeated = 1000 // bytes
)

// problem is one of the document as one of the row's cells.
func (x *reading) problem(i, row int) Problem {
	p := x.problems[i]
	told := Problem{Row: row, Detail: p.Detail, Allowed: p.Allowed}
	if r := x.blame(p.Pointer); r != nil {
		told.Column, told.Value = r.shown(), x.raw(r)
	} else if p.Pointer != "" {
		told.Detail = p.Pointer + ": " + p.Detail
	}
	if i < len(x.values) && x.values[i] != "" {
		told.Value = x.values[i]
	}
	if len(told.Value) > mostRepeated {
		told.Value = strings.ToValidUTF8(told.Value[:mostRepeated], "") + "…"
	}
	return told
}

// tell adds a problem that is not told yet: a column may serve several fields.
func tell(out []Problem, p Problem) []Problem {
	if slices.ContainsFunc(out, func(o Problem) bool {
		return o.Row == p.Row && o.Column == p.Column && o.Value == p.Value && o.Detail == p.Detail
	}) {
		return out
	}
	return append(out, p)
}

// column is the one that gave the value at the pointer, "" for none.
func (x *reading) column(pointer string) string {
	if r := x.blame(pointer); r != nil {
		return r.shown()
	}
	return ""
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
