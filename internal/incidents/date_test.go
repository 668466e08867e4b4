package incidents

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"
)

func TestPartialDate(t *testing.T) {
	t.Parallel()
	tests := []struct {
		text        string
		precision   DatePrecision
		first, last string
	}{
		{"2014-10-28", ToDay, "2014-10-28", "2014-10-28"},
		{"2014-10", ToMonth, "2014-10-01", "2014-10-31"},
		{"2014", ToYear, "2014-01-01", "2014-12-31"},
		{"2024-02", ToMonth, "2024-02-01", "2024-02-29"},
		{"2023-02", ToMonth, "2023-02-01", "2023-02-28"},
		{"2024-02-29", ToDay, "2024-02-29", "2024-02-29"},
		{"2000-02-29", ToDay, "2000-02-29", "2000-02-29"},
		{"2014-12", ToMonth, "2014-12-01", "2014-12-31"},
		{"1900", ToYear, "1900-01-01", "1900-12-31"},
		{"2200-12-31", ToDay, "2200-12-31", "2200-12-31"},
	}
	for _, tt := range tests {
		t.Run(tt.text, func(t *testing.T) {
			t.Parallel()
			d, err := ParseDate(tt.text)
			if err != nil {
				t.Fatal(err)
			}
			if got := d.String(); got != tt.text {
				t.Errorf("String() = %q", got)
			}
			if got := d.Precision(); got != tt.precision {
				t.Errorf("Precision() = %q, want %q", got, tt.precision)
			}
			if got := d.First().Format(time.DateOnly); got != tt.first {
				t.Errorf("First() = %s, want %s", got, tt.first)
			}
			if got := d.Last().Format(time.DateOnly); got != tt.last {
				t.Errorf("Last() = %s, want %s", got, tt.last)
			}
			if got := DateOf(d.First(), d.Precision()); got != d {
				t.Errorf("DateOf(First, Precision) = %s", got)
			}
			if got := d.Year(); got != d.First().Year() {
				t.Errorf("Year() = %d", got)
			}
		})
	}
}

func TestParseDateRefuses(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		"":                     ErrDate.Error(),
		"14":                   ErrDate.Error(),
		"2014-1":               ErrDate.Error(),
		"2014-10-2":            ErrDate.Error(),
		"2014/10/28":           ErrDate.Error(),
		"2014-10_28":           ErrDate.Error(),
		"28.10.2014":           ErrDate.Error(),
		"2014-10-28 ":          ErrDate.Error(),
		"２０１４":                 ErrDate.Error(),
		"+014":                 ErrDate.Error(),
		"2014--1":              ErrDate.Error(),
		"2014-+1":              ErrDate.Error(),
		"20x4":                 ErrDate.Error(),
		"2014-10-28T00:00:00Z": ErrDate.Error(),
		"1899":                 ErrDate.Error() + ": the year must be from 1900 to 2200",
		"2201-01-01":           ErrDate.Error() + ": the year must be from 1900 to 2200",
		"0000":                 ErrDate.Error() + ": the year must be from 1900 to 2200",
		"2014-13":              ErrDate.Error() + ": there is no month 13",
		"2014-00":              ErrDate.Error() + ": there is no month 00",
		"2014-00-10":           ErrDate.Error() + ": there is no month 00",
		"2014-10-00":           ErrDate.Error() + ": there is no day 00 in that month",
		"2014-04-31":           ErrDate.Error() + ": there is no day 31 in that month",
		"2023-02-29":           ErrDate.Error() + ": there is no day 29 in that month",
		"1900-02-29":           ErrDate.Error() + ": there is no day 29 in that month",
		"2014-10-99":           ErrDate.Error() + ": there is no day 99 in that month",
	}
	for text, want := range tests {
		t.Run(text, func(t *testing.T) {
			t.Parallel()
			d, err := ParseDate(text)
			if err == nil || err.Error() != want {
				t.Errorf("ParseDate(%q) = %v, want %s", text, err, want)
			}
			if !errors.Is(err, ErrDate) {
				t.Errorf("ParseDate(%q) does not wrap ErrDate", text)
			}
			if !d.IsZero() {
				t.Errorf("ParseDate(%q) gives %s beside its error", text, d)
			}
		})
	}
}

func TestPartialDateJSON(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`"2014-10-28"`: "2014-10-28", `"2014-10"`: "2014-10", `"2014"`: "2014", `""`: "", `null`: "",
	} {
		var d PartialDate
		if err := json.Unmarshal([]byte(text), &d); err != nil || d.String() != want {
			t.Errorf("unmarshal %s = %q, %v; want %q", text, d, err, want)
		}
		if want == "" {
			text = "null"
		}
		if out, err := json.Marshal(d); err != nil || string(out) != text {
			t.Errorf("marshal %q = %s, %v; want %s", d, out, err, text)
		}
	}
	for _, text := range []string{`2014`, `"2014-02-30"`, `{}`, `"soon"`} {
		if err := json.Unmarshal([]byte(text), new(PartialDate)); err == nil {
			t.Errorf("unmarshal %s: accepted", text)
		}
	}
}

func FuzzParseDate(f *testing.F) {
	for _, s := range []string{"2014-10-28", "2014-10", "2014", "2023-02-29", "2024-02-29", "", "0000-00-00", "2014-1-01", "２０１４"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, err := ParseDate(s)
		if err != nil {
			if !d.IsZero() {
				t.Errorf("ParseDate(%q) gives %s beside the error %v", s, d, err)
			}
			return
		}
		if got := d.String(); got != s {
			t.Errorf("ParseDate(%q).String() = %q", s, got)
		}
		if d.Last().Before(d.First()) {
			t.Errorf("%q ends (%s) before it begins (%s)", s, d.Last(), d.First())
		}
		if !strings.HasPrefix(d.First().Format(time.DateOnly), s) || !strings.HasPrefix(d.Last().Format(time.DateOnly), s) {
			t.Errorf("%q runs from %s to %s", s, d.First(), d.Last())
		}
	})
}
