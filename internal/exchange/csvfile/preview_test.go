package csvfile_test

import (
	"io"

	"github.com/breachledger/breachledger/internal/exchange/csvfile"
)

// sample is what a file would be read as.
type sample struct {
	Columns []string      // of the file
	Unread  []string      // those that the mapping doesn't name
	Rows    []csvfile.Row // the first ones
	Read    int           // rows that say something
	Usable  int           // rows without a problem
	// Problems are those of all rows, the first maxProblems of them.
	Problems []csvfile.Problem
	// More is the number of problems that are left out.
	More int
}

const maxProblems = 1000

// preview reads a whole file without keeping it: the first n rows as they would
// be read, and all problems with row and column. Where the file cannot be read
// to its end the sample holds what was read, and the error says where it ends.
func preview(r io.Reader, m *csvfile.Mapping, n int) (sample, error) {
	var out sample
	f, err := csvfile.Open(r, m)
	if err != nil {
		return out, err
	}
	out.Columns, out.Unread = f.Columns, f.Unread
	for row, err := range f.Rows() {
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
	return out, nil
}
