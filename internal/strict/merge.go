package strict

import (
	"reflect"

	"github.com/breachledger/breachledger/internal/incidents"
)

// Merge applies a JSON Merge Patch (RFC 7396) to the struct that into points
// to: members replace fields, null removes what a field holds, objects merge
// into objects, and lists replace lists. A field that names something (an actor)
// is replaced whole, also by an object. Problems are those of [Decode].
func Merge(n *Node, into any, o Options) incidents.Problems {
	d := &decoder{options: o}
	d.merge("", n, reflect.ValueOf(into).Elem())
	return d.problems
}

func (d *decoder) merge(pointer string, n *Node, v reflect.Value) {
	if !d.is(n, Object, pointer, "must be an object") {
		return
	}
	known := fieldsOf(v.Type())
	rest := &Node{Kind: Object, Line: n.Line, Column: n.Column}
	for _, m := range n.Members {
		f, ok := known.byName[m.Name]
		if !ok || f.readOnly && !d.options.ReadOnly {
			rest.Members = append(rest.Members, m)
			continue
		}
		field := v.FieldByIndex(f.index)
		switch {
		case m.Value.Kind == Null:
			field.SetZero()
		case naming(field.Type()):
			field.SetZero() // what it named before is nothing to the new name
			rest.Members = append(rest.Members, m)
		case m.Value.Kind == Object && mergeable(field.Type()):
			d.merge(pointer+"/"+Escape(m.Name), m.Value, field)
		default:
			rest.Members = append(rest.Members, m)
		}
	}
	d.object(pointer, rest, v)
}

// mergeable types are plain objects.
func mergeable(t reflect.Type) bool {
	return t.Kind() == reflect.Struct && t != timeType && t != decimalType && !naming(t)
}

// naming types are structs that read text themselves: they name something (an
// actor), or are one value (a date).
func naming(t reflect.Type) bool {
	return t.Kind() == reflect.Struct && t != timeType && t != decimalType && reflect.PointerTo(t).Implements(textType)
}
