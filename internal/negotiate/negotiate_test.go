package negotiate_test

import (
	"net/http"
	"testing"

	"github.com/breachledger/breachledger/internal/negotiate"
)

func TestGzip(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		lines []string
		want  bool
	}{
		{nil, false},
		{[]string{"gzip"}, true},
		{[]string{"GZip ; q=0.5"}, true},
		{[]string{"br, gzip;q=1.0"}, true},
		{[]string{"br", "gzip"}, true},
		{[]string{"gzip;q=0"}, false},
		{[]string{"gzip; q=0.000, br"}, false},
		{[]string{"gzip;\tQ=0"}, false},
		{[]string{"gzipped, x-gzip-not"}, false},
	} {
		if got := negotiate.Gzip(http.Header{"Accept-Encoding": c.lines}); got != c.want {
			t.Errorf("%q: %t", c.lines, got)
		}
	}
}

func TestPrefers(t *testing.T) {
	t.Parallel()
	for accept, want := range map[string]bool{
		"":                                     false,
		"*/*":                                  false,
		"text/csv":                             true,
		"text/*":                               true,
		"text/csv, */*":                        true,
		"text/csv;q=0":                         false,
		"text/csv;q=0.5, application/json":     false,
		"text/csv, application/json;q=0.9":     true,
		"text/csv, application/json":           false,
		"text/csv;q=2, application/json;q=0.1": false,
		"text/csv;q=NaN":                       false,
	} {
		if got := negotiate.Prefers(accept, "text/csv", "application/json"); got != want {
			t.Errorf("%q: %t", accept, got)
		}
	}
}
