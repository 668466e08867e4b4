package strict

import (
	"encoding"
	"math"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"
)

// text decodes into a type that reads text itself. One that also has JSON
// fields, such as a reference to an actor, takes an object as well.
func (d *decoder) text(pointer string, n *Node, v reflect.Value) {
	objectToo := v.Kind() == reflect.Struct && len(fieldsOf(v.Type()).byName) > 0
	// "disclosed: 2014" in YAML is a year whose quotes nobody missed.
	unquoted := n.plain && n.Kind == Number && !objectToo
	switch {
	case n.Kind == String && n.Text == "" && !objectToo:
		d.add(pointer, "is empty: leave it out, or send null") // it would read as nothing at all
	case n.Kind == String || unquoted:
		if err := v.Addr().Interface().(encoding.TextUnmarshaler).UnmarshalText([]byte(n.Text)); err != nil {
			d.add(pointer, "%s", err)
		}
	case objectToo && n.Kind == Object:
		d.object(pointer, n, v)
	case objectToo:
		d.add(pointer, "must be a string or an object")
	default:
		d.add(pointer, "must be a string")
	}
}

var wholeNumber = regexp.MustCompile(`^-?(0|[1-9][0-9]*)$`)

// integer takes the digits as they stand: 1.0, 1e3, 007 and 0x1F are not
// whole numbers in every reader.
func (d *decoder) integer(pointer string, n *Node, v reflect.Value) {
	if n.Kind != Number || !wholeNumber.MatchString(n.Text) {
		d.add(pointer, "must be a whole number")
		return
	}
	bits := v.Type().Bits()
	i, err := strconv.ParseInt(n.Text, 10, bits)
	if err != nil {
		limit := int64(math.MaxInt64) >> (64 - bits)
		d.add(pointer, "must be a whole number from %d to %d", -limit-1, limit)
		return
	}
	v.SetInt(i)
}

var decimalNumber = regexp.MustCompile(`^-?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?$`)

const (
	maxDecimalText     = 100
	maxDecimalExponent = 100
)

// decimal reads the digits of a number or a string, never by way of a float.
// A huge exponent is refused here: written out, "1e999999999" is a gigabyte.
func (d *decoder) decimal(pointer string, n *Node, v reflect.Value) {
	if n.Kind != Number && n.Kind != String || !decimalNumber.MatchString(n.Text) {
		d.add(pointer, "must be a decimal number")
		return
	}
	if len(n.Text) > maxDecimalText {
		d.add(pointer, "must be a decimal number of at most %d characters", maxDecimalText)
		return
	}
	if i := strings.IndexAny(n.Text, "eE"); i >= 0 {
		if e, err := strconv.Atoi(n.Text[i+1:]); err != nil || e > maxDecimalExponent || e < -maxDecimalExponent {
			d.add(pointer, "must be a decimal number with an exponent from -%d to %d", maxDecimalExponent, maxDecimalExponent)
			return
		}
	}
	parsed, err := decimal.NewFromString(n.Text)
	if err != nil {
		d.add(pointer, "must be a decimal number")
		return
	}
	v.Set(reflect.ValueOf(parsed))
}

// id takes the one usual spelling. The zero id names nothing, and would read
// as no id at all.
func (d *decoder) id(pointer string, n *Node, v reflect.Value) {
	const usual = 36
	parsed, err := uuid.Parse(n.Text)
	if n.Kind != String || len(n.Text) != usual || err != nil || parsed == uuid.Nil {
		d.add(pointer, "must be an id (UUID)")
		return
	}
	v.Set(reflect.ValueOf(parsed))
}

func (d *decoder) time(pointer string, n *Node, v reflect.Value) {
	parsed, err := time.Parse(time.RFC3339, n.Text)
	if n.Kind != String || err != nil {
		d.add(pointer, "must be a time such as 2014-10-28T09:30:00Z")
		return
	}
	v.Set(reflect.ValueOf(parsed))
}
