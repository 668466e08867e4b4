// Package tables says how the ledger's lists and reports stand in CSV files: the
// columns, and the row of each item. The API and the pages write the same files.
// How a cell is written, so that a spreadsheet runs nothing, is internal/exchange/csvfile's.
package tables

import (
	"io"

	"github.com/breachledger/breachledger/internal/exchange/csvfile"
	"github.com/breachledger/breachledger/internal/incidents"
)

// Table is the form of a file with a row for each T.
type Table[T any] struct {
	Name    string // of the file, without its ending
	Columns []string
	row     func(T) ([]csvfile.Cell, error)
}

// Writer begins a file.
func (t Table[T]) Writer(w io.Writer) *csvfile.Writer { return csvfile.NewWriter(w, t.Columns) }

// Rows writes a row for each item.
func (t Table[T]) Rows(w *csvfile.Writer, items []T) error {
	for _, item := range items {
		cells, err := t.row(item)
		if err != nil {
			return err
		}
		w.Row(cells...)
	}
	return nil
}

func date(d incidents.PartialDate) csvfile.Cell { return csvfile.Text(d.String()) }
