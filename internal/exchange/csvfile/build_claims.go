package csvfile

import (
	"fmt"

	"github.com/shopspring/decimal"

	"github.com/breachledger/breachledger/internal/incidents"
)

// figures are what a row says of a figure.
type figures struct {
	qualifier      incidents.Qualifier
	one, low, high *decimal.Decimal
	given          bool // there is a figure, or a word instead of one
}

// figureRules are the rules for a figure; name is its field's.
type figureRules struct {
	name                      string
	when                      *condition
	qualifier, one, low, high *rule
}

// figures reads a figure with its qualifier, which a column of its own gives,
// or the cell itself ("more than 500").
func (x *reading) figures(p string, r figureRules) figures {
	out := figures{qualifier: termOf[incidents.Qualifier](x, p+"/qualifier", r.qualifier)}
	named := out.qualifier != ""
	out.given = named && out.qualifier.Takes() == incidents.NoFigure && (r.when != nil || len(r.qualifier.all()) > 0)
	at := p + "/" + r.name
	x.from[p] = r.one // to blame for what follows from it
	span := false
	switch text := x.one(at, r.one); {
	case text == "":
	case text == string(incidents.Unquantified) || text == string(incidents.NotDisclosed):
		out.qualifier, out.given = incidents.Qualifier(text), true
	default:
		out.given = true
		f, err := x.numberFormat(r.one).figure(text)
		switch {
		case err != nil:
			x.add(at, r.one, "%s", err)
		case f.qualifier != "" && named && f.qualifier != out.qualifier:
			x.add(at, r.one, "says %s, and the qualifier of the row is %s", f.qualifier, out.qualifier)
		case f.qualifier != "":
			out.qualifier = f.qualifier
		}
		if err == nil {
			out.one, out.low, out.high = f.one, f.low, f.high
			span = f.low != nil
		}
	}
	for _, bound := range []struct {
		name string
		rule *rule
		to   **decimal.Decimal
	}{{"low", r.low, &out.low}, {"high", r.high, &out.high}} {
		text := x.one(p+"/"+bound.name, bound.rule)
		if text == "" {
			continue
		}
		out.given = true
		d, err := x.numberFormat(bound.rule).parse(text)
		if err != nil {
			x.add(p+"/"+bound.name, bound.rule, "%s", err)
			continue
		}
		*bound.to = &d
	}
	if span {
		x.from[p+"/low"], x.from[p+"/high"] = r.one, r.one
	}
	if !named && out.qualifier == "" && out.one == nil && out.low != nil && out.high != nil {
		out.qualifier = incidents.Between
	}
	return out
}

var largest = decimal.NewFromInt(incidents.MaxQuantity)

// whole is a figure that counts something.
func (x *reading) whole(pointer string, d *decimal.Decimal) *int64 {
	if d == nil {
		return nil
	}
	if !d.IsInteger() || d.GreaterThan(largest) {
		x.add(pointer, nil, "must be a whole number of at most %s", largest)
		return nil
	}
	n := d.IntPart()
	return &n
}

func (x *reading) count(in *incidents.Incident, r countRules) {
	p := fmt.Sprintf("/counts/%d", len(in.Counts))
	if !x.holds(r.when) {
		return
	}
	f := x.figures(p, figureRules{"quantity", r.when, r.qualifier, r.quantity, r.low, r.high})
	if !f.given {
		return
	}
	c := incidents.Count{
		Unit: termOf[incidents.Unit](x, p+"/unit", r.unit), Qualifier: f.qualifier,
		Quantity: x.whole(p+"/quantity", f.one), Low: x.whole(p+"/low", f.low), High: x.whole(p+"/high", f.high),
		ClaimedBy: x.actor(p+"/claimed_by", r.claimedBy), AsOf: x.date(p+"/as_of", r.asOf), Headline: r.headline,
	}
	c.Evidence = x.evidence(in, p, r.cited)
	in.Counts = append(in.Counts, c)
}

func (x *reading) loss(in *incidents.Incident, r lossRules) {
	p := fmt.Sprintf("/losses/%d", len(in.Losses))
	if !x.holds(r.when) {
		return
	}
	f := x.figures(p, figureRules{"amount", r.when, r.qualifier, r.amount, r.low, r.high})
	if !f.given {
		return
	}
	l := incidents.Loss{
		Kind: termOf[incidents.LossKind](x, p+"/kind", r.kind), Scope: termOf[incidents.LossScope](x, p+"/scope", r.scope), Qualifier: f.qualifier,
		Amount: f.one, Low: f.low, High: f.high, Currency: x.one(p+"/currency", r.currency), ClaimedBy: x.actor(p+"/claimed_by", r.claimedBy),
	}
	l.Evidence = x.evidence(in, p, r.cited)
	in.Losses = append(in.Losses, l)
}

// attributions adds one accusation for each of the accused.
func (x *reading) attributions(in *incidents.Incident, r attributionRules) {
	if !x.holds(r.when) {
		return
	}
	for _, accused := range x.actors(fmt.Sprintf("/attributions/%d/accused", len(in.Attributions)), r.accused) {
		p := fmt.Sprintf("/attributions/%d", len(in.Attributions))
		x.from[p] = r.accused.name
		a := incidents.Attribution{
			Accused: accused, Claimant: x.actor(p+"/claimant", r.claimant), Basis: termOf[incidents.Basis](x, p+"/basis", r.basis),
			Confidence: termOf[incidents.Confidence](x, p+"/confidence", r.confidence), Stated: x.date(p+"/stated", r.stated),
		}
		a.Evidence = x.evidence(in, p, r.cited)
		in.Attributions = append(in.Attributions, a)
	}
}

// responses adds one response for each organisation and kind.
func (x *reading) responses(in *incidents.Incident, r responseRules) {
	if !x.holds(r.when) {
		return
	}
	first := fmt.Sprintf("/responses/%d", len(in.Responses))
	told := incidents.Response{
		Status: termOf[incidents.ResponseStatus](x, first+"/status", r.status), Date: x.date(first+"/date", r.date), Due: x.date(first+"/due", r.due),
		SpokenBy: x.line(first+"/spoken_by", r.spokenBy), Summary: x.one(first+"/summary", r.summary),
	}
	// A kind that is always the same says nothing of this row.
	says := r.when != nil || len(r.kind.all()) > 0 || !told.Date.IsZero() || told.Summary != "" || told.SpokenBy != ""
	if !says {
		return
	}
	kinds := termsOf[incidents.ResponseKind](x, first+"/kind", r.kind)
	for _, who := range x.actors(first+"/actor", r.actor) {
		for _, kind := range kinds {
			one := told
			one.Actor, one.Kind = who, kind
			p := fmt.Sprintf("/responses/%d", len(in.Responses))
			x.from[p] = r.kind
			one.Evidence = x.evidence(in, p, r.cited)
			in.Responses = append(in.Responses, one)
		}
	}
}
