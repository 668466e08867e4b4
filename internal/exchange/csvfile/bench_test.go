package csvfile_test

import (
	"io"
	"testing"

	"github.com/breachledger/breachledger/internal/exchange/csvfile"
	"github.com/breachledger/breachledger/internal/incidents"
)

func BenchmarkEncodeWide(b *testing.B) {
	in := documents(b)[0]
	all := func(yield func(incidents.Incident, error) bool) {
		for range b.N {
			if !yield(in, nil) {
				return
			}
		}
	}
	if err := csvfile.EncodeWide(io.Discard, all); err != nil {
		b.Fatal(err)
	}
}
