package csvfile

import (
	"errors"
	"fmt"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/breachledger/breachledger/internal/incidents"
)

// marks are the words and signs by which a cell qualifies its figure.
var marks = []struct {
	mark      string
	qualifier incidents.Qualifier
}{
	{"more than", incidents.MoreThan}, {"over", incidents.MoreThan}, {"in excess of", incidents.MoreThan}, {">=", incidents.AtLeast}, {"≥", incidents.AtLeast}, {">", incidents.MoreThan},
	{"at least", incidents.AtLeast}, {"no fewer than", incidents.AtLeast}, {"not fewer than", incidents.AtLeast}, {"no less than", incidents.AtLeast}, {"not less than", incidents.AtLeast},
	{"up to", incidents.AtMost}, {"at most", incidents.AtMost}, {"as many as", incidents.AtMost}, {"as much as", incidents.AtMost},
	{"no more than", incidents.AtMost}, {"not more than", incidents.AtMost}, {"<=", incidents.AtMost}, {"≤", incidents.AtMost},
	{"less than", incidents.LessThan}, {"fewer than", incidents.LessThan}, {"under", incidents.LessThan}, {"<", incidents.LessThan},
	{"about", incidents.About}, {"around", incidents.About}, {"approximately", incidents.About}, {"approx.", incidents.About}, {"roughly", incidents.About},
	{"nearly", incidents.About}, {"almost", incidents.About}, {"close to", incidents.About}, {"some", incidents.About},
	{"an estimated", incidents.About}, {"estimated", incidents.About},
	{"ca.", incidents.About}, {"circa", incidents.About}, {"~", incidents.About}, {"≈", incidents.About},
}

// figure is a number as a cell states it; the qualifier is "" where the cell
// has none.
type figure struct {
	qualifier incidents.Qualifier
	one       *decimal.Decimal
	low, high *decimal.Decimal // of a range
}

var errQualifiedRange = errors.New("is a range with a word or sign before it, which says more than one claim can: give either the range or one figure")

// figure reads a number with its qualifier: "> 1,000", "about 5 million",
// "500+", "100–200".
func (f numberFormat) figure(text string) (figure, error) {
	text = strings.TrimSpace(text)
	if out, found, err := f.span(text); found {
		return out, err
	}
	var out figure
	for _, m := range marks {
		if rest, ok := cutPrefixFold(text, m.mark); ok {
			out.qualifier, text = m.qualifier, rest
			break
		}
	}
	if _, found, _ := f.span(text); found {
		return figure{}, errQualifiedRange
	}
	if rest, ok := strings.CutSuffix(text, "+"); ok && out.qualifier == "" {
		out.qualifier, text = incidents.AtLeast, rest
	}
	one, err := f.parse(text)
	out.one = &one
	return out, err
}

// span reads a range: "100–200", "from 1 to 2 million", "between 5 and 7".
func (f numberFormat) span(text string) (out figure, found bool, err error) {
	separators := []string{"–", "—", " to ", "-"}
	if rest, ok := cutPrefixFold(text, "between "); ok {
		text, separators = rest, []string{" and "}
	} else if rest, ok := cutPrefixFold(text, "from "); ok {
		text, separators = rest, []string{" to "}
	}
	for _, separator := range separators {
		from, to, ok := strings.Cut(text, separator)
		if !ok {
			continue
		}
		low, lowErr := f.scaled(from)
		high, highErr := f.scaled(to)
		if lowErr == nil && highErr == nil {
			out, err = between(low, high)
			return out, true, err
		}
	}
	return figure{}, false, nil
}

var errUnclearScale = errors.New("is a range that can be read in two ways")

// between is the range of two figures. A scale word behind the second alone
// holds for both where they rise so: "1-2 million".
func between(low, high scaled) (figure, error) {
	from, to := low.value(), high.value()
	unclear := false
	switch {
	case low.word == "" && high.word != "" && low.digits.LessThan(high.digits):
		from = low.digits.Shift(high.power)
	case low.word == "" && high.word != "":
		// "900,000 to 2 million" is written out; "500-2 million" may leave a word
		// out, and 1,500 be another's 1.5.
		const thousand = 3
		unclear = low.digits.Shift(-thousand).LessThan(high.digits)
	case low.word != "" && high.word == "":
		unclear = from.GreaterThan(to)
	}
	if unclear {
		return figure{}, fmt.Errorf("%w: write %q behind both figures, or both in digits alone", errUnclearScale, low.word+high.word)
	}
	return figure{qualifier: incidents.Between, low: &from, high: &to}, nil
}

// cutPrefixFold takes a word or sign from the front, in any case.
func cutPrefixFold(text, mark string) (string, bool) {
	if len(text) < len(mark) || !strings.EqualFold(text[:len(mark)], mark) {
		return text, false
	}
	return strings.TrimSpace(text[len(mark):]), true
}
