package web

import (
	"fmt"
	"html/template"
	"reflect"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"github.com/breachledger/breachledger/internal/incidents"
)

// This file is the one place that says how the pages write things. Figures with
// their qualifiers are written by package incidents.

// worded is a vocabulary value of any type.
type worded interface{ Vocabulary() incidents.Vocabulary }

// label is a vocabulary value in words.
func label(v worded) string {
	return v.Vocabulary().Label(reflect.ValueOf(v).String())
}

// meaning is what a vocabulary value means, in a sentence.
func meaning(v worded) string {
	value := reflect.ValueOf(v).String()
	for _, t := range v.Vocabulary().Terms {
		if t.Value == value {
			return t.Meaning
		}
	}
	return ""
}

// dateWords writes a partial date: "28 October 2014", "October 2014", "2014".
func dateWords(d incidents.PartialDate) string {
	if d.IsZero() {
		return ""
	}
	switch d.Precision() {
	case incidents.ToYear:
		return strconv.Itoa(d.Year())
	case incidents.ToMonth:
		return d.First().Format("January 2006")
	default:
		return d.First().Format("2 January 2006")
	}
}

// periodWords writes a span: "from March 2013 to 2 May 2013".
func periodWords(p incidents.Period) string {
	switch {
	case p.From == p.To:
		return dateWords(p.From)
	case p.To.IsZero():
		return "from " + dateWords(p.From)
	case p.From.IsZero():
		return "until " + dateWords(p.To)
	default:
		return dateWords(p.From) + " to " + dateWords(p.To)
	}
}

func timeWords(t time.Time) string { return t.UTC().Format("2 January 2006, 15:04 UTC") }

func dayWords(t time.Time) string { return t.UTC().Format("2 January 2006") }

// plural writes a number of things: "1 incident", "2 incidents".
func plural(n any, one, many string) string {
	return incidents.Plural(reflect.ValueOf(n).Int(), one, many)
}

var regions = display.English.Regions()

// country is a country's name: "United States".
func country(code string) string {
	r, err := language.ParseRegion(code)
	if err != nil {
		return code
	}
	if name := regions.Name(r); name != "" && name != "Unknown Region" {
		return name
	}
	return code
}

func countries(codes []string) string {
	names := make([]string, len(codes))
	for i, code := range codes {
		names[i] = country(code)
	}
	return list(names)
}

// list writes "a, b and c".
func list(items []string) string {
	switch len(items) {
	case 0:
		return ""
	case 1:
		return items[0]
	default:
		return strings.Join(items[:len(items)-1], ", ") + " and " + items[len(items)-1]
	}
}

// reasons writes why two incidents may be one, and behind that what speaks
// against it, which begins with "but".
func reasons(all []string) string {
	var speaking, against []string
	for _, one := range all {
		if strings.HasPrefix(one, "but ") {
			against = append(against, one)
		} else {
			speaking = append(speaking, one)
		}
	}
	if len(speaking) == 0 {
		return strings.TrimPrefix(list(against), "but ")
	}
	return strings.Join(append([]string{list(speaking)}, against...), ", ")
}

// labels writes vocabulary values as a list.
func labels(values any) string {
	v := reflect.ValueOf(values)
	out := make([]string, 0, v.Len())
	for i := range v.Len() {
		if w, ok := v.Index(i).Interface().(worded); ok {
			out = append(out, lower(label(w)))
		}
	}
	return sentence(list(out))
}

// sentence begins with a capital letter.
func sentence(s string) string {
	for i, r := range s {
		return strings.ToUpper(string(r)) + s[i+len(string(r)):]
	}
	return s
}

func days(n float64) string {
	if n == 1 {
		return "1 day"
	}
	return strings.TrimSuffix(strconv.FormatFloat(n, 'f', 1, 64), ".0") + " days"
}

// sourceName is how a source is called where a title may be missing.
func sourceName(title, publisher, url string) string {
	switch {
	case title != "":
		return title
	case publisher != "":
		return publisher
	case url != "":
		return strings.TrimPrefix(strings.TrimPrefix(url, "https://"), "http://")
	default:
		return "Untitled article"
	}
}

// safeURL is an address that a link may lead to; "" for anything but http.
func safeURL(u string) string {
	if strings.HasPrefix(u, "https://") || strings.HasPrefix(u, "http://") {
		return u
	}
	return ""
}

// lower writes a label within a sentence: "national ID", "SIM swap".
func lower(s string) string {
	if len(s) > 1 && s[1] >= 'A' && s[1] <= 'Z' {
		return s
	}
	return strings.ToLower(s[:min(len(s), 1)]) + s[min(len(s), 1):]
}

// words are the functions that templates write with.
func words() template.FuncMap {
	return template.FuncMap{
		"label": label, "meaning": meaning, "labels": labels, "date": dateWords, "period": periodWords, "time": timeWords, "day": dayWords,
		"plural": plural, "country": country, "countries": countries, "list": list, "reasons": reasons, "lower": lower, "sentence": sentence, "deed": deed, "place": place,
		// What a source says, in the order in which the source has it. The texts in which people select a quote have all characters.
		"straight": incidents.WithoutReordering,
		"number":   incidents.Number, "days": days, "daysAfter": daysAfter, "firstQuote": firstQuote, "safe": safeURL,
		"sourceName": func(s incidents.SourceRef) string { return sourceName(s.Title, s.Publisher, s.URL) },
		"nameOf":     func(s incidents.Source) string { return sourceName(s.Title, s.Publisher, s.URL) },
		"iso":        func(t time.Time) string { return t.UTC().Format(time.RFC3339) },
		"int":        func(n int64) int { return int(n) },
		"percent":    func(f float64) string { return strconv.FormatFloat(f, 'f', 2, 64) + "%" },
		"share": func(part, of int64) string {
			return strconv.FormatFloat(100*float64(part)/float64(max(of, 1)), 'f', 2, 64) + "%"
		},
		"dict":  dict,
		"add":   func(a, b int) int { return a + b },
		"lines": func(s string) []string { return strings.Split(strings.TrimSpace(s), "\n") },
	}
}

// dict is a map for a template that takes several values.
func dict(pairs ...any) (map[string]any, error) {
	out := map[string]any{}
	for i := 0; i+1 < len(pairs); i += 2 {
		key, ok := pairs[i].(string)
		if !ok {
			return nil, fmt.Errorf("dict: %v is no name", pairs[i])
		}
		out[key] = pairs[i+1]
	}
	return out, nil
}

// index reads the number of a row.
func index(s string) (int, bool) {
	n, err := strconv.Atoi(s)
	return n, err == nil
}
