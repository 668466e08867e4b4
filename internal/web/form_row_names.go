package web

import (
	"strconv"
	"strings"

	"github.com/breachledger/breachledger/internal/incidents"
)

// name is how a row is called in the choices of others.
func (f *form) name(list string, i int) (value, label string) {
	row := list + "/" + strconv.Itoa(i)
	if value = f.get(row + "/id"); value == "" {
		value = f.get(row + "/key")
	}
	return value, f.RowName(list, i) + " (" + strconv.Itoa(i+1) + ")"
}

// RowName says in a few words what a row holds.
func (f *form) RowName(list string, i int) string {
	row := list + "/" + strconv.Itoa(i)
	words := func(parts ...string) string { return strings.Join(strings.Fields(strings.Join(parts, " ")), " ") }
	figure := func(number string) string {
		number = inGroups(number)
		if low, high := f.get(row+"/low"), f.get(row+"/high"); low != "" || high != "" {
			number = inGroups(low) + " and " + inGroups(high)
		}
		return words(incidents.Qualifier("").Vocabulary().Label(f.get(row+"/qualifier")), number)
	}
	switch list {
	case "/sources":
		title, address := f.get(row+"/title"), f.get(row+"/url")
		if f.get(row+"/id") == "" && title+address == "" {
			return "The source below"
		}
		return sourceName(title, f.get(row+"/publisher"), address)
	case "/counts":
		return sentence(words(figure(f.get(row+"/quantity")), incidents.Unit("").Vocabulary().Label(f.get(row+"/unit")), f.get(row+"/counted")))
	case "/losses":
		return sentence(words(figure(f.get(row+"/amount")), f.get(row+"/currency"), lower(incidents.LossKind("").Vocabulary().Label(f.get(row+"/kind")))))
	case "/attributions":
		return f.get(row + "/accused/name")
	case "/responses":
		out := f.get(row+"/actor/name") + ": " + lower(incidents.Denial.Vocabulary().Label(f.get(row+"/kind")))
		if status := incidents.ResponseStatus(f.get(row + "/status")); status == incidents.Promised || status == incidents.Broken {
			out += " (" + lower(label(status)) + ")"
		}
		if day, err := incidents.ParseDate(f.get(row + "/date")); err == nil && !day.IsZero() {
			out += ", " + dateWords(day)
		}
		return out
	default:
		return ""
	}
}

// Folds reports whether a row can be folded away: it is stored already, and
// nothing is wrong with it.
func (f *form) Folds(row, fresh string) bool {
	if f.get(row+"/id") == "" || strings.HasPrefix(fresh, row+"/") || fresh == row {
		return false
	}
	for _, p := range f.problems {
		if strings.HasPrefix(fieldOf(p.Pointer, f)+"/", row+"/") {
			return false
		}
	}
	return true
}

// RowID is the id of a row in the page.
func (*form) RowID(row string) string { return "row" + strings.ReplaceAll(row, "/", "-") }
