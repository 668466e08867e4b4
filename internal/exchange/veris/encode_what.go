package veris

import (
	"slices"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/strict"
)

// actionsOf maps each vector to an action and its variety, as incidents.Vector
// states it.
var actionsOf = map[incidents.Vector]struct{ action, variety string }{
	"phishing":             {"social", "Phishing"},
	"social_engineering":   {"social", "Pretexting"},
	"stolen_credentials":   {"hacking", "Use of stolen creds"},
	"credential_stuffing":  {"hacking", "Brute force"},
	"malware":              {"malware", unknown},
	"ransomware":           {"malware", "Ransomware"},
	"skimming":             {"physical", "Skimmer"},
	"exploit":              {"hacking", "Exploit vuln"},
	"misconfiguration":     {"error", "Misconfiguration"},
	"insider":              {"misuse", "Privilege abuse"},
	"sim_swap":             {"social", "Pretexting"},
	"denial_of_service":    {"hacking", "DoS"},
	"lost_or_stolen_media": {"physical", "Theft"},
	"unauthorised_access":  {"hacking", unknown},
	"other":                {"hacking", other},
}

// actionNode maps the vectors. What came through a third party is a partner's
// connection only where nothing else is known: the partner is an actor already.
func actionNode(in *incidents.Incident) *strict.Node {
	n := object()
	for _, v := range in.Vectors {
		a, ok := actionsOf[v]
		if !ok {
			continue
		}
		action := within(n, a.action)
		add(action, "variety", a.variety)
		add(action, "vector", unknown)
		if a.action == "social" {
			add(action, "target", unknown)
		}
	}
	if len(n.Members) == 0 && slices.Contains(in.Vectors, "third_party") {
		set(n, "hacking", set(set(object(), "variety", terms(unknown)), "vector", terms("Partner")))
	}
	if hacking := n.Member("hacking"); hacking != nil {
		var flaws []string
		for _, r := range in.ExternalRefs {
			if r.Scheme == "cve" {
				flaws = append(flaws, r.ID)
			}
		}
		if flaws != nil {
			set(hacking, "cve", text(strings.Join(flaws, ", ")))
		}
	}
	if len(n.Members) == 0 {
		set(n, "unknown", object())
	}
	return n
}

var assetsOf = map[incidents.PaymentMethod]string{"card_present": "U - POS terminal", "card_not_present": webShop}

func assetNode(in *incidents.Incident) *strict.Node {
	assets := list()
	for _, m := range in.PaymentMethods {
		if variety, ok := assetsOf[m]; ok {
			assets.Items = append(assets.Items, set(object(), "variety", text(variety)))
		}
	}
	if len(assets.Items) == 0 {
		assets.Items = append(assets.Items, set(object(), "variety", text(unknown)))
	}
	return set(set(object(), "assets", assets), "cloud", terms(unknown))
}

// varietiesOf maps the classes of data, as incidents.DataClass states it.
var varietiesOf = map[incidents.DataClass]string{
	"card_number": "Payment", "card_security_code": "Payment", "card_track_or_pin": "Payment", "partial_card": "Payment",
	"bank_account": "Bank", "payment_history": "Bank", "wallet_or_crypto_key": "Virtual currency", "other_payment": "Payment", "credentials": "Credentials",
	"contact": "Personal", "national_id": "Personal", "health": "Medical", "biometric": "Personal", "other_personal": "Personal",
	"other": other, "unknown": unknown,
}

// attributeNode is what was hit; nil when nothing says it.
func attributeNode(in *incidents.Incident) *strict.Node {
	n := object()
	if len(in.DataClasses) > 0 || in.Category == incidents.DataBreach {
		set(n, "confidentiality", confidentialityNode(in))
	}
	switch in.Category {
	case incidents.TheftOfFunds, incidents.PaymentFraud, incidents.AccountTakeover:
		set(n, "integrity", set(object(), "variety", terms("Fraudulent transaction")))
	case incidents.ServiceAttack:
		set(n, "availability", set(object(), "variety", terms(unknown)))
	case incidents.DataBreach, incidents.Extortion, incidents.CategoryOther:
	}
	if len(n.Members) == 0 {
		return nil
	}
	return n
}

func confidentialityNode(in *incidents.Incident) *strict.Node {
	n := object()
	disclosed := unknown
	switch {
	case in.Certainty == incidents.Suspected:
		disclosed = "Potentially"
	case in.Certainty == incidents.Confirmed && in.Category == incidents.DataBreach:
		disclosed = "Yes"
	case in.Certainty == incidents.NearMiss || in.Certainty == incidents.FalsePositive:
		disclosed = "No"
	}
	set(n, "data_disclosure", text(disclosed))
	total, cards := figureOf(in, dataTotal), figureOf(in, cardTotal)
	data := list()
	seen := map[string]bool{}
	for _, c := range in.DataClasses {
		variety := varietiesOf[c]
		if variety == "" || seen[variety] {
			continue
		}
		seen[variety] = true
		entry := set(object(), "variety", text(variety))
		if variety == "Payment" && cards != nil {
			set(entry, "amount", number(strconv.FormatInt(*cards, 10)))
			total = new(max(*total, *cards)) // which is there, as cards count for it
		}
		data.Items = append(data.Items, entry)
	}
	if total != nil {
		set(n, "data_total", number(strconv.FormatInt(*total, 10)))
	}
	if len(data.Items) > 0 {
		set(n, "data", data)
	}
	return n
}

// dataTotal are the units that VERIS counts as records, the best first.
var (
	dataTotal = []incidents.Unit{incidents.Records, incidents.People, incidents.Accounts, incidents.Cards}
	cardTotal = []incidents.Unit{incidents.Cards}
)

// figureOf is the largest number stated of the first unit that has one: the
// headline's, else that of a whole, else of a part. What was corrected is none.
// VERIS has no qualifiers.
func figureOf(in *incidents.Incident, units []incidents.Unit) *int64 {
	corrected := map[incidents.ClaimRef]bool{}
	for _, c := range in.Counts {
		corrected[c.Supersedes] = true
	}
	rank := func(c incidents.Count) int {
		switch {
		case c.Headline:
			return 0
		case c.PartOf == "":
			return 1
		default:
			return 2
		}
	}
	for _, u := range units {
		var best *incidents.Count
		for i, c := range in.Counts {
			if c.Unit != u || corrected[incidents.ClaimRef(c.ID.String())] || incidents.Largest(c.Bounds()) == nil {
				continue
			}
			if best == nil || rank(c) < rank(*best) {
				best = &in.Counts[i]
			}
		}
		if best != nil {
			return incidents.Largest(best.Bounds())
		}
	}
	return nil
}

// lossVarieties maps the kinds of loss that are losses of the victim: not what was only
// demanded or tried for, or came back.
var lossVarieties = map[incidents.LossKind]string{
	"stolen": "Asset and fraud", "ransom_paid": "Asset and fraud", "refunded": "Response and recovery",
	"response_cost": "Response and recovery", "fine": "Legal and regulatory", "settlement": "Legal and regulatory", "other": other,
}

// impactNode is the losses in the currency of the first one, since VERIS has one
// currency per document; nil when there is none.
func impactNode(in *incidents.Incident) *strict.Node {
	n := object()
	currency := ""
	losses := list()
	for _, l := range in.Losses {
		code := currencyOf(l.Currency)
		variety, ok := lossVarieties[l.Kind]
		if !ok || code == "" || currency != "" && code != currency || l.Scope == incidents.ScopePerVictim || l.Qualifier.Takes() == incidents.NoFigure {
			continue
		}
		currency = code
		target, prefix := object(), ""
		if l.Kind == "other" && l.Scope == incidents.ScopeTotal && n.Member("overall_amount") == nil && n.Member("overall_min_amount") == nil {
			target, prefix = n, "overall_"
		} else {
			set(target, "variety", text(variety))
			losses.Items = append(losses.Items, target)
		}
		for _, f := range figuresOf(l) {
			set(target, prefix+f.name, number(f.amount.String()))
		}
	}
	if currency == "" {
		return nil
	}
	set(n, "iso_currency_code", text(currency))
	set(n, "overall_rating", text(unknown))
	if len(losses.Items) > 0 {
		set(n, "loss", losses)
	}
	return n
}

type figure struct {
	name   string
	amount decimal.Decimal
}

// figuresOf are the figures of a loss under VERIS's names.
func figuresOf(l incidents.Loss) []figure {
	low, high := l.Bounds()
	if low != nil && high != nil && l.Qualifier != incidents.Between {
		return []figure{{"amount", *low}}
	}
	var out []figure
	if low != nil {
		out = append(out, figure{"min_amount", *low})
	}
	if high != nil {
		out = append(out, figure{"max_amount", *high})
	}
	return out
}

// currencyOf is VERIS's name of a currency, "" when it has none.
func currencyOf(code string) string {
	for name, crypto := range cryptoCodes {
		if crypto == code {
			return name
		}
	}
	if slices.Contains(root().child("impact", newest).child("iso_currency_code", newest).allowed(newest), code) {
		return code
	}
	return ""
}
