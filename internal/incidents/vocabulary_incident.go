package incidents

// Category says what kind of incident it is.
type Category string

// The categories.
const (
	DataBreach      Category = "data_breach"
	AccountTakeover Category = "account_takeover"
	TheftOfFunds    Category = "theft_of_funds"
	PaymentFraud    Category = "payment_fraud"
	Extortion       Category = "extortion"
	ServiceAttack   Category = "service_attack"
	CategoryOther   Category = "other"
)

var categories = Vocabulary{"category", []Term{
	{"data_breach", "Data breach", "Data was seen or taken by somebody who had no right to it.", "attribute.confidentiality"},
	{"account_takeover", "Account takeover", "Accounts of customers were used by somebody else.", "action.hacking.variety.Use of stolen creds"},
	{"theft_of_funds", "Theft of funds", "Money or crypto assets were taken.", "attribute.integrity.variety.Fraudulent transaction"},
	{"payment_fraud", "Payment fraud", "Payments were made or diverted by deceit.", "attribute.integrity.variety.Fraudulent transaction"},
	{"extortion", "Extortion", "A ransom was demanded, with or without encryption.", "action.social.variety.Extortion"},
	{"service_attack", "Service attack", "A service was attacked or disrupted, no data loss being stated.", "attribute.availability"},
	{"other", "Other", "None of the others.", ""},
}}

// Vocabulary returns the closed list that the value belongs to.
func (Category) Vocabulary() Vocabulary { return categories }

// Certainty is VERIS's security_incident: whether it happened at all.
type Certainty string

// The certainties; Confirmed is the default.
const (
	Confirmed     Certainty = "confirmed"
	Suspected     Certainty = "suspected"
	NearMiss      Certainty = "near_miss"
	FalsePositive Certainty = "false_positive"
)

var certainties = Vocabulary{"certainty", []Term{
	{"confirmed", "Confirmed", "It happened.", "security_incident: Confirmed"},
	{"suspected", "Suspected", "It is thought to have happened.", "security_incident: Suspected"},
	{"near_miss", "Near miss", "It was tried and failed, or was found in time.", "security_incident: Near miss"},
	{"false_positive", "False positive", "It did not happen, or the data was made up.", "security_incident: False positive"},
}}

// Vocabulary returns the closed list that the value belongs to.
func (Certainty) Vocabulary() Vocabulary { return certainties }

// Publication is where an incident is in its life.
type Publication string

// The states of publication.
const (
	Draft     Publication = "draft"
	Published Publication = "published"
	Retracted Publication = "retracted"
	Merged    Publication = "merged"
)

var publications = Vocabulary{"publication", []Term{
	{"draft", "Draft", "Logged by a contributor and not yet reviewed.", ""},
	{"published", "Published", "Public.", ""},
	{"retracted", "Retracted", "Taken back, with a reason.", ""},
	{"merged", "Merged", "Moved into another incident, to which its address leads.", ""},
}}

// Vocabulary returns the closed list that the value belongs to.
func (Publication) Vocabulary() Vocabulary { return publications }

// Vector is a way in.
type Vector string

// The vectors that code needs to name.
const (
	Phishing      Vector = "phishing"
	VectorOther   Vector = "other"
	VectorUnknown Vector = "unknown"
)

var vectors = Vocabulary{"vector", []Term{
	{"phishing", "Phishing", "People were lured into giving something away.", "action.social.variety.Phishing"},
	{"social_engineering", "Social engineering", "People were deceived in another way than by phishing, such as a false invoice.", "action.social.variety.Pretexting"},
	{"stolen_credentials", "Stolen credentials", "Credentials of others were used.", "action.hacking.variety.Use of stolen creds"},
	{"credential_stuffing", "Credential stuffing", "Credentials leaked elsewhere were tried in bulk.", "action.hacking.variety.Brute force"},
	{"malware", "Malware", "Malicious software other than ransomware or skimmers.", "action.malware.variety.Unknown"},
	{"ransomware", "Ransomware", "Software that encrypts or withholds for ransom.", "action.malware.variety.Ransomware"},
	{"skimming", "Skimming", "Card data was read off a terminal, a cash machine or a payment page.", "action.physical.variety.Skimmer"},
	{"exploit", "Exploit", "A flaw in software was used.", "action.hacking.variety.Exploit vuln"},
	{"misconfiguration", "Misconfiguration", "Data or systems were left open by mistake.", "action.error.variety.Misconfiguration"},
	{"insider", "Insider", "Somebody with rightful access misused it.", "action.misuse.variety.Privilege abuse"},
	{"third_party", "Third party", "It came through a supplier or partner.", "action.hacking.vector.Partner"},
	{"sim_swap", "SIM swap", "A telephone number was moved to another's SIM card.", "action.social.variety.Pretexting"},
	{"denial_of_service", "Denial of service", "A service was overwhelmed.", "action.hacking.variety.DoS"},
	{"lost_or_stolen_media", "Lost or stolen media", "Devices, disks or paper were lost or stolen.", "action.physical.variety.Theft"},
	{"unauthorised_access", "Unauthorised access", "Somebody got in, the way in not being stated.", "action.hacking.variety.Unknown"},
	{"other", "Other", "A way in that has no term here.", "action.hacking.variety.Other"},
	{"unknown", "Unknown", "The way in is not known.", "action.unknown"},
}}

// Vocabulary returns the closed list that the value belongs to.
func (Vector) Vocabulary() Vocabulary { return vectors }

// DataClass is a class of data exposed.
type DataClass string

var dataClasses = Vocabulary{"data_class", []Term{
	{"card_number", "Card number", "The full number of a payment card.", "data.variety.Payment"},
	{"card_security_code", "Card security code", "The printed code (CVV2, CVC2).", "data.variety.Payment"},
	{"card_track_or_pin", "Card track or PIN", "Magnetic stripe or chip data, PIN or PIN block.", "data.variety.Payment"},
	{"partial_card", "Partial card data", "Truncated number, expiry date or holder.", "data.variety.Payment"},
	{"bank_account", "Bank account", "Account numbers and access to bank accounts.", "data.variety.Bank"},
	{"payment_history", "Payment history", "Who paid whom, when and how much.", "data.variety.Bank"},
	{"wallet_or_crypto_key", "Wallet or crypto key", "Private keys, seeds or wallet access.", "data.variety.Virtual currency"},
	{"other_payment", "Other payment data", "Payment data that has no term here, or that the source does not name more closely.", "data.variety.Payment"},
	{"credentials", "Credentials", "User names with passwords, tokens, keys.", "data.variety.Credentials"},
	{"contact", "Contact data", "Names, addresses, telephone numbers, e-mail.", "data.variety.Personal"},
	{"national_id", "National ID", "Social security, passport, tax and licence numbers.", "data.variety.Personal"},
	{"health", "Health data", "Medical records and insurance claims.", "data.variety.Medical"},
	{"biometric", "Biometric data", "Fingerprints, faces, voices.", "data.variety.Personal"},
	{"other_personal", "Other personal data", "Personal data that has no term here.", "data.variety.Personal"},
	{"other", "Other data", "Data about no person, such as secrets or source code.", "data.variety.Other"},
	{"unknown", "Unknown", "Which data is not known.", "data.variety.Unknown"},
}}

// paymentDataClasses make an incident that exposes one of them a payments incident.
var paymentDataClasses = []DataClass{
	"card_number", "card_security_code", "card_track_or_pin", "partial_card", "bank_account", "payment_history", "wallet_or_crypto_key", "other_payment",
}

// Vocabulary returns the closed list that the value belongs to.
func (DataClass) Vocabulary() Vocabulary { return dataClasses }

// PaymentMethod is a way of paying that the incident concerns.
type PaymentMethod string

var paymentMethods = Vocabulary{"payment_method", []Term{
	{"card_present", "Card present", "A card at a terminal or cash machine.", "asset.variety.U - POS terminal"},
	{"card_not_present", "Card not present", "A card used online or by telephone.", "asset.variety.S - Web application"},
	{"bank_transfer", "Bank transfer", "From account to account, wires included.", ""},
	{"wallet", "Wallet", "A payment app or stored-value account.", ""},
	{"crypto", "Crypto", "Crypto assets.", ""},
	{"other", "Other", "Another way of paying.", ""},
}}

// Vocabulary returns the closed list that the value belongs to.
func (PaymentMethod) Vocabulary() Vocabulary { return paymentMethods }
