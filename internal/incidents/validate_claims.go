package incidents

import "github.com/shopspring/decimal"

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
	v.allEvidence(in)
}

func (v *validator) count(p string, c Count) {
	requiredTerm(v, p+"/unit", c.Unit)
	v.line(p+"/counted", c.Counted, maxName)
	term(v, p+"/qualifier", c.Qualifier)
	figures(v, p, "quantity", c.Qualifier, c.Quantity, c.Low, c.High)
	for _, f := range []struct {
		name  string
		value *int64
	}{{"quantity", c.Quantity}, {"low", c.Low}, {"high", c.High}} {
		if f.value != nil && *f.value < 0 {
			v.Add(p+"/"+f.name, "must not be negative")
		}
		if f.value != nil && *f.value > MaxQuantity {
			v.Add(p+"/"+f.name, "must be at most %s", Number(MaxQuantity))
		}
	}
	if c.Qualifier == LessThan && c.Quantity != nil && *c.Quantity == 0 {
		v.Add(p+"/quantity", "must be above 0: nothing is fewer than none")
	}
	if c.Qualifier == Between && c.Low != nil && c.High != nil && *c.Low > *c.High {
		v.Add(p+"/low", "must not be above the upper bound")
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
	superseded := superseded(counts)
	for i, c := range counts {
		if c.Headline {
			marked = append(marked, i)
		}
		if c.Headline && superseded[i] {
			v.Add(at("/counts", i, "headline"), "a count that another one supersedes cannot be the headline")
		}
	}
	switch {
	case len(counts) > 1 && len(marked) == 0:
		v.Add("/counts", "exactly one of several counts must be the headline")
	case len(marked) > 1:
		for _, i := range marked[1:] {
			v.Add(at("/counts", i, "headline"), "only one count can be the headline; /counts/%d is it already", marked[0])
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
	if sane && l.Qualifier == LessThan && l.Amount != nil && l.Amount.IsZero() {
		v.Add(p+"/amount", "must be above 0: nothing is less than none")
	}
	if sane && l.Qualifier == Between && l.Low != nil && l.High != nil && l.Low.GreaterThan(*l.High) {
		v.Add(p+"/low", "must not be above the upper bound")
	}
	_, known := meaning[l.Qualifier]
	needsCurrency := known && l.Qualifier.Takes() != NoFigure || l.Amount != nil || l.Low != nil || l.High != nil
	switch {
	case l.Currency == "" && needsCurrency:
		v.Add(p+"/currency", "is required with a figure: an ISO 4217 code such as USD, or the code of a crypto asset such as BTC")
	case l.Currency != "":
		v.currency(p+"/currency", l.Currency)
	}
	if l.Converted != nil {
		v.convertedQualifier(p+"/converted/qualifier", l.Converted.Qualifier)
		v.amount(p+"/converted/amount", &l.Converted.Amount)
		if low, high := l.Bounds(); l.Converted.Amount.IsZero() && !allZero(low, high) {
			v.Add(p+"/converted/amount", "is required; it is 0 only where the figure itself is 0")
		}
		v.currency(p+"/converted/currency", l.Converted.Currency)
		if l.Qualifier.Takes() == NoFigure {
			v.Add(p+"/converted", "must be left out where there is no figure to convert")
		}
	}
}

// convertedQualifier checks the qualifier of what is one amount.
func (v *validator) convertedQualifier(pointer string, q Qualifier) {
	term(v, pointer, q)
	if _, known := meaning[q]; known && q.Takes() != OneFigure {
		v.Add(pointer, "must be one that takes one figure, not %s", q)
	}
}

func (v *validator) amount(pointer string, d *decimal.Decimal) bool {
	switch {
	case d == nil:
	case !AmountFits(*d):
		v.Add(pointer, "must have at most %d digits before the point and %d behind it", maxAmountDigits, maxAmountScale)
		return false
	case d.IsNegative():
		v.Add(pointer, "must not be negative")
	}
	return true
}

// allZero reports whether every bound that there is is zero.
func allZero(bounds ...*decimal.Decimal) bool {
	for _, b := range bounds {
		if b != nil && !b.IsZero() {
			return false
		}
	}
	return true
}

func (v *validator) currency(pointer, code string) {
	switch {
	case code == "":
		v.Add(pointer, "is required: an ISO 4217 code such as USD, or the code of a crypto asset such as BTC")
	case !KnownCurrency(code):
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
