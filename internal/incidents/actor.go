package incidents

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/google/uuid"
)

// Actor is an organisation, state, group or person that incidents name.
// Actors are shared by all incidents.
type Actor struct {
	ID      uuid.UUID `json:"id,omitzero" readOnly:"true"`
	Slug    string    `json:"slug,omitempty" doc:"Unique; the name in lower-case words joined by hyphens when not given" example:"acme-pay"`
	Name    string    `json:"name" doc:"The primary name" example:"Acme Pay"`
	Kind    ActorKind `json:"kind,omitempty"`
	Sector  Sector    `json:"sector,omitempty"`
	Country string    `json:"country,omitempty" doc:"ISO 3166-1 alpha-2" example:"CN"`
	Domain  string    `json:"domain,omitempty" doc:"The actor's own internet domain" example:"acmepay.example"`
	Aliases []string  `json:"aliases,omitempty" doc:"Other names; a name belongs to one actor"`
}

// Names are the primary name and the aliases.
func (a Actor) Names() []string { return append([]string{a.Name}, a.Aliases...) }

// ActorRef names an actor in a document: on the way in the slug or any name of
// a known actor as a string, or an object that describes a new one in place;
// on the way out always an object.
type ActorRef struct {
	ID      uuid.UUID `json:"-"`
	Slug    string    `json:"slug,omitempty"`
	Name    string    `json:"name,omitempty"`
	Kind    ActorKind `json:"kind,omitempty"`
	Sector  Sector    `json:"sector,omitempty"`
	Country string    `json:"country,omitempty" writeOnly:"true"`
	Domain  string    `json:"domain,omitempty" writeOnly:"true"`
	Aliases []string  `json:"aliases,omitempty" writeOnly:"true"`

	// Given is the slug or name when the reference came as a string.
	Given string `json:"-"`
}

// IsZero reports whether nobody is named.
func (r ActorRef) IsZero() bool {
	return r.ID == uuid.Nil && r.Given == "" && r.Slug == "" && r.Name == "" && r.Kind == "" && r.Sector == ""
}

// Key is what identifies the actor within a document: its id once resolved, the
// slug or the folded name before.
func (r ActorRef) Key() string {
	switch {
	case r.ID != uuid.Nil:
		return r.ID.String()
	case r.Slug != "":
		return "slug:" + r.Slug
	case r.Given != "":
		return "name:" + FoldName(r.Given)
	default:
		return "name:" + FoldName(r.Name)
	}
}

// Actor is the actor that the reference describes.
func (r ActorRef) Actor() Actor {
	return Actor{ID: r.ID, Slug: r.Slug, Name: r.Name, Kind: r.Kind, Sector: r.Sector, Country: r.Country, Domain: r.Domain, Aliases: r.Aliases}
}

// Ref is the reference that a stored document holds of the actor.
func (a Actor) Ref() ActorRef {
	return ActorRef{ID: a.ID, Slug: a.Slug, Name: a.Name, Kind: a.Kind, Sector: a.Sector}
}

// UnmarshalText reads the short form: a slug or a name.
func (r *ActorRef) UnmarshalText(text []byte) error {
	*r = ActorRef{Given: string(text)}
	return nil
}

// UnmarshalJSON reads the short form or the object. Like the rest of the
// document, the object has no unknown fields.
func (r *ActorRef) UnmarshalJSON(data []byte) error {
	type object ActorRef
	given, o, err := shortOrObject[object](data)
	switch {
	case errors.Is(err, errNotShortOrObject):
		return errors.New("an actor must be a slug or name, or an object that describes one")
	case err != nil:
		return fmt.Errorf("actor: %w", err)
	case o != nil:
		*r = ActorRef(*o)
	case given != nil:
		*r = ActorRef{Given: *given}
	}
	return nil
}

var errNotShortOrObject = errors.New("neither a string nor an object")

// shortOrObject reads a string or an object; null is neither.
func shortOrObject[T any](data []byte) (short *string, object *T, err error) {
	data = bytes.TrimSpace(data)
	switch {
	case bytes.Equal(data, []byte("null")):
		return nil, nil, nil
	case bytes.HasPrefix(data, []byte(`"`)):
		err = json.Unmarshal(data, &short)
	case bytes.HasPrefix(data, []byte(`{`)):
		dec := json.NewDecoder(bytes.NewReader(data))
		dec.DisallowUnknownFields()
		err = dec.Decode(&object)
	default:
		err = errNotShortOrObject
	}
	return short, object, err
}
