package web

import (
	"errors"
	"slices"
	"strings"

	"github.com/breachledger/breachledger/internal/incidents"
)

// filterForm is the form beside the list.
type filterForm struct {
	Query  string
	Groups []choiceGroup
	Flags  []choiceGroup
	Texts  map[string]string
	Errors map[string]string
	Sort   string
	More   bool // something of what is folded away is in use
}

// choiceGroup is a filter with its values to choose from.
type choiceGroup struct {
	Name, Title string
	Choices     []choice
	Open        bool
}

type choice struct {
	Value, Label, Hint string
	On                 bool
}

// vocabularies are the filters whose values are closed lists, in the order of
// the form.
func filterVocabularies() []struct {
	name, title string
	v           incidents.Vocabulary
} {
	return []struct {
		name, title string
		v           incidents.Vocabulary
	}{
		{"category", "Category", incidents.DataBreach.Vocabulary()},
		{"vector", "Way in", incidents.Phishing.Vocabulary()},
		{"sector", "Sector of those breached", incidents.SectorUnknown.Vocabulary()},
		{"data_class", "Data", incidents.DataClass("").Vocabulary()},
		{"payment_method", "Payment method", incidents.PaymentMethod("").Vocabulary()},
		{"response", "Response given", incidents.Denial.Vocabulary()},
		{"unit", "Unit of the count", incidents.People.Vocabulary()},
		{"support", "Evidence of the count", incidents.Quoted.Vocabulary()},
		{"actor_kind", "Kind of those breached", incidents.Company.Vocabulary()},
		{"role", "Role of the actor", incidents.RoleVictim.Vocabulary()},
		{"certainty", "Certainty", incidents.Confirmed.Vocabulary()},
	}
}

// filterNames are the parameters of a list in the order in which they are shown.
var filterNames = []string{
	"q", "payment", "unanswered", "contested", "category", "vector", "sector", "data_class", "payment_method", "response", "unit",
	"support", "actor_kind", "role", "certainty", "publication", "actor", "country", "tag", "min_victims", "max_victims", "date", "from", "to", "updated_since",
}

// listed are the parameters that take several values.
var listed = map[string]bool{
	"category": true, "vector": true, "sector": true, "data_class": true, "payment_method": true, "response": true, "unit": true,
	"support": true, "actor_kind": true, "role": true, "certainty": true, "publication": true, "actor": true, "country": true, "tag": true,
}

var filterTitles = map[string]string{
	"q": "Words", "payment": "Payments", "unanswered": "Response", "contested": "Attribution", "publication": "State", "actor": "Actor",
	"country": "Country", "tag": "Tag", "min_victims": "At least", "max_victims": "At most", "date": "Date", "from": "From", "to": "Until", "updated_since": "Updated since",
}

func filterTitle(name string) string {
	if title, ok := filterTitles[name]; ok {
		return title
	}
	for _, g := range filterVocabularies() {
		if g.name == name {
			return g.title
		}
	}
	return name
}

// flagWords are the two sides of the filters that are true or false.
var flagWords = map[string][2]string{
	"payment":    {"Payments only", "Others only"},
	"unanswered": {"None recorded", "Some recorded"},
	"contested":  {"Contested", "Not contested"},
}

func filterWords(name, value string) string {
	if words, ok := flagWords[name]; ok {
		if value == "true" {
			return words[0]
		}
		return words[1]
	}
	if name == "country" {
		return country(strings.ToUpper(value))
	}
	if name == "publication" {
		return incidents.Draft.Vocabulary().Label(value)
	}
	for _, g := range filterVocabularies() {
		if g.name == name {
			return sentence(g.v.Label(value))
		}
	}
	return value
}

func newFilterForm(p *params, unpublished bool, problems incidents.Problems) filterForm {
	form := filterForm{Query: p.Get("q"), Sort: p.Get("sort"), Texts: map[string]string{}, Errors: map[string]string{}}
	for _, name := range []string{"payment", "unanswered", "contested"} {
		g := choiceGroup{Name: name, Title: filterTitle(name), Choices: []choice{{Label: "Any", On: p.Get(name) == ""}}}
		for i, value := range []string{"true", "false"} {
			g.Choices = append(g.Choices, choice{Value: value, Label: flagWords[name][i], On: p.Get(name) == value})
		}
		form.Flags = append(form.Flags, g)
	}
	groups := filterVocabularies()
	if unpublished {
		groups = append(groups, struct {
			name, title string
			v           incidents.Vocabulary
		}{"publication", "State", incidents.Draft.Vocabulary()})
	}
	for i, group := range groups {
		on := p.list(group.name)
		g := choiceGroup{Name: group.name, Title: group.title, Open: len(on) > 0 || i == 0}
		for _, t := range group.v.Terms {
			g.Choices = append(g.Choices, choice{Value: t.Value, Label: sentence(t.Label), Hint: t.Meaning, On: slices.Contains(on, t.Value)})
		}
		form.Groups = append(form.Groups, g)
	}
	for _, name := range []string{"actor", "country", "tag", "min_victims", "max_victims", "date", "from", "to", "updated_since"} {
		form.Texts[name] = p.Get(name)
		form.More = form.More || p.Get(name) != ""
	}
	for _, problem := range problems {
		form.Errors[strings.TrimPrefix(problem.Pointer, "/")] = problem.Detail
	}
	return form
}

// asProblems takes the problems out of an error.
func asProblems(err error) (incidents.Problems, bool) {
	var problems incidents.Problems
	ok := errors.As(err, &problems)
	return problems, ok
}
