package ledger

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/incidents"
)

// GoneError says that an incident was public once and was retracted.
type GoneError struct{ Slug, Reason string }

func (e *GoneError) Error() string { return e.Slug + " was retracted: " + e.Reason }

// StateError says that the incident is in no state for what was asked.
type StateError struct {
	Is   incidents.Publication
	Must []incidents.Publication
	Why  string // what is wrong, where the states do not say it
}

func (e *StateError) Error() string {
	if e.Why != "" {
		return e.Why
	}
	names := make([]string, len(e.Must))
	for i, m := range e.Must {
		names[i] = string(m)
	}
	return fmt.Sprintf("the incident is %s, and must be %s for this", e.Is, strings.Join(names, " or "))
}

// Publish makes a draft, or a retracted incident, public.
func (l *Ledger) Publish(ctx context.Context, c Change, ref, ifMatch string) (Document, error) {
	return l.move(ctx, c, ref, ifMatch, incidents.Published, incidents.Draft, incidents.Retracted)
}

// Reject takes a draft out of review, with a reason.
func (l *Ledger) Reject(ctx context.Context, c Change, ref, ifMatch string) (Document, error) {
	return l.move(ctx, c, ref, ifMatch, incidents.Retracted, incidents.Draft)
}

// Retract takes a published incident back, with a reason. Its address then says so.
func (l *Ledger) Retract(ctx context.Context, c Change, ref, ifMatch string) (Document, error) {
	return l.move(ctx, c, ref, ifMatch, incidents.Retracted, incidents.Published)
}

// move brings an incident from one state of publication into another.
func (l *Ledger) move(ctx context.Context, c Change, ref, ifMatch string, to incidents.Publication, from ...incidents.Publication) (Document, error) {
	if err := needs(c.By, access.Editor); err != nil {
		return Document{}, err
	}
	if to == incidents.Retracted && strings.TrimSpace(c.Reason) == "" {
		c.Known.Add("/reason", "is required")
	}
	return l.Edit(ctx, c, ref, ifMatch, func(in *incidents.Incident) error {
		if !slices.Contains(from, in.Publication) {
			return &StateError{Is: in.Publication, Must: from}
		}
		in.Publication, in.RetractionReason = to, ""
		if to == incidents.Retracted {
			in.RetractionReason = c.Reason
		}
		return nil
	})
}

// stands reports whether an incident is, or is to become, one of the ledger's: those
// that were retracted or merged are kept for their history.
func stands(p incidents.Publication) bool {
	return p == incidents.Draft || p == incidents.Published
}
