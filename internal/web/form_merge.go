package web

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/breachledger/breachledger/internal/incidents"
)

// Two people may change one incident at once. Whoever saves last gets a form with what
// both did: a field, a claim or any other row that only one of them changed is theirs who
// changed it. A claim is taken whole: half of one and half of another would be a claim
// that nobody makes. What both changed is mine.

// oneValued are the fields of the form that hold one value.
var oneValued = []string{
	"/title", "/category", "/certainty", "/summary", "/occurred/from", "/occurred/to", "/discovered", "/disclosed", "/contained", "/slug",
}

// asked are the lists of the form, and the fields of their rows that it asks for. A stored
// document has more, which the server derives.
var asked = map[string][]string{
	"/participants":  {"actor/name", "role", "actor/kind", "actor/sector"},
	"/counts":        {"qualifier", "quantity", "low", "high", "unit", "claimed_by/name", "counted", "as_of", "supersedes", "part_of", "headline"},
	"/losses":        {"kind", "qualifier", "amount", "low", "high", "currency", "scope", "claimed_by/name", "converted/qualifier", "converted/amount", "converted/currency"},
	"/attributions":  {"accused/name", "claimant/name", "basis", "confidence", "stated"},
	"/responses":     {"actor/name", "kind", "status", "date", "due", "spoken_by", "answers", "fulfils", "summary", "via_unnamed_source"},
	"/sources":       {"url", "title", "text", "publisher", "published", "author", "language"},
	"/external_refs": {"scheme", "id"},
}

// mergeForms puts together what I and somebody else made of the form that both opened.
func mergeForms(opened, mine, theirs *form) *form {
	out := newForm()
	maps.Copy(out.values, mine.values)
	for _, name := range oneValued {
		if was := saysAt(opened, name); saysAt(mine, name) == was && saysAt(theirs, name) != was {
			out.values[name] = theirs.values[name]
		}
	}
	for name := range mine.values {
		if manyValued(name) {
			out.values[name] = mergeSets(termsOf(opened, name), termsOf(mine, name), termsOf(theirs, name))
		}
	}
	for _, name := range []string{"/vectors", "/data_classes", "/payment_methods"} { // none is ticked in mine
		if added := mergeSets(termsOf(opened, name), nil, termsOf(theirs, name)); mine.values[name] == nil && len(added) > 0 {
			out.values[name] = added
		}
	}
	for list := range asked {
		mergeRows(out, list, opened, mine, theirs)
	}
	for _, f := range []*form{theirs, mine} {
		citeAgain(out, f)
	}
	out.closeGaps()
	return out
}

// saysAt is what a field says, however it is typed.
func saysAt(f *form, name string) string {
	raw, err := json.Marshal(jsonLeaf(name, f.values[name]))
	if err != nil { // of a string or a number there is no error
		return ""
	}
	return string(raw)
}

// termsOf are the values of a field that holds many.
func termsOf(f *form, name string) []string {
	all, _ := jsonLeaf(name, f.values[name]).([]any)
	out := make([]string, len(all))
	for i, one := range all {
		out[i] = scalar(one)
	}
	return out
}

// mergeSets is mine with what they added, and without what they took out.
func mergeSets(opened, mine, theirs []string) []string {
	out := []string{}
	for _, one := range mine {
		if slices.Contains(theirs, one) || !slices.Contains(opened, one) {
			out = append(out, one)
		}
	}
	for _, one := range theirs {
		if !slices.Contains(opened, one) && !slices.Contains(out, one) {
			out = append(out, one)
		}
	}
	return out
}

// mergeRows puts the rows of a list together, in out.
func mergeRows(out *form, list string, opened, mine, theirs *form) {
	was, is := rowsBy(opened, list), rowsBy(theirs, list)
	seen := map[string]bool{}
	for _, i := range mine.Rows(list) {
		row := list + "/" + strconv.Itoa(i)
		name := rowIdentity(mine, list, row)
		seen[name] = true
		from, listed := was[name]
		to, still := is[name]
		unchanged := listed && rowSays(mine, list, row) == rowSays(opened, list, from)
		switch {
		case !listed: // a new row of mine
		case !still && unchanged:
			dropRow(out, row)
		case !still:
			renewClaim(out, row)
		case unchanged && rowSays(theirs, list, to) != rowSays(opened, list, from):
			dropRow(out, row)
			copyRow(out, row, theirs, list, to)
		}
	}
	next := 0
	if rows := mine.Rows(list); len(rows) > 0 {
		next = rows[len(rows)-1] + 1
	}
	for _, i := range theirs.Rows(list) {
		row := list + "/" + strconv.Itoa(i)
		name := rowIdentity(theirs, list, row)
		if _, listed := was[name]; !listed && !seen[name] { // a new row of theirs
			copyRow(out, list+"/"+strconv.Itoa(next), theirs, list, row)
			next++
		}
	}
}

// rowsBy are the rows of a list by what makes each the same row in another form.
func rowsBy(f *form, list string) map[string]string {
	out := map[string]string{}
	for _, i := range f.Rows(list) {
		row := list + "/" + strconv.Itoa(i)
		out[rowIdentity(f, list, row)] = row
	}
	return out
}

func rowIdentity(f *form, list, row string) string {
	switch list {
	case "/participants":
		return incidents.FoldName(f.get(row+"/actor/name")) + "\n" + f.get(row+"/role")
	case "/external_refs":
		return f.get(row+"/scheme") + "\n" + strings.TrimSpace(f.get(row+"/id"))
	}
	if id := f.get(row + "/id"); id != "" {
		return id
	}
	return "new " + row // nobody else has it
}

// rowSays is what a row says, however it is typed.
func rowSays(f *form, list, row string) string {
	one := newForm()
	copyRow(one, row, f, list, row)
	if list == "/sources" || list == "/participants" { // what is known of them is shared, and not changed here
		return ""
	}
	for _, mark := range []string{"/headline", "/via_unnamed_source"} {
		if one.get(row+mark) != "true" {
			delete(one.values, row+mark)
		}
	}
	one.dropBlankRows()
	raw, err := json.Marshal(jsonOf("", one.tree()))
	if err != nil { // as above
		return ""
	}
	_, says, _ := strings.Cut(string(raw), "[") // but for the list
	return says
}

// copyRow copies what the form asks for in a row.
func copyRow(to *form, at string, from *form, list, row string) {
	for _, field := range append([]string{"id", "key"}, asked[list]...) {
		if values, ok := from.values[row+"/"+field]; ok {
			to.values[at+"/"+field] = values
		}
	}
	for _, name := range from.below(row + "/evidence") {
		to.values[at+strings.TrimPrefix(name, row)] = from.values[name]
	}
}

func dropRow(f *form, row string) {
	for _, name := range f.below(row) {
		delete(f.values, name)
	}
}

// renewClaim makes a new claim of one that they took out and I changed.
func renewClaim(f *form, row string) {
	id, key := f.get(row+"/id"), f.freshKey()
	delete(f.values, row+"/id")
	f.values[row+"/key"] = []string{key}
	for name, values := range f.values {
		switch name[strings.LastIndexByte(name, '/')+1:] {
		case "supersedes", "part_of", "answers", "fulfils":
			if len(values) == 1 && values[0] == id {
				f.values[name] = []string{key}
			}
		}
	}
}

// citeAgain gives the form back the sources that its evidence names, and that somebody
// has taken out.
func citeAgain(out, from *form) {
	have, known := rowsBy(out, "/sources"), rowsBy(from, "/sources")
	next := 0
	if rows := out.Rows("/sources"); len(rows) > 0 {
		next = rows[len(rows)-1] + 1
	}
	for _, name := range out.below("") {
		if !strings.Contains(name, "/evidence/") || !strings.HasSuffix(name, "/source") {
			continue
		}
		id := out.get(name)
		row, ok := known[id]
		if _, listed := have[id]; !ok || listed {
			continue
		}
		have[id] = "/sources/" + strconv.Itoa(next)
		copyRow(out, have[id], from, "/sources", row)
		next++
	}
}
