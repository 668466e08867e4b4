package incidents

import (
	"errors"
	"fmt"

	"github.com/google/uuid"
)

// Source is something that was published: an article, a notice, a filing.
// Its text, when held, is kept exactly as given.
type Source struct {
	ID        uuid.UUID   `json:"id,omitzero" doc:"Names a source that the ledger already has"`
	Key       string      `json:"key,omitempty" doc:"A name for a new source within this document, for its evidence to use" maxLength:"60" writeOnly:"true"`
	URL       string      `json:"url,omitempty" doc:"An http or https address" example:"https://example.com/notice" maxLength:"2000"`
	Title     string      `json:"title,omitempty" maxLength:"500"`
	Publisher string      `json:"publisher,omitempty" maxLength:"200"`
	Author    string      `json:"author,omitempty" maxLength:"200"`
	Published PartialDate `json:"published,omitzero"`
	Language  string      `json:"language,omitempty" doc:"BCP 47" example:"en" maxLength:"35"`
	Text      string      `json:"text,omitempty" doc:"The whole text. Needed for quotes; never changed by the ledger"`
	HasText   bool        `json:"has_text" readOnly:"true" doc:"Whether the ledger holds the text; GET /v1/sources/{id} gives it"`
	// NoIncidentReason says why an article that was read holds no incident.
	NoIncidentReason string `json:"no_incident_reason,omitempty" doc:"Why no incident was found in this source, though it was read" maxLength:"1000"`
}

// SourceSaid is what is said of a source, and which text it has: none when the hash is
// empty, as after it was redacted.
type SourceSaid struct {
	URL              string      `json:"url,omitempty"`
	Title            string      `json:"title,omitempty"`
	Publisher        string      `json:"publisher,omitempty"`
	Author           string      `json:"author,omitempty"`
	Published        PartialDate `json:"published,omitzero"`
	Language         string      `json:"language,omitempty"`
	NoIncidentReason string      `json:"no_incident_reason,omitempty"`
	TextSHA256       string      `json:"text_sha256,omitempty" doc:"Of the text that is held, in hexadecimal; left out when none is"`
}

// Ref is what a claim's evidence shows of the source.
func (s Source) Ref() SourceRef {
	return SourceRef{ID: s.ID, Title: s.Title, Publisher: s.Publisher, URL: s.URL}
}

// SourceRef names a source in a piece of evidence: by id, by the key that the
// document gives it, or by its address. A string is any of the three.
type SourceRef struct {
	ID        uuid.UUID `json:"id,omitzero"`
	Key       string    `json:"key,omitempty" maxLength:"60" writeOnly:"true"`
	URL       string    `json:"url,omitempty" maxLength:"2000"`
	Title     string    `json:"title,omitempty" maxLength:"500"`
	Publisher string    `json:"publisher,omitempty" maxLength:"200"`

	// Given is the id, key or address when the reference came as a string.
	Given string `json:"-"`
}

// IsZero reports whether no source is named.
func (r SourceRef) IsZero() bool { return r == SourceRef{} }

// UnmarshalText reads the short form.
func (r *SourceRef) UnmarshalText(text []byte) error {
	*r = SourceRef{Given: string(text)}
	return nil
}

// UnmarshalJSON reads the short form or the object. Like the rest of the
// document, the object has no unknown fields.
func (r *SourceRef) UnmarshalJSON(data []byte) error {
	type object SourceRef
	given, o, err := shortOrObject[object](data)
	switch {
	case errors.Is(err, errNotShortOrObject):
		return errors.New("a source must be an id, key or address, or an object that describes one")
	case err != nil:
		return fmt.Errorf("source: %w", err)
	case o != nil:
		*r = SourceRef(*o)
	case given != nil:
		*r = SourceRef{Given: *given}
	}
	return nil
}

// Evidence ties a claim to a source, and to the verbatim sentence in it.
type Evidence struct {
	Source SourceRef `json:"source,omitzero" doc:"May be left out when the document has exactly one source"`
	Quote  string    `json:"quote,omitempty" doc:"The sentence, verbatim; kept as the source spells it" maxLength:"5000"`
	// Start and End are Unicode code points of the source's text, 0-based, half-open.
	// The server finds them; sent back, Start tells which of several is meant.
	Start      *int `json:"start,omitempty" doc:"Position of the quote in the source's text, found by the server: Unicode code points, 0-based"`
	End        *int `json:"end,omitempty" doc:"Position behind the quote, found by the server"`
	Occurrence int  `json:"occurrence,omitempty" doc:"Which one is meant, from 1, when the quote stands in the text more than once" minimum:"0" writeOnly:"true"`
}

// supportOf is the best support that the evidence gives.
func supportOf(evidence []Evidence) Support {
	best := Unsourced
	for _, e := range evidence {
		if e.Quote != "" {
			return Quoted
		}
		best = Cited
	}
	return best
}
