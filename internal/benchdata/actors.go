package benchdata

import (
	"fmt"
	"slices"
	"strings"

	"github.com/breachledger/breachledger/internal/incidents"
)

// In each ten actors, one is of each kind but company: its place is its number
// modulo ten.
const (
	group = iota
	media
	agency
	government
	person
	kinds = 10
)

var sectorNames = []struct {
	sector incidents.Sector
	suffix string
}{
	{"bank", "Bank"}, {"merchant", "Stores"}, {"payment_processor", "Processing"}, {"technology", "Software"}, {"health", "Health"},
	{"fintech", "Fin"}, {"crypto", "Exchange"}, {"wallet", "Wallet"}, {"other", "Industries"}, {"card_network", "Cards"}, {"unknown", "Holding"},
}

func makeActors(n int) []incidents.Actor {
	actors := make([]incidents.Actor, n)
	for i := range actors {
		word := spell(4000 + i*7)
		word = strings.ToUpper(word[:1]) + word[1:]
		a := incidents.Actor{ID: id(i, 0xfff), Kind: incidents.Company}
		switch i % kinds {
		case group:
			a.Kind, a.Sector, a.Name = incidents.Group, incidents.SectorUnknown, word+" Ring"
		case media:
			a.Kind, a.Sector, a.Name = incidents.Media, "other", "The "+word+" Courier"
		case agency:
			a.Kind, a.Sector, a.Name = incidents.Agency, "government", word+" Supervision Office"
		case government:
			a.Kind, a.Sector, a.Name = incidents.Government, "government", "State of "+word
		case person:
			a.Kind, a.Sector, a.Name = incidents.Person, incidents.SectorUnknown, "J. "+word
		default:
			s := sectorNames[(i/kinds*5+i%kinds)%len(sectorNames)]
			a.Sector, a.Name = s.sector, word+" "+s.suffix
			a.Domain = strings.ToLower(word) + ".example"
			if i%4 == 0 {
				a.Aliases = []string{fmt.Sprintf("%s %s Inc.", word, s.suffix)}
			}
		}
		if i%3 == 0 {
			a.Country = countries[i%len(countries)]
		}
		a.Slug = incidents.Slugify(a.Name)
		actors[i] = a
	}
	return actors
}

// seldom is how many of 100 companies are drawn from all alike. Of real ones most
// are breached once: VCDB's 7,856 incidents of March 2019 with a named victim name
// 5,915 different ones, and a single one is in 873. Here one is in about five.
const seldom = 70

// actor is an actor of a kind, by its popularity.
func (m *maker) actor(kind int) incidents.Actor {
	n := len(m.set.actors) / kinds
	tens := m.zipf(n, 20) * kinds
	if kind == company {
		if m.chance(seldom) {
			tens = m.IntN(n) * kinds
		}
		return m.set.actors[tens+5+m.IntN(5)]
	}
	return m.set.actors[tens+kind]
}

const company = kinds

// who puts in the participants; those whom claims name join by themselves.
func (m *maker) who() {
	m.media = m.actor(media)
	for _, p := range []struct {
		percent float64
		kind    int
		role    incidents.Role
	}{
		{92, company, incidents.RoleVictim}, {22, company, incidents.RoleAffectedPlatform}, {6, agency, incidents.RoleVictim},
		{42, group, incidents.RoleAllegedAttacker}, {24, agency, incidents.RoleRegulator}, {10, company, incidents.RoleVictim},
	} {
		if m.chance(p.percent) {
			m.join(m.actor(p.kind), p.role)
		}
	}
	if m.chance(60) {
		m.join(m.media, incidents.RoleReporter)
	}
	m.breached = m.actor(company).Ref()
	for _, p := range slices.Backward(m.in.Participants) {
		if p.Role.Breached() {
			m.breached = p.Actor
		}
	}
}

func (m *maker) join(a incidents.Actor, role incidents.Role) {
	for _, p := range m.in.Participants {
		if p.Actor.ID == a.ID {
			return
		}
	}
	m.in.Participants = append(m.in.Participants, incidents.Participant{Actor: a.Ref(), Role: role})
}
