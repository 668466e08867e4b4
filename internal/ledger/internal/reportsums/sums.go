package reportsums

import (
	"cmp"
	"maps"
	"math/big"
	"slices"
)

// sums are contributions added up: what is to be added to the tables of the
// reports.
type sums struct {
	totals map[totalKey]*totalSum
	actors map[string]*actorSums // by slug
}

func newSums() *sums {
	return &sums{totals: map[totalKey]*totalSum{}, actors: map[string]*actorSums{}}
}

type totalKey struct {
	Payment          bool
	Dimension, Value string
	Unit             string // "" is none
}

// totalSum is a row of report_totals. The sums of victims may be larger than any
// integer type.
type totalSum struct {
	N, Counted, Below, Above int64
	Stated, Low, High        big.Int
}

func (s *sums) total(payment bool, dimension, value, unit string) *totalSum {
	key := totalKey{payment, dimension, value, unit}
	t := s.totals[key]
	if t == nil {
		t = &totalSum{}
		s.totals[key] = t
	}
	return t
}

func (t *totalSum) addVictims(in *counted, sign int64) {
	t.N += sign
	if in.Victims == nil {
		return
	}
	for _, figure := range []struct {
		stated *int64
		times  *int64
		sum    *big.Int
	}{{in.Victims.Quantity, &t.Counted, &t.Stated}, {in.Victims.Low, &t.Below, &t.Low}, {in.Victims.High, &t.Above, &t.High}} {
		if figure.stated != nil {
			*figure.times += sign
			figure.sum.Add(figure.sum, big.NewInt(sign*(*figure.stated)))
		}
	}
}

func (t *totalSum) zero() bool {
	return t.N == 0 && t.Counted == 0 && t.Below == 0 && t.Above == 0 && t.Stated.Sign() == 0 && t.Low.Sign() == 0 && t.High.Sign() == 0
}

// actorSums is a row of report_actors, and what is to be added to those of its days.
type actorSums struct {
	all, payments actorSum
}

// actorSum is what is summed up of an actor over some incidents.
type actorSum struct {
	Incidents, Responses, Unanswered, Promised, Kept, Broken int64

	kinds   histogram[string]
	days    histogram[int] // of first answers
	overdue histogram[int] // by the number of the first day on which the promise is overdue
}

func (s *sums) actor(payment bool, slug string) *actorSum {
	a := s.actors[slug]
	if a == nil {
		a = &actorSums{}
		s.actors[slug] = a
	}
	if payment {
		return &a.payments
	}
	return &a.all
}

// rareMost is how many incidents an actor has at most that is written early: one
// that comes again and again would be written as often.
const rareMost = 3

// rare are the actors that have few incidents, or all of them where most have more;
// in the order of the indexes.
func (s *sums) rare() []string {
	var rare []string
	for slug, a := range s.actors {
		if a.all.Incidents <= rareMost {
			rare = append(rare, slug)
		}
	}
	if len(rare) < len(s.actors)/2 {
		return slices.Sorted(maps.Keys(s.actors))
	}
	slices.Sort(rare)
	return rare
}

// histogram is how often there is what.
type histogram[K cmp.Ordered] map[K]int64

func (h *histogram[K]) add(what K, n int64) {
	if *h == nil {
		*h = histogram[K]{}
	}
	if (*h)[what] += n; (*h)[what] == 0 {
		delete(*h, what)
	}
}
