package hibp

import (
	"cmp"
	"slices"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/strict"
)

// classesOf maps the data classes of HIBP that have a term of their own. The
// rest ("Genders", "IP addresses", "Purchases" …) is other personal data, and
// stays as a tag.
var classesOf = map[string]incidents.DataClass{
	"Credit cards":             "card_number",
	"Credit card CVV":          "card_security_code",
	"PINs":                     "card_track_or_pin",
	"Partial credit card data": "partial_card",
	"Bank account numbers":     "bank_account",
	"Payment histories":        "payment_history", "Financial transactions": "payment_history",
	"Cryptocurrency wallet addresses": "wallet_or_crypto_key", "Mnemonic phrases": "wallet_or_crypto_key", "Encrypted keys": "wallet_or_crypto_key",

	"Passwords": "credentials", "Historical passwords": "credentials", "Password hints": "credentials",
	"Security questions and answers": "credentials", "Auth tokens": "credentials",

	"Email addresses": "contact", "Names": "contact", "Phone numbers": "contact", "Physical addresses": "contact",
	"Partial phone numbers": "contact", "Recovery email addresses": "contact", "Instant messenger identities": "contact",
	"Address book contacts": "contact",

	"Government issued IDs": "national_id", "Social security numbers": "national_id", "Passport numbers": "national_id",
	"Driver's licenses": "national_id",

	"Personal health data": "health", "HIV statuses": "health", "Health insurance information": "health",

	"Biometric data": "biometric",
}

// dataClasses reads what was exposed, payment data first.
func (d *decoder) dataClasses() {
	list := d.doc.Member("DataClasses")
	if list == nil {
		return
	}
	if list.Kind != strict.List {
		d.notes.Add("/DataClasses", "was not read: it must be a list")
		return
	}
	for _, item := range list.Items {
		name := line(item.Text)
		if item.Kind != strict.String || name == "" {
			d.notes.Add("/DataClasses", "was not read in part: every item must be a text")
			continue
		}
		class, ok := classesOf[name]
		if !ok {
			class = "other_personal"
			if slug := incidents.Slugify(name); slug != "" {
				d.tag("hibp:" + slug)
			}
		}
		if !slices.Contains(d.in.DataClasses, class) {
			d.in.DataClasses = append(d.in.DataClasses, class)
		}
	}
	order := incidents.DataClass("").Vocabulary().Values()
	slices.SortFunc(d.in.DataClasses, func(a, b incidents.DataClass) int {
		return cmp.Compare(slices.Index(order, string(a)), slices.Index(order, string(b)))
	})
}
