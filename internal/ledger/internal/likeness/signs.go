package likeness

import (
	"maps"

	"github.com/google/uuid"

	"github.com/breachledger/breachledger/internal/incidents"
)

// Signs are what incidents are compared by: an edit that changes none of them makes
// no new duplicate.
type Signs struct {
	title               string
	occurred, disclosed incidents.PartialDate
	victims             int64
	unit                incidents.Unit
	breached, sources   map[uuid.UUID]bool
}

// SignsOf are those of an incident.
func SignsOf(in *incidents.Incident) Signs {
	s := Signs{title: in.Title, occurred: in.Occurred.From, disclosed: in.Disclosed, breached: map[uuid.UUID]bool{}, sources: map[uuid.UUID]bool{}}
	if v := in.Victims; v != nil && v.Quantity != nil {
		s.victims, s.unit = *v.Quantity, v.Unit
	}
	for _, p := range in.Participants {
		if p.Role.Breached() {
			s.breached[p.Actor.ID] = true
		}
	}
	for _, source := range in.Sources {
		s.sources[source.ID] = true
	}
	return s
}

// Equal says whether they are the same.
func (s Signs) Equal(o Signs) bool {
	return s.title == o.title && s.occurred == o.occurred && s.disclosed == o.disclosed && s.victims == o.victims && s.unit == o.unit &&
		maps.Equal(s.breached, o.breached) && maps.Equal(s.sources, o.sources)
}
