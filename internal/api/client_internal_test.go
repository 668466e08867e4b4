package api

import (
	"net/http"
	"net/netip"
	"slices"
	"testing"
)

// TestClientBehindProxies: what a client says of itself is never believed.
func TestClientBehindProxies(t *testing.T) {
	t.Parallel()
	trusted, err := parseProxies([]string{"10.0.0.0/8", "127.0.0.1", "2001:db8:1::/48"})
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		proxies   proxies
		remote    string
		forwarded []string
		want      string
		local     bool
	}{
		"directly":                          {trusted, "203.0.113.5:999", nil, "203.0.113.5", false},
		"directly, with a lie":              {trusted, "203.0.113.5:999", []string{"6.6.6.6"}, "203.0.113.5", false},
		"from here":                         {nil, "127.0.0.1:999", nil, "127.0.0.1", true},
		"from here, by IPv6":                {nil, "[::1]:999", nil, "::1", true},
		"from here, by IPv4 in IPv6":        {nil, "[::ffff:127.0.0.1]:999", nil, "127.0.0.1", true},
		"a proxy here that is not named":    {nil, "127.0.0.1:999", []string{"203.0.113.5"}, "127.0.0.1", false},
		"a proxy":                           {trusted, "10.1.2.3:999", []string{"203.0.113.5"}, "203.0.113.5", false},
		"a proxy here":                      {trusted, "127.0.0.1:999", []string{"203.0.113.5"}, "203.0.113.5", false},
		"a proxy, which adds to a lie":      {trusted, "10.1.2.3:999", []string{"127.0.0.1, 203.0.113.5"}, "203.0.113.5", false},
		"a proxy, which adds a line":        {trusted, "10.1.2.3:999", []string{"127.0.0.1", "203.0.113.5"}, "203.0.113.5", false},
		"two proxies":                       {trusted, "10.1.2.3:999", []string{"6.6.6.6,203.0.113.5 , 10.9.9.9"}, "203.0.113.5", false},
		"proxies only":                      {trusted, "10.1.2.3:999", []string{"10.7.7.7, 10.8.8.8"}, "10.7.7.7", false},
		"a proxy that adds the port":        {trusted, "10.1.2.3:999", []string{"203.0.113.5:4711"}, "203.0.113.5", false},
		"IPv6 with a port":                  {trusted, "10.1.2.3:999", []string{"[2001:db8:2::7]:4711"}, "2001:db8:2::7", false},
		"rubbish before what a proxy added": {trusted, "10.1.2.3:999", []string{"%%%, 203.0.113.5"}, "203.0.113.5", false},
		"rubbish":                           {trusted, "10.1.2.3:999", []string{"unknown"}, "10.1.2.3", false},
		"rubbish behind a second proxy":     {trusted, "10.1.2.3:999", []string{"x, 10.4.4.4"}, "10.4.4.4", false},
		"an empty line":                     {trusted, "10.1.2.3:999", []string{""}, "10.1.2.3", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := &http.Request{RemoteAddr: c.remote, Header: http.Header{}}
			if c.forwarded != nil {
				r.Header["X-Forwarded-For"] = c.forwarded
			}
			r.Header["X-Real-Ip"] = []string{"6.6.6.6"}
			got := c.proxies.client(r)
			if got.addr.String() != c.want || got.local() != c.local {
				t.Errorf("the client is %s (local %v), want %s (local %v)", got.addr, got.local(), c.want, c.local)
			}
		})
	}
	for _, bad := range []string{"", "10.0.0.0/40", "proxy.example"} {
		if _, err := parseProxies([]string{bad}); err == nil {
			t.Errorf("%q was taken for a proxy", bad)
		}
	}
}

// TestNetwork: an IPv6 client counts by its /64, an IPv4 client by its address.
func TestNetwork(t *testing.T) {
	t.Parallel()
	same := func(a, b string) bool {
		return client{addr: netip.MustParseAddr(a)}.network() == client{addr: netip.MustParseAddr(b)}.network()
	}
	if !same("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::1") {
		t.Error("two addresses of one /64 are counted apart")
	}
	if same("2001:db8:1:2::1", "2001:db8:1:3::1") || same("192.0.2.1", "192.0.2.2") {
		t.Error("two clients are counted as one")
	}
}

// TestOrigins are compared with what browsers send: in small letters, one host each.
func TestOrigins(t *testing.T) {
	t.Parallel()
	out, err := parseOrigins([]string{"https://A.example", " http://b.example:8080", "https://[::1]:8443"})
	if want := []string{"https://a.example", "http://b.example:8080", "https://[::1]:8443"}; err != nil || !slices.Equal(out.list, want) {
		t.Errorf("%q, %v, want %q", out.list, err, want)
	}
	for _, bad := range []string{"", "https://", "https://*.example", "https://a.example/", "https://a.example:", "https://a.example:0", "https://a.example:99999", "https://:80", "null", "https://u@a.example"} {
		if out, err := parseOrigins([]string{bad}); err == nil {
			t.Errorf("%q is read as %q", bad, out.list)
		}
	}
}
