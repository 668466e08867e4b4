package strict

import (
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

func (p *jsonParser) word() (Kind, string, *SyntaxError) {
	for _, w := range []struct {
		text string
		kind Kind
	}{{"null", Null}, {"true", Bool}, {"false", Bool}} {
		if rest := p.data[p.pos:]; len(rest) >= len(w.text) && string(rest[:len(w.text)]) == w.text {
			p.pos += len(w.text)
			return w.kind, w.text, nil
		}
	}
	return Null, "", p.fail("has %s where a value is expected", p.here())
}

// number keeps the text: what it means depends on the field that it is for.
func (p *jsonParser) number() (string, *SyntaxError) {
	start := p.pos
	if p.peek() == '-' {
		p.pos++
	}
	if p.peek() == '0' {
		p.pos++
		if c := p.peek(); c >= '0' && c <= '9' {
			return "", p.failAt(start, "has a number with a leading zero")
		}
	} else if !p.digits() {
		return "", p.fail("has %s where a digit is expected", p.here())
	}
	if p.peek() == '.' {
		p.pos++
		if !p.digits() {
			return "", p.fail("has %s where a digit is expected", p.here())
		}
	}
	if c := p.peek(); c == 'e' || c == 'E' {
		p.pos++
		if c := p.peek(); c == '+' || c == '-' {
			p.pos++
		}
		if !p.digits() {
			return "", p.fail("has %s where a digit is expected", p.here())
		}
	}
	return p.text[start:p.pos], nil
}

func (p *jsonParser) digits() bool {
	start := p.pos
	for p.pos < len(p.data) && p.data[p.pos] >= '0' && p.data[p.pos] <= '9' {
		p.pos++
	}
	return p.pos > start
}

// quoted reads a string.
func (p *jsonParser) quoted() (string, *SyntaxError) {
	open := p.pos
	p.pos++
	start := p.pos
	var out []byte // made when the first escape is met
	for {
		if p.pos == len(p.data) {
			return "", p.failAt(open, "has a string that is not closed")
		}
		switch c := p.data[p.pos]; {
		case c == '"':
			rest := p.text[start:p.pos]
			p.pos++
			if out == nil {
				return rest, nil
			}
			return string(append(out, rest...)), nil
		case c == '\\':
			out = append(out, p.data[start:p.pos]...)
			var err *SyntaxError
			if out, err = p.escape(out); err != nil {
				return "", err
			}
			start = p.pos
		case c < ' ':
			return "", p.fail("has the control character U+%04X in a string, where it must be escaped", c)
		case c < utf8.RuneSelf:
			p.pos++
		default:
			r, size := utf8.DecodeRune(p.data[p.pos:])
			if r == utf8.RuneError && size == 1 {
				return "", p.fail("must be valid UTF-8; the byte 0x%02X is not", c)
			}
			p.pos += size
		}
	}
}

var plainEscapes = map[byte]byte{'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

func (p *jsonParser) escape(out []byte) ([]byte, *SyntaxError) {
	start := p.pos
	p.pos++
	c := p.peek()
	if plain, ok := plainEscapes[c]; ok {
		p.pos++
		return append(out, plain), nil
	}
	if c != 'u' {
		return nil, p.failAt(start, "has an escape in a string that JSON does not know")
	}
	r, ok := p.hex4()
	if !ok {
		return nil, p.failAt(start, "has an escape in a string without four hexadecimal digits")
	}
	if utf16.IsSurrogate(r) {
		low, ok := rune(0), false
		if p.peek() == '\\' && p.pos+1 < len(p.data) && p.data[p.pos+1] == 'u' {
			p.pos++
			low, ok = p.hex4()
		}
		if r = utf16.DecodeRune(r, low); !ok || r == utf8.RuneError {
			return nil, p.failAt(start, "has half of a surrogate pair, which is no character")
		}
	}
	if r == 0 {
		return nil, p.failAt(start, "must not hold the character U+0000")
	}
	return utf8.AppendRune(out, r), nil
}

// hex4 reads the u and its four digits.
func (p *jsonParser) hex4() (rune, bool) {
	if len(p.data)-p.pos < 5 {
		return 0, false
	}
	n, err := strconv.ParseUint(string(p.data[p.pos+1:p.pos+5]), 16, 16)
	if err != nil {
		return 0, false
	}
	p.pos += 5
	return rune(n), true
}
