package web

import "testing"

func TestPlainNumber(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		"": "", "40": "40", "40,000,000": "40000000", "40 000 000": "40000000", "4_100": "4100", "10,00,000": "1000000", "1,234.50": "1234.50", "-5": "-5",
		"40 million": "40000000", "78.8 Million": "78800000", "1,200 thousand": "1200000", "1.5 billion": "1500000000", "0.25 trillion": "250000000000",
		// A comma that parts no thousands may be a decimal one.
		"1,5": "1,5", "12,50": "12,50", "78,8 million": "78,8million", "1.2345 thousand": "1.2345thousand", "many": "many", "as many as 5": "asmanyas5",
	} {
		if got := plainNumber(typed); got != want {
			t.Errorf("%q is %q, not %q", typed, got, want)
		}
	}
}
