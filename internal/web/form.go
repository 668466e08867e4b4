package web

import (
	"net/url"
	"strings"

	"github.com/breachledger/breachledger/internal/incidents"
)

// A form mirrors a document: each field is called by its JSON Pointer
// ("/counts/0/quantity"), so that a form becomes a document by its names alone,
// a document becomes a form again, and a problem's pointer says at which field
// it belongs.

// form is what was typed, by JSON Pointer, and what is wrong with it.
type form struct {
	values   map[string][]string
	problems incidents.Problems
	sources  []choice // what evidence can name

	// What follows is known once the form is as it will be shown: fields ask for
	// it again and again.
	names []string         // of all fields, in order
	rows  map[string][]int // the numbers of each list's rows
	named map[string][]namedRow
}

func newForm() *form { return &form{values: map[string][]string{}} }

// formOf takes the fields of a request.
func formOf(sent url.Values) *form {
	f := newForm()
	for name, values := range sent {
		if strings.HasPrefix(name, "/") {
			f.values[name] = values
		}
	}
	return f
}

// get is the first value of a field.
func (f *form) get(pointer string) string {
	if v := f.values[pointer]; len(v) > 0 {
		return v[0]
	}
	return ""
}

// Asks reports whether the form has a field of that pointer.
func (f *form) Asks(pointer string) bool {
	_, ok := f.values[pointer]
	return ok
}
