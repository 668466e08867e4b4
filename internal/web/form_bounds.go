package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/breachledger/breachledger/internal/incidents"
)

// What a form can hold. No page here sends more, and what is shown again grows with
// the product of its rows: each of a list offers the others to choose from.
const (
	longestName = 100 // bytes of a field's name
	deepestName = 8   // parts of it: /counts/0/evidence/0/source/url has six
	mostRows    = incidents.MaxClaims
	// mostTaking are those who take part: besides those who are listed, everybody
	// whom a claim names.
	mostTaking = 4 * incidents.MaxClaims
	// mostChoices is how many sources all sentences together can offer.
	mostChoices = 250_000
)

// What an address can ask for. A list shows each value that it is filtered by, with a
// link to the list without it, which has all the others: pages grow with the product.
const (
	longestAddress = 8 << 10 // bytes of its query
	mostValues     = 300     // more than there are boxes to tick
)

// boundedQuery refuses an address that asks for more than any page offers.
func (v *visit) boundedQuery() error {
	if v.URL.Path == signInPath { // it has another address in its own, escaped once more
		return nil
	}
	values := 0
	for _, all := range v.query {
		for _, value := range all {
			values += 1 + strings.Count(value, ",")
		}
	}
	if len(v.URL.RawQuery) > longestAddress || values > mostValues {
		return &badRequestError{status: http.StatusRequestURITooLong, detail: "This address asks for too much at once. Filter by fewer values."}
	}
	return nil
}

// bounded refuses a form that is larger than any of these pages makes.
func bounded(sent url.Values) error {
	rows := map[string]map[string]bool{} // of each list
	for name := range sent {
		pointer, isField := strings.CutPrefix(name, "/")
		if !isField {
			continue
		}
		if len(name) > longestName || strings.Count(name, "/") > deepestName {
			return &badRequestError{detail: "The form has a field that this page does not have."}
		}
		list := ""
		for part := range strings.SplitSeq(pointer, "/") {
			if _, err := strconv.Atoi(part); err == nil {
				if rows[list] == nil {
					rows[list] = map[string]bool{}
				}
				rows[list][part] = true
			}
			list += "/" + part
		}
	}
	sentences := 0
	for list, all := range rows {
		if len(all) > mostRows && (list != "/participants" || len(all) > mostTaking) {
			return errTooManyRows
		}
		if strings.HasSuffix(list, "/evidence") {
			sentences += len(all)
		}
	}
	if sentences*len(rows["/sources"]) > mostChoices {
		return errTooManyRows
	}
	return nil
}

var errTooManyRows = &badRequestError{
	status: http.StatusRequestEntityTooLarge,
	detail: "A form cannot hold an incident with so many rows, and nothing was stored. The API takes one claim at a time.",
}
