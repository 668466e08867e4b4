package veris

import (
	"iter"
	"regexp"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/breachledger/breachledger/internal/incidents"
)

var scales = map[string]int32{"thousand": 3, "million": 6, "billion": 9}

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
	if !value.IsInteger() || value.Cmp(decimal.NewFromInt(incidents.MaxQuantity)) > 0 {
		return -1
	}
	return value.IntPart()
}
