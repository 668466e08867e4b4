// Package benchdata makes incidents at random in the shape of real ones, any
// number of them, the same for the same number: for benchmarks, and for tests of
// plans. Victim counts have a heavy tail, actors and words follow Zipf's law,
// every kind of claim, qualifier and category occurs, and much is unknown.
//
// It is pure. [github.com/breachledger/breachledger/internal/ledger.Ledger.Fill]
// writes what it makes.
package benchdata

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"
	"time"

	"github.com/google/uuid"

	"github.com/breachledger/breachledger/internal/incidents"
)

// Version changes when the same number gives other incidents: what was kept of
// an earlier version is not used.
const Version = 2

// Set is a number of incidents with the actors that they share. It is safe for
// use by many goroutines.
type Set struct {
	n      int
	terse  bool
	actors []incidents.Actor
	words  []string
}

// New makes the set of n incidents.
func New(n int) *Set {
	return &Set{n: n, actors: makeActors(max(n/2/kinds*kinds, 200)), words: makeWords()}
}

// Terse makes the set without the texts of sources and what is quoted from
// them, of which plans take no notice: it is written in half the time.
func (s *Set) Terse() *Set {
	s.terse = true
	return s
}

// Len is how many incidents there are.
func (s *Set) Len() int { return s.n }

// Actors are the actors that the incidents name.
func (s *Set) Actors() []incidents.Actor { return s.actors }

// About ten incidents have the same rare word. Its number spells it,
// so that a program that cannot ask for it can make it too.

// RareWords is how many rare words there are, each in about ten incidents.
func (s *Set) RareWords() int { return max(s.n/10, 1) }

// RareWord is one of them.
func RareWord(n int) string { return fmt.Sprintf("lot%d", n) }

// Common are words, each in about 14 of 100 incidents.
func Common() []string { return common }

// Start is when the first incident is logged; another follows every [Step].
var Start = time.Date(2015, 1, 5, 9, 0, 0, 0, time.UTC)

// Step is the time between two incidents.
const Step = 5 * time.Minute

// ID is the id of an incident: a UUIDv7 of its time, with its number in place of
// the random part, so that a program can make ids that exist.
func ID(i int) uuid.UUID { return id(i, 0) }

// id is that of a part of an incident.
func id(i, part int) uuid.UUID {
	var out uuid.UUID
	binary.BigEndian.PutUint64(out[:8], uint64(Start.Add(time.Duration(i)*Step).UnixMilli())<<16|0x7000|uint64(part))
	binary.BigEndian.PutUint64(out[8:], 0x8000<<48|uint64(i))
	return out
}

// maker makes one incident.
type maker struct {
	*rand.Rand
	set   *Set
	i     int
	parts int
	in    *incidents.Incident
	text  text
	media incidents.Actor
	// breached is somebody who was breached, or else any company.
	breached incidents.ActorRef
}

// Incident is one of the set, from 0: whole, linked and valid, as the ledger
// would keep it but for what it derives.
func (s *Set) Incident(i int) *incidents.Incident {
	m := &maker{Rand: rand.New(rand.NewPCG(uint64(s.n), uint64(i))), set: s, i: i} //nolint:gosec // the same data each time is what is wanted
	m.in = &incidents.Incident{ID: ID(i), Version: 1, CreatedAt: Start.Add(time.Duration(i) * Step)}
	m.in.UpdatedAt = m.in.CreatedAt
	m.what()
	m.dates()
	m.lists()
	m.who()
	m.title()
	m.source()
	m.counts()
	m.losses()
	m.attributions()
	m.responses()
	m.finishSource()
	m.in.Complete()
	return m.in
}

func (m *maker) newID() uuid.UUID {
	m.parts++
	return id(m.i, m.parts)
}

// chance is true in so many of 100.
func (m *maker) chance(percent float64) bool { return m.Float64()*100 < percent }

// zipf is a number below n: small ones are frequent, as with Zipf's law, and
// flat makes the first so many about equally frequent.
func (m *maker) zipf(n int, flat float64) int {
	return min(int(flat*(math.Pow(1+float64(n)/flat, m.Float64())-1)), n-1)
}

// one picks a value by its weight.
func one[T any](m *maker, choices []weighted[T]) T {
	total := 0
	for _, c := range choices {
		total += c.weight
	}
	at := m.IntN(total)
	for _, c := range choices {
		if at -= c.weight; at < 0 {
			return c.value
		}
	}
	return choices[0].value
}

type weighted[T any] struct {
	value  T
	weight int
}

func (m *maker) what() {
	m.in.Category = one(m, []weighted[incidents.Category]{
		{incidents.DataBreach, 52}, {incidents.AccountTakeover, 8}, {incidents.TheftOfFunds, 9}, {incidents.PaymentFraud, 12},
		{incidents.Extortion, 11}, {incidents.ServiceAttack, 5}, {incidents.CategoryOther, 3},
	})
	m.in.Certainty = one(m, []weighted[incidents.Certainty]{
		{incidents.Confirmed, 88}, {incidents.Suspected, 8}, {incidents.NearMiss, 3}, {incidents.FalsePositive, 1},
	})
	m.in.Publication = one(m, []weighted[incidents.Publication]{
		{incidents.Published, 975}, {incidents.Draft, 20}, {incidents.Retracted, 5},
	})
	if m.in.Publication == incidents.Retracted {
		m.in.RetractionReason = "The figures were of another incident."
	}
}

func (m *maker) dates() {
	logged := m.in.CreatedAt
	disclosed := logged.Add(-time.Duration(m.ExpFloat64()*90*24) * time.Hour)
	discovered := disclosed.Add(-time.Duration(m.ExpFloat64()*60*24) * time.Hour)
	from := discovered.Add(-time.Duration(m.ExpFloat64()*150*24) * time.Hour)
	if m.chance(93) {
		m.in.Disclosed = m.date(disclosed)
	}
	if m.chance(45) {
		m.in.Discovered = m.date(discovered)
	}
	if m.chance(70) {
		m.in.Occurred.From = m.date(from)
	}
	if m.chance(35) {
		m.in.Occurred.To = m.date(discovered)
	}
	if m.chance(15) {
		m.in.Contained = m.date(disclosed)
	}
}

// date is a day, of which sometimes only the month or the year is known.
func (m *maker) date(t time.Time) incidents.PartialDate {
	return incidents.DateOf(t, one(m, []weighted[incidents.DatePrecision]{{incidents.ToDay, 75}, {incidents.ToMonth, 17}, {incidents.ToYear, 8}}))
}

var countries = []string{
	"US", "GB", "DE", "CN", "IN", "FR", "BR", "CA", "AU", "JP", "RU", "NG", "ES", "IT", "NL", "KR", "MX", "ZA", "SG", "UA",
	"PL", "TR", "ID", "SE", "CH", "AR", "KE", "VN", "IL", "AE", "NO", "DK", "FI", "IE", "PT", "GR", "CZ", "RO", "HU", "EE", "TV",
}

func (m *maker) lists() {
	if m.chance(85) {
		m.in.Countries = several(m, countries, 1.3, 6)
	}
	m.in.Vectors = terms[incidents.Vector](m, 1.4)
	m.in.DataClasses = terms[incidents.DataClass](m, 1.8)
	if m.chance(45) {
		m.in.PaymentMethods = terms[incidents.PaymentMethod](m, 1.2)
	}
	if m.chance(30) {
		m.in.Tags = []string{m.set.words[m.zipf(400, 4)]}
	}
	if m.chance(20) {
		m.in.ExternalRefs = append(m.in.ExternalRefs, incidents.ExternalRef{Scheme: "case", ID: fmt.Sprintf("B-%d", m.i)})
	}
	if m.chance(10) {
		m.in.ExternalRefs = append(m.in.ExternalRefs, incidents.ExternalRef{Scheme: "cve", ID: fmt.Sprintf("CVE-%d-%04d", m.in.CreatedAt.Year(), m.zipf(9000, 5))})
	}
}

// several picks different values, about so many, those in front most often.
func several(m *maker, values []string, about, flat float64) []string {
	var out []string
	for n := 1 + int(m.ExpFloat64()*(about-1)); len(out) < min(n, 4, len(values)); {
		v := values[m.zipf(len(values), flat)]
		seen := false
		for _, o := range out {
			seen = seen || o == v
		}
		if !seen {
			out = append(out, v)
		}
	}
	return out
}

// terms picks several values of a vocabulary.
func terms[T incidents.Worded](m *maker, about float64) []T {
	var zero T
	var out []T
	for _, v := range several(m, zero.Vocabulary().Values(), about, 5) {
		out = append(out, T(v))
	}
	return out
}

// term picks a value of a vocabulary, those in front most often.
func term[T incidents.Worded](m *maker) T {
	var zero T
	values := zero.Vocabulary().Values()
	return T(values[m.zipf(len(values), 6)])
}
