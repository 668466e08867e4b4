package main

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
)

// row is a line of the table: what was measured beside what is wanted.
type row struct {
	What    string   `json:"what"`
	Unit    string   `json:"unit"` // "x" is a ratio
	Value   *float64 `json:"value"`
	AtLeast float64  `json:"at_least"` // or at most, where Low
	AimFor  float64  `json:"aim_for"`
	Low     bool     `json:"low,omitempty"` // the lower the better
	Detail  string   `json:"detail,omitempty"`
	Verdict string   `json:"verdict"`
}

// The verdicts.
const (
	pass     = "pass"
	short    = "short"
	notThere = "not there"

	forReference = "for reference"
)

// judge gives a row its verdict. What refuses, breaks or was not what it was
// meant to be falls short, whatever its figure is.
func judge(r row, faults ...string) row {
	switch {
	case r.Value == nil && len(faults) == 0:
		r.Verdict = notThere
	case r.Value == nil, len(faults) > 0, r.Low && *r.Value > r.AtLeast, !r.Low && *r.Value < r.AtLeast:
		r.Verdict = short
	default:
		r.Verdict = pass
	}
	for _, f := range faults {
		if !strings.Contains(r.Detail, f) {
			r.Detail = strings.TrimPrefix(r.Detail+"; "+f, "; ")
		}
	}
	return r
}

// median is that of the samples by a figure, NaN of none.
func median(samples []sample, of func(sample) float64) float64 {
	if len(samples) == 0 {
		return math.NaN()
	}
	values := make([]float64, len(samples))
	for i, s := range samples {
		values[i] = of(s)
	}
	slices.Sort(values)
	if n := len(values); n%2 == 0 {
		return (values[n/2-1] + values[n/2]) / 2
	}
	return values[len(values)/2]
}

func rate(s sample) float64 { return s.Rate }
func p50(s sample) float64  { return s.P50 }

// faults of a measurement.
func (s *suite) faults(name string) (out []string) {
	for _, x := range s.results[name] {
		if answers := x.Rate * s.Time.Seconds(); x.Refused > 0 && float64(x.Refused) > answers/1000 {
			out = append(out, fmt.Sprintf("%d of %.0f refused", x.Refused, answers))
		}
		if x.Rate == 0 {
			out = append(out, "no answer within the time")
		}
		if x.Broken > 0 {
			out = append(out, fmt.Sprintf("%d broken", x.Broken))
		}
		if x.Cached {
			out = append(out, "a cache answered")
		}
	}
	return out
}

// ratio is a row of the median of the rounds' ratios. The two of a round are measured
// one right after the other, so that what slows the machine slows both.
func (s *suite) ratio(what, name, to string, least, aim float64) row {
	ours, theirs := s.results[name], s.results[to]
	r := row{What: what, Unit: "x", AtLeast: least, AimFor: aim}
	rounds := min(len(ours), len(theirs))
	ratios := make([]sample, rounds)
	for i := range rounds {
		ratios[i].Rate = ours[i].Rate / theirs[i].Rate
	}
	if v := median(ratios, rate); !math.IsNaN(v) {
		lowest := slices.MinFunc(ratios, func(a, b sample) int { return cmp.Compare(a.Rate, b.Rate) })
		highest := slices.MaxFunc(ratios, func(a, b sample) int { return cmp.Compare(a.Rate, b.Rate) })
		r.Value = &v
		r.Detail = fmt.Sprintf("%.0f/s to %.0f/s; %.2f to %.2f", median(ours, rate), median(theirs, rate), lowest.Rate, highest.Rate)
	}
	return judge(r, s.faults(name)...)
}

// reference is a row for comparison only: nothing is wanted of it.
func (s *suite) reference(what, name, to string) row {
	r := s.ratio(what, name, to, 0, 0)
	r.Verdict = forReference
	return r
}

// latency is a row of a measurement's median latency.
func (s *suite) latency(what, name string, most, aim float64) row {
	r := row{What: what, Unit: "ms", AtLeast: most, AimFor: aim, Low: true}
	if v := median(s.results[name], p50); median(s.results[name], rate) > 0 {
		r.Value = &v
		r.Detail = fmt.Sprintf("%.0f/s, 99 of 100 within %.1f ms", median(s.results[name], rate), median(s.results[name], func(s sample) float64 { return s.P99 }))
	}
	return judge(r, s.faults(name)...)
}

// rows are those that the rounds have measured.
func (s *suite) rows() (out []row) {
	for _, r := range []row{
		s.ratio("list by victims, first page, uncached, to pgbench", "list, first page", "list, first page: pgbench", 0.5, 0.7),
		s.ratio("list by victims, random page, uncached, to pgbench", "list, random page", "list, random page: pgbench", 0.5, 0.7),
		s.ratio("detail, uncached, to pgbench's one-query JSON", "detail", "detail: pgbench, JSON of the rows", 0.65, 0.85),
		s.reference("detail, uncached, to pgbench reading the stored document", "detail", "detail: pgbench, the stored document"),
		s.ratio("logging an incident, durable, to pgbench's one CTE", "logging", "logging: pgbench", 0.65, 1.4),
		s.ratio("the same with an Idempotency-Key", "logging, Idempotency-Key", "logging: pgbench", 0.65, 1.4),
		s.ratio("cached page, to a static Gin answer", "cached page", "static", 0.9, 1),
		s.ratio("304, to a static Gin answer", "304", "static", 1.2, 1.3),
		s.ratio("search for a rare word, to pgbench", "rare word", "rare word: pgbench", 0.4, 0.6),
		s.reference("search for a rare word, to pgbench ranking without passages", "rare word", "rare word: pgbench, no passages"),
		s.latency("search for a common word, median", "common word", 15, 5),
		s.latency("report on breaches over all, median", "report on breaches", 5, 1),
		s.latency("report on responses over all, median", "report on responses", 5, 1),
		s.ratio("list beside 8 clients with the slowest searches, to undisturbed", "list, random page, beside slow searches", "list, random page", 0.3, 0.5),
	} {
		if s.measured(r) {
			out = append(out, r)
		}
	}
	for _, name := range []string{"list, random page", "detail", "logging"} {
		little, large := median(s.results[name+", small"], rate), median(s.results[name], rate)
		r := row{What: fmt.Sprintf("cost of %s at %d to %d incidents", name, s.Scale, small), Unit: "x", AtLeast: 1.3, AimFor: 1.1, Low: true}
		if v := little / large; !math.IsNaN(v) {
			r.Value, r.Detail = &v, fmt.Sprintf("%.0f/s to %.0f/s", large, little)
			out = append(out, judge(r, s.faults(name+", small")...))
		}
	}
	return out
}

// measured leaves out what ONLY has left out.
func (s *suite) measured(r row) bool { return r.Value != nil || len(s.Only) == 0 }
