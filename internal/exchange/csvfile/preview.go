package csvfile

import (
	"errors"
	"io"
	"slices"
)

// Sample is what a file would be read as.
type Sample struct {
	Columns []string // of the file
	Unread  []string // those that the mapping doesn't name
	Rows    []Row    // the first ones
	Read    int      // rows that say something
	Usable  int      // rows without a problem
	// Problems are those of all rows, the first maxProblems of them.
	Problems []Problem
	// More is the number of problems that are left out.
	More int
}

const maxProblems = 1000

// Preview reads a whole file without keeping it: the first n rows as they would
// be read, and all problems with row and column. Where the file cannot be read
// to its end the sample holds what was read, and the error says where it ends.
func Preview(r io.Reader, m *Mapping, n int) (Sample, error) {
	var out Sample
	t, err := m.open(r)
	if err != nil {
		return out, err
	}
	out.Columns = t.columns
	for _, c := range t.columns {
		if c != "" && !slices.Contains(m.columns, c) {
			out.Unread = append(out.Unread, c)
		}
	}
	for {
		row, err := m.next(t)
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return out, err
		}
		out.Read++
		if len(row.Problems) == 0 {
			out.Usable++
		}
		if len(out.Rows) < n {
			out.Rows = append(out.Rows, row)
		}
		room := min(maxProblems-len(out.Problems), len(row.Problems))
		out.Problems = append(out.Problems, row.Problems[:room]...)
		out.More += len(row.Problems) - room
	}
}
