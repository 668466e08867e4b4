package importer

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"iter"

	"github.com/breachledger/breachledger/internal/exchange/csvfile"
	"github.com/breachledger/breachledger/internal/exchange/unpack"
	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
)

// tableFormats is what the formats of tables begin with.
const tableFormats = "csv:"

// csvVersion changes when the reading of tables does.
const csvVersion = 1

// CSV imports a table, plain or gzip: each row an incident, as the mapping says;
// [csvfile.OwnMapping] reads our own forms, in one of which several rows make an
// incident. A dry run reports besides how the first rows are read.
func CSV(ctx context.Context, l *ledger.Ledger, m *csvfile.Mapping, file io.Reader, o Options) (StreamReport, error) {
	table, err := openTable(file, m)
	if err != nil {
		return StreamReport{Format: tableFormats + m.Name, DryRun: o.DryRun, Details: []Detail{}, UndoneAll: o.Atomic}, fmt.Errorf("read the file: %w", err)
	}
	s := &stream{ledger: l, name: tableFormats + table.Name(), version: csvVersion, options: o}
	if m == csvfile.OwnMapping() {
		s.table = ownTables[table.Name()]
	}
	if o.DryRun {
		s.report.Sample = &Sample{Columns: table.Columns, Unread: append([]string{}, table.Unread...)}
	}
	return s.run(ctx, s.rows(table))
}

func openTable(file io.Reader, m *csvfile.Mapping) (*csvfile.File, error) {
	in, err := unpack.Reader(file, 4<<10) // csvfile has a large buffer of its own
	if err != nil {
		return nil, err
	}
	return csvfile.Open(in, m)
}

// rows are the rows of a table as documents. What a row says is the incident
// that the mapping makes of it, so that another mapping counts as a change.
func (s *stream) rows(table *csvfile.File) iter.Seq2[document, error] {
	return func(yield func(document, error) bool) {
		for row, err := range table.Rows() {
			if err != nil {
				yield(document{}, err)
				return
			}
			s.report.Sample.take(row)
			d := document{row: row.Number, id: row.Key, bad: row.Problems, place: row.Place}
			if d.said, err = json.Marshal(row.Incident); err != nil {
				yield(document{}, fmt.Errorf("row %d: write an incident: %w", row.Number, err))
				return
			}
			d.read = func() (incidents.Incident, incidents.Problems, incidents.Problems) { return row.Incident, nil, nil }
			if !yield(d, nil) {
				return
			}
		}
	}
}
