package incidents

import (
	"time"

	"github.com/google/uuid"
)

// Compilation is the tag of data that was not breached from anybody in particular:
// spam lists, stealer logs, lists for credential stuffing. Lists of incidents leave
// these out unless asked; the column "listed", in db/migrations, spells the tag too.
const Compilation = "compilation"

// Incident is the document: what happened, to whom, and every claim about it.
// An absent field means "not known"; it never means zero, none or false.
type Incident struct {
	ID          uuid.UUID   `json:"id,omitzero" readOnly:"true" doc:"UUIDv7, given by the server"`
	Slug        string      `json:"slug,omitempty" doc:"Unique and readable; permanent once published. Defaults to the title and the year" example:"acme-pay-card-skimming"`
	Title       string      `json:"title" doc:"What happened, in a few words" example:"Acme Pay card skimming" minLength:"1" maxLength:"300"`
	Summary     string      `json:"summary,omitempty" doc:"What happened, in a few sentences" maxLength:"10000"`
	Category    Category    `json:"category"`
	Certainty   Certainty   `json:"certainty,omitempty" doc:"Defaults to confirmed"`
	Publication Publication `json:"publication,omitempty" readOnly:"true"`

	Occurred   Period      `json:"occurred,omitzero" doc:"When it happened"`
	Discovered PartialDate `json:"discovered,omitzero" doc:"When the organisation found out"`
	Disclosed  PartialDate `json:"disclosed,omitzero" doc:"When it became public"`
	Contained  PartialDate `json:"contained,omitzero" doc:"When it was stopped"`

	Countries      []string        `json:"countries" doc:"Where it happened, ISO 3166-1 alpha-2" example:"[\"US\"]"`
	Vectors        []Vector        `json:"vectors"`
	DataClasses    []DataClass     `json:"data_classes"`
	PaymentMethods []PaymentMethod `json:"payment_methods"`
	Tags           []string        `json:"tags" doc:"Free words: lower-case letters, digits and hyphens"`

	Participants []Participant `json:"participants"`
	Counts       []Count       `json:"counts"`
	Losses       []Loss        `json:"losses"`
	Attributions []Attribution `json:"attributions"`
	Responses    []Response    `json:"responses"`
	Sources      []Source      `json:"sources" doc:"The sources that evidence names, and others worth reading"`
	ExternalRefs []ExternalRef `json:"external_refs"`

	Victims    *Victims `json:"victims" readOnly:"true" doc:"The headline count; null when there is no count"`
	Payment    bool     `json:"payment" readOnly:"true" doc:"Whether this is a payments incident: payment fraud, theft of funds, a payment data class, payment cards that are counted, or a breached organisation of a payments sector"`
	Unanswered bool     `json:"unanswered" readOnly:"true" doc:"Somebody was breached and none of them has a recorded response"`
	Contested  bool     `json:"contested" readOnly:"true" doc:"An attribution is answered by a denial"`

	RetractionReason string    `json:"retraction_reason,omitempty" readOnly:"true" doc:"Why the incident was retracted, or the draft rejected"`
	MergedInto       uuid.UUID `json:"merged_into,omitzero" readOnly:"true" doc:"The incident that this one was merged into"`

	Version   int       `json:"version,omitempty" readOnly:"true" doc:"Raised by every write"`
	CreatedAt time.Time `json:"created_at,omitzero" readOnly:"true"`
	UpdatedAt time.Time `json:"updated_at,omitzero" readOnly:"true"`
}

// Period is a span of partial dates; either end may be unknown.
type Period struct {
	From PartialDate `json:"from,omitzero"`
	To   PartialDate `json:"to,omitzero"`
}

func (in Incident) occurredFrom() PartialDate {
	if in.Occurred.From.IsZero() {
		return in.Occurred.To
	}
	return in.Occurred.From
}

// Participant is an actor in a role.
type Participant struct {
	Actor ActorRef `json:"actor"`
	Role  Role     `json:"role"`
}

// ExternalRef is the incident's number in another register.
type ExternalRef struct {
	Scheme string `json:"scheme" doc:"The register, such as vcdb, hibp, case or cve" example:"case" maxLength:"40"`
	ID     string `json:"id" doc:"The number there" example:"FR-1182" maxLength:"200"`
}

// sharedSchemes name things that many incidents have in common; every other
// scheme identifies one incident. The migration of external_refs has the same list.
var sharedSchemes = map[string]bool{
	"cve": true, "cwe": true, "ghsa": true, "capec": true, "attack": true, "cpe": true, "osv": true,
}

// Identifies reports whether only one incident may carry the reference.
func (r ExternalRef) Identifies() bool { return !sharedSchemes[r.Scheme] }
