package veris

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/strict"
)

// maxProblems keeps the answer to a hostile document in proportion to it.
const maxProblems = 1000

// Validate checks a document by the rules of the version of VERIS that it names,
// and returns everything that is wrong with its JSON Pointer.
//
// The rules are those of VERIS's schemas, in one table for all versions. What
// VERIS's checkValidity.py adds (that malware goes with "Software installation",
// for example) is advice to coders, which documents that VERIS calls valid don't
// follow; it is left out.
func Validate(document []byte) incidents.Problems {
	n, problems := parse(document)
	if n == nil {
		return problems
	}
	return validate(n)
}

func parse(document []byte) (*strict.Node, incidents.Problems) {
	n, err := strict.ParseJSON(document)
	var problems incidents.Problems
	if err != nil {
		problems.Add("", "must be JSON: %s", err)
		return nil, problems
	}
	if n.Kind != strict.Object {
		problems.Add("", "must be an object, a VERIS incident")
		return nil, problems
	}
	return n, nil
}

func validate(n *strict.Node) incidents.Problems {
	c := &checker{}
	named := n.Member("schema_version")
	v, known := version(0), false
	if named != nil && named.Kind == strict.String {
		v, known = versionOf(named.Text)
	}
	switch {
	case named == nil:
		c.add("/schema_version", "is required: it names the rules by which the document is checked")
		return c.problems
	case !known:
		c.oneOf("/schema_version", versions, "must be a version of VERIS that is known here")
		return c.problems
	}
	c.version = v
	c.object("", n, root())
	return c.problems
}

type checker struct {
	version  version
	problems incidents.Problems
}

func (c *checker) add(pointer, format string, args ...any) {
	if len(c.problems) < maxProblems {
		c.problems.Add(pointer, format, args...)
	}
}

// oneOf adds a problem of a text that is none of the values.
func (c *checker) oneOf(pointer string, values []string, format string, args ...any) {
	had := len(c.problems)
	c.add(pointer, format, args...)
	if len(c.problems) > had {
		c.problems[had].Allowed = values
	}
}

func (c *checker) value(pointer string, n *strict.Node, f *field) {
	if kind, items := strings.CutPrefix(f.kind, "[]"); items {
		c.list(pointer, n, f, kind)
		return
	}
	c.single(pointer, n, f, f.kind)
}

func (c *checker) single(pointer string, n *strict.Node, f *field, kind string) {
	switch kind {
	case "{}":
		c.object(pointer, n, f)
	case "text":
		c.text(pointer, n, f)
	case "bool":
		if n.Kind != strict.Bool {
			c.add(pointer, "must be true or false")
		}
	case "number":
		if n.Kind != strict.Number {
			c.add(pointer, "must be a number")
		}
	case "integer":
		c.integer(pointer, n, f)
	default:
		panic("veris: the table of fields has the unknown kind " + kind)
	}
}

func (c *checker) object(pointer string, n *strict.Node, f *field) {
	if n.Kind != strict.Object {
		c.add(pointer, "must be an object")
		return
	}
	if f.some && len(n.Members) == 0 {
		c.add(pointer, "must not be empty")
		return
	}
	for _, m := range n.Members {
		at := pointer + "/" + strict.Escape(m.Name)
		switch child := f.child(m.Name, c.version); {
		case child != nil:
			c.value(at, m.Value, child)
		case !f.takesAny(c.version):
			c.add(at, "is not a field of VERIS %s%s", versions[c.version], f.otherwise(m.Name))
		}
	}
	for _, child := range f.fields {
		if child.in.has(c.version) && child.needs(c.version) && n.Member(child.name) == nil {
			c.add(pointer+"/"+strict.Escape(child.name), "is required")
		}
	}
}

// otherwise says in which versions there is a field of that name.
func (f *field) otherwise(name string) string {
	for _, other := range f.fields {
		if other.name == name {
			return " (it is one" + other.in.words() + ")"
		}
	}
	return ""
}

// words say which versions the span has: " from 1.3.3 up to 1.3.4".
func (s span) words() string {
	out := ""
	if s.since > 0 {
		out = " from " + versions[s.since]
	}
	if s.until <= newest {
		out += " up to " + versions[s.until-1]
	}
	return out
}

func (c *checker) list(pointer string, n *strict.Node, f *field, kind string) {
	if n.Kind != strict.List {
		c.add(pointer, "must be a list")
		return
	}
	if f.some && len(n.Items) == 0 {
		c.add(pointer, "must not be empty")
	}
	seen := map[string]bool{}
	for i, item := range n.Items {
		at := pointer + "/" + strconv.Itoa(i)
		c.single(at, item, f, kind)
		if f.unique {
			same := string(appendJSON(nil, item))
			if seen[same] {
				c.add(at, "is listed twice")
			}
			seen[same] = true
		}
	}
}

func (c *checker) text(pointer string, n *strict.Node, f *field) {
	if n.Kind != strict.String {
		c.add(pointer, "must be a text")
		return
	}
	length := utf8.RuneCountInString(n.Text)
	if shortest, ok := f.shortest.number(c.version); ok && length < shortest {
		if length == 0 {
			c.add(pointer, "must not be empty; leave it out instead")
		} else {
			c.add(pointer, "must have at least %d characters, has %d", shortest, length)
		}
		return
	}
	if longest, ok := f.longest.number(c.version); ok && length > longest {
		c.add(pointer, "must have at most %d characters, has %d", longest, length)
		return
	}
	if name, ok := f.format.at(c.version); ok && !formats[name].pattern.MatchString(n.Text) {
		c.add(pointer, "%s", formats[name].says)
	}
	c.known(pointer, n.Text, f)
}

// known checks that a text is one of the field's values.
func (c *checker) known(pointer, text string, f *field) {
	if f.country {
		if !knownCountry(text) {
			c.add(pointer, "%s is neither a country code of ISO 3166-1 alpha-2 nor Unknown or Other", quoted(text))
		}
		return
	}
	elsewhere := ""
	for _, a := range f.values {
		switch {
		case a.text != text:
		case a.in.has(c.version):
			return
		default:
			elsewhere = " (it is one" + a.in.words() + ")"
		}
	}
	if len(f.values) > 0 {
		c.oneOf(pointer, f.allowed(c.version), "%s is not a value of VERIS %s%s", quoted(text), versions[c.version], elsewhere)
	}
}

func (c *checker) integer(pointer string, n *strict.Node, f *field) {
	if n.Kind != strict.Number || strings.ContainsAny(n.Text, ".eE") {
		c.add(pointer, "must be a whole number")
		return
	}
	i, err := strconv.ParseInt(n.Text, 10, 64)
	if err != nil {
		c.add(pointer, "must be a whole number of at most 64 bits")
		return
	}
	if least, ok := f.min.number(c.version); ok && i < int64(least) {
		c.add(pointer, "must be at least %d", least)
	}
	if most, ok := f.max.number(c.version); ok && i > int64(most) {
		c.add(pointer, "must be at most %d", most)
	}
}

func knownCountry(code string) bool {
	return code == unknown || code == other || incidents.KnownCountry(code)
}

// quoted keeps a message short when it repeats a value.
func quoted(s string) string {
	const most = 60
	if r := []rune(s); len(r) > most {
		s = string(r[:most]) + "…"
	}
	return fmt.Sprintf("%q", s)
}
