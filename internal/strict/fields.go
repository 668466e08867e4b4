package strict

import (
	"maps"
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
	out.add(t, nil, nil)
	known, _ := fieldsOfType.LoadOrStore(t, out)
	return known.(*fields)
}

// add adds the fields of a struct but for those that a struct around it has itself,
// which stand for them, as in encoding/json.
func (fs *fields) add(t reflect.Type, prefix []int, hidden map[string]bool) {
	within := maps.Clone(hidden)
	if within == nil {
		within = map[string]bool{}
	}
	for f := range t.Fields() {
		if name, ok := fieldName(f); ok {
			within[name] = true
		}
	}
	for i := range t.NumField() {
		f := t.Field(i)
		name, ok := fieldName(f)
		index := append(append([]int{}, prefix...), i)
		switch {
		case embedded(f):
			fs.add(f.Type, index, within)
			continue
		case !ok || hidden[name]:
			continue
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

// fieldName is what a field is called in JSON; an embedded struct has no name.
func fieldName(f reflect.StructField) (name string, ok bool) {
	name, _, _ = strings.Cut(f.Tag.Get("json"), ",")
	switch {
	case !f.IsExported() || name == "-" || embedded(f):
		return "", false
	case name == "":
		name = f.Name
	}
	return name, true
}

// embedded reports whether the fields of a field count as the outer struct's.
func embedded(f reflect.StructField) bool {
	name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	return f.Anonymous && name == "" && f.Type.Kind() == reflect.Struct
}
