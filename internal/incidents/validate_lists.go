package incidents

import (
	"fmt"
	"strings"
)

// What is wrong with values that are chosen, and with lists of them.

func term[T Worded](v *validator, pointer string, value T) {
	if voc := value.Vocabulary(); value != "" && !voc.Has(string(value)) {
		v.wrongTerm(pointer, fmt.Sprintf("%q is not a known %s", clip(string(value)), strings.ReplaceAll(voc.Name, "_", " ")), voc)
	}
}

func requiredTerm[T Worded](v *validator, pointer string, value T) {
	if value == "" {
		v.wrongTerm(pointer, "is required", value.Vocabulary())
		return
	}
	term(v, pointer, value)
}

func (v *validator) wrongTerm(pointer, detail string, voc Vocabulary) {
	if !v.full() {
		v.found = append(v.found, Problem{Pointer: pointer, Detail: detail, Allowed: voc.Values()})
	}
}

func terms[T Worded](v *validator, pointer string, values []T) {
	seen := map[T]bool{}
	v.atMost(pointer, len(values), maxList)
	for i, value := range values {
		switch {
		case value == "":
			v.Add(at(pointer, i), "must not be empty")
		case seen[value]:
			v.Add(at(pointer, i), "%q is listed twice", clip(string(value)))
		default:
			term(v, at(pointer, i), value)
		}
		seen[value] = true
	}
}

func (v *validator) countries(codes []string) {
	seen := map[string]bool{}
	v.atMost("/countries", len(codes), maxList)
	for i, code := range codes {
		switch {
		case !KnownCountry(code):
			v.Add(at("/countries", i), "%s", UnknownCountry(code))
		case seen[code]:
			v.Add(at("/countries", i), "%q is listed twice", code)
		}
		seen[code] = true
	}
}

func (v *validator) tags(tags []string) {
	seen := map[string]bool{}
	v.atMost("/tags", len(tags), maxList)
	for i, tag := range tags {
		switch {
		case len(tag) > 60 || !isTag(tag):
			v.Add(at("/tags", i), "must be lower-case letters and digits, joined by single hyphens, dots, colons or underscores, at most 60 characters")
		case seen[tag]:
			v.Add(at("/tags", i), "%q is listed twice", tag)
		}
		seen[tag] = true
	}
}

// isTag reports whether a text is lower-case letters and digits, joined by single
// hyphens, dots, colons or underscores. (A regular expression takes ten times as
// long, which imports feel.)
func isTag(text string) bool {
	joined := true // as it must not begin with what joins
	for i := range len(text) {
		switch c := text[i]; {
		case c >= 'a' && c <= 'z', c >= '0' && c <= '9':
			joined = false
		case !joined && (c == '-' || c == ':' || c == '.' || c == '_'):
			joined = true
		default:
			return false
		}
	}
	return !joined
}

func (v *validator) atMost(pointer string, n, limit int) {
	if n > limit {
		v.Add(pointer, "must have at most %s items, has %s", Number(int64(limit)), Number(int64(n)))
	}
}
