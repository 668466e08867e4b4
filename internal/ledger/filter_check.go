package ledger

import (
	"slices"
	"unicode/utf8"

	"github.com/breachledger/breachledger/internal/incidents"
)

// Limits of a filter.
const (
	maxFilterText = 1000 // characters of a search, and bytes of any other text
	maxFilterList = 200  // values of one field
)

// problems is everything that is wrong with a filter. The pointers are the
// names of the list's parameters: "/category".
func (f Filter) problems() incidents.Problems {
	var p incidents.Problems
	if !storable(f.Query) || utf8.RuneCountInString(f.Query) > maxFilterText {
		p.Add("/q", "must be valid text without the character U+0000, at most %d characters", maxFilterText)
	}
	filterTerms(&p, "/category", f.Categories)
	filterTerms(&p, "/certainty", f.Certainties)
	filterTerms(&p, "/publication", f.Publications)
	filterTerms(&p, "/vector", f.Vectors)
	filterTerms(&p, "/data_class", f.DataClasses)
	filterTerms(&p, "/payment_method", f.PaymentMethods)
	filterTerms(&p, "/sector", f.Sectors)
	filterTerms(&p, "/actor_kind", f.ActorKinds)
	filterTerms(&p, "/role", f.Roles)
	filterTerms(&p, "/unit", f.Units)
	filterTerms(&p, "/support", f.Supports)
	filterTerms(&p, "/response", f.Responses)
	for _, code := range f.Countries {
		if !incidents.KnownCountry(code) {
			p.Add("/country", "%s", incidents.UnknownCountry(code))
		}
	}
	filterTexts(&p, "/actor", f.Actors)
	filterTexts(&p, "/tag", f.Tags)
	if dates := []string{string(ByDisclosed), string(ByOccurred), string(ByDiscovered)}; f.Date != "" && !slices.Contains(dates, string(f.Date)) {
		p = append(p, incidents.Problem{Pointer: "/date", Detail: "is not a date that can be filtered by", Allowed: dates})
	}
	if year := f.UpdatedSince.Year(); !f.UpdatedSince.IsZero() && (year < 1 || year > 9999) {
		p.Add("/updated_since", "must be in the years 1 to 9999")
	}
	return p
}

func filterTerms[T incidents.Worded](p *incidents.Problems, pointer string, values []T) {
	if len(values) > maxFilterList {
		p.Add(pointer, "must have at most %d values", maxFilterList)
	}
	for _, v := range values {
		if voc := v.Vocabulary(); !voc.Has(string(v)) {
			*p = append(*p, incidents.Problem{Pointer: pointer, Detail: "is not a known " + voc.Name, Allowed: voc.Values()})
			return
		}
	}
}

func filterTexts(p *incidents.Problems, pointer string, values []string) {
	if len(values) > maxFilterList {
		p.Add(pointer, "must have at most %d values", maxFilterList)
	}
	for _, v := range values {
		if !storable(v) || len(v) > maxFilterText {
			p.Add(pointer, "must be valid text without the character U+0000, at most %d bytes", maxFilterText)
			return
		}
	}
}
