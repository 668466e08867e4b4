package csvfile

import (
	"fmt"
	"slices"
	"strings"

	"github.com/breachledger/breachledger/internal/incidents"
)

// mostValues is how many a cell may have: as many as an incident can have of anything.
const mostValues = 2000

// reading is a row on its way to an incident.
type reading struct {
	m        *Mapping
	index    map[string]int // of the columns
	cells    []string
	from     map[string]*rule // pointer → what gave the value
	problems incidents.Problems
	values   []string             // of the problems, as far as they are of a part of a cell
	all      []incidents.Evidence // the sources of the row, as evidence
	roles    map[roleOf]bool      // of the participants
}

// roleOf is a role of an actor.
type roleOf struct {
	actor string // the key
	role  incidents.Role
}

func newReading(m *Mapping, t *table) *reading {
	return &reading{m: m, index: t.index, from: map[string]*rule{}, roles: map[roleOf]bool{}}
}

// add adds a problem of the value that a rule gave.
func (x *reading) add(pointer string, r *rule, format string, args ...any) {
	if r != nil {
		x.from[pointer] = r
	}
	x.addOf("", incidents.Problem{Pointer: pointer, Detail: fmt.Sprintf(format, args...)})
}

// addOf adds a problem of one of several values of a cell.
func (x *reading) addOf(value string, p incidents.Problem) {
	x.problems, x.values = append(x.problems, p), append(x.values, value)
}

// cell is what stands in a column, "" where the row has no such cell.
func (x *reading) cell(column string) string {
	i, ok := x.index[column]
	if !ok || i >= len(x.cells) {
		return ""
	}
	if x.m.own {
		return strings.TrimSpace(Plain(x.cells[i]))
	}
	return strings.TrimSpace(x.cells[i])
}

// raw is the text that a rule reads, before it is taken apart. A template of
// which a column says nothing says nothing.
func (x *reading) raw(r *rule) string {
	if r.column != "" {
		return x.cell(r.column)
	}
	for _, c := range r.columns {
		if x.m.empty[foldWord(x.cell(c))] {
			return ""
		}
	}
	return templateColumn.ReplaceAllStringFunc(r.template, func(name string) string {
		return x.cell(strings.TrimSpace(name[1 : len(name)-1]))
	})
}

// many are the values that a rule gives to a field with several.
func (x *reading) many(pointer string, r *rule) []string {
	if r == nil {
		return nil
	}
	x.from[pointer] = r
	if r.constant != nil {
		return r.constant
	}
	raw := x.raw(r)
	// A table may translate the whole cell.
	if means, ok := r.values[foldWord(raw)]; ok {
		return means
	}
	var items []string
	switch {
	case x.m.own:
		items = unlist(raw)
	case r.separator != "":
		items = strings.Split(raw, r.separator)
	default:
		items = strings.Split(raw, x.m.separator)
	}
	if len(items) > mostValues {
		x.add(pointer, r, "has %s values, which is more than an incident can hold", incidents.Number(int64(len(items))))
		return nil
	}
	var out []string
	for _, item := range items {
		out = append(out, x.means(r, strings.TrimSpace(item))...)
	}
	return out
}

// one is the value that a rule gives to a field with one, "" when it says nothing.
func (x *reading) one(pointer string, r *rule) string {
	if r == nil {
		return ""
	}
	x.from[pointer] = r
	values := r.constant
	if values == nil {
		values = x.means(r, x.raw(r))
	}
	if len(values) > 1 {
		x.add(pointer, r, "means several values, where there may be one: %s", strings.Join(values, ", "))
	}
	if len(values) == 0 {
		return ""
	}
	return values[0]
}

// line is one value without line breaks.
func (x *reading) line(pointer string, r *rule) string { return x.oneLine(x.one(pointer, r)) }

// oneLine makes one space of any white space. What we wrote ourselves stays.
func (x *reading) oneLine(s string) string {
	if x.m.own {
		return s
	}
	return strings.Join(strings.Fields(s), " ")
}

// means translates a word by the rule's table.
func (x *reading) means(r *rule, word string) []string {
	folded := foldWord(word)
	if means, ok := r.values[folded]; ok {
		return means
	}
	switch {
	case x.m.empty[folded]:
		return nil
	case r.hasOther:
		return r.otherwise
	default:
		return []string{word}
	}
}

// holds reports whether a part of the mapping applies to the row.
func (x *reading) holds(c *condition) bool {
	if c == nil {
		return true
	}
	word := foldWord(x.cell(c.column))
	if c.is != nil {
		return c.is[word]
	}
	return !x.m.empty[word]
}

func (x *reading) date(pointer string, r *rule) incidents.PartialDate {
	text := x.one(pointer, r)
	if text == "" {
		return incidents.PartialDate{}
	}
	formats := x.m.dates
	if r.dates != nil {
		formats = r.dates
	}
	d, err := parseDate(text, formats)
	if err != nil {
		x.add(pointer, r, "%s", err)
	}
	return d
}

func (x *reading) numberFormat(r *rule) numberFormat {
	if r.numbers != nil {
		return *r.numbers
	}
	return x.m.numbers
}

// termOf is a value of a vocabulary: the value itself, or its label in any case.
func termOf[T incidents.Worded](x *reading, pointer string, r *rule) T {
	return toTerm[T](x, pointer, r, x.one(pointer, r))
}

func termsOf[T incidents.Worded](x *reading, pointer string, r *rule) []T {
	var out []T
	for _, word := range x.many(pointer, r) {
		if t := toTerm[T](x, pointer, r, word); t != "" && !slices.Contains(out, t) {
			out = append(out, t)
		}
	}
	return out
}

func toTerm[T incidents.Worded](x *reading, pointer string, r *rule, word string) T {
	var none T
	if word == "" {
		return none
	}
	voc := none.Vocabulary()
	folded := foldWord(word)
	for _, t := range voc.Terms {
		if folded == t.Value || folded == foldWord(t.Label) {
			return T(t.Value)
		}
	}
	detail := "is not a known " + strings.ReplaceAll(voc.Name, "_", " ")
	if r != nil && len(r.all()) > 0 && !x.m.own {
		detail += "; the values of the mapping can say what it means"
	}
	x.addOf(word, incidents.Problem{Pointer: pointer, Detail: detail, Allowed: voc.Values()})
	return none
}
