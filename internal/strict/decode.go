package strict

import (
	"encoding"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"github.com/breachledger/breachledger/internal/incidents"
)

// Options change what is decoded.
type Options struct {
	// ReadOnly decodes the fields that are tagged readOnly:"true" too, as a
	// backup needs. Otherwise they are skipped whatever their value, so that
	// what was read can be sent back.
	ReadOnly bool
	// RefuseReadOnly reports them instead, for files that a person writes.
	RefuseReadOnly bool
}

// maxProblems keeps the answer to a hostile document in proportion to it.
const maxProblems = 1000

// Decode fills in the struct that into points to, by its json tags, and
// returns everything that does not fit, each with its JSON Pointer. Names match
// in their exact case. null leaves a field as it is. Items of a list that do
// not fit keep their place, so that the indexes of later problems are right.
//
// Fields may be strings, bools, integers, decimals, ids, times, slices,
// structs, pointers to these, types that read text themselves
// (encoding.TextUnmarshaler: from a string, and when they have JSON fields also
// from an object), and *Node, which takes the value undecoded. Anything else is
// a mistake in the program and panics.
func Decode(n *Node, into any, o Options) incidents.Problems {
	v := reflect.ValueOf(into)
	if v.Kind() != reflect.Pointer || v.IsNil() {
		panic(fmt.Sprintf("strict: Decode into %T, which is no pointer", into))
	}
	d := &decoder{options: o}
	if n.Kind == Null {
		d.add("", "must not be null")
	} else {
		d.value("", n, v.Elem())
	}
	return d.problems
}

type decoder struct {
	options  Options
	problems incidents.Problems
}

var (
	nodeType    = reflect.TypeFor[*Node]()
	uuidType    = reflect.TypeFor[uuid.UUID]()
	timeType    = reflect.TypeFor[time.Time]()
	decimalType = reflect.TypeFor[decimal.Decimal]()
	textType    = reflect.TypeFor[encoding.TextUnmarshaler]()
)

// add reports whether there was room for the problem.
func (d *decoder) add(pointer, format string, args ...any) bool {
	if len(d.problems) == maxProblems {
		return false
	}
	d.problems.Add(pointer, format, args...)
	return true
}

func (d *decoder) value(pointer string, n *Node, v reflect.Value) {
	t := v.Type()
	switch {
	case t == nodeType:
		v.Set(reflect.ValueOf(n))
	case n.Kind == Null:
	case t.Kind() == reflect.Pointer:
		fresh := reflect.New(t.Elem())
		d.value(pointer, n, fresh.Elem())
		v.Set(fresh)
	case t == uuidType:
		d.id(pointer, n, v)
	case t == timeType:
		d.time(pointer, n, v)
	case t == decimalType:
		d.decimal(pointer, n, v)
	case reflect.PointerTo(t).Implements(textType):
		d.text(pointer, n, v)
	case t.Kind() == reflect.Struct:
		d.object(pointer, n, v)
	case t.Kind() == reflect.Slice:
		d.list(pointer, n, v)
	case t.Kind() == reflect.String:
		if d.is(n, String, pointer, "must be a string") {
			v.SetString(n.Text)
			d.named(pointer, v)
		}
	case t.Kind() == reflect.Bool:
		if d.is(n, Bool, pointer, "must be true or false") {
			v.SetBool(n.Text == "true")
		}
	case v.CanInt():
		d.integer(pointer, n, v)
	default:
		panic("strict: cannot decode into " + t.String() + " at " + pointer)
	}
}

// named refuses a value of a vocabulary that is empty: it would read as none at
// all. What else is no value of it, is for the rules of the domain to say.
func (d *decoder) named(pointer string, v reflect.Value) {
	value, closed := v.Interface().(interface{ Vocabulary() incidents.Vocabulary })
	if !closed || v.String() != "" {
		return
	}
	if voc := value.Vocabulary(); d.add(pointer, "is empty, which is not a known %s: leave it out, or send null", strings.ReplaceAll(voc.Name, "_", " ")) {
		d.problems[len(d.problems)-1].Allowed = voc.Values()
	}
}

func (d *decoder) is(n *Node, k Kind, pointer, otherwise string) bool {
	if n.Kind != k {
		d.add(pointer, "%s", otherwise)
	}
	return n.Kind == k
}

func (d *decoder) object(pointer string, n *Node, v reflect.Value) {
	if !d.is(n, Object, pointer, "must be an object") {
		return
	}
	known := fieldsOf(v.Type())
	for _, m := range n.Members {
		f, ok := known.byName[m.Name]
		at := pointer + "/" + Escape(m.Name)
		switch {
		case !ok:
			problem := "is not a known field"
			if m.cut {
				problem += ": within braces a comma ends a value, so put a text or figure that has one in quotes"
			}
			if d.add(at, "%s", problem) {
				d.problems[len(d.problems)-1].Allowed = known.names
			}
		case f.readOnly && d.options.RefuseReadOnly:
			d.add(at, "must be left out: it is not for the writer to say")
		case f.readOnly && !d.options.ReadOnly:
		default:
			d.value(at, m.Value, v.FieldByIndex(f.index))
		}
	}
}

func (d *decoder) list(pointer string, n *Node, v reflect.Value) {
	if !d.is(n, List, pointer, "must be a list") {
		return
	}
	v.Set(reflect.MakeSlice(v.Type(), len(n.Items), len(n.Items)))
	for i, item := range n.Items {
		at := pointer + "/" + strconv.Itoa(i)
		if item.Kind == Null {
			d.add(at, "must not be null")
			continue
		}
		d.value(at, item, v.Index(i))
	}
}
