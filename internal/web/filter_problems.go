package web

import (
	"strings"

	"github.com/breachledger/breachledger/internal/incidents"
)

// What is wrong with the parameters of a page, in words, and at its fields.

// listFields are the ids of the fields of the list whose name is not theirs.
var listFields = map[string]string{
	"q": "q", "sort": "sort", "min_victims": "f-min", "max_victims": "f-max", "date": "f-date", "from": "f-from", "to": "f-to", "actor": "f-actor",
	"updated_since": "f-since", "country": "f-country", "tag": "f-tag",
}

// filterProblems are problems of parameters with the fields that they lead to,
// if the page has them.
func filterProblems(problems incidents.Problems, fields map[string]string) []shownProblem {
	out := make([]shownProblem, len(problems))
	for i, p := range problems {
		name := strings.TrimPrefix(p.Pointer, "/")
		out[i] = shownProblem{Where: sentence(strings.ReplaceAll(filterTitle(name), "_", " ")), Detail: p.Detail, Allowed: p.Allowed}
		if id := fields[name]; id != "" {
			out[i].Href = "#" + id
		}
	}
	return out
}

// errorsOf are the details of problems, each with the name of its parameter.
func errorsOf(problems incidents.Problems) map[string]string {
	out := map[string]string{}
	for _, p := range problems {
		out[strings.TrimPrefix(p.Pointer, "/")] = p.Detail
	}
	return out
}

// filterField is a field of a form of filters.
func filterField(name, id, label, help, value string, errors map[string]string) field {
	out := field{Name: name, ID: id, Label: label, Help: help, Value: value}
	if detail := errors[name]; detail != "" {
		out.Errors = []string{sentence(detail)}
	}
	return out
}

// Field is a field of the list's form.
func (f *filterForm) Field(name, label, help string) field {
	return filterField(name, listFields[name], label, help, f.Texts[name], f.Errors)
}

// OtherField is the field for values of an open filter beyond the choices.
func (f *filterForm) OtherField(g choiceGroup) field {
	label := g.Other
	if len(g.Choices) == 0 {
		label = g.Title
	}
	return filterField(g.Name, listFields[g.Name], label, g.Help, g.Rest, f.Errors)
}

// Field is a field above the report on responses.
func (f *responseFilters) Field(name, label, placeholder string) field {
	value := map[string]string{"actor": f.Actor, "from": f.From, "to": f.To}[name]
	out := filterField(name, name, label, "", value, f.Errors)
	out.Placeholder = placeholder
	return out
}
