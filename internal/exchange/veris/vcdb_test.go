package veris

import (
	"os"
	"testing"

	"github.com/breachledger/breachledger/internal/exchange/jsonstream"
	"github.com/breachledger/breachledger/internal/exchange/sharedtest"
)

// vcdb is the VERIS Community Database.
func vcdb(t sharedtest.TB) [][]byte {
	t.Helper()
	f, err := os.Open(sharedtest.Path(t, "data/vcdb-2019.jsonl.gz"))
	if err != nil {
		t.Fatalf("%v", err)
	}
	defer f.Close() //nolint:errcheck // read only
	var out [][]byte
	for d, err := range jsonstream.Read(f) {
		if err != nil {
			t.Fatalf("%v", err)
		}
		out = append(out, d.JSON)
	}
	return out
}

func BenchmarkDecode(b *testing.B) {
	docs := vcdb(b)
	b.ReportAllocs()
	for b.Loop() {
		for _, doc := range docs {
			if _, problems := Decode(doc, Options{}); len(problems) > 0 {
				b.Fatal(problems)
			}
		}
	}
	b.ReportMetric(float64(len(docs)*b.N)/b.Elapsed().Seconds(), "documents/s")
}
