package ndjson

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"github.com/breachledger/breachledger/internal/incidents"
)

// Header is the first line.
type Header struct {
	Format     int       `json:"breachledger"` // [Format]; the writer sets it
	ExportedAt time.Time `json:"exported_at,omitzero"`
	Schema     int       `json:"schema,omitempty"` // the ledger's latest migration, 0 when not said
}

// Actor is an actor with everything that is kept of it.
type Actor struct {
	ID         uuid.UUID                 `json:"id"`
	Slug       string                    `json:"slug"`
	Name       string                    `json:"name"`
	Kind       incidents.ActorKind       `json:"kind,omitempty"`
	Sector     incidents.Sector          `json:"sector,omitempty"`
	Country    string                    `json:"country,omitempty"`
	Domain     string                    `json:"domain,omitempty"`
	Aliases    []string                  `json:"aliases,omitempty"`
	MergedInto uuid.UUID                 `json:"merged_into,omitzero"` // its names belong to that actor, which may stand on a later line
	ApartFrom  []Apart                   `json:"apart_from,omitempty"` // actors on earlier lines that somebody said are others
	Changes    []Change[incidents.Actor] `json:"changes,omitempty"`    // at its own address, the earliest first
	Version    int                       `json:"version"`
	CreatedAt  time.Time                 `json:"created_at"`
	UpdatedAt  time.Time                 `json:"updated_at"`
}

// Apart is a decision that an actor is not the same as another.
type Apart struct {
	ID        uuid.UUID `json:"id"`
	DecidedBy string    `json:"decided_by"`
	DecidedAt time.Time `json:"decided_at"`
	Reason    string    `json:"reason,omitempty"`
}

// Change is a change of an actor or a source: who made it, when and why, and what it was
// before (nil when it was made) and after. Merged is an actor that was merged into this
// one, as it was.
type Change[T any] struct {
	ID     uuid.UUID `json:"id"`
	At     time.Time `json:"at"`
	Author string    `json:"author"`
	Action string    `json:"action"`
	Reason string    `json:"reason,omitempty"`
	Before *T        `json:"before,omitempty"`
	After  T         `json:"after"`
	Merged *T        `json:"merged,omitempty"`
}

// Source is a source with its text, or with what is left of it when the text
// was redacted.
type Source struct {
	ID               uuid.UUID                      `json:"id"`
	URL              string                         `json:"url,omitempty"`
	Title            string                         `json:"title,omitempty"`
	Publisher        string                         `json:"publisher,omitempty"`
	Author           string                         `json:"author,omitempty"`
	Published        incidents.PartialDate          `json:"published,omitzero"`
	Language         string                         `json:"language,omitempty"`
	Text             string                         `json:"text,omitempty"`
	TextSHA256       Hex                            `json:"text_sha256,omitempty"` // of a redacted text; of a text that is held it may be left out
	NoIncidentReason string                         `json:"no_incident_reason,omitempty"`
	Standalone       *bool                          `json:"standalone,omitempty"` // public also where no published incident names it; left out, as one with a reason is
	RedactedAt       time.Time                      `json:"redacted_at,omitzero"`
	RedactedQuotes   []RedactedQuote                `json:"redacted_quotes,omitempty"` // what was quoted before the text was taken away
	CreatedAt        time.Time                      `json:"created_at"`
	Changes          []Change[incidents.SourceSaid] `json:"changes,omitempty"` // at its own address, the earliest first
}

// RedactedQuote is a quote that outlives its source's text. Positions are
// Unicode code points of that text, 0-based, half-open.
type RedactedQuote struct {
	Start int    `json:"start"`
	End   int    `json:"end"`
	Quote string `json:"quote"`
}

// Incident is an incident as it stands, whatever its state of publication. Its
// document names actors by slug and sources by id.
type Incident struct {
	// Document is the finished JSON of an [incidents.Incident] with its
	// read-only fields. A reader gives the bytes that were written.
	Document json.RawMessage `json:"-"`
	// Parsed is the document; a reader sets it, a writer doesn't look at it.
	Parsed incidents.Incident `json:"-"`
	// FirstPublishedAt is when the incident became public, zero if never.
	FirstPublishedAt time.Time `json:"first_published_at,omitzero"`
	// RerenderedAt is when the document last changed although nobody wrote the
	// incident, such as when an actor was renamed; zero if never.
	RerenderedAt time.Time `json:"rerendered_at,omitzero"`
}

// Revision is one version of the incident that stands before it. Versions ascend.
type Revision struct {
	Incident uuid.UUID `json:"incident"`
	Version  int       `json:"version"`
	At       time.Time `json:"at"`
	Author   string    `json:"author"`
	Action   string    `json:"action"`
	Reason   string    `json:"reason,omitempty"`
	// Document is the bytes of the whole document as it stood then. A reader checks
	// only that it is an incident: what an older program wrote stays readable.
	Document json.RawMessage `json:"-"`
}

// ImportRecord is what an import noted, so that its next run knows what it
// wrote.
type ImportRecord struct {
	Origin     string    `json:"origin"`
	Incident   uuid.UUID `json:"incident"`
	Digest     Hex       `json:"digest"`
	Version    int       `json:"version"`
	ImportedAt time.Time `json:"imported_at"`
	// Original is the document as it was imported, byte for byte, when it is
	// kept. It is a text here and not JSON: another format's documents may hold
	// what this one refuses.
	Original string `json:"original,omitempty"`
}

// Duplicate is a pair of incidents that may be the same, and what was decided.
type Duplicate struct {
	First     uuid.UUID       `json:"first"`
	Second    uuid.UUID       `json:"second"`
	Score     decimal.Decimal `json:"score"` // 0 to 1; decimal.NewFromFloat32 keeps a real as it is
	Reasons   []string        `json:"reasons"`
	State     string          `json:"state"` // open, merged, different
	DecidedBy string          `json:"decided_by,omitempty"`
	DecidedAt time.Time       `json:"decided_at,omitzero"`
	Reason    string          `json:"reason,omitempty"` // of the decision
	FoundAt   time.Time       `json:"found_at"`
}

// Counts are the numbers of lines of each kind.
type Counts struct {
	Actors     int `json:"actors"`
	Sources    int `json:"sources"`
	Incidents  int `json:"incidents"`
	Revisions  int `json:"revisions"`
	Imports    int `json:"imports"`
	Duplicates int `json:"duplicates"`
}

// Line is one line between the header and the trailer: exactly one of the
// pointers is set.
type Line struct {
	Number int // from 1, the header being line 1

	Actor     *Actor
	Source    *Source
	Incident  *Incident
	Revision  *Revision
	Import    *ImportRecord
	Duplicate *Duplicate
}

// Hex is bytes that are written in hexadecimal digits.
type Hex []byte

// MarshalText writes the digits.
func (h Hex) MarshalText() ([]byte, error) { return hex.AppendEncode(nil, h), nil }

// UnmarshalText reads the digits.
func (h *Hex) UnmarshalText(text []byte) error {
	b, err := hex.AppendDecode(nil, text)
	if err != nil {
		return fmt.Errorf("must be hexadecimal digits, two a byte")
	}
	*h = b
	return nil
}
