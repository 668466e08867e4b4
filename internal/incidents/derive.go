package incidents

import (
	"slices"

	"github.com/google/uuid"
)

// Victims is an incident's headline count with everything needed to read it
// rightly. It is never shown as a bare number.
type Victims struct {
	Quantity  *int64    `json:"quantity" doc:"The largest number stated; null when none is"`
	Low       *int64    `json:"low" doc:"Proven at least; null when no such bound is stated"`
	High      *int64    `json:"high" doc:"At most; null when no such bound is stated"`
	Qualifier Qualifier `json:"qualifier"`
	Unit      Unit      `json:"unit"`
	ClaimedBy *ActorRef `json:"claimed_by" doc:"Whose figure it is; null = the source itself"`
	Support   Support   `json:"support"`
	Text      string    `json:"text" doc:"The count in words" example:"at most 78,800,000 records"`
}

// Derive sets every field that follows from others: support, words, contested,
// victims, payment, unanswered. It expects a linked document, in which claims
// refer to each other by id (see [Incident.Link]).
func (in *Incident) Derive() {
	answered := map[ClaimRef]bool{}
	for i := range in.Responses {
		r := &in.Responses[i]
		r.Support = supportOf(r.Evidence)
		if r.Kind.Denies() && r.Answers != "" {
			answered[r.Answers] = true
		}
	}
	in.Contested = false
	for i := range in.Attributions {
		a := &in.Attributions[i]
		a.Support = supportOf(a.Evidence)
		a.Contested = a.ID != uuid.Nil && answered[ClaimRef(a.ID.String())]
		in.Contested = in.Contested || a.Contested
	}
	for i := range in.Counts {
		in.Counts[i].Support = supportOf(in.Counts[i].Evidence)
		in.Counts[i].Text = in.Counts[i].wordsOf(in.Whole(in.Counts[i]))
	}
	for i := range in.Losses {
		in.Losses[i].Support = supportOf(in.Losses[i].Evidence)
		in.Losses[i].Text = in.Losses[i].Words()
	}
	in.Victims = in.victims()
	in.Payment = in.concernsPayments()
	in.Unanswered = in.isUnanswered()
}

func (in *Incident) victims() *Victims {
	for _, c := range in.Counts {
		if !c.Headline {
			continue
		}
		low, high := c.Bounds()
		return &Victims{
			Quantity: Largest(low, high), Low: low, High: high, Qualifier: c.Qualifier, Unit: c.Unit,
			ClaimedBy: c.ClaimedBy, Support: c.Support, Text: c.Text,
		}
	}
	return nil
}

// concernsPayments: payment fraud or theft of funds, a payment data class, payment
// cards of which at least one was hit, or a victim or platform in a payments sector.
func (in *Incident) concernsPayments() bool {
	if in.Category == PaymentFraud || in.Category == TheftOfFunds {
		return true
	}
	for _, c := range in.DataClasses {
		if slices.Contains(paymentDataClasses, c) {
			return true
		}
	}
	for _, c := range in.Counts {
		if _, high := c.Bounds(); c.Unit == Cards && (high == nil || *high > 0) {
			return true
		}
	}
	for _, p := range in.Participants {
		if p.Role.Breached() && p.Actor.Sector.InPayments() {
			return true
		}
	}
	return false
}

// isUnanswered: there is a victim or an affected platform, and none of those
// has a recorded response. A denial by an accused state is not an answer by the
// company.
func (in *Incident) isUnanswered() bool {
	responding := map[string]bool{}
	for _, r := range in.Responses {
		responding[r.Actor.Key()] = true
	}
	breached := false
	for _, p := range in.Participants {
		if !p.Role.Breached() {
			continue
		}
		if responding[p.Actor.Key()] {
			return false
		}
		breached = true
	}
	return breached
}

func orEmpty[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}
