package ndjson

import (
	"errors"
	"fmt"

	"github.com/google/uuid"
)

// kind is what a line is; kinds stand in this order.
type kind int

const (
	actor kind = iota
	source
	incident
	revision // among the incidents
	importRecord
	duplicate
	end
)

var kindNames = [...]string{"actor", "source", "incident", "revision", "import", "duplicate", "end"}

func (k kind) String() string { return kindNames[k] }

// order follows the lines of a file and says when one is out of place. Writer
// and reader keep the same.
type order struct {
	last    kind
	counts  Counts
	current uuid.UUID // the incident before
	version int       // the last revision of it
}

// put takes the next line into account.
func (o *order) put(k kind) error {
	back := k < o.last && (k != incident || o.last != revision)
	if back {
		return fmt.Errorf("the %s stands behind a line of the kind %s; the order is actor, source, incident with its revisions, import, duplicate", k, o.last)
	}
	o.last = k
	switch k {
	case actor:
		o.counts.Actors++
	case source:
		o.counts.Sources++
	case incident:
		o.counts.Incidents++
	case revision:
		o.counts.Revisions++
	case importRecord:
		o.counts.Imports++
	case duplicate:
		o.counts.Duplicates++
	case end:
	}
	return nil
}

func (o *order) putIncident(id uuid.UUID) error {
	if id == uuid.Nil {
		return errors.New("/incident/document/id: is required")
	}
	o.current, o.version = id, 0
	return o.put(incident)
}

func (o *order) putRevision(r Revision) error {
	switch {
	case r.Incident != o.current || r.Incident == uuid.Nil:
		return fmt.Errorf("/revision/incident: a revision stands behind its incident, and the incident before is %s", o.before())
	case r.Version <= o.version:
		return fmt.Errorf("/revision/version: versions ascend from 1, and %d stands behind %d", r.Version, o.version)
	}
	o.version = r.Version
	return o.put(revision)
}

func (o *order) before() string {
	if o.current == uuid.Nil {
		return "none"
	}
	return o.current.String()
}
