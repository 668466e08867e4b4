package incidents

import "slices"

// Unit is what a count counts. Units are never added together.
type Unit string

// The units that code needs to name.
const (
	People   Unit = "people"
	Accounts Unit = "accounts"
	Records  Unit = "records"
	Cards    Unit = "cards"

	UnitOther Unit = "other"
)

var units = Vocabulary{"unit", []Term{
	{"people", "people", "Human beings.", "data_victim"},
	{"accounts", "accounts", "User or customer accounts.", ""},
	{"records", "records", "Records of a database.", "data_total"},
	{"cards", "cards", "Payment cards.", "data.amount of Payment"},
	{"forms", "forms", "Forms that people filled in.", ""},
	{"national_ids", "national IDs", "Social security numbers and the like.", ""},
	{"fingerprints", "fingerprints", "Fingerprint records.", ""},
	{"devices", "devices", "Telephones, terminals, computers.", ""},
	{"transactions", "transactions", "Payments or other transactions.", ""},
	{"other", "items", "Something that has no term here.", ""},
}}

// unitSingular is a unit's label for the number one.
var unitSingular = map[Unit]string{
	"people": "person", "accounts": "account", "records": "record", "cards": "card", "forms": "form",
	"national_ids": "national ID", "fingerprints": "fingerprint", "devices": "device",
	"transactions": "transaction", "other": "item",
}

// Vocabulary returns the closed list that the value belongs to.
func (Unit) Vocabulary() Vocabulary { return units }

// LossKind says what became of money.
type LossKind string

var lossKinds = Vocabulary{"loss_kind", []Term{
	{"stolen", "Stolen", "Taken by the attacker.", "impact.loss.variety.Asset and fraud"},
	{"attempted", "Attempted", "Tried for, whether or not with success.", ""},
	{"recovered", "Recovered", "Got back.", ""},
	{"refunded", "Refunded", "Given back to those who lost it.", "impact.loss.variety.Response and recovery"},
	{"fine", "Fine", "Imposed by a regulator or court.", "impact.loss.variety.Legal and regulatory"},
	{"settlement", "Settlement", "Agreed with claimants or authorities.", "impact.loss.variety.Legal and regulatory"},
	{"ransom_demanded", "Ransom demanded", "Asked for by the attacker.", ""},
	{"ransom_paid", "Ransom paid", "Paid to the attacker.", "impact.loss.variety.Asset and fraud"},
	{"response_cost", "Response cost", "Spent on the answer: forensics, notices, repair.", "impact.loss.variety.Response and recovery"},
	{"other", "Other", "None of the others.", "impact.loss.variety.Other"},
}}

// Vocabulary returns the closed list that the value belongs to.
func (LossKind) Vocabulary() Vocabulary { return lossKinds }

// LossScope says what an amount covers.
type LossScope string

// The scopes; ScopeUnspecified is the default.
const (
	ScopeTotal       LossScope = "total"
	ScopePerVictim   LossScope = "per_victim"
	ScopeUnspecified LossScope = "unspecified"
)

var lossScopes = Vocabulary{"loss_scope", []Term{
	{"total", "in total", "The whole loss of that kind.", "impact.overall_amount"},
	{"per_victim", "per victim", "The loss of one victim.", ""},
	{"unspecified", "scope not stated", "The source does not say what the amount covers.", ""},
}}

// Vocabulary returns the closed list that the value belongs to.
func (LossScope) Vocabulary() Vocabulary { return lossScopes }

// Basis says on whose word an attribution rests (EuRepoC, "attribution basis").
type Basis string

var bases = Vocabulary{"attribution_basis", []Term{
	{"attacker_claims", "Attacker claims it", "The attacker says so.", ""},
	{"victim_attributes", "Victim attributes", "The organisation breached says so.", ""},
	{"government_attributes", "Government attributes", "A government or its agency says so.", ""},
	{"security_researchers_attribute", "Security researchers attribute", "A security company or researchers say so.", ""},
	{"media_attributes", "Media attribute", "A newspaper or other medium says so.", ""},
	{"third_party_attributes", "Third party attributes", "Somebody else says so.", ""},
}}

// Vocabulary returns the closed list that the value belongs to.
func (Basis) Vocabulary() Vocabulary { return bases }

// Confidence is how sure the claimant is of an attribution.
type Confidence string

// NoConfidence is the default: the claimant does not say how sure it is.
const NoConfidence Confidence = "none"

var confidences = Vocabulary{"confidence", []Term{
	{"high", "High", "The claimant is sure of it.", "actor.notes"},
	{"medium", "Medium", "The claimant thinks it likely.", "actor.notes"},
	{"low", "Low", "The claimant thinks it possible.", "actor.notes"},
	{"none", "None stated", "The claimant does not say how sure it is.", "actor.notes"},
}}

// Vocabulary returns the closed list that the value belongs to.
func (Confidence) Vocabulary() Vocabulary { return confidences }

// ResponseKind says how an organisation answered.
type ResponseKind string

// The kinds of response that code needs to name.
const (
	Denial      ResponseKind = "denial"
	ScopeDenial ResponseKind = "scope_denial"
	Refund      ResponseKind = "refund"
)

var responseKinds = Vocabulary{"response_kind", []Term{
	{"disclosure", "Disclosure", "Made the incident known.", "disclosure_notes"},
	{"acknowledgement", "Acknowledgement", "Owned up to it, or confirmed it.", ""},
	{"apology", "Apology", "Said sorry.", ""},
	{"denial", "Denial", "Said that it did not happen, or that it was not them.", ""},
	{"scope_denial", "Denial of scope", "Said that something in particular was not affected.", ""},
	{"no_comment", "No comment", "Kept silent, or declined to give details.", ""},
	{"refund", "Refund", "Gave back what was lost.", ""},
	{"compensation", "Compensation", "Paid or gave more than what was lost.", ""},
	{"user_advisory", "Advice to users", "Told users what to do.", ""},
	{"victim_notification", "Notice to victims", "Told those affected.", ""},
	{"credit_monitoring", "Credit monitoring", "Offered monitoring or identity protection.", ""},
	{"password_reset", "Password reset", "Reset or revoked credentials.", ""},
	{"service_shutdown", "Service shutdown", "Took something offline.", ""},
	{"remediation", "Remediation", "Repaired or hardened.", "corrective_action"},
	{"investigation", "Investigation", "Looked into it, or had it looked into.", ""},
	{"law_enforcement_referral", "Referral to the police", "Went to the police or prosecutors.", ""},
	{"regulator_report", "Report to a regulator", "Reported to a supervisor.", ""},
	{"legal_action", "Legal action", "Sued, charged or prosecuted.", ""},
	{"settlement", "Settlement", "Settled with claimants or authorities.", ""},
	{"cooperation", "Cooperation", "Worked or talked with others on it.", ""},
	{"warning", "Warning", "Warned others.", ""},
	{"ransom_paid", "Ransom paid", "Paid the attacker.", ""},
	{"ransom_refused", "Ransom refused", "Refused to pay the attacker.", ""},
	{"leadership_change", "Change of leadership", "Somebody resigned or was dismissed.", ""},
	{"other", "Other", "None of the others.", ""},
}}

// spokenKinds are said rather than done: their status defaults to "stated".
var spokenKinds = []ResponseKind{
	"disclosure", "acknowledgement", "apology", "denial", "scope_denial", "no_comment",
	"user_advisory", "cooperation", "warning", "ransom_refused", "other",
}

// Vocabulary returns the closed list that the value belongs to.
func (ResponseKind) Vocabulary() Vocabulary { return responseKinds }

// Denies reports whether a response of this kind can answer an attribution.
func (k ResponseKind) Denies() bool { return k == Denial || k == ScopeDenial }

// DefaultStatus is the status of a response that gives none: "stated" for what
// is said, "done" for what is delivered.
func (k ResponseKind) DefaultStatus() ResponseStatus {
	if slices.Contains(spokenKinds, k) {
		return Stated
	}
	return Done
}

// ResponseStatus says whether a response has anything to deliver, and whether
// it was delivered.
type ResponseStatus string

// The statuses.
const (
	Stated   ResponseStatus = "stated"
	Promised ResponseStatus = "promised"
	Done     ResponseStatus = "done"
	Broken   ResponseStatus = "broken"
)

var responseStatuses = Vocabulary{"response_status", []Term{
	{"stated", "Stated", "Said; there is nothing to deliver.", ""},
	{"promised", "Promised", "To be delivered.", ""},
	{"done", "Done", "Delivered.", ""},
	{"broken", "Broken", "Promised and not delivered.", ""},
}}

// Vocabulary returns the closed list that the value belongs to.
func (ResponseStatus) Vocabulary() Vocabulary { return responseStatuses }

// Support says how well a claim is evidenced.
type Support string

// The degrees of support, best first.
const (
	Quoted    Support = "quoted"
	Cited     Support = "cited"
	Unsourced Support = "unsourced"
)

var supports = Vocabulary{"support", []Term{
	{"quoted", "Quoted", "The verbatim sentence stands in a source whose text is held.", ""},
	{"cited", "Cited", "A source is named, without a sentence from its text.", ""},
	{"unsourced", "Unsourced", "No source is named.", ""},
}}

// Vocabulary returns the closed list that the value belongs to.
func (Support) Vocabulary() Vocabulary { return supports }
