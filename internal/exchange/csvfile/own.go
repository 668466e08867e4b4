package csvfile

import (
	_ "embed" // the mappings of our own forms
	"fmt"
	"slices"
	"sync"
)

//go:embed wide.yaml
var wideYAML []byte

//go:embed long.yaml
var longYAML []byte

// ownNames are those of the mappings of our own forms. No other mapping has one of
// them, since incidents are known again by it.
var ownNames = []string{"wide", "long"}

// ownMapping reads one of our own forms back.
func ownMapping(name string, yaml []byte) *Mapping {
	m, err := parseMapping(name, yaml, true)
	if err != nil {
		panic(err) // the file is part of the program
	}
	m.own = true
	m.empty = map[string]bool{"": true}
	m.numbers = numberFormat{point: "."}
	return m
}

var wideMapping = sync.OnceValue(func() *Mapping {
	m := ownMapping("wide.yaml", wideYAML)
	m.columns = append(m.columns, "publication") // which says whether a row is read
	return m
})

var longMapping = sync.OnceValue(func() *Mapping {
	m := ownMapping("long.yaml", longYAML)
	m.long = true
	m.columns = slices.DeleteFunc(slices.Clone(longColumns), func(c string) bool { return slices.Contains(longOnlyWritten, c) })
	return m
})

// OwnMapping is the mapping of the forms that [EncodeWide] and [EncodeLong]
// write; which of them a file has shows in its columns. Columns may be left out
// or stand in another order, so that a spreadsheet may be begun with the names of
// a few; one that the form doesn't know is an error.
func OwnMapping() *Mapping { return wideMapping() }

// ownForm is the form that a table has. What only the form with one row per claim
// has is the title of an incident by that name, and the kind of a claim.
func ownForm(t *table) *Mapping {
	for _, c := range []string{"incident_title", "claim"} {
		if _, ok := t.index[c]; ok {
			return longMapping()
		}
	}
	return wideMapping()
}

// strange is what is wrong with the columns of a table in one of our forms.
func (m *Mapping) strange(t *table) []string {
	known, needed := wideColumns(), []string(nil) // a missing one is told by row
	if m.long {
		known, needed = longColumns, []string{"incident_title", "category", "claim"}
	}
	var wrong []string
	for _, c := range t.columns {
		if c != "" && !slices.Contains(known, c) {
			wrong = append(wrong, fmt.Sprintf("the column %q is not one of this form; other forms need a mapping", c))
		}
	}
	for _, c := range needed {
		if _, ok := t.index[c]; !ok {
			wrong = append(wrong, fmt.Sprintf("there is no column %q, which the form with one row per claim must have", c))
		}
	}
	return wrong
}
