package api_test

import (
	"regexp"
	"strconv"
	"strings"
	"testing"

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
