package veris

import (
	"regexp"
	"strings"

	"github.com/breachledger/breachledger/internal/incidents"
)

// A range before or behind a figure: "between 4,000 and", "4,000–"; "to 6,000".
var (
	spanBefore = regexp.MustCompile(`(?i)(\bbetween\s+)?([$£€]?)(\d[\d,.]*)(\s*(?:thousand|million|billion)\b)?\s*(\b(?:and|to|or)\b|[-–—])\s*$`)
	spanBehind = regexp.MustCompile(`(?i)^\s*(\b(?:and|to|or)\b|[-–—])\s*(\d[\d,.]*)(\s*(?:thousand|million|billion)\b)?`)
	opening    = regexp.MustCompile(`(?i)\bbetween\s+$`)
)

// spanMost is how many bytes before a figure are searched for the other end of a range.
const spanMost = 50

// span reads the range that the figure is an end of. Only one that ends with it
// is what VERIS states, and only "between" says that it is a range: "from 4,000
// to 5,000" may be how the number grew.
func (m mention) span() (s said, doubt string, ok bool) {
	exact := said{qualifier: incidents.Exact}
	cut := max(0, m.start-spanMost)
	before, behind := m.text[cut:m.start], m.text[m.end:]
	if at := spanBehind.FindStringSubmatchIndex(behind); at != nil {
		from := m.start
		if open := opening.FindStringIndex(before); open != nil {
			from = cut + open[0]
		}
		high := spanValue(part(behind, at, 2), part(behind, at, 3))
		if (from < m.start || !and(part(behind, at, 1))) && m.near(m.n, high) && !years(m.text[m.start:m.end], part(behind, at, 2)) {
			return exact, m.words(from, m.end+len(strings.TrimRight(behind[:at[1]], ",."))), true
		}
	}
	if !strings.ContainsAny(before, "0123456789") { // spares most of the work
		return said{}, "", false
	}
	at := spanBefore.FindStringSubmatchIndex(before)
	if at == nil {
		return said{}, "", false
	}
	digits, scale := part(before, at, 3), part(before, at, 4)
	low, between := spanValue(digits, scale), at[2] >= 0
	if between && scale == "" {
		// In "between 1 and 2 million" the word holds for both.
		if both := spanValue(digits, scaleWord.FindString(m.scale())); both < m.n {
			low = both
		}
	}
	if !between && and(part(before, at, 5)) || !m.near(low, m.n) || years(digits, m.text[m.start:m.end]) {
		return said{}, "", false
	}
	from := cut + at[0]
	if !between || part(before, at, 2) != "" {
		return exact, m.words(from, m.end), true
	}
	if words := wordsBefore(m.text[:from]); len(words) > 0 {
		if doubt := doubtful(incidents.Between, words); doubt >= 0 {
			return exact, m.words(doubt, m.end), true
		}
	}
	return said{incidents.Between, low}, "", true
}

// near reports whether two figures may be a range: not a code and a number.
func (m mention) near(low, high int64) bool {
	const times = 100
	return low > 0 && low < high && low >= high/times
}

// scale is what stands behind the digits of the figure.
func (m mention) scale() string {
	return strings.TrimLeft(m.text[m.start:m.end], "0123456789,.")
}

func spanValue(digits, scale string) int64 {
	return figureValue(strings.TrimRight(digits, ",."), strings.TrimSpace(scale))
}

func and(connector string) bool { return strings.EqualFold(connector, "and") }

var year = regexp.MustCompile(`^(19|20)\d\d[,.]*$`)

func years(a, b string) bool { return year.MatchString(a) && year.MatchString(b) }

// part is what a group of an expression found.
func part(s string, at []int, group int) string {
	if at[2*group] < 0 {
		return ""
	}
	return s[at[2*group]:at[2*group+1]]
}
