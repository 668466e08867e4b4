package veris

import (
	"cmp"
	"slices"

	"github.com/breachledger/breachledger/internal/incidents"
)

// attributes reads what was hit: which data, and how much of it.
func (d *decoder) attributes() {
	const pointer = "/attribute/confidentiality"
	lost := find(d.doc, "attribute", "confidentiality")
	total := d.count(pointer+"/data_total", lost.Member("data_total"))
	var cards *int64
	var amounts []int64
	for _, i := range items(pointer+"/data", lost.Member("data")) {
		variety := d.text(i.pointer+"/variety", i.node.Member("variety"))
		class, known := classesOf[variety]
		switch {
		case !known && variety != "":
			d.note(i.pointer+"/variety", "was not read: %s is not a known variety of data", quoted(variety))
		case known && !slices.Contains(d.in.DataClasses, class):
			d.in.DataClasses = append(d.in.DataClasses, class)
		}
		amount := d.count(i.pointer+"/amount", i.node.Member("amount"))
		if amount != nil {
			amounts = append(amounts, *amount)
		}
		if variety == "Payment" && amount != nil {
			cards = amount
		}
	}
	order := incidents.DataClass("").Vocabulary().Values() // payment data first
	slices.SortFunc(d.in.DataClasses, func(a, b incidents.DataClass) int {
		return cmp.Compare(slices.Index(order, string(a)), slices.Index(order, string(b)))
	})
	if total == nil && len(amounts) == 1 {
		total = &amounts[0]
	}
	if total == nil && len(amounts) > 1 {
		d.note(pointer+"/data_total", "is missing; the amounts of several kinds of data are not added up")
	}
	if total != nil {
		d.in.Counts = append(d.in.Counts, d.counted(incidents.Records, total, true))
	}
	if cards != nil {
		d.in.Counts = append(d.in.Counts, d.counted(incidents.Cards, cards, total == nil))
	}
	d.methods()
}

func (d *decoder) counted(u incidents.Unit, n *int64, headline bool) incidents.Count {
	said := d.qualifier(*n)
	out := incidents.Count{Claim: incidents.Claim{Evidence: d.evidence()}, Unit: u, Qualifier: said.qualifier, Headline: headline}
	if said.qualifier == incidents.Between {
		out.Low, out.High = &said.low, n
	} else {
		out.Quantity = n
	}
	return out
}

var (
	terminals = map[string]bool{
		"S - POS controller": true, "U - POS terminal": true, "T - ATM": true, "T - Gas terminal": true,
		"T - Kiosk": true, "T - PED pad": true, "U - PED pad": true,
	}
	webShop = "S - Web application"
)

// methods are the ways of paying, as the assets tell them where payment data was
// taken: cards at a terminal, or on a web page.
func (d *decoder) methods() {
	paid := slices.Contains(d.in.DataClasses, "other_payment") || slices.Contains(d.in.Vectors, "skimming")
	for _, i := range items("/asset/assets", find(d.doc, "asset", "assets")) {
		variety := d.text(i.pointer+"/variety", i.node.Member("variety"))
		switch {
		case paid && terminals[variety]:
			d.method("card_present")
		case paid && variety == webShop:
			d.method("card_not_present")
		}
	}
	if slices.Contains(d.in.DataClasses, "wallet_or_crypto_key") {
		d.method("crypto")
	}
}

func (d *decoder) method(m incidents.PaymentMethod) {
	if !slices.Contains(d.in.PaymentMethods, m) {
		d.in.PaymentMethods = append(d.in.PaymentMethods, m)
	}
}

// category follows from what was hit and how.
func (d *decoder) category() incidents.Category {
	integrity := []string{"attribute", "integrity", "variety"}
	fraud := d.has(integrity, "Fraudulent transaction")
	disclosure := d.text("/attribute/confidentiality/data_disclosure", find(d.doc, "attribute", "confidentiality", "data_disclosure"))
	switch {
	case d.has([]string{"action", "malware", "variety"}, "Ransomware"), d.has([]string{"action", "social", "variety"}, "Extortion"):
		return incidents.Extortion
	case fraud && d.has([]string{"action", "hacking", "variety"}, "Use of stolen creds") &&
		d.has([]string{"attribute", "confidentiality", "data_victim"}, "Customer"):
		return incidents.AccountTakeover
	case fraud && slices.Contains(d.in.DataClasses, "wallet_or_crypto_key"):
		return incidents.TheftOfFunds
	case fraud && disclosure != "Yes":
		return incidents.PaymentFraud
	case find(d.doc, "attribute", "confidentiality") != nil && disclosure != "No":
		return incidents.DataBreach
	case (d.acted("hacking") || d.acted("malware")) &&
		(find(d.doc, "attribute", "availability") != nil || find(d.doc, "attribute", "integrity") != nil):
		return incidents.ServiceAttack
	default:
		return incidents.CategoryOther
	}
}
