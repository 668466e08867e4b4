package web

import (
	"regexp"
	"strings"

	"github.com/breachledger/breachledger/internal/incidents"
)

// said finds in what the domain says of a document, which whoever sends one by the
// API reads too, what a form calls otherwise: pointers to rows, and terms that are
// several words. What somebody typed stands in quotes, and is left as it is.
var said = regexp.MustCompile(`"(?:[^"\\]|\\.)*"|/(?:participants|counts|losses|attributions|responses|sources|external_refs)/\d+(?:/\w+)*|\b[a-z]+(?:_[a-z]+)+\b`)

// formWords is what is wrong with a field in the words of the form.
func formWords(field, detail string) string {
	if strings.HasSuffix(field, "/name") && strings.HasPrefix(detail, "is required") {
		return "is required" // the other ways to name somebody are not those of a form
	}
	switch {
	case detail == "must be a whole number":
		return detail + ", such as 1200000, 1,200,000 or 1.2 million"
	case detail == "must be a decimal number":
		return detail + ", such as 1200000.50, 1,200,000 or 1.2 million"
	case strings.HasPrefix(detail, "is required, as the incident has 0 sources"):
		return "is required with a sentence: say which source it is from"
	case strings.HasPrefix(detail, "the quote stands in the text "): // a form has no field for an occurrence
		return strings.Replace(detail, "say which by occurrence:", "quote more, so that it stands there once:", 1)
	}
	return said.ReplaceAllStringFunc(detail, func(part string) string {
		switch part[0] {
		case '"':
			return part
		case '/':
			return lower(place(part))
		default:
			return termWords(part)
		}
	})
}

// termWords is the label of a term; of anything else, as it is.
func termWords(value string) string {
	for _, v := range incidents.Vocabularies() {
		if v.Has(value) {
			return lower(v.Label(value))
		}
	}
	return value
}
