package incidents

import (
	"time"

	"github.com/google/uuid"
)

// Card is an incident as lists show it.
type Card struct {
	ID            uuid.UUID   `json:"id"`
	Slug          string      `json:"slug"`
	Title         string      `json:"title"`
	Category      Category    `json:"category"`
	Certainty     Certainty   `json:"certainty"`
	Publication   Publication `json:"publication"`
	Occurred      *Period     `json:"occurred"`
	Disclosed     PartialDate `json:"disclosed"`
	Countries     []string    `json:"countries"`
	Vectors       []Vector    `json:"vectors"`
	Payment       bool        `json:"payment"`
	Victims       *Victims    `json:"victims" doc:"The headline count; null when there is no count"`
	Actors        []CardActor `json:"actors"`
	ResponseCount int         `json:"response_count"`
	Unanswered    bool        `json:"unanswered"`
	Contested     bool        `json:"contested"`
	Version       int         `json:"version"`
	UpdatedAt     time.Time   `json:"updated_at"`
	// PossibleDuplicates changes with other incidents, so lists add it when they
	// are read.
	PossibleDuplicates int `json:"possible_duplicates,omitempty" doc:"In lists: how many published incidents may be the same one, as far as nobody has decided"`
}

// CardActor is a participant as lists show it.
type CardActor struct {
	Slug   string    `json:"slug"`
	Name   string    `json:"name"`
	Kind   ActorKind `json:"kind"`
	Sector Sector    `json:"sector"`
	Role   Role      `json:"role"`
}

// Card is the incident as lists show it. It expects a derived document.
func (in *Incident) Card() Card {
	c := Card{
		ID: in.ID, Slug: in.Slug, Title: in.Title, Category: in.Category, Certainty: in.Certainty,
		Publication: in.Publication, Disclosed: in.Disclosed, Countries: orEmpty(in.Countries),
		Vectors: orEmpty(in.Vectors), Payment: in.Payment, Victims: in.Victims, Actors: make([]CardActor, 0, len(in.Participants)),
		ResponseCount: len(in.Responses), Unanswered: in.Unanswered, Contested: in.Contested,
		Version: in.Version, UpdatedAt: in.UpdatedAt,
	}
	if in.Occurred != (Period{}) {
		occurred := in.Occurred
		c.Occurred = &occurred
	}
	for _, p := range in.Participants {
		c.Actors = append(c.Actors, CardActor{p.Actor.Slug, p.Actor.Name, p.Actor.Kind, p.Actor.Sector, p.Role})
	}
	return c
}
