package veris

import (
	"regexp"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/strict"
)

// cryptoCodes are VERIS's names of crypto assets, where they differ.
var cryptoCodes = map[string]string{"XBT": "BTC", "Ether": "ETH", "Litecoin": "LTC"}

// losses reads the amounts of money.
func (d *decoder) losses() {
	const pointer = "/impact"
	impact := d.doc.Member("impact")
	if impact == nil {
		return
	}
	l := lossReader{d: d}
	said := d.text(pointer+"/iso_currency_code", impact.Member("iso_currency_code"))
	l.currency = said
	if code, ok := cryptoCodes[said]; ok {
		l.currency = code
	}
	if said != "" && !incidents.KnownCurrency(l.currency) {
		d.note(pointer+"/iso_currency_code", "%s is not a known currency", quoted(said))
		l.currency = ""
	}
	kind := lossKindOf(d.paragraphs(pointer+"/notes", impact.Member("notes")))
	l.read(pointer+"/overall_", find(impact, "overall_amount"), find(impact, "overall_min_amount"), find(impact, "overall_max_amount"), kind, incidents.ScopeTotal)
	for _, i := range items(pointer+"/loss", impact.Member("loss")) {
		if d.full(pointer+"/loss", len(d.in.Losses)+1, incidents.MaxClaims) { // each may be two
			return
		}
		variety := d.text(i.pointer+"/variety", i.node.Member("variety"))
		l.read(i.pointer+"/", i.node.Member("amount"), i.node.Member("min_amount"), i.node.Member("max_amount"), lossKindsOf[variety], incidents.ScopeUnspecified)
	}
}

// lossKindsOf maps the varieties of loss. What is legal and regulatory may be a
// fine, a settlement or a lawyer's bill.
var lossKindsOf = map[string]incidents.LossKind{
	"Asset and fraud": "stolen", "Response and recovery": "response_cost",
}

// shortNotes are notes that say nothing but what an amount was. Longer ones
// often say what another amount was.
var shortNotes = []struct {
	note *regexp.Regexp
	kind incidents.LossKind
}{
	{regexp.MustCompile(`^((regulatory|hipaa|hhs) )?fined?$`), "fine"},
	{regexp.MustCompile(`^(court )?settlement( of lawsuit| with attorney general)?$`), "settlement"},
	{regexp.MustCompile(`^paid ransom$`), "ransom_paid"},
}

func lossKindOf(notes string) incidents.LossKind {
	notes = strings.ToLower(strings.Trim(notes, " .;"))
	for _, n := range shortNotes {
		if n.note.MatchString(notes) {
			return n.kind
		}
	}
	return "other"
}

type lossReader struct {
	d        *decoder
	currency string
}

// read makes a claim of an amount, and another of a range that stands beside it.
func (l lossReader) read(pointer string, amount, low, high *strict.Node, kind incidents.LossKind, scope incidents.LossScope) {
	if kind == "" {
		kind = "other"
	}
	a, lo, hi := l.d.amount(pointer+"amount", amount), l.d.amount(pointer+"min_amount", low), l.d.amount(pointer+"max_amount", high)
	claim := incidents.Loss{Claim: incidents.Claim{Evidence: l.d.evidence()}, Kind: kind, Scope: scope, Currency: l.currency}
	if a != nil {
		exact := claim
		exact.Qualifier, exact.Amount = incidents.Exact, a
		l.add(pointer+"amount", exact)
	}
	switch {
	case lo != nil && hi != nil && lo.Equal(*hi) && a != nil && a.Equal(*lo), lo == nil && hi == nil:
		return // no range
	case lo != nil && hi != nil && lo.GreaterThan(*hi):
		l.d.note(pointer+"min_amount", "was not read: it is above the largest amount")
		return
	case lo != nil && hi != nil:
		claim.Qualifier, claim.Low, claim.High = incidents.Between, lo, hi
	case lo != nil:
		claim.Qualifier, claim.Amount = incidents.AtLeast, lo
	default:
		claim.Qualifier, claim.Amount = incidents.AtMost, hi
	}
	l.add(pointer+"min_amount", claim)
}

func (l lossReader) add(pointer string, loss incidents.Loss) {
	switch {
	case l.currency == "":
		l.d.note(pointer, "was not read: it has no currency")
	case !fits(loss.Amount) || !fits(loss.Low) || !fits(loss.High):
		l.d.note(pointer, "was not read: it must have at most 30 digits before the point and 18 behind it")
	default:
		l.d.in.Losses = append(l.d.in.Losses, loss)
	}
}

// fits reports whether the ledger can hold the amount.
func fits(a *decimal.Decimal) bool { return a == nil || incidents.AmountFits(*a) }
