// Package likeness tells how likely two incidents are one and the same, and why.
package likeness

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/breachledger/breachledger/internal/incidents"
)

// Similar is an incident that may be the same as another.
type Similar struct {
	ID      uuid.UUID `json:"id"`
	Slug    string    `json:"slug"`
	Title   string    `json:"title"`
	Score   float64   `json:"score" doc:"0 to 1; from 0.5 on a pair is put in the queue of likely duplicates"`
	Reasons []string  `json:"reasons"`
}

// ShownFrom and QueuedFrom are the scores from which an incident is shown as
// similar, and from which the pair is put in the queue of likely duplicates.
// CloseDays is how far apart the dates of one incident may be reported.
const (
	ShownFrom  = 0.3
	QueuedFrom = 0.5
	CloseDays  = 92
)

// What each sign of a duplicate adds to the score of a pair, and what one takes
// away. A shared victim by itself is no duplicate: companies are breached again.
const (
	sameBreached = 0.4
	sameSource   = 0.25
	closeDates   = 0.25
	distantDates = -0.4
	sameCount    = 0.35
	closeCount   = 0.2
	titleMost    = 0.4

	titleFrom   = 0.3
	distantDays = 550
	shownMost   = 10
	queuedMost  = 3 // of one incident; an import queues as many
)

// Candidate is what an incident is compared with. Its dates and its figure are
// nil where they are unknown.
type Candidate struct {
	ID                      uuid.UUID
	Slug, Title             string
	OccurredFrom, Disclosed *time.Time
	Victims                 *int64
	VictimsUnit             *incidents.Unit

	SharesBreached, SharesSource bool
	NamesAlike                   float64 // how much the names of those breached are alike, 0 to 1
}

// Compared is an incident that is compared with others, one after the other.
type Compared struct {
	in    *incidents.Incident
	title title
}

// Of compares this incident.
func Of(in *incidents.Incident) *Compared { return &Compared{in, titleOf(in)} }

// With scores a candidate.
func (c *Compared) With(other Candidate) Similar {
	s := Similar{ID: other.ID, Slug: other.Slug, Title: other.Title, Reasons: []string{}}
	add := func(points float64, reason string) {
		s.Score += points
		s.Reasons = append(s.Reasons, reason)
	}
	switch {
	case other.SharesBreached:
		add(sameBreached, SameBreached)
	case other.NamesAlike > 0:
		add(sameBreached*other.NamesAlike, "organisations with similar names were breached")
	}
	if other.SharesSource {
		add(sameSource, "they share a source")
	}
	if alike := c.title.similarity(other.Title, other.SharesBreached); alike >= titleFrom {
		add(titleMost*alike, "their titles are alike")
	}
	if days, ok := daysApart(c.in, other); ok {
		switch {
		case days <= CloseDays:
			add(closeDates, DatesApart(days))
		case days > distantDays:
			add(distantDates, fmt.Sprintf("but their dates are %d days apart", days))
		}
	}
	if v := c.in.Victims; v != nil && v.Quantity != nil && other.Victims != nil && other.VictimsUnit != nil && *v.Quantity > 0 && *other.Victims > 0 {
		larger, smaller := max(*v.Quantity, *other.Victims), min(*v.Quantity, *other.Victims)
		switch {
		case larger == smaller && v.Unit == *other.VictimsUnit:
			add(sameCount, "they state the same number of "+incidents.Label(v.Unit))
		case float64(larger) <= 1.1*float64(smaller):
			add(closeCount, SimilarCount)
		}
	}
	s.Score = math.Round(min(max(s.Score, 0), 1)*100) / 100
	return s
}

// daysApart compares the first dates that both have of one kind.
func daysApart(in *incidents.Incident, other Candidate) (int, bool) {
	for _, pair := range []struct {
		one   incidents.PartialDate
		other *time.Time
	}{{in.Occurred.From, other.OccurredFrom}, {in.Disclosed, other.Disclosed}} {
		if pair.one.IsZero() || pair.other == nil {
			continue
		}
		days := int(pair.one.First().Sub(*pair.other).Hours() / 24)
		return max(days, -days), true
	}
	return 0, false
}

// Ranked are the likeliest that are shown, in their order.
func Ranked(all []Similar) []Similar {
	slices.SortStableFunc(all, func(a, b Similar) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.Slug, b.Slug))
	})
	return all[:min(len(all), shownMost)]
}

// Queued are those of the ranked that are likely enough to be looked at by somebody.
func Queued(ranked []Similar) []Similar {
	n := 0
	for n < min(len(ranked), queuedMost) && ranked[n].Score >= QueuedFrom {
		n++
	}
	return ranked[:n]
}
