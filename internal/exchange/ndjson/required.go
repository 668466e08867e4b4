package ndjson

import (
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

func (a *Actor) required() incidents.Problems {
	return required("/actor", named{"id", a.ID != uuid.Nil}, named{"slug", a.Slug != ""}, named{"name", a.Name != ""})
}

func (s *Source) required() incidents.Problems {
	return required("/source", named{"id", s.ID != uuid.Nil})
}

func (r *ImportRecord) required() incidents.Problems {
	return required("/import", named{"origin", r.Origin != ""}, named{"incident", r.Incident != uuid.Nil})
}

func (d *Duplicate) required() incidents.Problems {
	return required("/duplicate", named{"first", d.First != uuid.Nil}, named{"second", d.Second != uuid.Nil}, named{"state", d.State != ""})
}
