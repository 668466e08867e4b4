package ledger

import (
	"bytes"
	"encoding/json"
	"strconv"
)

// Card is an incident as lists show it: finished JSON, rendered when the incident
// was written, and what depends on others or on the question.
type Card struct {
	stored json.RawMessage
	// duplicates are how many others may be the same incident, drafts, which not
	// everybody sees, left out.
	duplicates int32
	highlight  json.RawMessage // where the words of a search stand; nil without one
}

// Size is how long the card's JSON is at most.
func (c Card) Size() int {
	const room = len(`,"possible_duplicates":-2147483648,"highlight":`)
	return len(c.stored) + room + len(c.highlight)
}

// AppendJSON appends the card.
func (c Card) AppendJSON(to []byte) []byte {
	to = append(to, c.stored[:bytes.LastIndexByte(c.stored, '}')]...)
	to = append(to, `,"possible_duplicates":`...)
	to = strconv.AppendInt(to, int64(c.duplicates), 10)
	if c.highlight != nil {
		to = append(append(to, `,"highlight":`...), c.highlight...)
	}
	return append(to, '}')
}

// MarshalJSON is the card alone.
func (c Card) MarshalJSON() ([]byte, error) { return c.AppendJSON(make([]byte, 0, c.Size())), nil }

// JSON are the items one by one.
func (c Cards) JSON() []json.RawMessage {
	out := make([]json.RawMessage, len(c.Items))
	for i, item := range c.Items {
		out[i] = item.AppendJSON(make([]byte, 0, item.Size()))
	}
	return out
}
