package benchdata

import (
	"fmt"
	"math"

	"github.com/shopspring/decimal"

	"github.com/breachledger/breachledger/internal/incidents"
)

// figure is a number of people: half of them are below 8,000, and one in a
// thousand is above 20 million.
func (m *maker) figure() int64 {
	v := math.Exp(9 + 2.6*m.NormFloat64())
	if m.chance(60) { // a round number
		power := math.Pow(10, math.Max(math.Floor(math.Log10(v))-1, 0))
		v = math.Round(v/power) * power
	}
	return int64(math.Min(v, 5e9))
}

func (m *maker) counts() {
	n := one(m, []weighted[int]{{0, 15}, {1, 60}, {2, 19}, {3, 6}})
	for i := range n {
		c := incidents.Count{
			Unit: term[incidents.Unit](m),
			Qualifier: one(m, []weighted[incidents.Qualifier]{
				{incidents.Exact, 30}, {incidents.About, 18}, {incidents.AtLeast, 10}, {incidents.MoreThan, 10}, {incidents.AtMost, 8},
				{incidents.LessThan, 2}, {incidents.Between, 4}, {incidents.Unquantified, 8}, {incidents.NotDisclosed, 10},
			}),
			Headline: i == n-1,
		}
		v := m.figure()
		c.Claim = m.claim(fmt.Sprintf("The number of %s was %s %d, it said on %s.", c.Unit, c.Qualifier, v, m.in.Disclosed))
		switch c.Qualifier.Takes() {
		case incidents.OneFigure:
			c.Quantity = &v
		case incidents.TwoFigures:
			high := v + v/2
			c.Low, c.High = &v, &high
		case incidents.NoFigure:
		}
		if m.chance(25) {
			by := m.breached
			c.ClaimedBy = &by
		}
		if m.chance(30) {
			c.AsOf = m.in.Disclosed
		}
		if i > 0 && m.chance(40) {
			c.Supersedes = incidents.ClaimRef(m.in.Counts[i-1].ID.String())
		}
		m.in.Counts = append(m.in.Counts, c)
	}
}

var currencies = []weighted[string]{{"USD", 60}, {"EUR", 15}, {"GBP", 8}, {"BTC", 6}, {"CNY", 6}, {"ETH", 5}}

func (m *maker) losses() {
	for range one(m, []weighted[int]{{0, 75}, {1, 19}, {2, 6}}) {
		l := incidents.Loss{
			Kind: term[incidents.LossKind](m), Scope: term[incidents.LossScope](m), Currency: one(m, currencies),
			Qualifier: one(m, []weighted[incidents.Qualifier]{
				{incidents.Exact, 40}, {incidents.About, 25}, {incidents.MoreThan, 20}, {incidents.AtMost, 10}, {incidents.NotDisclosed, 5},
			}),
		}
		amount := decimal.New(m.figure()*int64(1+m.IntN(99)), -2)
		l.Claim = m.claim(fmt.Sprintf("A sum of %s %s was named, %s.", amount, l.Currency, l.Kind))
		if l.Qualifier.Takes() == incidents.OneFigure {
			l.Amount = &amount
		} else {
			l.Currency = ""
		}
		m.in.Losses = append(m.in.Losses, l)
	}
}

func (m *maker) attributions() {
	for range one(m, []weighted[int]{{0, 80}, {1, 17}, {2, 3}}) {
		a := incidents.Attribution{
			Accused: m.actor([]int{group, group, government, person}[m.IntN(4)]).Ref(), Basis: term[incidents.Basis](m),
			Confidence: term[incidents.Confidence](m), Stated: m.in.Disclosed,
		}
		a.Claim = m.claim("Investigators pointed to " + a.Accused.Name + ".")
		if m.chance(50) {
			by := m.actor(agency).Ref()
			a.Claimant = &by
		}
		m.in.Attributions = append(m.in.Attributions, a)
	}
}

func (m *maker) responses() {
	promise := ""
	for range one(m, []weighted[int]{{0, 30}, {1, 29}, {2, 19}, {3, 12}, {4, 6}, {5, 4}}) {
		r := incidents.Response{Actor: m.breached, Kind: term[incidents.ResponseKind](m), Date: m.in.Disclosed, ViaUnnamedSource: m.chance(8)}
		switch {
		case promise != "" && m.chance(50):
			r.Status, r.Fulfils = incidents.Done, incidents.ClaimRef(promise)
			promise = ""
		case m.chance(12):
			r.Status = incidents.Promised
			if m.chance(60) {
				r.Due = incidents.DateOf(m.in.CreatedAt.AddDate(0, 1+m.IntN(12), 0), incidents.ToDay)
			}
		}
		if len(m.in.Attributions) > 0 && m.chance(20) {
			r.Actor, r.Kind, r.Status, r.Due, r.Fulfils = m.in.Attributions[0].Accused, incidents.Denial, incidents.Stated, incidents.PartialDate{}, ""
			r.Answers = incidents.ClaimRef(m.in.Attributions[0].ID.String())
		}
		if m.chance(25) {
			r.SpokenBy = "A spokesperson"
		}
		if m.chance(60) {
			r.Summary = m.sentence(8)
		}
		r.Claim = m.claim(fmt.Sprintf("%s answered with %s. (%d)", r.Actor.Name, r.Kind, len(m.in.Responses)+1))
		if r.Status == incidents.Promised {
			promise = r.ID.String()
		}
		m.in.Responses = append(m.in.Responses, r)
	}
}
