package ledger

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/breachledger/breachledger/internal/incidents"
)

// The domain writes "not known" as a zero value, the database as null.

func nullable[T comparable](value T) *T {
	var zero T
	if value == zero {
		return nil
	}
	return &value
}

func orZero[T any](value *T) T {
	if value == nil {
		var zero T
		return zero
	}
	return *value
}

// dateRow is a partial date as stored: its first day and its precision.
func dateRow(d incidents.PartialDate) (*time.Time, *incidents.DatePrecision) {
	if d.IsZero() {
		return nil, nil
	}
	first, precision := d.First(), d.Precision()
	return &first, &precision
}

func dateOf(first *time.Time, precision *incidents.DatePrecision) incidents.PartialDate {
	if first == nil || precision == nil {
		return incidents.PartialDate{}
	}
	return incidents.DateOf(*first, *precision)
}

// period is the first day of one date and the last of another; nil where it is not known.
func period(from, to incidents.PartialDate) (first, last *time.Time) {
	if !from.IsZero() {
		first = nullable(from.First())
	}
	if !to.IsZero() {
		last = nullable(to.Last())
	}
	return first, last
}

func actorID(r *incidents.ActorRef) *uuid.UUID {
	if r == nil {
		return nil
	}
	return &r.ID
}

// claimID is a resolved reference from claim to claim.
func claimID(r incidents.ClaimRef) *uuid.UUID {
	id, err := uuid.Parse(string(r))
	if err != nil {
		return nil
	}
	return &id
}

func claimRef(id *uuid.UUID) incidents.ClaimRef {
	if id == nil {
		return ""
	}
	return incidents.ClaimRef(id.String())
}

// storable reports whether PostgreSQL can hold the text.
func storable(text string) bool { return utf8.ValidString(text) && !strings.ContainsRune(text, 0) }

// texts are words of a vocabulary as a statement takes them.
func texts[T ~string](values []T) []string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = string(v)
	}
	return out
}

func unique(values []string) []string {
	slices.Sort(values)
	return slices.Compact(orEmpty(values))
}

func orEmpty[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}
