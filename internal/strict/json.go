package strict

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"unicode/utf8"
)

// ParseJSON reads one JSON value (RFC 8259). It refuses what two readers could
// take for two different things, or what Postgres cannot hold: duplicate keys,
// text that is not UTF-8, lone surrogates, U+0000, anything behind the value;
// and more than 32 levels or 200,000 values. The error is a [*SyntaxError].
func ParseJSON(data []byte) (*Node, error) {
	s, _ := scratches.Get().(*scratch)
	p := &jsonParser{data: data, text: string(data), line: 1, path: s.path, members: s.members}
	n, err := p.document()
	s.path, s.members = p.path[:0], p.members[:0]
	clear(s.members[:cap(s.members)]) // of what they hold
	if cap(s.members) <= 1000 {
		scratches.Put(s)
	}
	if err != nil {
		return nil, err
	}
	return n, nil
}

// scratch is what is used again for the next document.
type scratch struct {
	path    []segment
	members []Member
}

var scratches = sync.Pool{New: func() any { return &scratch{} }}

type jsonParser struct {
	data   []byte
	text   string // the same; texts are parts of it
	pos    int
	values int
	path   []segment

	nodes   []Node   // not given out yet: one piece of memory for many
	members []Member // of the objects that are being read

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
	n := p.node()
	n.Line, n.Column = p.position(p.pos)
	var err *SyntaxError
	switch c := p.peek(); {
	case c == '{':
		n.Kind, err = Object, p.object(n)
	case c == '[':
		n.Kind, err = List, p.list(n)
	case c == '"':
		n.Kind = String
		n.Text, err = p.quoted()
	case c == '-' || c >= '0' && c <= '9':
		n.Kind = Number
		n.Text, err = p.number()
	default:
		n.Kind, n.Text, err = p.word()
	}
	return n, err
}

func (p *jsonParser) node() *Node {
	if len(p.nodes) == 0 {
		p.nodes = make([]Node, min(p.values+4, 64))
	}
	n := &p.nodes[0]
	p.nodes = p.nodes[1:]
	return n
}

func (p *jsonParser) object(n *Node) *SyntaxError {
	if len(p.path) == maxDepth {
		return p.fail(tooDeep)
	}
	begin := len(p.members)
	var names map[string]bool // made for larger objects only
	err := p.between('}', func() *SyntaxError {
		start := p.pos
		m := Member{}
		m.Line, m.Column = p.position(start)
		if p.peek() != '"' {
			return p.fail("has %s where a key in double quotes is expected", p.here())
		}
		var err *SyntaxError
		if m.Name, err = p.quoted(); err != nil {
			return err
		}
		p.path[len(p.path)-1] = segment{name: m.Name, named: true}
		const many = 16
		before := p.members[begin:]
		if len(before) == many {
			names = map[string]bool{}
			for _, old := range before {
				names[old.Name] = true
			}
		}
		if names[m.Name] || names == nil && slices.ContainsFunc(before, func(o Member) bool { return o.Name == m.Name }) {
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
		p.members = append(p.members, m)
		return err
	})
	if members := p.members[begin:]; len(members) > 0 {
		n.Members = slices.Clone(members)
	}
	p.members = p.members[:begin]
	return err
}

func (p *jsonParser) list(n *Node) *SyntaxError {
	if len(p.path) == maxDepth {
		return p.fail(tooDeep)
	}
	return p.between(']', func() *SyntaxError {
		p.path[len(p.path)-1] = segment{index: len(n.Items)}
		item, err := p.value()
		n.Items = append(n.Items, item)
		return err
	})
}

// between reads what stands between the brackets, each item by next.
func (p *jsonParser) between(end byte, next func() *SyntaxError) *SyntaxError {
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
	for p.pos < len(p.data) {
		switch p.data[p.pos] {
		case ' ', '\t', '\r', '\n':
			p.pos++
		default:
			return
		}
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
	if offset < p.seen+32 && p.near(offset) {
		return p.line, p.column + 1
	}
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

// near goes on to an offset where there is nothing between but plain characters.
func (p *jsonParser) near(offset int) bool {
	for _, c := range p.data[p.seen:offset] {
		if c == '\n' || c >= utf8.RuneSelf {
			return false
		}
	}
	p.column += offset - p.seen
	p.seen = offset
	return true
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
