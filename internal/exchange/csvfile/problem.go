package csvfile

import (
	"fmt"
	"strings"
)

// Problem is what is wrong with a cell, or with a row.
type Problem struct {
	// Row is the row as a spreadsheet numbers it, from 1.
	Row int `json:"row"`
	// Column is the name of the column, "" where no column is to blame.
	Column string `json:"column,omitempty"`
	// Value is what stands in the cell; of a long text the first 1,000 bytes.
	Value string `json:"value,omitempty"`
	// Detail says what is wrong, and what would be right.
	Detail string `json:"detail"`
	// Allowed lists the values that there may be, when it is a closed list.
	Allowed []string `json:"allowed,omitempty"`
}

func (p Problem) String() string {
	out := fmt.Sprintf("row %d", p.Row)
	if p.Column != "" {
		out += ", column " + p.Column
	}
	out += ": "
	if p.Value != "" {
		out += fmt.Sprintf("%q ", clip(p.Value))
	}
	out += p.Detail
	if len(p.Allowed) > 0 {
		out += " (allowed: " + strings.Join(p.Allowed, ", ") + ")"
	}
	return out
}

// clip keeps a message short when it repeats a value.
func clip(s string) string {
	const most = 60
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}

// Error says at which row a file can't be read on. Rows before it were read.
type Error struct {
	Row  int // as a spreadsheet numbers it, from 1
	Line int // of the file, from 1
	Err  error
}

func (e *Error) Error() string { return fmt.Sprintf("row %d (line %d): %v", e.Row, e.Line, e.Err) }

// Unwrap is the cause.
func (e *Error) Unwrap() error { return e.Err }
