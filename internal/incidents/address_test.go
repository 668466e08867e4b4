package incidents_test

import (
	"testing"

	"github.com/breachledger/breachledger/internal/incidents"
)

func TestNormalAddress(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]string{
		"https://example.com/x":                   "https://example.com/x",
		"https://example.com:443/x":               "https://example.com/x",
		"https://example.com:/x":                  "https://example.com/x",
		"http://example.com:80":                   "http://example.com/",
		"https://example.com:80/x":                "https://example.com:80/x",
		"https://example.com:8443/x":              "https://example.com:8443/x",
		"HTTPS://Example.COM/X?Y=Z#W":             "https://example.com/X?Y=Z#W",
		"https://example.com":                     "https://example.com/",
		"https://example.com?a=:443":              "https://example.com/?a=:443",
		"https://example.com#a":                   "https://example.com/#a",
		"https://example.com/a/../b/":             "https://example.com/a/../b/",
		"https://example.com/%7Ea":                "https://example.com/%7Ea",
		"https://[2001:DB8::443]:443/x":           "https://[2001:db8::443]/x",
		"https://[2001:db8::443]/x":               "https://[2001:db8::443]/x",
		"https://BÜCHER.example/":                 "https://bÜcher.example/",
		"https://me@EXAMPLE.com/":                 "https://me@EXAMPLE.com/", // refused
		"ftp://EXAMPLE.com":                       "ftp://EXAMPLE.com",
		"https://EXAMPLE.com/a b":                 "https://EXAMPLE.com/a b",
		"":                                        "",
		"notice":                                  "notice",
		"https:///x":                              "https:///x",
		"https://":                                "https://",
		"https://example.com:443:443/x":           "https://example.com:443:443/x",
		"http://www.example.com/2015/a.html?b=C#": "http://www.example.com/2015/a.html?b=C#",
	} {
		got := incidents.NormalAddress(given)
		if got != want {
			t.Errorf("%q becomes %q, not %q", given, got, want)
		}
		if again := incidents.NormalAddress(got); again != got {
			t.Errorf("%q becomes %q, and that %q", given, got, again)
		}
	}
}

// A document names one source in several spellings of its address; what has a name
// or an id is known by that.
func TestAddressesOfADocument(t *testing.T) {
	t.Parallel()
	in := incidents.Incident{
		Sources: []incidents.Source{{URL: "https://Example.com:443/a"}, {Key: "https://Example.com", URL: "https://example.com/b"}, {ID: incidents.NewID(), URL: "https://Example.com/c"}},
		Counts: []incidents.Count{{Claim: incidents.Claim{Evidence: []incidents.Evidence{
			{Source: incidents.SourceRef{Given: "HTTPS://example.com/a"}}, {Source: incidents.SourceRef{URL: "https://example.COM/a"}}, {Source: incidents.SourceRef{Given: "https://Example.com"}},
		}}}},
	}
	in.Complete()
	evidence := in.Counts[0].Evidence
	got := []string{in.Sources[0].URL, evidence[0].Source.Given, evidence[1].Source.URL, evidence[2].Source.Given, in.Sources[2].URL}
	want := []string{"https://example.com/a", "https://example.com/a", "https://example.com/a", "https://Example.com", "https://Example.com/c"}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("%q, not %q", got[i], want[i])
		}
	}
}
