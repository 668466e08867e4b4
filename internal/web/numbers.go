package web

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/breachledger/breachledger/internal/incidents"
)

// How people write numbers. What is not certain stays as it was typed, and is refused
// as such.

var (
	spaces = strings.NewReplacer(" ", "", "\u00a0", "", "\u202f", "", "_", "")
	// grouped has commas where groups of digits part: 1,000,000 or 10,00,000. In
	// "1,5" the comma is none of these: taken out, it would make 15 of it.
	grouped = regexp.MustCompile(`^\d{1,3}(?:,\d{2,3})*,\d{3}(?:\.\d+)?$`)
	inWords = regexp.MustCompile(`(?i)^(\d+)(?:\.(\d+))?(thousand|million|billion|trillion)$`)
)

var zeros = map[string]int{"thousand": 3, "million": 6, "billion": 9, "trillion": 12}

// plainNumber is a number in digits: "78.8 million" is 78800000.
func plainNumber(typed string) string {
	out := spaces.Replace(typed)
	end := strings.IndexFunc(out, func(r rune) bool { return r != ',' && r != '.' && (r < '0' || r > '9') })
	if end < 0 {
		end = len(out)
	}
	if grouped.MatchString(out[:end]) {
		out = strings.ReplaceAll(out[:end], ",", "") + out[end:]
	}
	if m := inWords.FindStringSubmatch(out); m != nil {
		if more := zeros[strings.ToLower(m[3])] - len(m[2]); more >= 0 {
			return strings.TrimLeft(m[1]+m[2], "0") + strings.Repeat("0", more)
		}
	}
	return out
}

// inGroups writes a whole number with commas: "40,000,000". Anything else stays as
// it is.
func inGroups(number string) string {
	if n, err := strconv.ParseInt(number, 10, 64); err == nil {
		return incidents.Number(n)
	}
	return number
}
