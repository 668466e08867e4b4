package csvfile_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/breachledger/breachledger/internal/exchange/csvfile"
)

// TestTimeOfHostileRows: a row takes no more time than what an incident can hold needs,
// however much stands in its cells, and what is told of it is bounded.
func TestTimeOfHostileRows(t *testing.T) {
	t.Parallel()
	const limit, most = 20 * time.Second, 1 << 20
	names := func(n int) string {
		var out strings.Builder
		for i := range n {
			fmt.Fprintf(&out, "; Acme %d", i)
		}
		return out.String()[2:]
	}
	row := func(cell string, columns ...string) string {
		return "title,category," + strings.Join(columns, ",") + "\nAcme,data_breach" + strings.Repeat(`,"`+cell+`"`, len(columns)) + "\n"
	}
	roles := []string{"victim", "affected_platform", "alleged_attacker", "accuser", "responder", "regulator", "reporter"}
	lists := append([]string{"countries", "vectors", "data_classes", "payment_methods", "tags", "external_refs", "sources"}, roles...)
	for name, c := range map[string]struct{ table, problem string }{
		"far too many actors": {row(names(50_000), roles...), "has 50,000 values, which is more than an incident can hold"},
		"too many actors":     {row(names(1500), roles...), "must have at most 2,000 items, has 10,500"},
		"far too many of all": {row(names(50_000), lists...), "has 50,000 values, which is more than an incident can hold"},
		"too many of all":     {row(names(1500), lists...), "has more problems, which are not listed"},
		"a long value":        {row(strings.Repeat("é", 5_000_000), "certainty"), "is not a known certainty"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			began, told := time.Now(), 0
			f, err := csvfile.Open(strings.NewReader(c.table), csvfile.OwnMapping())
			if err != nil {
				t.Fatal(err)
			}
			for row, err := range f.Rows() {
				if err != nil {
					t.Fatal(err)
				}
				if !slices.ContainsFunc(row.Problems, func(p csvfile.Problem) bool { return strings.Contains(p.Detail, c.problem) }) {
					t.Errorf("nothing says %q: %.1000v", c.problem, row.Problems)
				}
				for _, p := range row.Problems {
					told += len(p.Value) + len(p.Detail)
				}
			}
			if took := time.Since(began); took > limit && !testing.Short() || told > most { // the race detector takes many times as long
				t.Errorf("%d bytes took %s, and %d are told of them", len(c.table), took, told)
			}
		})
	}
}
