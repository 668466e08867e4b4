package ndjson

import (
	"fmt"
	"math"

	"github.com/google/uuid"

	"github.com/breachledger/breachledger/internal/incidents"
)

// named is what a line must be known by.
type named struct {
	field string
	given bool
}

func required(pointer string, fields ...named) incidents.Problems {
	var problems incidents.Problems
	for _, f := range fields {
		if !f.given {
			problems.Add(pointer+"/"+f.field, "is required")
		}
	}
	return problems
}

// numbered refuses versions that no ledger has.
func numbered(pointer string, version int) incidents.Problems {
	if version >= 0 && version <= math.MaxInt32 {
		return nil
	}
	return incidents.Problems{{Pointer: pointer + "/version", Detail: fmt.Sprintf("must be from 0 to %d", math.MaxInt32)}}
}

func (a *Actor) required() incidents.Problems {
	problems := required("/actor", named{"id", a.ID != uuid.Nil}, named{"slug", a.Slug != ""}, named{"name", a.Name != ""})
	problems.Merge(numbered("/actor", a.Version))
	for i, other := range a.ApartFrom {
		problems.Merge(required(fmt.Sprintf("/actor/apart_from/%d", i), named{"id", other.ID != uuid.Nil}, named{"decided_by", other.DecidedBy != ""}))
	}
	problems.Merge(requiredChanges("/actor", a.Changes))
	return problems
}

func (s *Source) required() incidents.Problems {
	problems := required("/source", named{"id", s.ID != uuid.Nil})
	problems.Merge(requiredChanges("/source", s.Changes))
	return problems
}

func requiredChanges[T any](pointer string, changes []Change[T]) incidents.Problems {
	var problems incidents.Problems
	for i, c := range changes {
		problems.Merge(required(fmt.Sprintf("%s/changes/%d", pointer, i), named{"id", c.ID != uuid.Nil}, named{"author", c.Author != ""}))
	}
	return problems
}

func (r *ImportRecord) required() incidents.Problems {
	problems := required("/import", named{"origin", r.Origin != ""}, named{"incident", r.Incident != uuid.Nil})
	problems.Merge(numbered("/import", r.Version))
	return problems
}

func (d *Duplicate) required() incidents.Problems {
	return required("/duplicate", named{"first", d.First != uuid.Nil}, named{"second", d.Second != uuid.Nil}, named{"state", d.State != ""})
}
