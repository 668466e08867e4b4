package incidents

import (
	"fmt"
	"strconv"
	"strings"
)

// Problem is one thing that is wrong with a document.
type Problem struct {
	// Pointer is the JSON Pointer (RFC 6901) of the field: "/counts/0/unit".
	Pointer string `json:"pointer"`
	// Detail says what is wrong, and what would be right.
	Detail string `json:"detail"`
	// Allowed lists the values that the field may have, when it is a closed list.
	Allowed []string `json:"allowed,omitempty"`
}

// Problems are all the things that are wrong with a document. As an error it
// means that nothing of the document was kept.
type Problems []Problem

func (ps Problems) Error() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.String()
	}
	return strings.Join(lines, "; ")
}

func (p Problem) String() string {
	out := p.Pointer + ": " + p.Detail
	if len(p.Allowed) > 0 {
		out += " (allowed: " + strings.Join(p.Allowed, ", ") + ")"
	}
	return out
}

// Add appends a problem.
func (ps *Problems) Add(pointer, format string, args ...any) {
	*ps = append(*ps, Problem{Pointer: pointer, Detail: fmt.Sprintf(format, args...)})
}

// Merge appends the problems of others, leaving out any at or below a pointer
// that has one already: a field of the wrong type is not also reported as
// missing, nor are the fields that it should have had.
func (ps *Problems) Merge(others Problems) {
	had := make(map[string]bool, len(*ps))
	for _, p := range *ps {
		had[p.Pointer] = true
	}
	for _, o := range others {
		covered := had[o.Pointer]
		for up := o.Pointer; !covered && up != ""; covered = had[up] {
			up = up[:max(strings.LastIndexByte(up, '/'), 0)]
		}
		if !covered {
			*ps = append(*ps, o)
		}
	}
}

// OrNil is the problems as an error, nil when there are none.
func (ps Problems) OrNil() error {
	if len(ps) == 0 {
		return nil
	}
	return ps
}

// at appends path segments to a JSON Pointer.
func at(pointer string, segments ...any) string {
	var room [64]byte // for most
	out := append(room[:0], pointer...)
	for _, s := range segments {
		out = append(out, '/')
		switch s := s.(type) {
		case int:
			out = strconv.AppendInt(out, int64(s), 10)
		case string:
			out = append(out, s...)
		default:
			out = fmt.Append(out, s)
		}
	}
	return string(out)
}

// Under is the problems of a part as those of the document that holds it: their
// pointers get the part's pointer in front.
func (ps Problems) Under(pointer string) Problems {
	out := make(Problems, len(ps))
	for i, p := range ps {
		p.Pointer = pointer + p.Pointer
		out[i] = p
	}
	return out
}

// Within is the problems of a document as seen from a part of it: pointers into
// the part lose its pointer, others stay.
func (ps Problems) Within(pointer string) Problems {
	out := make(Problems, len(ps))
	for i, p := range ps {
		if rest, ok := strings.CutPrefix(p.Pointer, pointer); ok && (rest == "" || rest[0] == '/') {
			p.Pointer = rest
		}
		out[i] = p
	}
	return out
}
