package ledger

import (
	"maps"

	"github.com/google/uuid"

	"github.com/breachledger/breachledger/internal/incidents"
)

// signs are what scored looks at: an edit that changes none makes no new duplicate.
type signs struct {
	title               string
	occurred, disclosed incidents.PartialDate
	victims             int64
	unit                incidents.Unit
	breached, sources   map[uuid.UUID]bool
}

func signsOf(in *incidents.Incident) signs {
	s := signs{title: in.Title, occurred: in.Occurred.From, disclosed: in.Disclosed, breached: map[uuid.UUID]bool{}, sources: map[uuid.UUID]bool{}}
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

func (s signs) equal(o signs) bool {
	return s.title == o.title && s.occurred == o.occurred && s.disclosed == o.disclosed && s.victims == o.victims && s.unit == o.unit &&
		maps.Equal(s.breached, o.breached) && maps.Equal(s.sources, o.sources)
}
