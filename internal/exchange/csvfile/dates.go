package csvfile

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/breachledger/breachledger/internal/incidents"
)

// dateFormat is a way to write a date, such as DD/MM/YYYY. What it leaves out
// is not known: MM/YYYY is a month.
type dateFormat struct {
	name      string
	layout    string // of package time; "" for Excel's day numbers
	precision incidents.DatePrecision
}

// excelDays is the format of a spreadsheet that writes days as their number.
const excelDays = "excel"

var dateToken = regexp.MustCompile(`YYYY|MMMM|MMM|MM|M|DD|D|hh|mm|ss|[A-Za-z0-9_]`)

var dateLayouts = map[string]string{
	"YYYY": "2006", "MMMM": "January", "MMM": "Jan", "MM": "01", "M": "1", "DD": "02", "D": "2", "hh": "15", "mm": "04", "ss": "05", "T": "T", "Z": "Z",
}

func parseDateFormat(name string) (dateFormat, error) {
	f := dateFormat{name: name, precision: incidents.ToYear}
	if name == excelDays {
		f.precision = incidents.ToDay
		return f, nil
	}
	seen := map[byte]bool{}
	var wrong string
	f.layout = dateToken.ReplaceAllStringFunc(name, func(token string) string {
		layout, ok := dateLayouts[token]
		if !ok {
			wrong = token
		}
		seen[token[0]] = true
		return layout
	})
	switch {
	case wrong != "":
		return f, fmt.Errorf("%q in %q is not a part of a date: the parts are YYYY, MMMM, MMM, MM, M, DD, D, hh, mm, ss; or the format is %s", wrong, name, excelDays)
	case !seen['Y'] || seen['D'] && !seen['M']:
		return f, fmt.Errorf("%q must have a year, and a month where it has a day", name)
	case seen['D']:
		f.precision = incidents.ToDay
	case seen['M']:
		f.precision = incidents.ToMonth
	}
	return f, nil
}

// isoFormats are read where a mapping names no others.
var isoFormats = mustDateFormats("YYYY-MM-DD", "YYYY-MM", "YYYY", "YYYY-MM-DDThh:mm:ss", "YYYY-MM-DDThh:mm:ssZ", "YYYY-MM-DD hh:mm:ss")

func mustDateFormats(names ...string) []dateFormat {
	out := make([]dateFormat, len(names))
	for i, name := range names {
		f, err := parseDateFormat(name)
		if err != nil {
			panic(err)
		}
		out[i] = f
	}
	return out
}

func (f dateFormat) parse(text string) (incidents.PartialDate, bool) {
	if f.layout == "" {
		const lastDay = 109_575 // 2199-12-31
		days, err := strconv.Atoi(text)
		if err != nil || days < 1 || days > lastDay {
			return incidents.PartialDate{}, false
		}
		return incidents.DateOf(time.Date(1899, time.December, 30, 0, 0, 0, 0, time.UTC).AddDate(0, 0, days), f.precision), true
	}
	t, err := time.Parse(f.layout, text)
	if err != nil {
		return incidents.PartialDate{}, false
	}
	return incidents.DateOf(t, f.precision), true
}

// parseDate reads a date in one of the formats. One that two of them read
// differently is no date: 03/04/2020 where both DD/MM/YYYY and MM/DD/YYYY are
// in use.
func parseDate(text string, formats []dateFormat) (incidents.PartialDate, error) {
	var found incidents.PartialDate
	var by string
	for _, f := range formats {
		d, ok := f.parse(text)
		switch {
		case !ok || d == found:
		case !found.IsZero():
			return incidents.PartialDate{}, fmt.Errorf("may be %s (%s) or %s (%s)", found, by, d, f.name)
		default:
			found, by = d, f.name
		}
	}
	if found.IsZero() {
		names := make([]string, len(formats))
		for i, f := range formats {
			names[i] = f.name
		}
		return found, fmt.Errorf("is not a date of the form %s", strings.Join(names, " or "))
	}
	// The years that the ledger takes are the domain's to say.
	return incidents.ParseDate(found.String())
}
