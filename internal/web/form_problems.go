package web

import (
	"cmp"
	"slices"
	"strings"

	"github.com/breachledger/breachledger/internal/incidents"
)

// formOrder is how the parts of an incident follow each other in its form.
var formOrder = []string{
	"title", "category", "certainty", "summary", "participants", "counts", "sources", "responses", "attributions", "losses", "occurred", "discovered",
	"disclosed", "contained", "countries", "vectors", "data_classes", "payment_methods", "tags", "slug", "external_refs",
}

// shownProblem is a problem in the list above a form.
type shownProblem struct {
	Where, Href, Detail string
	Allowed             []string
}

// Problems are all problems in the order of the form, each with the field that it
// leads to.
func (f *form) Problems() []shownProblem {
	sorted := slices.Clone(f.problems)
	slices.SortStableFunc(sorted, func(a, b incidents.Problem) int {
		partA, rowA := formPlace(a.Pointer)
		partB, rowB := formPlace(b.Pointer)
		return cmp.Or(cmp.Compare(partA, partB), cmp.Compare(rowA, rowB))
	})
	out := make([]shownProblem, len(sorted))
	for i, p := range sorted {
		field := fieldOf(p.Pointer, f)
		out[i] = shownProblem{Where: place(p.Pointer), Href: "#" + fieldID(field), Detail: formWords(field, p.Detail)}
	}
	return out
}

// formPlace is the part of the form to which a pointer leads, and the row in it.
func formPlace(pointer string) (part, row int) {
	name, rest, _ := strings.Cut(strings.TrimPrefix(pointer, "/"), "/")
	number, _, _ := strings.Cut(rest, "/")
	row, _ = index(number)
	return slices.Index(formOrder, name), row
}
