package veris

import (
	"iter"
	"regexp"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/breachledger/breachledger/internal/incidents"
)

// qualifierWords are the words before a figure that say how it is meant.
var qualifierWords = map[string]incidents.Qualifier{
	"as many as": incidents.AtMost, "up to": incidents.AtMost, "at most": incidents.AtMost, "no more than": incidents.AtMost,
	"at least": incidents.AtLeast, "no fewer than": incidents.AtLeast, "no less than": incidents.AtLeast,
	"more than": incidents.MoreThan, "over": incidents.MoreThan, "in excess of": incidents.MoreThan,
	"less than": incidents.LessThan, "fewer than": incidents.LessThan, "under": incidents.LessThan,
	"about": incidents.About, "around": incidents.About, "approximately": incidents.About, "roughly": incidents.About,
	"nearly": incidents.About, "almost": incidents.About, "some": incidents.About, "an estimated": incidents.About, "estimated": incidents.About,
}

var scales = map[string]int32{"thousand": 3, "million": 6, "billion": 9}

// smallestQuoted is the smallest figure that is looked for in a text: smaller
// ones stand for other things too often ("over 10 years").
const smallestQuoted = 100

// qualifier is what the document's own words say of a count: VERIS has no field
// for it, but summaries have "as many as 78.8 million records". Every mention of
// the figure must say the same, or it is exact.
func (d *decoder) qualifier(n int64) incidents.Qualifier {
	if n < smallestQuoted {
		return incidents.Exact
	}
	found := incidents.Qualifier("")
	for _, text := range []string{d.in.Summary, d.paragraphs("", find(d.doc, "attribute", "confidentiality", "notes"))} {
		for start, end := range figures(text) {
			scale := scaleWord.FindString(text[end:])
			if figureValue(text[start:end], strings.TrimSpace(scale)) != n {
				continue
			}
			q := qualifierBefore(text[:start])
			if found != "" && found != q {
				return incidents.Exact
			}
			found = q
		}
	}
	if found == "" {
		return incidents.Exact
	}
	return found
}

// scaleWord is the word behind a figure that multiplies it.
var scaleWord = regexp.MustCompile(`^\s*(?i:thousand|million|billion)\b`)

// figures are the places of the figures in a text, those of money excepted.
func figures(text string) iter.Seq2[int, int] {
	return func(yield func(int, int) bool) {
		for i := 0; i < len(text); {
			if !isDigit(text[i]) {
				i++
				continue
			}
			end := i + 1
			for end < len(text) && (isDigit(text[end]) || (text[end] == ',' || text[end] == '.') && end+1 < len(text) && isDigit(text[end+1])) {
				end++
			}
			money := strings.HasSuffix(text[:i], "$") || strings.HasSuffix(text[:i], "£") || strings.HasSuffix(text[:i], "€")
			if !money && !yield(i, end) {
				return
			}
			i = end
		}
	}
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// qualifierBefore is what the words before a figure say, exact when they say
// nothing.
func qualifierBefore(text string) incidents.Qualifier {
	words := strings.Fields(strings.ToLower(text[max(0, len(text)-40):]))
	if text == "" || text[len(text)-1] > ' ' {
		return incidents.Exact
	}
	for n := 3; n > 0; n-- {
		if n > len(words) {
			continue
		}
		last := strings.TrimLeft(strings.Join(words[len(words)-n:], " "), "(\"'“‘")
		if q, ok := qualifierWords[last]; ok {
			return q
		}
	}
	return incidents.Exact
}

// figureValue is the value of a figure, -1 when it is none, or one of money.
func figureValue(digits, scale string) int64 {
	const longest = 20
	digits = strings.ReplaceAll(digits, ",", "")
	if len(digits) > longest {
		return -1
	}
	value, err := decimal.NewFromString(digits)
	if err != nil {
		return -1
	}
	value = value.Shift(scales[strings.ToLower(scale)])
	if !value.IsInteger() || value.Cmp(decimal.NewFromInt(maxCount)) > 0 {
		return -1
	}
	return value.IntPart()
}
