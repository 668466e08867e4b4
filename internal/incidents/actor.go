package incidents

import (
	"encoding/json"
	"strings"
	"unicode"

	"github.com/google/uuid"
	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
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
	Country string    `json:"country,omitempty"`
	Domain  string    `json:"domain,omitempty"`
	Aliases []string  `json:"aliases,omitempty"`

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

// UnmarshalJSON reads the short form or the object.
func (r *ActorRef) UnmarshalJSON(data []byte) error {
	if len(data) > 0 && data[0] == '"' {
		return json.Unmarshal(data, &r.Given)
	}
	type plain ActorRef
	return json.Unmarshal(data, (*plain)(r))
}

var foldCase = cases.Fold()

// FoldName is the key under which a name is unique: letters and digits only,
// without case and accents, words parted by one space. Names in any script keep
// their letters.
func FoldName(name string) string {
	var out strings.Builder
	gap := false
	for _, r := range norm.NFKD.String(foldCase.String(norm.NFKC.String(name))) {
		switch {
		case unicode.Is(unicode.Mn, r) && r < 0x0600, r == '\'', r == '’':
			// accents of European scripts and apostrophes vanish: O'Neil is ONeil
		case unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r):
			if gap && out.Len() > 0 {
				out.WriteByte(' ')
			}
			gap = false
			out.WriteRune(r)
		default:
			gap = true
		}
	}
	return norm.NFC.String(out.String())
}

// nobody are the folded names that stand for "not known" in real data sets.
var nobody = map[string]bool{
	"": true, "unknown": true, "unknown organization": true, "unknown organisation": true, "unknown company": true,
	"undisclosed": true, "not disclosed": true, "unnamed": true, "anonymous": true, "none": true, "n a": true, "na": true,
	"null": true, "not available": true, "not applicable": true, "not known": true, "unspecified": true, "tbd": true, "various": true,
	"multiple": true, "multiple victims": true, "other": true, "unk": true, "nil": true, "nobody": true, "somebody": true,
}

// IsNobody reports whether a name says that the actor is not known ("", "n/a",
// "Unknown"). Such a name never becomes an actor.
func IsNobody(name string) bool { return nobody[FoldName(name)] }
