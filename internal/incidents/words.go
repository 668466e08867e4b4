package incidents

import (
	"strconv"
	"strings"

	"github.com/shopspring/decimal"
)

// This file is the one place that writes figures in words: the API's "text"
// fields, the pages and the exports all use it.

// Number writes n with thousands separators: 78,800,000.
func Number(n int64) string { return groupDigits(strconv.FormatInt(n, 10)) }

// Plural writes a number of things: "1 incident", "2 incidents", "0 incidents".
func Plural[N ~int | ~int32 | ~int64](n N, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return Number(int64(n)) + " " + many
}

// Words writes the count as a person would: "more than 21,000,000 national IDs",
// "900,000 people (those with a card)", "23 fuel pumps". What it is a part of is
// not in it.
func (c Count) Words() string {
	low, high := c.Bounds()
	switch {
	case c.Counted == "":
		return CountWords(c.Qualifier, c.Unit, low, high)
	case c.Unit == UnitOther:
		return countWords(c.Qualifier, nouns{c.Counted, c.Counted}, low, high)
	default:
		return CountWords(c.Qualifier, c.Unit, low, high) + " (" + c.Counted + ")"
	}
}

// wordsOf writes the count with what it is a part of, where that is known:
// "900,000 people, of 1,200,000 people".
func (c Count) wordsOf(whole *Count) string {
	if whole == nil || whole.Qualifier == NotDisclosed {
		return c.Words()
	}
	return c.Words() + ", of " + whole.Words()
}

// CountWords writes a qualified figure of a unit in words.
func CountWords(q Qualifier, u Unit, low, high *int64) string {
	return countWords(q, unitNouns(u), low, high)
}

// nouns are what is counted, for one and for several.
type nouns struct{ one, many string }

func unitNouns(u Unit) nouns {
	many := Label(u)
	if one, ok := unitSingular[u]; ok {
		return nouns{one, many}
	}
	return nouns{many, many}
}

// number is a number of what is counted: "1 person", "2 people".
func (w nouns) number(n int64) string {
	if n == 1 {
		return strings.TrimSpace("1 " + w.one)
	}
	return strings.TrimSpace(Number(n) + " " + w.many)
}

func countWords(q Qualifier, what nouns, low, high *int64) string {
	switch q.Takes() {
	case NoFigure:
		if q == NotDisclosed {
			return "number of " + what.many + " not disclosed"
		}
		return "an unquantified number of " + what.many
	case TwoFigures:
		if low == nil || high == nil {
			return what.many
		}
		return "between " + Number(*low) + " and " + Number(*high) + " " + what.many
	default:
		n := Largest(low, high)
		if n == nil {
			return what.many
		}
		return qualified(q, what.number(*n), true)
	}
}

// SumWords writes the bounds of a sum over incidents, of which either may be
// unknown; stated is the sum of the largest numbers stated, nil where none is.
func SumWords(u Unit, stated, low, high *int64) string {
	switch {
	case low != nil && high != nil && *low == *high:
		return CountWords(Exact, u, low, high)
	case low != nil && high != nil:
		return CountWords(Between, u, low, high)
	case high != nil:
		return CountWords(AtMost, u, nil, high)
	case low != nil && (stated == nil || *low == *stated):
		return CountWords(AtLeast, u, low, nil)
	case low != nil:
		return CountWords(AtLeast, u, low, nil) + " (" + Number(*stated) + " stated)"
	case stated == nil:
		return "number of " + Label(u) + " not known"
	default:
		return unitNouns(u).number(*stated) + " stated, no bound known"
	}
}

// Words writes the loss as a person would:
// "at most 2,000 CNY stolen (290 USD in the source)".
func (l Loss) Words() string {
	low, high := l.Bounds()
	what := l.whatWords()
	var figure string
	switch l.Qualifier.Takes() {
	case NoFigure:
		if l.Qualifier == NotDisclosed {
			return what + ", amount not disclosed"
		}
		return what + ", amount not quantified"
	case TwoFigures:
		if low == nil || high == nil {
			return ""
		}
		figure = "between " + amountWords(*low) + " and " + amountWords(*high) + " " + l.Currency
	default:
		a := Largest(low, high)
		if a == nil {
			return ""
		}
		figure = qualified(l.Qualifier, amountWords(*a)+" "+l.Currency, false)
	}
	if l.Converted != nil {
		what += " (" + qualified(l.Converted.Qualifier, amountWords(l.Converted.Amount)+" "+l.Converted.Currency, false) + " in the source)"
	}
	return figure + " " + what
}

// whatWords says what became of the money, and what the amount covers:
// "stolen in total".
func (l Loss) whatWords() string {
	what := strings.ToLower(Label(l.Kind))
	if l.Kind == "other" {
		what = "other loss"
	}
	if l.Scope == ScopePerVictim || l.Scope == ScopeTotal {
		what += " " + Label(l.Scope)
	}
	return what
}

func qualified(q Qualifier, figure string, countable bool) string {
	word := Label(q)
	if q == LessThan && countable {
		word = "fewer than"
	}
	if word == "" {
		return figure
	}
	return word + " " + figure
}

func amountWords(d decimal.Decimal) string {
	whole, fraction, found := strings.Cut(d.String(), ".")
	if !found {
		return groupDigits(whole)
	}
	return groupDigits(whole) + "." + fraction
}

func groupDigits(digits string) string {
	sign := ""
	if strings.HasPrefix(digits, "-") {
		sign, digits = "-", digits[1:]
	}
	var out strings.Builder
	out.WriteString(sign)
	for i, r := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			out.WriteByte(',')
		}
		out.WriteRune(r)
	}
	return out.String()
}
