package csvfile

import (
	"errors"
	"testing"

	"github.com/breachledger/breachledger/internal/incidents"
)

// A scale word behind the second figure of a range holds for the first too; what
// may be meant in two ways is refused.
func TestRanges(t *testing.T) {
	t.Parallel()
	german := numberFormat{point: ",", groups: ".", ignored: "€"}
	for _, c := range []struct {
		format    numberFormat
		cell      string
		low, high string // "" where the cell is refused
	}{
		{plainNumbers, "1-2 million", "1000000", "2000000"},
		{plainNumbers, "1 to 2 million", "1000000", "2000000"},
		{plainNumbers, "1.5 to 2 million", "1500000", "2000000"},
		{plainNumbers, "from 1 to 2 million", "1000000", "2000000"},
		{plainNumbers, "between 1 and 2 million", "1000000", "2000000"},
		{plainNumbers, "Between 1 and 2 Million", "1000000", "2000000"},
		{plainNumbers, "10 to 15 thousand", "10000", "15000"},
		{plainNumbers, "10–15k", "10000", "15000"},
		{plainNumbers, "10 — 15 k", "10000", "15000"},
		{plainNumbers, "500-2,000 thousand", "500000", "2000000"},
		{plainNumbers, "0-2 million", "0", "2000000"},
		{plainNumbers, "900 thousand to 2 million", "900000", "2000000"},
		{plainNumbers, "between 900 thousand and 2 million", "900000", "2000000"},
		{plainNumbers, "half a million to 2 million", "500000", "2000000"},
		{plainNumbers, "10k-15k", "10000", "15000"},
		{plainNumbers, "5,000-10,000", "5000", "10000"},
		{plainNumbers, "1-2", "1", "2"},
		{plainNumbers, "1 thousand to 5,000", "1000", "5000"},
		{plainNumbers, "900,000 to 2 million", "900000", "2000000"}, // written out: nobody means 900,000 million
		{plainNumbers, "5,000 to 1 million", "5000", "1000000"},
		{german, "1,5-2 million", "1500000", "2000000"},
		{german, "1.500-2.000 thousand", "1500000", "2000000"},
		{german, "€1-€2 million", "1000000", "2000000"},

		{plainNumbers, "500-2 million", "", ""}, // 500, or 500 thousand
		{plainNumbers, "between 500 and 2 million", "", ""},
		{plainNumbers, "2-2 million", "", ""},
		{plainNumbers, "1,500-2 million", "", ""}, // the 1.500 million of others
		{german, "1.500-2 million", "", ""},
		{plainNumbers, "500-1.5k", "", ""},
		{plainNumbers, "1 million-2", "", ""},
		{plainNumbers, "2 million to 500 ", "", ""},
	} {
		got, err := c.format.figure(c.cell)
		if c.low == "" {
			if !errors.Is(err, errUnclearScale) {
				t.Errorf("%q: %+v, %v; want %v", c.cell, got, err, errUnclearScale)
			}
			continue
		}
		if err != nil || got.qualifier != incidents.Between || got.low == nil || got.low.String() != c.low || got.high.String() != c.high {
			t.Errorf("%q: %s to %s (%s), %v; want %s to %s", c.cell, got.low, got.high, got.qualifier, err, c.low, c.high)
		}
	}
}

// A range has no qualifier besides, and a number only one.
func TestQualifiedRanges(t *testing.T) {
	t.Parallel()
	for _, cell := range []string{"about 1-2 million", "~ 10–15k", "more than 1 to 2 million", "up to 100-200", "nearly 500-2 million", "approx. between 1 and 2 million"} {
		if got, err := plainNumbers.figure(cell); !errors.Is(err, errQualifiedRange) {
			t.Errorf("%q: %+v, %v; want %v", cell, got, err, errQualifiedRange)
		}
	}
	for _, cell := range []string{"1-2 million+", "between about 1 and 2 million", "between 1-2 million", "1-2-3", "1 to more than 2 million", "over 500+", "1 or 2 million", "2014-10-28"} {
		if got, err := plainNumbers.figure(cell); !errors.Is(err, errNoNumber) {
			t.Errorf("%q: %+v, %v; want %v", cell, got, err, errNoNumber)
		}
	}
}

func TestMarks(t *testing.T) {
	t.Parallel()
	for cell, want := range map[string]struct {
		qualifier incidents.Qualifier
		one       string
	}{
		"nearly 5,000": {incidents.About, "5000"}, "Almost 5,000": {incidents.About, "5000"}, "close to 5,000": {incidents.About, "5000"},
		"some 5,000": {incidents.About, "5000"}, "roughly 5k": {incidents.About, "5000"}, "an estimated 5,000": {incidents.About, "5000"},
		"estimated 5,000":    {incidents.About, "5000"},
		"no more than 5,000": {incidents.AtMost, "5000"}, "not more than 5,000": {incidents.AtMost, "5000"}, "as much as 5 million": {incidents.AtMost, "5000000"},
		"no fewer than 5,000": {incidents.AtLeast, "5000"}, "not fewer than 5,000": {incidents.AtLeast, "5000"},
		"no less than 5,000": {incidents.AtLeast, "5000"}, "Not less than 5,000": {incidents.AtLeast, "5000"},
		"in excess of 5,000": {incidents.MoreThan, "5000"},
		"half a million":     {"", "500000"}, "nearly half a million": {incidents.About, "500000"}, "more than Half a Billion": {incidents.MoreThan, "500000000"},
		"half a million+": {incidents.AtLeast, "500000"},
	} {
		got, err := plainNumbers.figure(cell)
		if err != nil || got.qualifier != want.qualifier || got.one == nil || got.one.String() != want.one {
			t.Errorf("%q: %s %s, %v; want %s %s", cell, got.qualifier, got.one, err, want.qualifier, want.one)
		}
	}
}
