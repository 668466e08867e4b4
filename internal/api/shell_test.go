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

	"github.com/breachledger/breachledger/internal/access"
)

// shell runs the command lines of the documents against a test server: curl,
// with jq and head behind it, and assignments. It knows what they use and fails
// at everything else, so that the test needs neither program.
type shell struct {
	*service
	vars map[string]string
	// host is what the documents call the server.
	host string
}

func newShell(s *service) *shell {
	return &shell{service: s, vars: map[string]string{}, host: "http://127.0.0.1:8080"}
}

// run runs the commands of a block and returns what they print. quiet: every
// request must have succeeded.
func (sh *shell) run(t *testing.T, script string, quiet bool) string {
	t.Helper()
	var out strings.Builder
	for _, command := range split(t, script) {
		if name, value, ok := assignment(command); ok {
			sh.vars[name] = sh.expanded(t, value)
			continue
		}
		out.WriteString(sh.pipeline(t, command, quiet))
	}
	return out.String()
}

// word is a word of a command; what stands in single quotes is not expanded.
type word struct {
	text  string // with $names still in it
	plain bool   // from single quotes: no names in it
}

// split parts a script into commands of words. A pipe is a word of its own.
func split(t *testing.T, script string) [][][]word {
	t.Helper()
	var commands [][][]word // command → word → parts
	var command [][]word
	var parts []word
	begun := false
	endWord := func() {
		if begun {
			command = append(command, parts)
		}
		parts, begun = nil, false
	}
	script = strings.ReplaceAll(script, "\\\n", " ")
	for i := 0; i < len(script); {
		switch c := script[i]; {
		case c == '\n':
			endWord()
			if len(command) > 0 {
				commands = append(commands, command)
			}
			command = nil
			i++
		case c == ' ' || c == '\t':
			endWord()
			i++
		case c == '#' && !begun:
			for i < len(script) && script[i] != '\n' {
				i++
			}
		case c == '\'':
			end := strings.IndexByte(script[i+1:], '\'')
			if end < 0 {
				t.Fatalf("a quote is not closed: %s", script[i:])
			}
			parts, begun = append(parts, word{script[i+1 : i+1+end], true}), true
			i += end + 2
		case c == '"':
			end := strings.IndexByte(script[i+1:], '"')
			if end < 0 {
				t.Fatalf("a quote is not closed: %s", script[i:])
			}
			parts, begun = append(parts, word{script[i+1 : i+1+end], false}), true
			i += end + 2
		case strings.HasPrefix(script[i:], "$("):
			end := closing(t, script[i:])
			parts, begun = append(parts, word{script[i : i+end+1], false}), true
			i += end + 1
		default:
			end := i
			for end < len(script) && !strings.ContainsRune(" \t\n'\"", rune(script[end])) && !strings.HasPrefix(script[end:], "$(") {
				end++
			}
			parts, begun = append(parts, word{script[i:end], false}), true
			i = end
		}
	}
	endWord()
	if len(command) > 0 {
		commands = append(commands, command)
	}
	return commands
}

// closing is where the parenthesis of "$(" is closed, outside of quotes.
func closing(t *testing.T, s string) int {
	t.Helper()
	depth, quoted := 0, false
	for i, c := range s {
		switch {
		case c == '\'':
			quoted = !quoted
		case quoted:
		case c == '(':
			depth++
		case c == ')':
			if depth--; depth == 0 {
				return i
			}
		}
	}
	t.Fatalf("a parenthesis is not closed: %s", s)
	return 0
}

var assignmentPattern = regexp.MustCompile(`^([A-Z][A-Z_]*)=(.*)$`)

func assignment(command [][]word) (name string, value []word, ok bool) {
	m := assignmentPattern.FindStringSubmatch(command[0][0].text)
	if m == nil || command[0][0].plain || len(command) > 1 {
		return "", nil, false
	}
	value = command[0][1:]
	if m[2] != "" {
		value = append([]word{{m[2], false}}, value...)
	}
	return m[1], value, true
}

var variablePattern = regexp.MustCompile(`\$\{?([A-Z][A-Z_]*)\}?`)

func (sh *shell) expanded(t *testing.T, parts []word) string {
	t.Helper()
	var out strings.Builder
	for _, p := range parts {
		switch {
		case p.plain:
			out.WriteString(p.text)
		case p.text == "$(cat .data/admin.key)":
			out.WriteString(sh.keys[access.Admin])
		case strings.HasPrefix(p.text, "$("):
			out.WriteString(strings.TrimSuffix(sh.run(t, p.text[2:len(p.text)-1], true), "\n"))
		default:
			out.WriteString(variablePattern.ReplaceAllStringFunc(p.text, func(name string) string {
				value, ok := sh.vars[strings.Trim(name, "${}")]
				if !ok {
					t.Fatalf("%s has no value", name)
				}
				return value
			}))
		}
	}
	return out.String()
}

func (sh *shell) pipeline(t *testing.T, command [][]word, quiet bool) string {
	t.Helper()
	var stages [][]string
	stage := []string{}
	for _, parts := range command {
		if len(parts) == 1 && parts[0] == (word{"|", false}) {
			stages, stage = append(stages, stage), nil
			continue
		}
		stage = append(stage, sh.expanded(t, parts))
	}
	out := ""
	for _, s := range append(stages, stage) {
		switch s[0] {
		case "curl":
			out = sh.curl(t, s[1:], quiet)
		case "jq":
			out = jq(t, s[1:], out)
		case "head":
			n, err := strconv.Atoi(strings.TrimPrefix(s[1], "-"))
			if err != nil || len(s) != 2 {
				t.Fatalf("head is called with %v", s[1:])
			}
			lines := strings.SplitAfter(out, "\n")
			out = strings.Join(lines[:min(n, len(lines))], "")
		default:
			t.Fatalf("the documents run %v, which this test does not know", s)
		}
	}
	return out
}

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
