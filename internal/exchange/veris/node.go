package veris

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/breachledger/breachledger/internal/strict"
)

// The values that most lists of VERIS have.
const (
	unknown       = "Unknown"
	other         = "Other"
	notApplicable = "NA"
)

// find follows names down through objects; nil when one is missing.
func find(n *strict.Node, names ...string) *strict.Node {
	for _, name := range names {
		n = n.Member(name)
	}
	return n
}

func text(s string) *strict.Node { return &strict.Node{Kind: strict.String, Text: s} }

func number(digits string) *strict.Node { return &strict.Node{Kind: strict.Number, Text: digits} }

func truth() *strict.Node { return &strict.Node{Kind: strict.Bool, Text: "true"} }

// terms is a list of texts.
func terms(values ...string) *strict.Node {
	n := &strict.Node{Kind: strict.List}
	for _, v := range values {
		n.Items = append(n.Items, text(v))
	}
	return n
}

func list(items ...*strict.Node) *strict.Node { return &strict.Node{Kind: strict.List, Items: items} }

func object() *strict.Node { return &strict.Node{Kind: strict.Object} }

// set puts a field into an object, in the place of one of the same name.
func set(n *strict.Node, name string, v *strict.Node) *strict.Node {
	for i := range n.Members {
		if n.Members[i].Name == name {
			n.Members[i].Value = v
			return n
		}
	}
	n.Members = append(n.Members, strict.Member{Name: name, Value: v})
	return n
}

func remove(n *strict.Node, name string) {
	n.Members = slices.DeleteFunc(n.Members, func(m strict.Member) bool { return m.Name == name })
}

// within is the object of that name, made when it is missing.
func within(n *strict.Node, name string) *strict.Node {
	inner := n.Member(name)
	if inner == nil || inner.Kind != strict.Object {
		inner = object()
		set(n, name, inner)
	}
	return inner
}

// add appends texts to a list of an object, each once.
func add(n *strict.Node, name string, values ...string) {
	l := n.Member(name)
	if l == nil || l.Kind != strict.List {
		l = terms()
		set(n, name, l)
	}
	for _, v := range values {
		if !slices.ContainsFunc(l.Items, func(i *strict.Node) bool { return i.Text == v }) {
			l.Items = append(l.Items, text(v))
		}
	}
}

// appendJSON writes a value with the fields of each object in the order of their
// names, so that equal values have equal texts.
func appendJSON(out []byte, n *strict.Node) []byte {
	switch n.Kind {
	case strict.Object:
		byName := func(a, b strict.Member) int { return strings.Compare(a.Name, b.Name) }
		members := n.Members
		if !slices.IsSortedFunc(members, byName) {
			members = slices.Clone(members)
			slices.SortStableFunc(members, byName)
		}
		out = append(out, '{')
		for i, m := range members {
			if i > 0 {
				out = append(out, ',')
			}
			out = append(appendText(out, m.Name), ':')
			out = appendJSON(out, m.Value)
		}
		return append(out, '}')
	case strict.List:
		out = append(out, '[')
		for i, item := range n.Items {
			if i > 0 {
				out = append(out, ',')
			}
			out = appendJSON(out, item)
		}
		return append(out, ']')
	case strict.String:
		return appendText(out, n.Text)
	case strict.Null:
		return append(out, "null"...)
	case strict.Bool, strict.Number:
	}
	return append(out, n.Text...)
}

func appendText(out []byte, s string) []byte {
	if isPlain(s) {
		out = append(out, '"')
		out = append(out, s...)
		return append(out, '"')
	}
	quoted, err := json.Marshal(s)
	if err != nil {
		panic(err) // a string can always be written
	}
	return append(out, quoted...)
}

// isPlain reports whether encoding/json writes a text as it is, between quotation
// marks.
func isPlain(s string) bool {
	for i := range len(s) {
		switch c := s[i]; {
		case c < ' ' || c > '~', c == '"', c == '\\', c == '<', c == '>', c == '&':
			return false
		}
	}
	return true
}

func sameJSON(a, b *strict.Node) bool {
	if a == nil || b == nil {
		return a == b
	}
	return string(appendJSON(nil, a)) == string(appendJSON(nil, b))
}
