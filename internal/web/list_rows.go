package web

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
)

// listed is a row of the list, with where the words of a search stand.
type listed struct {
	incidents.Card
	TitleParts []ledger.HighlightPart
	NameParts  map[string][]ledger.HighlightPart // of an actor whom the row names
	Passages   []foundPassage
}

// foundPassage is a passage in which words of the search stand.
type foundPassage struct {
	Where, Href string
	Parts       []ledger.HighlightPart
}

// mostPassages is how many passages a row shows.
const mostPassages = 2

// listedOf reads the items of a list, of a search where there is a query.
func listedOf(items []json.RawMessage, query string) ([]listed, error) {
	out := make([]listed, len(items))
	for i, item := range items {
		card, err := readCard(item)
		if err != nil {
			return nil, err
		}
		out[i].Card = card
		if query == "" {
			continue
		}
		if err := out[i].highlight(item); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// highlight notes where the words of a search stand in the item.
func (l *listed) highlight(item json.RawMessage) error {
	var found struct {
		Highlight []ledger.Highlight `json:"highlight"`
	}
	if err := json.Unmarshal(item, &found); err != nil {
		return fmt.Errorf("read where words stand: %w", err)
	}
	for _, h := range found.Highlight {
		switch {
		case h.Field == "title":
			l.TitleParts = h.Parts
		case h.Field == "actor" && l.names(h.Parts):
		case len(l.Passages) == mostPassages:
		case h.Field == "source" && h.Source != nil:
			l.Passages = append(l.Passages, foundPassage{"An article", "/sources/" + h.Source.String(), h.Parts})
		default:
			l.Passages = append(l.Passages, foundPassage{sentence(h.Field), "", h.Parts})
		}
	}
	return nil
}

// names marks the words in the name of an actor, if the row names that actor.
func (l *listed) names(parts []ledger.HighlightPart) bool {
	var name strings.Builder
	for _, p := range parts {
		name.WriteString(p.Text)
	}
	for _, a := range l.Actors {
		if a.Name == name.String() && a.Role.Breached() {
			l.NameParts = map[string][]ledger.HighlightPart{a.Name: parts}
			return true
		}
	}
	return false
}
