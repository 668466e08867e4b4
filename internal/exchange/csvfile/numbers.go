package csvfile

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/breachledger/breachledger/internal/incidents"
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

var errNoNumber = errors.New("is no number")

// parse reads a number that is not negative, digit by digit: "1,234.5" and
// "78.8 million".
func (f numberFormat) parse(text string) (decimal.Decimal, error) {
	text = strings.TrimSpace(strings.Map(func(r rune) rune {
		if strings.ContainsRune(f.ignored, r) {
			return -1
		}
		return r
	}, text))
	if len(text) > maxNumber {
		return decimal.Zero, errNoNumber
	}
	if scientific.MatchString(text) {
		return decimal.Zero, errors.New("is written with an exponent, by which a spreadsheet drops digits: give the column the format of a number and save it again")
	}
	var power int32
	for _, w := range words {
		if before, ok := strings.CutSuffix(strings.ToLower(text), w.word); ok {
			text, power = strings.TrimRight(before, groupSpaces), w.power
			break
		}
	}
	whole, fraction, pointed := strings.Cut(text, f.point)
	digits, ok := f.ungroup(whole)
	if !ok || pointed && !isDigits(fraction) {
		return decimal.Zero, fmt.Errorf("%w (in the form 1%s234%s5)", errNoNumber, f.firstGroup(), f.point)
	}
	if pointed {
		digits += "." + fraction
	}
	d, err := decimal.NewFromString(digits)
	if err != nil {
		return decimal.Zero, errNoNumber
	}
	return d.Shift(power), nil
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

// marks are the words and signs by which a cell qualifies its figure.
var marks = []struct {
	mark      string
	qualifier incidents.Qualifier
}{
	{"more than", incidents.MoreThan}, {"over", incidents.MoreThan}, {">=", incidents.AtLeast}, {"≥", incidents.AtLeast}, {">", incidents.MoreThan},
	{"at least", incidents.AtLeast}, {"up to", incidents.AtMost}, {"at most", incidents.AtMost}, {"as many as", incidents.AtMost},
	{"<=", incidents.AtMost}, {"≤", incidents.AtMost}, {"less than", incidents.LessThan}, {"fewer than", incidents.LessThan}, {"under", incidents.LessThan},
	{"<", incidents.LessThan}, {"about", incidents.About}, {"around", incidents.About}, {"approximately", incidents.About}, {"approx.", incidents.About},
	{"ca.", incidents.About}, {"circa", incidents.About}, {"~", incidents.About}, {"≈", incidents.About},
}

// figure is a number as a cell states it; the qualifier is "" where the cell
// has none.
type figure struct {
	qualifier incidents.Qualifier
	one       *decimal.Decimal
	low, high *decimal.Decimal // of a range
}

// figure reads a number with its qualifier: "> 1,000", "about 5 million",
// "500+", "100–200".
func (f numberFormat) figure(text string) (figure, error) {
	text = strings.TrimSpace(text)
	separators := []string{"–", "—", " to ", "-"}
	span, found := cutPrefixFold(text, "between ")
	if found {
		separators = []string{" and "}
	}
	for _, separator := range separators {
		from, to, ok := strings.Cut(span, separator)
		if !ok {
			continue
		}
		low, lowErr := f.parse(from)
		high, highErr := f.parse(to)
		if lowErr == nil && highErr == nil {
			return figure{qualifier: incidents.Between, low: &low, high: &high}, nil
		}
	}
	var out figure
	for _, m := range marks {
		if rest, ok := cutPrefixFold(text, m.mark); ok {
			out.qualifier, text = m.qualifier, rest
			break
		}
	}
	if rest, ok := strings.CutSuffix(text, "+"); ok && out.qualifier == "" {
		out.qualifier, text = incidents.AtLeast, rest
	}
	one, err := f.parse(text)
	out.one = &one
	return out, err
}

// cutPrefixFold takes a word or sign from the front, in any case.
func cutPrefixFold(text, mark string) (string, bool) {
	if len(text) < len(mark) || !strings.EqualFold(text[:len(mark)], mark) {
		return text, false
	}
	return strings.TrimSpace(text[len(mark):]), true
}
