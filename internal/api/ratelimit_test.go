package api_test

import (
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/api"
)

// from is a request that comes from an address.
func from(addr, method, path, key, forwarded string) *http.Request {
	r := httptest.NewRequest(method, "http://api.test"+path, nil)
	r.RemoteAddr = addr
	if key != "" {
		r.Header.Set("Authorization", "Bearer "+key)
	}
	if forwarded != "" {
		r.Header.Set("X-Forwarded-For", forwarded)
	}
	return r
}

// spend makes requests until one is refused, and returns how many were not.
func spend(s *service, next func() *http.Request) (int, reply) {
	const enough = 50
	for n := range enough {
		if got := serve(s, next()); got.status == http.StatusTooManyRequests {
			return n, got
		}
	}
	return enough, reply{}
}

func TestRateLimits(t *testing.T) {
	t.Parallel()
	l := start(t).ledger
	s := startWith(t, l, api.Config{Rates: api.Rates{AddressReads: 5, AddressWrites: 3, KeyReads: 7, KeyWrites: 4}, TrustedProxies: []string{"10.0.0.0/8"}})
	local := startWith(t, l, api.Config{Rates: api.Rates{AddressReads: 5, Local: true}})
	off := startWith(t, l, api.Config{})
	s.api.StopLimits() // however long the test takes
	local.api.StopLimits()
	const all = 50
	editor := s.keys[access.Editor]
	other := 0
	for _, c := range []struct {
		name string
		s    *service
		want int
		next func() *http.Request
	}{
		{"reads of an address", s, 5, func() *http.Request { return from("203.0.113.1:1", "GET", "/v1/actors", "", "") }},
		{"the same, from another port", s, 0, func() *http.Request { return from("203.0.113.1:2", "GET", "/v1/actors", "", "") }},
		{"and where there is nothing", s, 0, func() *http.Request { return from("203.0.113.1:2", "GET", "/nowhere", "", "") }},
		{"its writes", s, 3, func() *http.Request { return from("203.0.113.1:1", "POST", "/v1/incidents", "", "") }},
		{"its health checks", s, all, func() *http.Request { return from("203.0.113.1:1", "GET", "/healthz", "", "") }},
		{"another address", s, 5, func() *http.Request { return from("203.0.113.2:1", "GET", "/v1/actors", "", "") }},
		{"a lying address", s, 5, func() *http.Request {
			other++
			return from("203.0.113.3:1", "GET", "/v1/actors", "", "198.51.100."+strconv.Itoa(other))
		}},
		{"behind a proxy", s, 5, func() *http.Request { return from("10.0.0.1:1", "GET", "/v1/actors", "", "203.0.113.4") }},
		{"behind the proxy, another", s, 5, func() *http.Request { return from("10.0.0.1:1", "GET", "/v1/actors", "", "1.1.1.1, 203.0.113.5") }},
		{"behind the proxy, a liar", s, 5, func() *http.Request {
			other++
			return from("10.0.0.1:1", "GET", "/v1/actors", "", "127.0.0."+strconv.Itoa(other)+", 203.0.113.6")
		}},
		{"an IPv6 /64", s, 5, func() *http.Request {
			other++
			return from("[2001:db8::"+strconv.Itoa(other)+"]:1", "GET", "/v1/actors", "", "")
		}},
		{"a key", s, 7, func() *http.Request { return from("203.0.113.7:1", "GET", "/v1/actors", editor, "") }},
		{"the key from elsewhere", s, 0, func() *http.Request { return from("203.0.113.8:1", "GET", "/v1/actors", editor, "") }},
		{"the key's writes", s, 4, func() *http.Request { return from("203.0.113.8:1", "POST", "/v1/incidents", editor, "") }},
		{"another key", s, 7, func() *http.Request {
			return from("203.0.113.8:1", "GET", "/v1/actors", s.keys[access.Reader], "")
		}},
		{"bad keys count for the address", s, 5, func() *http.Request {
			return from("203.0.113.9:1", "GET", "/v1/actors", access.NewSecret(), "")
		}},
		{"from this machine", s, all, func() *http.Request { return from("127.0.0.1:1", "GET", "/v1/actors", "", "") }},
		{"from this machine, with a key", s, all, func() *http.Request { return from("[::1]:1", "GET", "/v1/actors", editor, "") }},
		{"a proxy here that is not named", s, 5, func() *http.Request { return from("127.0.0.1:1", "GET", "/v1/actors", "", "203.0.113.77") }},
		{"from this machine, limited", local, 5, func() *http.Request { return from("127.0.0.1:1", "GET", "/v1/actors", "", "") }},
		{"no limits", off, all, func() *http.Request { return from("203.0.113.1:1", "GET", "/v1/actors", "", "") }},
	} {
		n, refused := spend(c.s, c.next)
		if n != c.want {
			t.Errorf("%s: %d requests were let through, want %d", c.name, n, c.want)
		}
		if refused.status == 0 {
			continue
		}
		h := refused.header
		retry, err := strconv.Atoi(h.Get("Retry-After"))
		if err != nil || retry < 1 || retry > 60 || h.Get("RateLimit-Remaining") != "0" || h.Get("RateLimit-Limit") == "" || h.Get("RateLimit-Reset") == "" {
			t.Errorf("%s: the headers are %v", c.name, h)
		}
		if p := refused.problem(t); p.Status != 429 || p.Code != "rate_limited" || p.RequestID == "" || h.Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s: the problem is %s", c.name, refused.body)
		}
	}
	got := serve(s, from("203.0.113.50:1", "GET", "/v1/actors", "", ""))
	if h := got.header; got.status != 200 || h.Get("RateLimit-Limit") != "5" || h.Get("RateLimit-Remaining") != "4" || h.Get("RateLimit-Reset") != "12" {
		t.Errorf("the first request: %d %v", got.status, h)
	}
	if h := serve(off, from("203.0.113.50:1", "GET", "/v1/actors", "", "")).header; h.Get("RateLimit-Limit") != "" {
		t.Errorf("without a limit: %v", h)
	}
	metrics := string(serve(s, from("127.0.0.1:1", "GET", "/metrics", s.keys[access.Admin], "")).body)
	for _, line := range []string{`breachledger_http_requests_rate_limited_total{by="key"} 4`, `breachledger_http_requests_rate_limited_total{by="address"} 12`} {
		if !strings.Contains(metrics, line) {
			t.Errorf("the metrics lack %s:\n%s", line, grep(metrics, "rate_limited"))
		}
	}
}

func grep(lines, what string) string {
	var out []string
	for line := range strings.Lines(lines) {
		if strings.Contains(line, what) {
			out = append(out, line)
		}
	}
	return strings.Join(out, "")
}
