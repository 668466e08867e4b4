package incidents

import "slices"

// ActorKind says what an actor is.
type ActorKind string

// The kinds of actor.
const (
	Company    ActorKind = "company"
	Government ActorKind = "government"
	Agency     ActorKind = "agency"
	Person     ActorKind = "person"
	Group      ActorKind = "group"
	Media      ActorKind = "media"
	ActorOther ActorKind = "other"
)

var actorKinds = Vocabulary{"actor_kind", []Term{
	{"company", "Company", "A business or other private organisation.", "victim.victim_id"},
	{"government", "Government", "A state or its government as a whole.", "actor.external.variety.State-affiliated"},
	{"agency", "Agency", "A public body: an office, a regulator, the police.", "victim.victim_id"},
	{"person", "Person", "A human being.", ""},
	{"group", "Group", "A loose or criminal group, or a body of activists or researchers.", "actor.external.variety.Organized crime"},
	{"media", "Media", "A newspaper, broadcaster or news agency.", ""},
	{"other", "Other", "None of the others, or not known.", ""},
}}

// Vocabulary returns the closed list that the value belongs to.
func (ActorKind) Vocabulary() Vocabulary { return actorKinds }

// Sector is what an actor does for a living, mapped from NAICS.
type Sector string

// The sectors that code needs to name.
const (
	SectorPaymentProcessor Sector = "payment_processor"
	SectorUnknown          Sector = "unknown"
)

var sectors = Vocabulary{"sector", []Term{
	{"bank", "Bank", "Banks, credit unions and other deposit takers.", "NAICS 5221"},
	{"payment_processor", "Payment processor", "Processes or clears payments for others.", "NAICS 522320"},
	{"card_network", "Card network", "Runs a card scheme.", "NAICS 522320"},
	{"wallet", "Wallet", "Offers a payment app or stored-value account.", "NAICS 522320"},
	{"crypto", "Crypto", "Exchanges, custodians and bridges of crypto assets.", "NAICS 523"},
	{"merchant", "Merchant", "Sells goods or services: shops, hotels, restaurants.", "NAICS 44, 45, 72"},
	{"fintech", "Fintech", "Financial technology that is none of the above.", "NAICS 522, 523"},
	{"technology", "Technology", "Software, hardware, internet and telecommunications.", "NAICS 51, 334, 5415"},
	{"health", "Health", "Care, and health insurance.", "NAICS 62, 524114"},
	{"government", "Government", "Public administration.", "NAICS 92"},
	{"other", "Other", "Another sector.", "any other NAICS code"},
	{"unknown", "Unknown", "The sector is not known.", "NAICS 000"},
}}

var paymentSectors = []Sector{"bank", "payment_processor", "card_network", "wallet", "crypto", "fintech"}

// Vocabulary returns the closed list that the value belongs to.
func (Sector) Vocabulary() Vocabulary { return sectors }

// InPayments reports whether organisations of this sector move money for others.
func (s Sector) InPayments() bool { return slices.Contains(paymentSectors, s) }

// Role is the part that an actor plays in an incident.
type Role string

// The roles.
const (
	RoleVictim           Role = "victim"
	RoleAffectedPlatform Role = "affected_platform"
	RoleAllegedAttacker  Role = "alleged_attacker"
	RoleAccuser          Role = "accuser"
	RoleResponder        Role = "responder"
	RoleRegulator        Role = "regulator"
	RoleReporter         Role = "reporter"
)

var roles = Vocabulary{"role", []Term{
	{"victim", "Victim", "The organisation breached.", "victim"},
	{"affected_platform", "Affected platform", "A service through which or on which it happened.", "victim.secondary"},
	{"alleged_attacker", "Alleged attacker", "Somebody says that they did it.", "actor.external"},
	{"accuser", "Accuser", "Says who did it.", ""},
	{"responder", "Responder", "Answers, without being breached.", ""},
	{"regulator", "Regulator", "Supervises, investigates or fines.", ""},
	{"reporter", "Reporter", "Made it known.", "discovery_method"},
}}

// Vocabulary returns the closed list that the value belongs to.
func (Role) Vocabulary() Vocabulary { return roles }

// Breached reports whether the role is one of the two whose answer is awaited.
func (r Role) Breached() bool { return r == RoleVictim || r == RoleAffectedPlatform }
