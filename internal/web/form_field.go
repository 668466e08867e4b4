package web

import (
	"slices"
	"strings"

	"github.com/breachledger/breachledger/internal/incidents"
)

// field is one field of a form as a template writes it.
type field struct {
	Name, ID, Label, Help string
	Placeholder           string
	Value                 string
	Choices               []choice
	Errors                []string
	Required              bool
}

// Field is the field of that pointer.
func (f *form) Field(pointer, label, help string) field {
	return field{
		Name: pointer, ID: fieldID(pointer), Label: label, Help: help, Value: strings.Join(f.values[pointer], ", "), Errors: f.errorsAt(pointer),
		Required: pointer == "/title" || pointer == "/category" || pointer == "/kind",
	}
}

// Optional is the field where its page does without it, as another of that name does
// not: a source can do without a headline, and an incident cannot.
func (f field) Optional() field {
	f.Required = false
	return f
}

func fieldID(pointer string) string { return "f" + strings.ReplaceAll(pointer, "/", "-") }

// errorsAt are the problems of a field: its own, and those of what it stands for
// (an actor is asked for by its name, a quote by its words).
func (f *form) errorsAt(pointer string) []string {
	var out []string
	for _, p := range f.problems {
		if fieldOf(p.Pointer, f) == pointer {
			out = append(out, sentence(formWords(pointer, p.Detail))) // what is allowed stands in the field to choose from
		}
	}
	return out
}

// Select is a field with the values of a vocabulary to choose from.
func (f *form) Select(pointer, label, vocabulary, none string) field {
	out := f.Field(pointer, label, "")
	if none != "-" {
		out.Choices = append(out.Choices, choice{Label: none, On: out.Value == ""})
	}
	for _, v := range incidents.Vocabularies() {
		if v.Name != vocabulary {
			continue
		}
		for _, t := range v.Terms {
			name := sentence(t.Label)
			if name == "" {
				name = "Exactly"
			}
			out.Choices = append(out.Choices, choice{Value: t.Value, Label: name, Hint: t.Meaning, On: t.Value == out.Value})
		}
	}
	return out
}

// OneFigure is a field for the qualifier of a lone amount; exactly is to say none.
func (f *form) OneFigure(pointer, label string) field {
	out := f.Select(pointer, label, "qualifier", "Exactly")
	out.Choices = slices.DeleteFunc(out.Choices, func(c choice) bool {
		q := incidents.Qualifier(c.Value)
		return q == incidents.Exact || c.Value != "" && q.Takes() != incidents.OneFigure
	})
	return out
}

// Boxes is a field with a box to tick for each value of a vocabulary.
func (f *form) Boxes(pointer, label, vocabulary string) field {
	out := f.Select(pointer, label, vocabulary, "-")
	for i := range out.Choices {
		out.Choices[i].On = slices.Contains(f.values[pointer], out.Choices[i].Value)
	}
	return out
}

// Pick is a field that names another row of the form.
func (f *form) Pick(pointer, label, of, none string) field {
	out := f.Field(pointer, label, "")
	out.Choices = []choice{{Label: none, On: out.Value == ""}}
	for _, row := range f.rowsToName(of) {
		if !strings.HasPrefix(pointer, row.at) {
			out.Choices = append(out.Choices, choice{Value: row.value, Label: row.label, On: row.value == out.Value})
		}
	}
	if of == "/sources" {
		for _, c := range f.sources {
			c.On = c.Value == out.Value
			out.Choices = append(out.Choices, c)
		}
	}
	return out
}

// Among is a field with something of the incident to choose from, or nothing.
func (f *form) Among(pointer, label string, of []choice) field {
	out := f.Field(pointer, label, "")
	out.Choices = append([]choice{{Label: "none", On: out.Value == ""}}, of...)
	for i := range out.Choices {
		out.Choices[i].On = out.Choices[i].Value == out.Value
	}
	return out
}

// Address is the field for a source that is no part of the incident yet.
func (f *form) Address(typed string) field {
	const pointer = "/evidence/0/source/url"
	return field{Name: "url", ID: fieldID(pointer), Label: "Another source, by its address", Help: "https://…", Value: typed, Errors: f.errorsAt(pointer)}
}

// Get is what a hidden field holds.
func (f *form) Get(pointer string) string { return f.get(pointer) }

// On reports whether a box is ticked.
func (f *form) On(pointer string) bool { return f.get(pointer) == "true" }

// Uses reports whether something was typed below a pointer, so that it is not
// folded away.
func (f *form) Uses(pointers ...string) bool {
	for _, pointer := range pointers {
		for _, name := range f.below(pointer) {
			if strings.TrimSpace(strings.Join(f.values[name], "")) != "" {
				return true
			}
		}
		for _, p := range f.problems {
			if p.Pointer == pointer || strings.HasPrefix(p.Pointer, pointer+"/") {
				return true
			}
		}
	}
	return false
}
