package api_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// TestHostileBodies: each is refused quickly with a 4xx that says why, and
// nothing is stored.
func TestHostileBodies(t *testing.T) {
	t.Parallel()
	s := start(t)
	digits := strings.Repeat("9", 1_000_000)
	claims := func(n int) string {
		return `{"title":"A","category":"other","counts":[` + strings.TrimSuffix(strings.Repeat(`{"unit":"cards","qualifier":"about","quantity":1},`, n), ",") + `]}`
	}
	loss := func(amount string) string {
		return `{"title":"A","category":"other","losses":[{"kind":"stolen","scope":"total","qualifier":"exact","currency":"USD","amount":` + amount + `}]}`
	}
	count := func(quantity string) string {
		return `{"title":"A","category":"other","counts":[{"unit":"cards","qualifier":"exact","quantity":` + quantity + `}]}`
	}
	for name, c := range map[string]struct {
		body   string
		status int
	}{
		"a key twice":                     {`{"title":"A","title":"B","category":"other"}`, 400},
		"a key twice, once escaped":       {`{"title":"A","\u0074itle":"B","category":"other"}`, 400},
		"a key twice, deep":               {`{"title":"A","category":"other","counts":[{"unit":"cards","unit":"people"}]}`, 400},
		"a name in another case":          {`{"Title":"A","category":"other"}`, 422},
		"NUL":                             {`{"title":"A\u0000B","category":"other"}`, 400},
		"NUL, raw":                        {"{\"title\":\"A\x00B\",\"category\":\"other\"}", 400},
		"a lone surrogate":                {`{"title":"A\ud800","category":"other"}`, 400},
		"a lone low surrogate":            {`{"title":"A\udc00\ud800","category":"other"}`, 400},
		"no UTF-8":                        {"{\"title\":\"A\xff\",\"category\":\"other\"}", 400},
		"a bomb of lists":                 {strings.Repeat("[", 500_000), 400},
		"a bomb of objects":               {strings.Repeat(`{"a":`, 150_000), 400},
		"a bomb in a field":               {`{"title":` + strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000) + `}`, 400},
		"past 64 bits":                    {count("9223372036854775808"), 422},
		"far past 64 bits":                {count(digits), 422},
		"past 64 bits, below zero":        {count("-9223372036854775809"), 422},
		"a float":                         {count("1.5"), 422},
		"1e3":                             {count("1e3"), 422},
		"1e400":                           {loss("1e400"), 422},
		"1e-400":                          {loss(`"1e-400"`), 422},
		"1e999999999":                     {loss("1e999999999"), 422},
		"a decimal of a million digits":   {loss(digits), 422},
		"one of a million digits, quoted": {loss(`"` + digits + `"`), 422},
		"an exponent of a million digits": {loss("1e" + digits), 422},
		"below zero":                      {count("-1"), 422},
		"10,000 claims":                   {claims(10_000), 422},
		"20,000 claims":                   {claims(20_000), 422},
		"50,000 nulls":                    {`{"title":"A","category":"other","counts":[` + strings.Repeat("null,", 50_000) + `null]}`, 422},
		"300,000 numbers":                 {`[` + strings.Repeat("1,", 300_000) + `1]`, 400},
		"100,000 unknown fields":          {`{` + manyFields(100_000) + `"title":"A"}`, 422},
		"10 MB":                           {`{"title":"` + strings.Repeat("x", 10_000_000) + `"}`, 413},
		"10 MB of spaces":                 {strings.Repeat(" ", 10_000_000), 413},
		"a title of 900 kB":               {`{"category":"other","title":"` + strings.Repeat("x", 900_000) + `"}`, 422},
		"nothing":                         {"", 400},
		"null":                            {"null", 422},
		"a list":                          {"[]", 422},
		"two documents":                   {`{"title":"A","category":"other"}{}`, 400},
		"half a document":                 {`{"title":"A"`, 400},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := httptest.NewRequest(http.MethodPost, "http://api.test/v1/incidents", strings.NewReader(c.body))
			r.Header.Set("Content-Type", "application/json")
			r.Header.Set("Authorization", "Bearer "+s.keys["editor"])
			began := time.Now()
			got := serve(s, r)
			// The race detector and busy machines take their time; quadratic
			// work on a megabyte would take minutes.
			if took := time.Since(began); took > hanging {
				t.Errorf("it took %s", took)
			}
			if got.status != c.status {
				t.Errorf("the status is %d, want %d: %.500s", got.status, c.status, got.body)
			}
			if len(got.body) > 1<<20 {
				t.Errorf("the answer has %d bytes", len(got.body))
			}
			if p := got.problem(t); p.Status != got.status || p.Detail == "" {
				t.Errorf("the problem is %.500s", got.body)
			}
		})
	}
	t.Cleanup(func() {
		if empty, err := s.ledger.Empty(context.WithoutCancel(t.Context())); !empty || err != nil {
			t.Errorf("something was stored (%v)", err)
		}
	})
}

func manyFields(n int) string {
	var out bytes.Buffer
	for i := range n {
		out.WriteString(`"f`)
		for ; i > 0; i /= 26 {
			out.WriteByte(byte('a' + i%26))
		}
		out.WriteString(`":1,`)
	}
	return out.String()
}

// TestBrokenBody: a body that cannot be read is the client's fault.
func TestBrokenBody(t *testing.T) {
	t.Parallel()
	var log logBook
	s := startWith(t, start(t).ledger, log.config())
	r := httptest.NewRequest(http.MethodPost, "http://api.test/v1/incidents", io.MultiReader(strings.NewReader(`{"title":`), broken{}))
	r.Header.Set("Authorization", "Bearer "+s.keys["editor"])
	got := serve(s, r)
	if p := got.problem(t); got.status != http.StatusBadRequest || p.Code != "malformed" {
		t.Errorf("%d %s", got.status, got.body)
	}
	if strings.Contains(log.String(), "ERROR") {
		t.Errorf("the log takes it for a fault of the server: %s", &log)
	}
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }
