package web

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/breachledger/breachledger/internal/incidents"
)

// keyed are the lists whose new rows need a key, for other rows to name them.
var keyed = map[string]bool{"/counts": true, "/attributions": true, "/responses": true, "/sources": true}

// maxRows bounds what one form can grow to.
const maxRows = 200

// Rows are the numbers of a list's rows.
func (f *form) Rows(list string) []int {
	if f.rows != nil {
		return f.rows[list]
	}
	seen := map[int]bool{}
	for name := range f.values {
		rest, ok := strings.CutPrefix(name, list+"/")
		if !ok {
			continue
		}
		index, _, _ := strings.Cut(rest, "/")
		if n, err := strconv.Atoi(index); err == nil && n >= 0 {
			seen[n] = true
		}
	}
	return slices.Sorted(maps.Keys(seen))
}

// addRow appends an empty row to a list.
func (f *form) addRow(list string) {
	rows := f.Rows(list)
	if len(rows) >= maxRows || !isList(list) {
		return
	}
	next := 0
	if len(rows) > 0 {
		next = rows[len(rows)-1] + 1
	}
	row := list + "/" + strconv.Itoa(next)
	switch {
	case strings.HasSuffix(list, "/evidence"):
		f.values[row+"/quote"] = []string{""}
		if len(rows) == 0 && f.get(strings.TrimSuffix(list, "evidence")+"id") == "" {
			f.values[row+"/source"] = []string{f.onlySource()}
		}
		return
	case list == "/participants":
		f.values[row+"/role"] = []string{string(incidents.RoleVictim)}
	case list == "/external_refs":
		f.values[row+"/scheme"] = []string{""}
	case list == "/losses":
		f.values[row+"/kind"] = []string{"stolen"}
	case list == "/counts":
		f.values[row+"/unit"] = []string{string(incidents.People)}
	}
	if keyed[list] {
		f.values[row+"/key"] = []string{f.freshKey()}
	}
	if list == "/sources" && len(rows) == 0 {
		f.restOn(f.get(row + "/key")) // typed first, its claims would be unsourced
	}
	if list != "/sources" && list != "/participants" && list != "/external_refs" {
		f.values[row+"/evidence/0/quote"] = []string{""}
		f.values[row+"/evidence/0/source"] = []string{f.onlySource()}
	}
}

// isList tells the lists that rows can be added to, so that a made-up name adds
// nothing.
func isList(list string) bool {
	parts := strings.Split(strings.TrimPrefix(list, "/"), "/")
	switch parts[0] {
	case "counts", "losses", "attributions", "responses":
		return len(parts) == 1 || len(parts) == 3 && parts[2] == "evidence"
	case "participants", "sources", "external_refs":
		return len(parts) == 1
	case "evidence":
		return len(parts) == 1
	default:
		return false
	}
}

func (f *form) freshKey() string {
	most := 0
	for name, values := range f.values {
		if strings.HasSuffix(name, "/key") && len(values) > 0 {
			if n, err := strconv.Atoi(strings.TrimPrefix(values[0], "new-")); err == nil {
				most = max(most, n)
			}
		}
	}
	return "new-" + strconv.Itoa(most+1)
}

// removeRow takes a row out.
func (f *form) removeRow(row string) {
	for name := range f.values {
		if strings.HasPrefix(name, row+"/") {
			delete(f.values, name)
		}
	}
	f.closeGaps()
}

// offer sees that the form shows at least one row where one always has
// something to say.
func (f *form) offer(lists ...string) {
	f.settle() // no list that is asked for below has been added to before
	defer func() { f.names, f.rows, f.named = nil, nil, nil }()
	for _, list := range lists {
		if len(f.Rows(list)) == 0 {
			f.addRow(list)
			f.settle() // the next list's rows rest on the source that was added
		}
	}
	for _, list := range []string{"/counts", "/losses", "/attributions", "/responses"} {
		for _, i := range f.Rows(list) {
			if evidence := list + "/" + strconv.Itoa(i) + "/evidence"; len(f.Rows(evidence)) == 0 {
				f.addRow(evidence)
			}
		}
	}
}
