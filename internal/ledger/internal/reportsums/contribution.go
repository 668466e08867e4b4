package reportsums

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/breachledger/breachledger/internal/incidents"
)

// What an incident adds to the reports over everything. It is figured out of
// the document alone, and is what BreachTotals, YearsByCategory, ResponseTotals
// and ResponseActors (db/queries/reports.sql, pages.sql) would make of that one
// incident.

// counted is what the reports read of a document.
type counted struct {
	Category    incidents.Category
	Certainty   incidents.Certainty
	Publication incidents.Publication
	Occurred    incidents.Period
	Discovered  incidents.PartialDate
	Disclosed   incidents.PartialDate
	Vectors     []string
	Tags        []string
	Payment     bool
	Unanswered  bool
	Victims     *struct {
		Quantity, Low, High *int64
		Unit                string
	}
	Participants []struct {
		Actor countedActor
		Role  incidents.Role
	}
	Responses []countedResponse
}

type countedActor struct{ Slug string }

type countedResponse struct {
	ID      string
	Actor   countedActor
	Kind    string
	Status  incidents.ResponseStatus
	Date    incidents.PartialDate
	Due     incidents.PartialDate
	Fulfils string
}

func readCounted(document []byte) (*counted, error) {
	in := &counted{}
	if err := json.Unmarshal(document, in); err != nil {
		return nil, fmt.Errorf("read a document: %w", err)
	}
	return in, nil
}

// listed mirrors the column of incidents.
func (in *counted) listed() bool {
	return in.Publication == incidents.Published && (in.Certainty == incidents.Confirmed || in.Certainty == incidents.Suspected) &&
		!slices.Contains(in.Tags, incidents.Compilation)
}

// contribute adds what an incident contributes, or takes it away when sign is -1.
func (s *sums) contribute(in *counted, sign int64) {
	if !in.listed() {
		return
	}
	s.contributeTo(false, in, sign)
	if in.Payment {
		s.contributeTo(true, in, sign)
	}
}

func (s *sums) contributeTo(payment bool, in *counted, sign int64) {
	add := func(dimension, value string) { s.total(payment, dimension, value, in.unit()).addVictims(in, sign) }
	add("all", "")
	add("year", year(in.Disclosed, in.Occurred.From, in.Occurred.To, in.Discovered))
	add("category", string(in.Category))
	for _, v := range in.Vectors {
		add("vector", v)
	}
	s.total(payment, "happened", year(in.Occurred.From, in.Occurred.To)+" "+string(in.Category), "").N += sign
	if in.Unanswered {
		s.total(payment, "unanswered", "", "").N += sign
	}
	for _, r := range in.Responses {
		s.total(payment, "response", r.Kind, "").N += sign
		if r.Date.IsZero() {
			s.total(payment, "undated", "", "").N += sign
		}
		s.contributeResponse(payment, in, r, sign)
	}
	s.contributeInvolved(payment, in, sign)
}

// contributeResponse counts a response and, if it is a promise, what became of it.
func (s *sums) contributeResponse(payment bool, in *counted, r countedResponse, sign int64) {
	a := s.actor(payment, r.Actor.Slug)
	a.Responses += sign
	a.kinds.add(r.Kind, sign)
	switch r.Status {
	case incidents.Broken:
		if r.Fulfils == "" { // it stands for a promise that is not recorded
			a.Promised += sign
			a.Broken += sign
		}
	case incidents.Promised:
		a.Promised += sign
		switch in.settled(r.ID) {
		case incidents.Done:
			a.Kept += sign
		case incidents.Broken:
			a.Broken += sign
		default:
			if !r.Due.IsZero() {
				a.overdue.add(Day(r.Due.Last())+1, sign)
			}
		}
	}
}

// settled says how a promise ended: a delivery counts more than a failure.
func (in *counted) settled(promise string) (how incidents.ResponseStatus) {
	for _, r := range in.Responses {
		if r.Fulfils == promise && how != incidents.Done {
			how = r.Status
		}
	}
	return how
}

// contributeInvolved counts the incident for everyone breached and everyone who
// answered: each once.
func (s *sums) contributeInvolved(payment bool, in *counted, sign int64) {
	breached := map[string]bool{}
	for _, p := range in.Participants {
		if p.Role.Breached() {
			breached[p.Actor.Slug] = true
		}
	}
	for slug := range breached {
		a := s.actor(payment, slug)
		a.Incidents += sign
		answered, first, measured := in.firstAnswer(slug)
		if !answered {
			a.Unanswered += sign
		}
		if measured {
			a.days.add(first, sign)
		}
	}
	for _, r := range in.Responses {
		if slug := r.Actor.Slug; !breached[slug] {
			breached[slug] = true // counted
			s.actor(payment, slug).Incidents += sign
		}
	}
}

// firstAnswer says whether somebody answered, and after how many days first.
// Days count only between two dates that are known to the day.
func (in *counted) firstAnswer(slug string) (answered bool, days int, measured bool) {
	for _, r := range in.Responses {
		if r.Actor.Slug != slug {
			continue
		}
		answered = true
		if !knownToDay(r.Date) || !knownToDay(in.Disclosed) {
			continue
		}
		if d := Day(r.Date.First()) - Day(in.Disclosed.First()); !measured || d < days {
			days, measured = d, true
		}
	}
	return answered, days, measured
}

func (in *counted) unit() string {
	if in.Victims == nil {
		return ""
	}
	return in.Victims.Unit
}

// year is that of the first date that is known, or "".
func year(dates ...incidents.PartialDate) string {
	for _, d := range dates {
		if !d.IsZero() {
			return strconv.Itoa(d.Year())
		}
	}
	return ""
}

func knownToDay(d incidents.PartialDate) bool { return !d.IsZero() && d.Precision() == incidents.ToDay }

const daySeconds = 24 * 60 * 60

// Day is the number of a day, counted from 1970-01-01, as report_actor_days has it.
func Day(t time.Time) int { return int(t.Unix() / daySeconds) }
