package csvfile_test

import (
	"io"
	"iter"

	"github.com/breachledger/breachledger/internal/exchange/csvfile"
)

// decode reads a file, a row at a time, as [csvfile.File.Rows] does.
func decode(r io.Reader, m *csvfile.Mapping) iter.Seq2[csvfile.Row, error] {
	return func(yield func(csvfile.Row, error) bool) {
		f, err := csvfile.Open(r, m)
		if err != nil {
			yield(csvfile.Row{}, err)
			return
		}
		f.Rows()(yield)
	}
}

// decodeOwn reads a file in one of our own forms.
func decodeOwn(r io.Reader) iter.Seq2[csvfile.Row, error] { return decode(r, csvfile.OwnMapping()) }
