package strict

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Kind says what a node is.
type Kind int

// The kinds of node.
const (
	Null Kind = iota
	Bool
	Number
	String
	List
	Object
)

// Node is one value of a document.
type Node struct {
	Kind    Kind
	Text    string   // of a string its content; of a number, bool or null as it is written
	Items   []*Node  // of a list
	Members []Member // of an object, in the order of the document

	// Line and Column are where the value begins, from 1, the column in characters.
	Line, Column int

	// plain marks an unquoted scalar of YAML: "disclosed: 2014" is a number
	// there only because nobody quoted it.
	plain bool
}

// Member is one field of an object.
type Member struct {
	Name         string
	Line, Column int // of the name
	Value        *Node

	cut bool // within braces of YAML, without a colon: a comma may have cut a text in two
}

// Member is the value of the object's field of that name, nil when it has none
// or the node is no object.
func (n *Node) Member(name string) *Node {
	if n == nil {
		return nil
	}
	for i := range n.Members {
		if n.Members[i].Name == name {
			return n.Members[i].Value
		}
	}
	return nil
}

// Find is the node that a JSON Pointer names, or its nearest ancestor when the
// document has no such node: that is where a missing field is missing.
func (n *Node) Find(pointer string) *Node {
	found, _, _ := n.find(pointer)
	return found
}

// Position is the line and column to show for a problem at the pointer: where
// the node begins that [Node.Find] finds, or its name when that stands on an
// earlier line.
func (n *Node) Position(pointer string) (line, column int) {
	_, line, column = n.find(pointer)
	return line, column
}

func (n *Node) find(pointer string) (found *Node, line, column int) {
	line, column = n.Line, n.Column
	for _, segment := range segments(pointer) {
		var next *Node
		switch n.Kind {
		case Object:
			i := slices.IndexFunc(n.Members, func(m Member) bool { return m.Name == segment })
			if i < 0 {
				return n, line, column
			}
			m := n.Members[i]
			next, line, column = m.Value, m.Line, m.Column
		case List:
			i, err := strconv.Atoi(segment)
			if err != nil || i < 0 || i >= len(n.Items) {
				return n, line, column
			}
			next, line, column = n.Items[i], n.Items[i].Line, n.Items[i].Column
		case Null, Bool, Number, String:
			return n, line, column
		}
		if next.Line == line {
			column = next.Column
		}
		n = next
	}
	return n, line, column
}

func segments(pointer string) []string {
	if pointer == "" {
		return nil
	}
	parts := strings.Split(strings.TrimPrefix(pointer, "/"), "/")
	for i, p := range parts {
		parts[i] = unescaper.Replace(p)
	}
	return parts
}

var (
	escaper   = strings.NewReplacer("~", "~0", "/", "~1")
	unescaper = strings.NewReplacer("~1", "/", "~0", "~") // one pass, so that ~01 is ~1
)

// Escape makes a field's name a segment of a JSON Pointer (RFC 6901).
func Escape(name string) string { return escaper.Replace(name) }

// SyntaxError says why a document cannot be read at all, and where.
type SyntaxError struct {
	Name         string // of the file, "" when it has none
	Pointer      string // of the value being read
	Offset       int    // in bytes, from 0
	Line, Column int    // from 1, the column in characters
	Detail       string
}

func (e *SyntaxError) Error() string {
	out := fmt.Sprintf("line %d, column %d: ", e.Line, e.Column)
	if e.Name != "" {
		out = fmt.Sprintf("%s:%d:%d: ", e.Name, e.Line, e.Column)
	}
	if e.Pointer != "" {
		out += e.Pointer + ": "
	}
	return out + e.Detail
}

// Limits of a document. They bound the work that a hostile one can cause; no
// honest one comes near them.
const (
	maxDepth  = 32
	maxValues = 200_000
)

const (
	tooDeep = "must not nest lists and objects deeper than 32 levels"
	tooMany = "must not hold more than 200,000 values"
)
