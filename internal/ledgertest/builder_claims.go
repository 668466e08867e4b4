package ledgertest

import (
	"fmt"

	"github.com/shopspring/decimal"

	"github.com/breachledger/breachledger/internal/incidents"
)

// AddCount adds a count to an incident, with evidence from one of its sources.
func (b *Builder) AddCount(in *incidents.Incident) {
	c := incidents.Count{
		Claim: b.claim(in), Unit: Term[incidents.Unit](b.rnd), Qualifier: Term[incidents.Qualifier](b.rnd),
		ClaimedBy: b.maybeActor(in), AsOf: b.date(),
	}
	n := []int64{0, 1, 50, 4_100, 4_100, 78_800_000, 9_000_000_000}[b.rnd.IntN(7)] // ties are wanted
	if c.Qualifier == incidents.LessThan {
		n = max(n, 1)
	}
	switch c.Qualifier.Takes() {
	case incidents.OneFigure:
		c.Quantity = &n
	case incidents.TwoFigures:
		high := n + b.rnd.Int64N(1000)
		c.Low, c.High = &n, &high
	case incidents.NoFigure:
	}
	// The headline is the newest, so that no count supersedes it.
	if last := len(in.Counts) - 1; last >= 0 {
		if b.chance(3) {
			c.Supersedes = claimRef(&in.Counts[last].Claim)
		} else if whole := &in.Counts[last]; b.chance(3) && !exceeds(c, *whole) {
			c.PartOf, c.Counted = claimRef(&whole.Claim), "those with a card"
		}
		for i := range in.Counts {
			in.Counts[i].Headline = false
		}
		c.Headline = true
	}
	in.Counts = append(in.Counts, c)
}

// exceeds reports whether a count is more than another one can be.
func exceeds(c, whole incidents.Count) bool {
	low, _ := c.Bounds()
	_, most := whole.Bounds()
	return low != nil && most != nil && *low > *most
}

// AddLoss adds a loss.
func (b *Builder) AddLoss(in *incidents.Incident) {
	l := incidents.Loss{
		Claim: b.claim(in), Kind: Term[incidents.LossKind](b.rnd), Qualifier: Term[incidents.Qualifier](b.rnd), ClaimedBy: b.maybeActor(in),
	}
	if b.chance(2) {
		l.Scope = Term[incidents.LossScope](b.rnd)
	}
	amounts := []string{"0", "290", "2000.50", "0.000000000000000001", "1e6", "123456789012345678901234567890.5", "100.00"}
	amount := decimal.RequireFromString(amounts[b.rnd.IntN(len(amounts))])
	if l.Qualifier == incidents.LessThan && amount.IsZero() {
		amount = decimal.New(290, 0)
	}
	switch l.Qualifier.Takes() {
	case incidents.OneFigure:
		l.Amount, l.Currency = &amount, "CNY"
		if b.chance(3) && !amount.IsZero() {
			l.Converted = &incidents.Money{Amount: decimal.RequireFromString("1.250"), Currency: "BTC"}
			if b.chance(2) {
				l.Converted.Qualifier = incidents.About
			}
		}
	case incidents.TwoFigures:
		high := amount.Add(decimal.New(5, -1))
		l.Low, l.High, l.Currency = &amount, &high, "USD"
	case incidents.NoFigure:
	}
	in.Losses = append(in.Losses, l)
}

// AddAttribution adds an attribution.
func (b *Builder) AddAttribution(in *incidents.Incident) {
	in.Attributions = append(in.Attributions, incidents.Attribution{
		Claim: b.claim(in), Accused: b.actor(in), Claimant: b.maybeActor(in), Basis: Term[incidents.Basis](b.rnd),
		Confidence: Term[incidents.Confidence](b.rnd), Stated: b.date(),
	})
}

// AddResponse adds a response: sometimes a denial of an attribution, or one
// that keeps or breaks an earlier promise.
func (b *Builder) AddResponse(in *incidents.Incident) {
	r := incidents.Response{
		Claim: b.claim(in), Actor: b.actor(in), Kind: Term[incidents.ResponseKind](b.rnd), Status: Term[incidents.ResponseStatus](b.rnd),
		Date: b.date(), ViaUnnamedSource: b.chance(4),
	}
	if b.chance(3) {
		r.SpokenBy, r.Summary = "A Speaker", "It said that it was sorry.\nAnd more."
	}
	if b.chance(3) {
		r.Status = incidents.Promised
	}
	if n := len(in.Participants); n > 0 && b.chance(2) { // those breached are asked first
		if p := in.Participants[b.rnd.IntN(n)]; p.Role.Breached() {
			r.Actor = p.Actor
		}
	}
	if n := len(in.Attributions); n > 0 && b.chance(2) {
		r.Kind, r.Answers = incidents.Denial, claimRef(&in.Attributions[b.rnd.IntN(n)].Claim)
	}
	for i := range in.Responses {
		if promise := &in.Responses[i]; promise.Status == incidents.Promised && b.chance(2) {
			r.Actor, r.Fulfils, r.Status = promise.Actor, claimRef(&promise.Claim), incidents.Done
			if b.chance(3) {
				r.Status = incidents.Broken
			}
			break
		}
	}
	if r.Status != incidents.Stated && b.chance(2) {
		r.Due = b.date()
	}
	in.Responses = append(in.Responses, r)
}

// claim is what claims have in common, with a key for others to refer to.
func (b *Builder) claim(in *incidents.Incident) incidents.Claim {
	b.keys++
	c := incidents.Claim{Key: fmt.Sprintf("claim-%d", b.keys)}
	for range b.rnd.IntN(3) {
		if len(in.Sources) > 0 {
			c.Evidence = append(c.Evidence, b.evidence(in.Sources[b.rnd.IntN(len(in.Sources))]))
		}
	}
	return c
}

// claimRef names a claim: a stored one by its id, a new one by its key.
func claimRef(c *incidents.Claim) incidents.ClaimRef {
	if c.Key != "" {
		return incidents.ClaimRef(c.Key)
	}
	return incidents.ClaimRef(c.ID.String())
}
