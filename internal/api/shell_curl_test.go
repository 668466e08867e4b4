package api_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/itchyny/gojq"
)

var writeOutPattern = regexp.MustCompile(`%header\{([^}]+)\}|%\{http_code\}|\\n`)

// curl sends a request as curl would.
func (sh *shell) curl(t *testing.T, args []string, quiet bool) string {
	t.Helper()
	r := request{header: map[string]string{}}
	var address, written string
	var data []string
	discard, asQuery := false, false
	for i := 0; i < len(args); i++ {
		next := func() string {
			if i++; i == len(args) {
				t.Fatalf("curl %v: a value is missing", args)
			}
			return args[i]
		}
		switch a := args[i]; a {
		case "-s", "--no-buffer":
		case "-G":
			asQuery = true
		case "-X":
			r.method = next()
		case "-H":
			name, value, ok := strings.Cut(next(), ": ")
			if !ok {
				t.Fatalf("curl %v: a header has no value", args)
			}
			r.header[name] = value
		case "-d":
			data = append(data, next())
		case "--data-urlencode":
			name, value, _ := strings.Cut(next(), "=")
			data = append(data, name+"="+url.QueryEscape(value))
		case "-o":
			if next() != "/dev/null" {
				t.Fatalf("curl %v: this test keeps no files", args)
			}
			discard = true
		case "-w":
			written = next()
		default:
			rest, ok := strings.CutPrefix(a, sh.host)
			if !ok || address != "" {
				t.Fatalf("curl %v: this test does not know %s", args, a)
			}
			address = rest
		}
	}
	switch {
	case asQuery:
		address += "?" + strings.Join(data, "&")
	case data != nil:
		r.body = strings.Join(data, "&")
		if r.method == "" {
			r.method = http.MethodPost
		}
		if r.header["Content-Type"] == "" {
			t.Errorf("curl %v: the body would go as a form; say -H 'Content-Type: application/json'", args)
		}
	}
	r.path = address
	got := sh.send(t, r)
	if quiet && got.status >= http.StatusBadRequest {
		t.Fatalf("curl %v: %d: %s", args, got.status, got.body)
	}
	out := ""
	if !discard {
		out = string(got.body)
	}
	return out + writeOutPattern.ReplaceAllStringFunc(written, func(what string) string {
		switch what {
		case `\n`:
			return "\n"
		case "%{http_code}":
			return strconv.Itoa(got.status)
		default:
			return got.header.Get(writeOutPattern.FindStringSubmatch(what)[1])
		}
	})
}

// jq filters JSON. Other than the program it sorts the fields of objects.
func jq(t *testing.T, args []string, input string) string {
	t.Helper()
	raw, filter := false, "."
	for _, a := range args {
		switch a {
		case "-r":
			raw = true
		case "-c":
		default:
			filter = a
		}
	}
	query, err := gojq.Parse(filter)
	if err != nil {
		t.Fatalf("jq %s: %v", filter, err)
	}
	var value any
	if err := json.Unmarshal([]byte(input), &value); err != nil {
		t.Fatalf("jq %s: %v: %s", filter, err, input)
	}
	var out bytes.Buffer
	for results := query.Run(value); ; {
		v, ok := results.Next()
		if !ok {
			return out.String()
		}
		if err, ok := v.(error); ok {
			t.Fatalf("jq %s: %v: %s", filter, err, input)
		}
		if s, ok := v.(string); ok && raw {
			fmt.Fprintln(&out, s)
			continue
		}
		written, err := gojq.Marshal(v)
		if err != nil {
			t.Fatalf("jq %s: %v", filter, err)
		}
		fmt.Fprintln(&out, string(written))
	}
}
