package strict

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// ParseYAML reads one YAML document. Scalars are typed by the core schema of
// YAML 1.2, so that "no" is a string and 014 is no octal. It refuses what a
// reader of the file could overlook: keys that stand twice, several documents,
// anchors, aliases, merge keys, tags and directives. The error is a
// [*SyntaxError], which carries the name. A byte order mark, which editors on
// Windows put before a file, says nothing (YAML 1.2.2, 5.2).
func ParseYAML(name string, data []byte) (n *Node, err error) {
	p := &yamlParser{name: name, data: bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))}
	defer func() {
		// The parser underneath indexes into tokens freely; an odd input must
		// be an error of the file, never the end of the server.
		if r := recover(); r != nil {
			n, err = nil, p.failAt(nil, "", "cannot be read as YAML: %v", r)
		}
	}()
	root, syntax := p.document()
	if syntax != nil {
		return nil, syntax
	}
	return root, nil
}

type yamlParser struct {
	name   string
	data   []byte
	values int
}

func (p *yamlParser) document() (*Node, *SyntaxError) {
	if err := p.encoding(); err != nil {
		return nil, err
	}
	tokens := lexer.Tokenize(string(p.data))
	if err := p.depth(tokens); err != nil {
		return nil, err
	}
	file, err := parser.Parse(tokens, 0, parser.AllowDuplicateMapKey()) // duplicates are ours to report
	if err != nil {
		var known yaml.Error
		if errors.As(err, &known) {
			return nil, p.failAt(known.GetToken(), "", "%s", inPlainWords(known.GetMessage()))
		}
		return nil, p.failAt(nil, "", "%s", err)
	}
	var body ast.Node
	for i, doc := range file.Docs {
		switch {
		case i > 0:
			return nil, p.failAt(doc.Start, "", "must hold one document, holds %d", len(file.Docs))
		case doc.Body == nil:
		default:
			body = doc.Body
		}
	}
	if body == nil {
		return nil, p.failAt(nil, "", "is empty")
	}
	return p.node(body, "", 0)
}

func (p *yamlParser) encoding() *SyntaxError {
	for i := 0; i < len(p.data); {
		r, size := utf8.DecodeRune(p.data[i:])
		if r == utf8.RuneError && size == 1 || r == 0 {
			lineStart := bytes.LastIndexByte(p.data[:i], '\n') + 1
			return &SyntaxError{
				Offset: i, Line: 1 + bytes.Count(p.data[:i], []byte("\n")), Column: 1 + utf8.RuneCount(p.data[lineStart:i]),
				Name: p.name, Detail: fmt.Sprintf("must be valid UTF-8 without U+0000; the byte 0x%02X is not", p.data[i]),
			}
		}
		i += size
	}
	return nil
}

// depth refuses, before the recursive parser underneath begins, what would
// take it too deep: brackets within brackets, and "- - - -". Nesting by
// indentation needs a growing line a level and cannot go far.
func (p *yamlParser) depth(tokens token.Tokens) *SyntaxError {
	brackets, run := 0, 0
	for _, t := range tokens {
		switch t.Type { //nolint:exhaustive // only what nests
		case token.SequenceStartType, token.MappingStartType:
			brackets++
		case token.SequenceEndType, token.MappingEndType:
			brackets--
		case token.SequenceEntryType, token.MappingKeyType, token.TagType, token.AnchorType:
			run++
		default:
			run = 0
		}
		if brackets > maxDepth || run > maxDepth {
			return p.failAt(t, "", tooDeep)
		}
	}
	return nil
}

func (p *yamlParser) node(from ast.Node, pointer string, depth int) (*Node, *SyntaxError) {
	tk := from.GetToken()
	if p.values++; p.values > maxValues {
		return nil, p.failAt(tk, pointer, tooMany)
	}
	n := &Node{}
	if tk != nil && tk.Position != nil {
		n.Line, n.Column = tk.Position.Line, tk.Position.Column
	}
	if depth > maxDepth {
		return nil, p.failAt(tk, pointer, tooDeep)
	}
	switch from := from.(type) {
	case *ast.MappingNode:
		n.Kind = Object
		return n, p.mapping(n, from.Values, from.IsFlowStyle, pointer, depth)
	case *ast.MappingValueNode:
		n.Kind = Object
		return n, p.mapping(n, []*ast.MappingValueNode{from}, from.IsFlowStyle, pointer, depth)
	case *ast.SequenceNode:
		n.Kind = List
		for i, v := range from.Values {
			item, err := p.node(v, fmt.Sprintf("%s/%d", pointer, i), depth+1)
			if err != nil {
				return nil, err
			}
			n.Items = append(n.Items, item)
		}
		return n, nil
	case *ast.AnchorNode, *ast.AliasNode:
		return nil, p.failAt(tk, pointer, "must not use anchors and aliases")
	case *ast.TagNode, *ast.DirectiveNode:
		return nil, p.failAt(tk, pointer, "must not use tags and directives")
	case *ast.LiteralNode:
		n.Kind, n.Text = String, from.Value.Value
	case ast.ScalarNode:
		n.Kind, n.Text, n.plain = scalar(tk)
	default:
		return nil, p.failAt(tk, pointer, "holds %s where a value is expected", from.Type())
	}
	if !utf8.ValidString(n.Text) || strings.IndexByte(n.Text, 0) >= 0 {
		return nil, p.failAt(tk, pointer, "must be valid Unicode without U+0000")
	}
	return n, nil
}

func (p *yamlParser) mapping(n *Node, values []*ast.MappingValueNode, flow bool, pointer string, depth int) *SyntaxError {
	seen := map[string]bool{}
	for _, v := range values {
		tk := v.Key.GetToken()
		if v.Key.IsMergeKey() || v.Key.Type() == ast.MergeKeyType {
			return p.failAt(tk, pointer, "must not use merge keys (<<)")
		}
		scalars := []ast.NodeType{ast.StringType, ast.IntegerType, ast.FloatType, ast.BoolType, ast.NullType, ast.InfinityType, ast.NanType}
		if !slices.Contains(scalars, v.Key.Type()) {
			return p.failAt(tk, pointer, "must have plain words as keys")
		}
		m := Member{Name: tk.Value, Line: tk.Position.Line, Column: tk.Position.Column}
		at := pointer + "/" + Escape(m.Name)
		if seen[m.Name] {
			return p.failAt(tk, at, "the key stands twice in its object")
		}
		seen[m.Name] = true
		var err *SyntaxError
		if m.Value, err = p.node(v.Value, at, depth+1); err != nil {
			return err
		}
		m.cut = flow && v.Start.Type != token.MappingValueType // no colon
		n.Members = append(n.Members, m)
	}
	if !flow && len(n.Members) > 0 {
		n.Line, n.Column = n.Members[0].Line, n.Members[0].Column // the token was the first colon
	}
	return nil
}

func (p *yamlParser) failAt(tk *token.Token, pointer, format string, args ...any) *SyntaxError {
	e := &SyntaxError{Name: p.name, Pointer: pointer, Line: 1, Column: 1, Detail: fmt.Sprintf(format, args...)}
	if tk != nil && tk.Position != nil {
		e.Line, e.Column, e.Offset = tk.Position.Line, max(tk.Position.Column, 1), max(tk.Position.Offset-1, 0)
	}
	return e
}
