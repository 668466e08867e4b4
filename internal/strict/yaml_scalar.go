package strict

import (
	"regexp"

	"github.com/goccy/go-yaml/token"
)

// The core schema of YAML 1.2 (section 10.3.2). What it does not know is a
// string: yes, 12_000, 2014-10-28, 1.2.3.
var (
	yamlNull   = regexp.MustCompile(`^(null|Null|NULL|~|)$`)
	yamlBool   = regexp.MustCompile(`^(true|True|TRUE|false|False|FALSE)$`)
	yamlNumber = regexp.MustCompile(`^([-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|0o[0-7]+|0x[0-9a-fA-F]+|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN))$`)
)

// scalar types a scalar by what is written. The parser's own typing follows
// other rules in places (12_000, 014), so it is not asked.
func scalar(tk *token.Token) (kind Kind, text string, plain bool) {
	switch {
	case tk.Type == token.SingleQuoteType || tk.Type == token.DoubleQuoteType:
		return String, tk.Value, false
	case tk.Type == token.ImplicitNullType || yamlNull.MatchString(tk.Value):
		return Null, tk.Value, true
	case yamlBool.MatchString(tk.Value):
		return Bool, lower(tk.Value), true
	case yamlNumber.MatchString(tk.Value):
		return Number, tk.Value, true
	default:
		return String, tk.Value, true
	}
}

// lower is the one spelling of a bool.
func lower(word string) string {
	if word[0] == 't' || word[0] == 'T' {
		return "true"
	}
	return "false"
}
