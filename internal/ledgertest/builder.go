package ledgertest

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/breachledger/breachledger/internal/incidents"
)

// Builder makes valid incidents at random, the same ones for the same seed.
// They share a small cast of actors and sources, as real ones do, and have every
// kind of claim, most with quotes. Use [Builder.Change] to alter a stored one.
type Builder struct {
	rnd  *rand.Rand
	seed uint64
	made int
	keys int
}

// NewBuilder makes a builder. Builders with different seeds share the actors
// and the articles, and nothing that must be unique.
func NewBuilder(seed uint64) *Builder {
	return &Builder{rnd: rand.New(rand.NewPCG(seed, 1)), seed: seed}
}

// Incident makes the next incident, as a client would send it.
func (b *Builder) Incident() incidents.Incident {
	b.made++
	in := incidents.Incident{
		Title:     fmt.Sprintf("%s %s at %s", b.word(), b.word(), cast[b.rnd.IntN(len(cast))].Name),
		Category:  Term[incidents.Category](b.rnd),
		Countries: some(b.rnd, []string{"US", "CN", "DE", "BR", "NG"}, 3),
		Vectors:   terms[incidents.Vector](b.rnd, 3), DataClasses: terms[incidents.DataClass](b.rnd, 3),
		PaymentMethods: terms[incidents.PaymentMethod](b.rnd, 2),
		Tags:           some(b.rnd, []string{"pos", "cloud", "year:2014", "x.y", "a_b"}, 2),
		Discovered:     b.date(), Disclosed: b.date(), Contained: b.date(),
	}
	if b.chance(2) {
		in.Summary = fmt.Sprintf("Of %s and %s; “%s”, as they say.\n\n夜环 is named.", b.word(), b.word(), b.word())
	}
	if b.chance(2) {
		in.Certainty = Term[incidents.Certainty](b.rnd)
	}
	b.occurred(&in)
	if b.chance(3) {
		in.ExternalRefs = append(in.ExternalRefs, incidents.ExternalRef{Scheme: "case", ID: fmt.Sprintf("B-%d-%d", b.seed, b.made)})
	}
	if b.chance(4) {
		in.ExternalRefs = append(in.ExternalRefs, incidents.ExternalRef{Scheme: "cve", ID: "CVE-2014-0160"})
	}
	in.Sources = b.sources()
	b.participants(&in)
	for range b.rnd.IntN(4) {
		b.AddCount(&in)
	}
	for range b.rnd.IntN(3) {
		b.AddLoss(&in)
	}
	for range b.rnd.IntN(3) {
		b.AddAttribution(&in)
	}
	for range b.rnd.IntN(5) {
		b.AddResponse(&in)
	}
	return in
}

// Term picks a value of a vocabulary.
func Term[T incidents.Worded](rnd *rand.Rand) T {
	var zero T
	values := zero.Vocabulary().Values()
	return T(values[rnd.IntN(len(values))])
}

// terms picks up to most different values.
func terms[T incidents.Worded](rnd *rand.Rand, most int) []T {
	var zero T
	var out []T
	for _, v := range some(rnd, zero.Vocabulary().Values(), most) {
		out = append(out, T(v))
	}
	return out
}

// some picks up to most different values.
func some(rnd *rand.Rand, values []string, most int) []string {
	var out []string
	for _, i := range rnd.Perm(len(values))[:rnd.IntN(most+1)] {
		out = append(out, values[i])
	}
	return out
}

// chance is true once in n times.
func (b *Builder) chance(n int) bool { return b.rnd.IntN(n) == 0 }

var words = strings.Fields("skimming ledger harbour quartz Zürich payout token straße mirror canal relay ember orchid 支付 vault naïve copper")

func (b *Builder) word() string { return words[b.rnd.IntN(len(words))] }

// date is a partial date, or none.
func (b *Builder) date() incidents.PartialDate {
	year, month, day := 2013+b.rnd.IntN(4), 1+b.rnd.IntN(12), 1+b.rnd.IntN(28)
	text := ""
	switch b.rnd.IntN(5) {
	case 0:
	case 1:
		text = fmt.Sprintf("%04d", year)
	case 2:
		text = fmt.Sprintf("%04d-%02d", year, month)
	default:
		text = fmt.Sprintf("%04d-%02d-%02d", year, month, day)
	}
	return Date(text)
}

// Date reads a partial date that the test has written.
func Date(text string) incidents.PartialDate {
	var d incidents.PartialDate
	if err := d.UnmarshalText([]byte(text)); err != nil {
		panic(err)
	}
	return d
}

func (b *Builder) occurred(in *incidents.Incident) {
	in.Occurred = incidents.Period{From: b.date(), To: b.date()}
	if from, to := in.Occurred.From, in.Occurred.To; !from.IsZero() && !to.IsZero() && from.First().After(to.Last()) {
		in.Occurred = incidents.Period{From: to, To: from}
	}
}

// cast are the actors. Each is described in full the first time that a document
// names it, and by its slug or a name after that.
var cast = []incidents.ActorRef{
	{Slug: "acme-pay", Name: "Acme Pay", Kind: incidents.Company, Sector: incidents.SectorPaymentProcessor, Country: "US", Domain: "acmepay.example", Aliases: []string{"Acme Payments, Inc."}},
	{Slug: "bank-of-examples", Name: "Bank of Examples", Kind: incidents.Company, Sector: "bank"},
	{Slug: "zurich-wallet", Name: "Zürich Wallet", Kind: incidents.Company, Sector: "wallet", Aliases: []string{"ZW", "Zuerich Wallet"}},
	{Slug: "hospital-group", Name: "Hospital Group", Kind: incidents.Company, Sector: "health"},
	{Slug: "personnel-office", Name: "Personnel Office", Kind: incidents.Agency, Sector: "government"},
	{Slug: "some-state", Name: "Some State", Kind: incidents.Government, Sector: "government"},
	{Slug: "other-state", Name: "Other State", Kind: incidents.Government, Sector: "government"},
	{Slug: "night-ring", Name: "Night Ring", Kind: incidents.Group, Sector: incidents.SectorUnknown, Aliases: []string{"夜环"}},
	{Slug: "the-courier", Name: "The Courier", Kind: incidents.Media, Sector: "other"},
	{Slug: "watchers", Name: "Watchers", Kind: incidents.Group, Sector: "technology"},
	{Slug: "tech-giant", Name: "Tech Giant", Kind: incidents.Company, Sector: "technology"},
}

// actor is one of the cast. in is the document so far: an actor that it
// describes already is named in the short form half of the time.
func (b *Builder) actor(in *incidents.Incident) incidents.ActorRef {
	a := cast[b.rnd.IntN(len(cast))]
	described := false
	in.EachActor(func(_ string, r *incidents.ActorRef) { described = described || r.Slug == a.Slug })
	if !described || b.chance(2) {
		return a
	}
	names := append([]string{a.Slug, strings.ToUpper(a.Name)}, a.Aliases...)
	return incidents.ActorRef{Given: names[b.rnd.IntN(len(names))]}
}

func (b *Builder) maybeActor(in *incidents.Incident) *incidents.ActorRef {
	if b.chance(2) {
		return nil
	}
	a := b.actor(in)
	return &a
}

func (b *Builder) participants(in *incidents.Incident) {
	for _, i := range b.rnd.Perm(len(cast))[:b.rnd.IntN(5)] {
		role := Term[incidents.Role](b.rnd)
		if b.chance(2) {
			role = incidents.RoleVictim
		}
		in.Participants = append(in.Participants, incidents.Participant{Actor: cast[i], Role: role})
	}
}
