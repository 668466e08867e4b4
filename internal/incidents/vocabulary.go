package incidents

import (
	"slices"
	"strings"
)

// Term is one value of a closed vocabulary.
type Term struct {
	Value   string // as stored and sent, for example "data_breach"
	Label   string // as a page writes it, for example "Data breach"
	Meaning string // one sentence for documentation
	VERIS   string // what it maps to in VERIS, "" when VERIS has no place for it
}

// Vocabulary is a closed list of values, mirrored by a Postgres type of the
// same name.
type Vocabulary struct {
	Name  string
	Terms []Term
}

// Values lists the values in their order of definition.
func (v Vocabulary) Values() []string {
	out := make([]string, len(v.Terms))
	for i, t := range v.Terms {
		out[i] = t.Value
	}
	return out
}

// Has reports whether value belongs to the vocabulary.
func (v Vocabulary) Has(value string) bool {
	return slices.ContainsFunc(v.Terms, func(t Term) bool { return t.Value == value })
}

// Label is the value as a page writes it; a value from elsewhere is written
// with spaces for underscores.
func (v Vocabulary) Label(value string) string {
	for _, t := range v.Terms {
		if t.Value == value {
			return t.Label
		}
	}
	return strings.ReplaceAll(value, "_", " ")
}

// Worded is a value of a closed vocabulary.
type Worded interface {
	~string
	Vocabulary() Vocabulary
}

// Label is a vocabulary value as a page writes it.
func Label[T Worded](value T) string { return value.Vocabulary().Label(string(value)) }

// Vocabularies lists every closed vocabulary. A new value must reach all the
// places that the test of this list names.
func Vocabularies() []Vocabulary {
	return []Vocabulary{
		categories, certainties, publications, vectors, dataClasses, paymentMethods,
		actorKinds, sectors, roles, units, qualifiers, lossKinds, lossScopes,
		bases, confidences, responseKinds, responseStatuses, supports, datePrecisions,
	}
}
