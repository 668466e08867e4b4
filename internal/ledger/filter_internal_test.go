package ledger

import (
	"reflect"
	"testing"
	"time"

	"github.com/breachledger/breachledger/internal/incidents"
)

// TestNoFilter: whatever is asked for, a filter is one; also by a field to come.
func TestNoFilter(t *testing.T) {
	t.Parallel()
	empty := Filter{Date: ByOccurred, Query: "words"}
	if !empty.none() {
		t.Error("words and a date's name are taken for a filter")
	}
	day, err := incidents.ParseDate("2026-11")
	if err != nil {
		t.Fatal(err)
	}
	for i := range reflect.TypeFor[Filter]().NumField() {
		var f Filter
		field := reflect.ValueOf(&f).Elem().Field(i)
		name := reflect.TypeFor[Filter]().Field(i).Name
		switch into := field.Addr().Interface().(type) {
		case *time.Time:
			*into = time.Now()
		case *incidents.PartialDate:
			*into = day
		case *bool:
			if *into = true; name == "TextsClosed" {
				continue // which is about the words
			}
		case *DateField:
			*into = "another"
		case *string:
			continue // the words
		default:
			switch field.Kind() {
			case reflect.Slice:
				field.Set(reflect.MakeSlice(field.Type(), 1, 1))
			case reflect.Pointer:
				field.Set(reflect.New(field.Type().Elem()))
			default:
				t.Fatalf("%s is a %s", name, field.Type())
			}
		}
		if f.none() {
			t.Errorf("%s is taken for no filter", name)
		}
	}
}
