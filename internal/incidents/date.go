package incidents

import (
	"errors"
	"fmt"
	"strconv"
	"time"
)

// PartialDate is a date known to the day, the month or the year, written
// "2014-10-28", "2014-10" or "2014". Its zero value is no date.
type PartialDate struct {
	year       int
	month, day int // 0 = not known
}

// DatePrecision says how much of a partial date is known.
type DatePrecision string

// The precisions.
const (
	ToDay   DatePrecision = "day"
	ToMonth DatePrecision = "month"
	ToYear  DatePrecision = "year"
)

var datePrecisions = Vocabulary{"date_precision", []Term{
	{"day", "day", "Year, month and day are known.", "timeline.…day"},
	{"month", "month", "Year and month are known.", "timeline.…month"},
	{"year", "year", "Only the year is known.", "timeline.…year"},
}}

// Vocabulary returns the closed list that the value belongs to.
func (DatePrecision) Vocabulary() Vocabulary { return datePrecisions }

// ErrDate says what a partial date looks like.
var ErrDate = errors.New("must be a date such as 2014-10-28, 2014-10 or 2014")

const minYear, maxYear = 1900, 2200

// ParseDate reads a partial date. Years run from 1900 to 2200.
func ParseDate(s string) (PartialDate, error) {
	d := PartialDate{}
	var err error
	digits := func(part string) int {
		for _, c := range []byte(part) {
			if c < '0' || c > '9' {
				err = ErrDate
				return 0
			}
		}
		n, convErr := strconv.Atoi(part)
		if convErr != nil {
			err = ErrDate
		}
		return n
	}
	switch {
	case len(s) == 4:
		d.year = digits(s)
	case len(s) == 7 && s[4] == '-':
		d.year, d.month = digits(s[:4]), digits(s[5:])
	case len(s) == 10 && s[4] == '-' && s[7] == '-':
		d.year, d.month, d.day = digits(s[:4]), digits(s[5:7]), digits(s[8:])
	default:
		return PartialDate{}, ErrDate
	}
	if err != nil {
		return PartialDate{}, err
	}
	if d.year < minYear || d.year > maxYear {
		return PartialDate{}, fmt.Errorf("%w: the year must be from %d to %d", ErrDate, minYear, maxYear)
	}
	if len(s) > 4 && (d.month < 1 || d.month > 12) {
		return PartialDate{}, fmt.Errorf("%w: there is no month %02d", ErrDate, d.month)
	}
	if len(s) > 7 && (d.day < 1 || d.First().Day() != d.day) {
		return PartialDate{}, fmt.Errorf("%w: there is no day %02d in that month", ErrDate, d.day)
	}
	return d, nil
}

// DateOf makes a partial date from its first day and precision, as stored.
func DateOf(first time.Time, p DatePrecision) PartialDate {
	d := PartialDate{year: first.Year(), month: int(first.Month()), day: first.Day()}
	switch p {
	case ToYear:
		d.month, d.day = 0, 0
	case ToMonth:
		d.day = 0
	case ToDay:
	}
	return d
}

// IsZero reports whether there is no date.
func (d PartialDate) IsZero() bool { return d.year == 0 }

// Precision says how much is known.
func (d PartialDate) Precision() DatePrecision {
	switch {
	case d.month == 0:
		return ToYear
	case d.day == 0:
		return ToMonth
	default:
		return ToDay
	}
}

// Year is the year, 0 when there is no date.
func (d PartialDate) Year() int { return d.year }

// First is the first day that the date can mean, at midnight UTC.
func (d PartialDate) First() time.Time {
	return time.Date(d.year, time.Month(max(d.month, 1)), max(d.day, 1), 0, 0, 0, 0, time.UTC)
}

// Last is the last day that the date can mean, at midnight UTC.
func (d PartialDate) Last() time.Time {
	switch d.Precision() {
	case ToYear:
		return time.Date(d.year, time.December, 31, 0, 0, 0, 0, time.UTC)
	case ToMonth:
		return d.First().AddDate(0, 1, -1)
	default:
		return d.First()
	}
}

// String is the date as written: "2014-10-28", "2014-10", "2014" or "".
func (d PartialDate) String() string { return string(d.appendTo(nil)) }

func (d PartialDate) appendTo(out []byte) []byte {
	if d.IsZero() {
		return out
	}
	out = appendPadded(out, d.year, 1000)
	if d.month > 0 {
		out = appendPadded(append(out, '-'), d.month, 10)
	}
	if d.month > 0 && d.day > 0 {
		out = appendPadded(append(out, '-'), d.day, 10)
	}
	return out
}

// appendPadded appends a number with as many digits as first has, at least.
func appendPadded(out []byte, n, first int) []byte {
	for ; n < first && first > 1; first /= 10 {
		out = append(out, '0')
	}
	return strconv.AppendInt(out, int64(n), 10)
}

// MarshalJSON writes the date as a string, and no date as null.
func (d PartialDate) MarshalJSON() ([]byte, error) {
	if d.IsZero() {
		return []byte("null"), nil
	}
	return append(d.appendTo([]byte{'"'}), '"'), nil
}

// UnmarshalText reads a partial date; "" is no date.
func (d *PartialDate) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*d = PartialDate{}
		return nil
	}
	parsed, err := ParseDate(string(text))
	*d = parsed
	return err
}
