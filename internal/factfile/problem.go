package factfile

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/breachledger/breachledger/internal/article"
	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/strict"
)

// Problem is one thing that is wrong with a file.
type Problem struct {
	File    string   `json:"file"`
	Line    int      `json:"line,omitempty"` // from 1; 0 = the file as a whole
	Column  int      `json:"column,omitempty"`
	Path    string   `json:"pointer,omitempty"` // a JSON Pointer
	Detail  string   `json:"detail"`
	Allowed []string `json:"allowed,omitempty"` // the values that the field may have, when it is a closed list
}

// String is the problem as a compiler writes it, so that editors can jump there.
func (p Problem) String() string {
	out := p.File
	if p.Line > 0 {
		out += fmt.Sprintf(":%d", p.Line)
	}
	if p.Column > 0 {
		out += fmt.Sprintf(":%d", p.Column)
	}
	out += ": "
	if p.Path != "" {
		out += p.Path + ": "
	}
	out += p.Detail
	if len(p.Allowed) > 0 {
		out += " (allowed: " + strings.Join(p.Allowed, ", ") + ")"
	}
	return out
}

// Problems are all the things that are wrong with one file or several.
type Problems []Problem //nolint:errname // a list first, and an error too

func (ps Problems) Error() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.String()
	}
	return strings.Join(lines, "\n")
}

// OrNil is the problems as an error, nil when there are none.
func (ps Problems) OrNil() error {
	if len(ps) == 0 {
		return nil
	}
	return ps
}

// located gives problems the lines of the file, in whose order they are returned.
func located(file string, root *strict.Node, problems incidents.Problems) Problems {
	var out Problems
	for _, p := range problems {
		line, column := root.Position(p.Pointer)
		out = append(out, Problem{File: file, Line: line, Column: column, Path: p.Pointer, Detail: p.Detail, Allowed: p.Allowed})
	}
	slices.SortStableFunc(out, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return out
}

func syntaxProblem(file string, err error) Problem {
	var syntax *strict.SyntaxError
	if errors.As(err, &syntax) {
		return Problem{File: file, Line: syntax.Line, Column: syntax.Column, Path: syntax.Pointer, Detail: syntax.Detail}
	}
	return Problem{File: file, Detail: err.Error()}
}

func textProblem(file string, err error) Problem {
	var text *article.TextError
	if errors.As(err, &text) {
		return Problem{File: file, Line: text.Line, Detail: fmt.Sprintf("byte %d (from 0): %s", text.Offset, text.Detail)}
	}
	return Problem{File: file, Detail: err.Error()}
}
