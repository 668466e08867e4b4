package web

import (
	"strings"

	"github.com/breachledger/breachledger/internal/incidents"
)

// How filters and their values are called.

// vocabularyFilter is a filter whose values are a closed list.
type vocabularyFilter struct {
	name, title string
	v           incidents.Vocabulary
}

// vocabularyFilters are they in the order of the form.
func vocabularyFilters() []vocabularyFilter {
	return []vocabularyFilter{
		{"category", "Category", incidents.DataBreach.Vocabulary()},
		{"sector", "Sector of those breached", incidents.SectorUnknown.Vocabulary()},
		{"vector", "Way in", incidents.Phishing.Vocabulary()},
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
	"q", "payment", "unanswered", "contested", "category", "vector", "sector", "data_class", "payment_method", "response", "unit", "support",
	"actor_kind", "role", "certainty", "publication", "actor", "country", "tag", "compilations", "min_victims", "max_victims", "date", "from", "to", "updated_since",
}

// isListed tells the parameters that take several values.
var isListed = map[string]bool{
	"category": true, "vector": true, "sector": true, "data_class": true, "payment_method": true, "response": true, "unit": true,
	"support": true, "actor_kind": true, "role": true, "certainty": true, "publication": true, "actor": true, "country": true, "tag": true,
}

var filterTitles = map[string]string{
	"q": "Words", "payment": "Payments", "unanswered": "Response", "contested": "Attribution", "publication": "State", "actor": "Actor",
	"country": "Country", "tag": "Tag", "min_victims": "At least", "max_victims": "At most", "date": "Date", "from": "From", "to": "Until",
	"updated_since": "Updated since", "compilations": "Compilations", "state": "Promise",
}

func filterTitle(name string) string {
	if title, ok := filterTitles[name]; ok {
		return title
	}
	for _, g := range vocabularyFilters() {
		if g.name == name {
			return g.title
		}
	}
	return name
}

// flagWords are the two sides of the filters that are true or false.
var flagWords = map[string][2]string{
	"payment":      {"Payments only", "Others only"},
	"unanswered":   {"None recorded", "Some recorded"},
	"contested":    {"Contested", "Not contested"},
	"compilations": {"Included", "Left out"},
}

// dateWord is what the dates of a filter are about.
var dateWord = map[string]string{"disclosed": "Became public", "occurred": "Happened", "discovered": "Was discovered"}

func filterWords(name, value string) string {
	if words, ok := flagWords[name]; ok {
		if value == "true" {
			return words[0]
		}
		return words[1]
	}
	switch name {
	case "country":
		if len(value) != 2 { // "USA" would be read as the country it is not accepted for
			return value
		}
		return country(strings.ToUpper(value))
	case "publication":
		return incidents.Draft.Vocabulary().Label(value)
	case "date":
		return dateWord[value]
	case "min_victims", "max_victims":
		if n := (&params{Values: map[string][]string{name: {value}}}).number(name); n != nil {
			return incidents.Number(*n)
		}
	}
	for _, g := range vocabularyFilters() {
		if g.name == name {
			return sentence(g.v.Label(value))
		}
	}
	return value
}
