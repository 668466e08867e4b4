package incidents

import (
	"github.com/google/uuid"
	"github.com/shopspring/decimal"
)

// ClaimRef names another claim of the same document: its id, or the key that
// the document gives it.
type ClaimRef string

// Claim is what all claims have in common. The words of its source stand in
// its evidence.
type Claim struct {
	ID       uuid.UUID  `json:"id,omitzero" doc:"Given by the server; a claim that is sent back with its id stays the same claim"`
	Key      string     `json:"key,omitempty" doc:"A name within this document, for other claims to refer to; not kept" maxLength:"60" writeOnly:"true"`
	Support  Support    `json:"support,omitempty" readOnly:"true"`
	Evidence []Evidence `json:"evidence"`
}

// Count is a claim of how many were affected.
type Count struct {
	Claim
	Unit       Unit        `json:"unit"`
	Counted    string      `json:"counted,omitempty" doc:"What is counted, in words of the source, where the unit does not say it" maxLength:"200" example:"customers whose card numbers were taken"`
	Qualifier  Qualifier   `json:"qualifier,omitempty" doc:"Defaults to exact"`
	Quantity   *int64      `json:"quantity" doc:"The figure; null with between, unquantified and not_disclosed" minimum:"0" maximum:"1000000000000000"`
	Low        *int64      `json:"low" doc:"Only with between" minimum:"0" maximum:"1000000000000000"`
	High       *int64      `json:"high" doc:"Only with between" minimum:"0" maximum:"1000000000000000"`
	ClaimedBy  *ActorRef   `json:"claimed_by,omitempty" doc:"Whose figure it is; absent = the source itself"`
	AsOf       PartialDate `json:"as_of,omitzero"`
	Supersedes ClaimRef    `json:"supersedes,omitempty" doc:"The older count that this one corrects: its id, or its key in this document"`
	PartOf     ClaimRef    `json:"part_of,omitempty" doc:"The count that this one is a part of (900,000 of the 1.2 million): its id, or its key in this document"`
	Headline   bool        `json:"headline" doc:"The one count that stands for the incident; a lone count is it by default"`
	Text       string      `json:"text,omitempty" readOnly:"true" doc:"The count in words"`
}

// Bounds are the bounds that the count sets; nil is none.
func (c Count) Bounds() (low, high *int64) { return Bounds(c.Qualifier, c.Quantity, c.Low, c.High) }

// Loss is a claim of how much money was lost, demanded or paid.
type Loss struct {
	Claim
	Kind      LossKind         `json:"kind"`
	Scope     LossScope        `json:"scope,omitempty" doc:"Defaults to unspecified"`
	Qualifier Qualifier        `json:"qualifier,omitempty" doc:"Defaults to exact"`
	Amount    *decimal.Decimal `json:"amount" doc:"The figure; null with between, unquantified and not_disclosed"`
	Low       *decimal.Decimal `json:"low" doc:"Only with between"`
	High      *decimal.Decimal `json:"high" doc:"Only with between"`
	Currency  string           `json:"currency,omitempty" doc:"ISO 4217 code or the code of a crypto asset; needed with a figure" example:"CNY"`
	Converted *Money           `json:"converted,omitempty" doc:"The amount in another currency, as the source states it"`
	ClaimedBy *ActorRef        `json:"claimed_by,omitempty" doc:"Whose figure it is; absent = the source itself"`
	Text      string           `json:"text,omitempty" readOnly:"true" doc:"The loss in words"`
}

// Bounds are the bounds that the loss sets; nil is none.
func (l Loss) Bounds() (low, high *decimal.Decimal) {
	return Bounds(l.Qualifier, l.Amount, l.Low, l.High)
}

// Attribution is a claim of who did it.
type Attribution struct {
	Claim
	Accused    ActorRef    `json:"accused"`
	Claimant   *ActorRef   `json:"claimant,omitempty" doc:"Who says so; absent = the source itself"`
	Basis      Basis       `json:"basis"`
	Confidence Confidence  `json:"confidence,omitempty" doc:"How sure the claimant is; defaults to none"`
	Stated     PartialDate `json:"stated,omitzero" doc:"When it was said"`
	Contested  bool        `json:"contested" readOnly:"true" doc:"A denial answers it"`
}

// Response is a claim of how an organisation answered.
type Response struct {
	Claim
	Actor            ActorRef       `json:"actor" doc:"The organisation that answers"`
	SpokenBy         string         `json:"spoken_by,omitempty" doc:"The person who spoke for it" maxLength:"200"`
	Kind             ResponseKind   `json:"kind"`
	Status           ResponseStatus `json:"status,omitempty" doc:"Defaults to stated for what is said and to done for what is delivered"`
	Date             PartialDate    `json:"date,omitzero"`
	Due              PartialDate    `json:"due,omitzero" doc:"Until when a promise is to be kept"`
	Fulfils          ClaimRef       `json:"fulfils,omitempty" doc:"The promise that this response keeps or breaks: its id, or its key in this document"`
	Answers          ClaimRef       `json:"answers,omitempty" doc:"The attribution that this response denies: its id, or its key in this document"`
	Summary          string         `json:"summary,omitempty" maxLength:"2000"`
	ViaUnnamedSource bool           `json:"via_unnamed_source" doc:"Known only from somebody whom the source does not name"`
}
