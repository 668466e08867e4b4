package incidents

import (
	"slices"
	"strings"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"
)

func (v *validator) claims(in *Incident) {
	v.atMost("/counts", len(in.Counts), MaxClaims)
	v.atMost("/losses", len(in.Losses), MaxClaims)
	v.atMost("/attributions", len(in.Attributions), MaxClaims)
	v.atMost("/responses", len(in.Responses), MaxClaims)
	for i, c := range in.Counts {
		v.count(at("/counts", i), c)
	}
	v.headline(in.Counts)
	for i, l := range in.Losses {
		v.loss(at("/losses", i), l)
	}
	for i, a := range in.Attributions {
		p := at("/attributions", i)
		requiredTerm(v, p+"/basis", a.Basis)
		term(v, p+"/confidence", a.Confidence)
	}
	for i, r := range in.Responses {
		v.response(at("/responses", i), r)
	}
	v.links(in)
	in.EachClaim(func(p string, c *Claim) { v.evidence(p+"/evidence", c.Evidence, in.Sources) })
}

func (v *validator) count(p string, c Count) {
	requiredTerm(v, p+"/unit", c.Unit)
	term(v, p+"/qualifier", c.Qualifier)
	figures(v, p, "quantity", c.Qualifier, c.Quantity, c.Low, c.High)
	for name, n := range map[string]*int64{"quantity": c.Quantity, "low": c.Low, "high": c.High} {
		if n != nil && *n < 0 {
			v.Add(p+"/"+name, "must not be negative")
		}
	}
	if c.Low != nil && c.High != nil && *c.Low > *c.High {
		v.Add(p+"/low", "must not be above high")
	}
}

// figures checks that a claim has just the figures that its qualifier takes.
func figures[T any](v *validator, p, name string, q Qualifier, figure, low, high *T) {
	if _, known := meaning[q]; !known {
		return // reported as an unknown qualifier
	}
	takes := q.Takes()
	if takes == OneFigure && figure == nil {
		v.Add(p+"/"+name, "is required with the qualifier %s; where the source gives no figure, the qualifier is unquantified or not_disclosed", q)
	}
	if takes != OneFigure && figure != nil {
		v.Add(p+"/"+name, "must be left out with the qualifier %s", q)
	}
	for _, bound := range []struct {
		name  string
		value *T
	}{{"low", low}, {"high", high}} {
		if takes == TwoFigures && bound.value == nil {
			v.Add(p+"/"+bound.name, "is required with the qualifier between")
		}
		if takes != TwoFigures && bound.value != nil {
			v.Add(p+"/"+bound.name, "is only for the qualifier between; with %s it must be left out", q)
		}
	}
}

func (v *validator) headline(counts []Count) {
	var marked []int
	for i, c := range counts {
		if c.Headline {
			marked = append(marked, i)
		}
		if c.Headline && slices.ContainsFunc(counts, func(o Count) bool { return o.Supersedes != "" && refersTo(o.Supersedes, c.Claim) }) {
			v.Add(at("/counts", i, "headline"), "a count that another one supersedes cannot be the headline")
		}
	}
	switch {
	case len(counts) > 1 && len(marked) == 0:
		v.Add("/counts", "of several counts exactly one must have headline: true")
	case len(marked) > 1:
		for _, i := range marked[1:] {
			v.Add(at("/counts", i, "headline"), "only one count can be the headline; /counts/%d is one already", marked[0])
		}
	}
}

func (v *validator) loss(p string, l Loss) {
	requiredTerm(v, p+"/kind", l.Kind)
	term(v, p+"/scope", l.Scope)
	term(v, p+"/qualifier", l.Qualifier)
	figures(v, p, "amount", l.Qualifier, l.Amount, l.Low, l.High)
	sane := v.amount(p+"/amount", l.Amount)
	sane = v.amount(p+"/low", l.Low) && sane
	sane = v.amount(p+"/high", l.High) && sane
	if sane && l.Low != nil && l.High != nil && l.Low.GreaterThan(*l.High) {
		v.Add(p+"/low", "must not be above high")
	}
	switch {
	case l.Currency == "" && l.Qualifier.Takes() != NoFigure:
		v.Add(p+"/currency", "is required with a figure: an ISO 4217 code such as USD, or the code of a crypto asset such as BTC")
	case l.Currency != "":
		v.currency(p+"/currency", l.Currency)
	}
	if l.Converted != nil {
		v.amount(p+"/converted/amount", &l.Converted.Amount)
		v.currency(p+"/converted/currency", l.Converted.Currency)
		if l.Qualifier.Takes() == NoFigure {
			v.Add(p+"/converted", "needs a figure to be the conversion of")
		}
	}
}

func (v *validator) amount(pointer string, d *decimal.Decimal) bool {
	switch {
	case d == nil:
	case !saneAmount(*d):
		v.Add(pointer, "must have at most %d digits before the point and %d behind it", maxAmountDigits, maxAmountScale)
		return false
	case d.IsNegative():
		v.Add(pointer, "must not be negative")
	}
	return true
}

func (v *validator) currency(pointer, code string) {
	if !KnownCurrency(code) {
		v.Add(pointer, "%q is neither an ISO 4217 code such as USD nor the code of a known crypto asset such as BTC", clip(code))
	}
}

func (v *validator) response(p string, r Response) {
	requiredTerm(v, p+"/kind", r.Kind)
	term(v, p+"/status", r.Status)
	v.line(p+"/spoken_by", r.SpokenBy, maxName)
	v.text(p+"/summary", r.Summary, 2000)
	if !r.Due.IsZero() && r.Status == Stated {
		v.Add(p+"/due", "is only for a promise, kept or not: status must be promised, done or broken")
	}
	if r.Answers != "" && !r.Kind.Denies() {
		v.Add(p+"/answers", "only a denial or scope_denial answers an attribution")
	}
	if r.Fulfils != "" && r.Status != Done && r.Status != Broken {
		v.Add(p+"/fulfils", "only a response with the status done or broken can fulfil a promise")
	}
}

// links checks the references from claim to claim, and that ids and keys are
// each given once.
func (v *validator) links(in *Incident) {
	ids, keys := map[uuid.UUID]bool{}, map[string]bool{}
	in.EachClaim(func(p string, c *Claim) {
		if c.ID != uuid.Nil && ids[c.ID] {
			v.Add(p+"/id", "another claim has this id already")
		}
		if c.Key != "" && keys[c.Key] {
			v.Add(p+"/key", "another claim has this key already")
		}
		if c.Key != "" && uuid.Validate(c.Key) == nil {
			v.Add(p+"/key", "must not have the form of an id")
		}
		v.line(p+"/key", c.Key, 60)
		ids[c.ID], keys[c.Key] = true, true
	})
	for i, c := range in.Counts {
		p := at("/counts", i, "supersedes")
		switch j := slices.IndexFunc(in.Counts, func(o Count) bool { return refersTo(c.Supersedes, o.Claim) }); {
		case c.Supersedes == "":
		case j < 0:
			v.Add(p, "%q is neither the id nor the key of a count of this incident", clip(string(c.Supersedes)))
		case supersedesItself(in.Counts, i):
			v.Add(p, "a count cannot supersede itself, by way of others either")
		}
	}
	for i, r := range in.Responses {
		p := at("/responses", i)
		if r.Answers != "" && !slices.ContainsFunc(in.Attributions, func(a Attribution) bool { return refersTo(r.Answers, a.Claim) }) {
			v.Add(p+"/answers", "%q is neither the id nor the key of an attribution of this incident", clip(string(r.Answers)))
		}
		if r.Fulfils == "" {
			continue
		}
		j := slices.IndexFunc(in.Responses, func(o Response) bool { return refersTo(r.Fulfils, o.Claim) })
		switch {
		case j < 0:
			v.Add(p+"/fulfils", "%q is neither the id nor the key of a response of this incident", clip(string(r.Fulfils)))
		case in.Responses[j].Status != Promised:
			v.Add(p+"/fulfils", "the response that it names is no promise: its status is %s", in.Responses[j].Status)
		case in.Responses[j].Actor.Key() != r.Actor.Key():
			v.Add(p+"/fulfils", "the promise that it names was made by another actor")
		}
	}
}

func refersTo(r ClaimRef, c Claim) bool {
	return r != "" && (c.ID != uuid.Nil && strings.EqualFold(string(r), c.ID.String()) || c.Key != "" && string(r) == c.Key)
}

func supersedesItself(counts []Count, start int) bool {
	i := start
	for range counts {
		next := slices.IndexFunc(counts, func(o Count) bool { return refersTo(counts[i].Supersedes, o.Claim) })
		if next < 0 {
			return false
		}
		if next == start {
			return true
		}
		i = next
	}
	return true // a circle further on
}

func (v *validator) evidence(p string, evidence []Evidence, sources []Source) {
	v.atMost(p, len(evidence), maxEvidence)
	for i, e := range evidence {
		p := at(p, i)
		v.text(p+"/quote", e.Quote, maxQuote)
		if e.Quote != "" && strings.TrimSpace(e.Quote) == "" {
			v.Add(p+"/quote", "must not be blank")
		}
		if e.Occurrence < 0 || e.Occurrence > 0 && e.Quote == "" {
			v.Add(p+"/occurrence", "counts from 1 and needs a quote")
		}
		switch {
		case e.Source.IsZero():
			if len(sources) != 1 {
				v.Add(p+"/source", "is required, as the document has %d sources; it can be left out only where there is exactly one", len(sources))
			}
		case e.Source.Key != "":
			if !slices.ContainsFunc(sources, func(s Source) bool { return s.Key == e.Source.Key }) {
				v.Add(p+"/source", "%q is not the key of one of the document's sources", clip(e.Source.Key))
			}
		case e.Source.ID == uuid.Nil && e.Source.Given == "":
			v.source(p+"/source", Source{URL: e.Source.URL, Title: e.Source.Title, Publisher: e.Source.Publisher})
		}
	}
}
