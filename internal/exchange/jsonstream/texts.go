package jsonstream

import (
	"bytes"
	"unicode/utf8"
)

// Texts are the texts of an object's own members of these names, "" for one that
// it lacks. It looks into nothing else, and so is quick. It is not ok where a
// reader might see something else: what is asked for is no plain text, stands
// there twice or in other letters, or names or texts are written with escapes.
func Texts(document []byte, names ...string) (texts []string, ok bool) {
	texts = make([]string, len(names))
	found := make([]bool, len(names))
	m := members{rest: document}
	if !m.take('{') {
		return nil, false
	}
	for first := true; !m.take('}'); first = false {
		if !first && !m.take(',') {
			return nil, false
		}
		name, plain := m.text()
		if !plain || !m.take(':') {
			return nil, false
		}
		i := index(names, name)
		if i < 0 {
			if !m.skip() {
				return nil, false
			}
			continue
		}
		value, plain := m.text()
		if !plain || found[i] || string(name) != names[i] || !utf8.Valid(value) {
			return nil, false
		}
		texts[i], found[i] = string(value), true
	}
	m.space()
	return texts, len(m.rest) == 0
}

func index(names []string, name []byte) int {
	for i := range names {
		if bytes.EqualFold(name, []byte(names[i])) {
			return i
		}
	}
	return -1
}

// members goes through an object.
type members struct{ rest []byte }

func (m *members) space() {
	for len(m.rest) > 0 && (m.rest[0] == ' ' || m.rest[0] == '\n' || m.rest[0] == '\t' || m.rest[0] == '\r') {
		m.rest = m.rest[1:]
	}
}

func (m *members) take(c byte) bool {
	m.space()
	if len(m.rest) == 0 || m.rest[0] != c {
		return false
	}
	m.rest = m.rest[1:]
	return true
}

// text takes a text in which nothing is escaped.
func (m *members) text() (inside []byte, plain bool) {
	if !m.take('"') {
		return nil, false
	}
	end := bytes.IndexByte(m.rest, '"')
	if end < 0 || bytes.IndexByte(m.rest[:end], '\\') >= 0 {
		return nil, false
	}
	inside, m.rest = m.rest[:end], m.rest[end+1:]
	return inside, true
}

// skip passes a value.
func (m *members) skip() bool {
	m.space()
	n, done := (&bounds{}).in(m.rest)
	if !done || n == 0 {
		return false
	}
	m.rest = m.rest[n:]
	return true
}
