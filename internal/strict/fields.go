package strict

import (
	"reflect"
	"strings"
	"sync"
)

// fields are the fields of a struct type by their JSON names.
type fields struct {
	byName map[string]field
	names  []string // the writable ones, in the order of the type
}

type field struct {
	index    []int
	readOnly bool
}

var fieldsOfType sync.Map // reflect.Type → *fields

// fieldsOf reads a type's json tags. Embedded structs without a name of their
// own count as if their fields stood in the outer struct.
func fieldsOf(t reflect.Type) *fields {
	if known, ok := fieldsOfType.Load(t); ok {
		return known.(*fields)
	}
	out := &fields{byName: map[string]field{}}
	out.add(t, nil)
	known, _ := fieldsOfType.LoadOrStore(t, out)
	return known.(*fields)
}

func (fs *fields) add(t reflect.Type, prefix []int) {
	for i := range t.NumField() {
		f := t.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		index := append(append([]int{}, prefix...), i)
		switch {
		case f.Anonymous && name == "" && f.Type.Kind() == reflect.Struct:
			fs.add(f.Type, index)
			continue
		case !f.IsExported() || name == "-":
			continue
		case name == "":
			name = f.Name
		}
		readOnly := f.Tag.Get("readOnly") == "true"
		if _, twice := fs.byName[name]; twice {
			panic("strict: " + t.String() + " has two fields named " + name)
		}
		fs.byName[name] = field{index, readOnly}
		if !readOnly {
			fs.names = append(fs.names, name)
		}
	}
}
