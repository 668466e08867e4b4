package csvfile

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/shopspring/decimal"
)

// numberFormat says how numbers are written.
type numberFormat struct {
	point   string // before the decimals
	groups  string // characters between groups of three digits; spaces always may be
	ignored string // characters that say nothing, such as "$"
}

var plainNumbers = numberFormat{point: ".", groups: ","}

const groupSpaces = " \u00a0\u202f\u2009"

var (
	scientific = regexp.MustCompile(`^[0-9.,]+[eE][+-]?[0-9]+$`)
	words      = []struct {
		word  string
		power int32
	}{{"thousand", 3}, {"million", 6}, {"billion", 9}, {"trillion", 12}, {"k", 3}}
)

const maxNumber = 60 // characters

var errNoNumber = errors.New("is not a number")

// parse reads a number that is not negative, digit by digit: "1,234.5" and
// "78.8 million".
func (f numberFormat) parse(text string) (decimal.Decimal, error) {
	n, err := f.scaled(text)
	return n.value(), err
}

// scaled is a number as it is written: 78.8, and the word "million" behind it.
type scaled struct {
	digits decimal.Decimal
	word   string // "" where none stands there
	power  int32  // of ten, that the word means
}

func (s scaled) value() decimal.Decimal { return s.digits.Shift(s.power) }

func (f numberFormat) scaled(text string) (scaled, error) {
	text = strings.TrimSpace(strings.Map(func(r rune) rune {
		if strings.ContainsRune(f.ignored, r) {
			return -1
		}
		return r
	}, text))
	if len(text) > maxNumber {
		return scaled{}, errNoNumber
	}
	if scientific.MatchString(text) {
		return scaled{}, errors.New("is written with an exponent, by which a spreadsheet drops digits: give the column the format of a number and save it again")
	}
	var out scaled
	for _, w := range words {
		if before, ok := strings.CutSuffix(strings.ToLower(text), w.word); ok {
			text, out.word, out.power = strings.TrimRight(before, groupSpaces), w.word, w.power
			break
		}
	}
	if out.word != "" && text == "half a" {
		out.digits = decimal.New(5, -1)
		return out, nil
	}
	whole, fraction, pointed := strings.Cut(text, f.point)
	digits, ok := f.ungroup(whole)
	if !ok || pointed && !isDigits(fraction) {
		return scaled{}, fmt.Errorf("%w (in the form 1%s234%s5)", errNoNumber, f.firstGroup(), f.point)
	}
	if pointed {
		digits += "." + fraction
	}
	d, err := decimal.NewFromString(digits)
	if err != nil {
		return scaled{}, errNoNumber
	}
	out.digits = d
	return out, nil
}

func (f numberFormat) firstGroup() string {
	for _, r := range f.groups {
		return string(r)
	}
	return ""
}

// ungroup takes the separators out of a whole number, when they part groups of
// three digits and are all the same.
func (f numberFormat) ungroup(s string) (string, bool) {
	i := strings.IndexFunc(s, func(r rune) bool { return r < '0' || r > '9' })
	if i < 0 {
		return s, s != ""
	}
	var separator string
	for _, r := range s[i:] {
		separator = string(r)
		break
	}
	if i == 0 || !strings.Contains(f.groups+groupSpaces, separator) {
		return "", false
	}
	parts := strings.Split(s, separator)
	for j, p := range parts {
		if !isDigits(p) || j > 0 && len(p) != 3 || j == 0 && len(p) > 3 {
			return "", false
		}
	}
	return strings.Join(parts, ""), true
}

func isDigits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}
