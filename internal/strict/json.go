package strict

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// ParseJSON reads one JSON value (RFC 8259). It refuses what two readers could
// take for two different things, or what Postgres cannot hold: duplicate keys,
// text that is not UTF-8, lone surrogates, U+0000, anything behind the value;
// and more than 32 levels or 200,000 values. The error is a [*SyntaxError].
func ParseJSON(data []byte) (*Node, error) {
	p := &jsonParser{data: data, line: 1}
	n, err := p.document()
	if err != nil {
		return nil, err
	}
	return n, nil
}

type jsonParser struct {
	data   []byte
	pos    int
	values int
	path   []segment

	// line and column (counted from 0) belong to the offset seen: positions are
	// asked for in ascending order, so that counting them stays linear.
	seen, line, column int
}

// segment is a step of the path to the value being read.
type segment struct {
	name  string
	index int // when name is not used
	named bool
}

func (p *jsonParser) document() (*Node, *SyntaxError) {
	if bytes.HasPrefix(p.data, []byte("\xef\xbb\xbf")) {
		return nil, p.fail("begins with a byte order mark; leave it out")
	}
	p.space()
	if p.pos == len(p.data) {
		return nil, p.fail("is empty where a JSON value is expected")
	}
	n, err := p.value()
	if err != nil {
		return nil, err
	}
	p.space()
	if p.pos < len(p.data) {
		return nil, p.fail("goes on behind its end with %s", p.here())
	}
	return n, nil
}

func (p *jsonParser) value() (*Node, *SyntaxError) {
	if p.values++; p.values > maxValues {
		return nil, p.fail(tooMany)
	}
	n := &Node{}
	n.Line, n.Column = p.position(p.pos)
	var err *SyntaxError
	switch c := p.peek(); {
	case c == '{':
		n.Kind, err = Object, p.object(n)
	case c == '[':
		n.Kind, err = List, p.list(n)
	case c == '"':
		n.Kind = String
		n.Text, err = p.text()
	case c == '-' || c >= '0' && c <= '9':
		n.Kind = Number
		n.Text, err = p.number()
	default:
		n.Kind, n.Text, err = p.word()
	}
	return n, err
}

func (p *jsonParser) object(n *Node) *SyntaxError {
	if len(p.path) == maxDepth {
		return p.fail(tooDeep)
	}
	var names map[string]bool // made for larger objects only
	return p.members('}', func() *SyntaxError {
		start := p.pos
		m := Member{}
		m.Line, m.Column = p.position(start)
		if p.peek() != '"' {
			return p.fail("has %s where a key in double quotes is expected", p.here())
		}
		var err *SyntaxError
		if m.Name, err = p.text(); err != nil {
			return err
		}
		p.path[len(p.path)-1] = segment{name: m.Name, named: true}
		const many = 16
		if len(n.Members) == many {
			names = map[string]bool{}
			for _, old := range n.Members {
				names[old.Name] = true
			}
		}
		if names[m.Name] || names == nil && slices.ContainsFunc(n.Members, func(o Member) bool { return o.Name == m.Name }) {
			return p.failAt(start, "the key stands twice in its object")
		}
		if names != nil {
			names[m.Name] = true
		}
		p.space()
		if p.peek() != ':' {
			return p.fail("has %s where a colon is expected", p.here())
		}
		p.pos++
		p.space()
		m.Value, err = p.value()
		n.Members = append(n.Members, m)
		return err
	})
}

func (p *jsonParser) list(n *Node) *SyntaxError {
	if len(p.path) == maxDepth {
		return p.fail(tooDeep)
	}
	return p.members(']', func() *SyntaxError {
		p.path[len(p.path)-1] = segment{index: len(n.Items)}
		item, err := p.value()
		n.Items = append(n.Items, item)
		return err
	})
}

// members reads what stands between the brackets, each item by next.
func (p *jsonParser) members(end byte, next func() *SyntaxError) *SyntaxError {
	open := p.pos
	p.pos++
	p.space()
	if p.peek() == end {
		p.pos++
		return nil
	}
	p.path = append(p.path, segment{})
	for {
		if err := next(); err != nil {
			return err
		}
		p.space()
		switch {
		case p.peek() == end:
			p.pos++
			p.path = p.path[:len(p.path)-1]
			return nil
		case p.peek() == ',':
			p.pos++
			p.space()
		case p.pos == len(p.data):
			return p.fail("ends before the %c at byte %d is closed", p.data[open], open)
		default:
			return p.fail("has %s where a comma or %c is expected", p.here(), end)
		}
	}
}

// peek is the next byte, 0 at the end: no JSON token begins with it.
func (p *jsonParser) peek() byte {
	if p.pos == len(p.data) {
		return 0
	}
	return p.data[p.pos]
}

func (p *jsonParser) space() {
	for p.pos < len(p.data) && strings.IndexByte(" \t\r\n", p.data[p.pos]) >= 0 {
		p.pos++
	}
}

// here names what stands at the position, for an error.
func (p *jsonParser) here() string {
	if p.pos == len(p.data) {
		return "its end"
	}
	r, size := utf8.DecodeRune(p.data[p.pos:])
	if r == utf8.RuneError && size == 1 {
		return fmt.Sprintf("the byte 0x%02X, which is not UTF-8,", p.data[p.pos])
	}
	return strconv.QuoteRune(r)
}

func (p *jsonParser) position(offset int) (line, column int) {
	for part := p.data[p.seen:offset]; ; {
		_, rest, more := bytes.Cut(part, []byte("\n"))
		if !more {
			p.column += utf8.RuneCount(part)
			break
		}
		p.line, p.column, part = p.line+1, 0, rest
	}
	p.seen = offset
	return p.line, p.column + 1
}

func (p *jsonParser) fail(format string, args ...any) *SyntaxError {
	return p.failAt(p.pos, format, args...)
}

func (p *jsonParser) failAt(offset int, format string, args ...any) *SyntaxError {
	e := &SyntaxError{Offset: offset, Detail: fmt.Sprintf(format, args...)}
	if offset < p.seen {
		p.seen, p.line, p.column = 0, 1, 0
	}
	e.Line, e.Column = p.position(offset)
	for _, s := range p.path {
		if s.named {
			e.Pointer += "/" + Escape(s.name)
		} else {
			e.Pointer += "/" + strconv.Itoa(s.index)
		}
	}
	return e
}
