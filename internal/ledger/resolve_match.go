package ledger

import (
	"bytes"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger/internal/dbsqlc"
)

// match ties a source of the document to the ledger's, or makes it a new one.
func (r *sourceResolver) match(nth int, s *incidents.Source, state *sourceState, rows []dbsqlc.SourcesNamedRow) {
	pointer := fmt.Sprintf("/sources/%d", nth)
	i := slices.IndexFunc(rows, func(row dbsqlc.SourcesNamedRow) bool {
		switch {
		case s.ID != uuid.Nil:
			return row.ID == s.ID
		case s.URL != "":
			return orZero(row.Url) == s.URL
		default:
			return s.Text != "" && row.Url == nil && bytes.Equal(row.TextSha256, textHash(s.Text))
		}
	})
	if i < 0 {
		if s.ID != uuid.Nil {
			at, evidence := r.named[nth]
			if !evidence {
				at = pointer + "/id"
			}
			r.problems.Add(at, "the ledger has no source with this id")
			return
		}
		s.ID = incidents.NewID()
		state.text = s.Text
		s.HasText = s.Text != ""
		if s.URL == "" && s.Text != "" {
			// Without an address it is known by its text: listed twice, it is one.
			if known, ok := r.byText[s.Text]; ok {
				s.ID = known
			} else {
				r.byText[s.Text] = s.ID
			}
		}
		return
	}
	row := rows[i]
	state.known, state.redacted, state.text = true, row.RedactedAt != nil, orZero(row.Text)
	switch {
	case s.Text == "" || s.Text == state.text:
	case state.redacted:
		r.problems.Add(pointer+"/text", "the text of this source was taken away, and cannot be stored again")
	case row.Text == nil && r.settled[row.ID]:
		r.problems.Add(pointer+"/text", "published incidents name this source, so that an editor has to add its text")
	case row.Text == nil:
		state.addText, state.text = true, s.Text
	default:
		r.problems.Add(pointer+"/text", "the ledger holds another text of this source, and a stored text does not change; cite it by its id, %s, or give your text another address", row.ID)
	}
	merged := sourceFromRow(row)
	merged.Key, merged.Text = s.Key, s.Text
	merged.HasText = state.text != ""
	state.fill = !r.settled[row.ID] && fillSource(&merged, *s)
	*s = merged
}

// unite makes one source of several that turned out to be the same: one was
// named by its id, say, and another by its address.
func (r *sourceResolver) unite(in *incidents.Incident) {
	first, same := map[uuid.UUID]int{}, map[string]string{}
	sources, states := in.Sources[:0:0], r.state[:0:0]
	for i, s := range in.Sources {
		if j, ok := first[s.ID]; ok && s.ID != uuid.Nil {
			same[s.Key] = sources[j].Key
			if state := r.state[i]; state.addText && states[j].addText && state.text != states[j].text {
				r.problems.Add(fmt.Sprintf("/sources/%d/text", i), "another text of the same source is given already")
			} else if state.addText {
				states[j].addText, states[j].text, sources[j].HasText = true, state.text, true
			}
			states[j].fill = fillSource(&sources[j], s) || states[j].fill
			continue
		}
		first[s.ID] = len(sources)
		sources, states = append(sources, s), append(states, r.state[i])
	}
	in.Sources, r.state = sources, states
	in.EachClaim(func(_ string, c *incidents.Claim) {
		for i := range c.Evidence {
			if key, ok := same[c.Evidence[i].Source.Key]; ok {
				c.Evidence[i].Source.Key = key
			}
		}
	})
}

// fillSource adds to a known source what only the document knows.
func fillSource(known *incidents.Source, given incidents.Source) (filled bool) {
	fill := func(field *string, value string) {
		if *field == "" && value != "" {
			*field, filled = value, true
		}
	}
	fill(&known.Title, given.Title)
	fill(&known.Publisher, given.Publisher)
	fill(&known.Author, given.Author)
	fill(&known.Language, given.Language)
	if known.Published.IsZero() && !given.Published.IsZero() {
		known.Published, filled = given.Published, true
	}
	return filled
}
