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
	Passages   []found
}

// found is a passage in which words of the search stand.
type found struct {
	Where, Href string
	Parts       []ledger.HighlightPart
}

// mostPassages is how many passages a row shows.
const mostPassages = 2

func listedOf(items []json.RawMessage, query string) ([]listed, error) {
	out := make([]listed, len(items))
	for i, item := range items {
		one := struct {
			Highlight []ledger.Highlight `json:"highlight"`
		}{}
		if err := json.Unmarshal(item, &out[i].Card); err != nil {
			return nil, fmt.Errorf("read a card: %w", err)
		}
		if query == "" {
			continue
		}
		if err := json.Unmarshal(item, &one); err != nil {
			return nil, fmt.Errorf("read where words stand: %w", err)
		}
		for _, h := range one.Highlight {
			switch {
			case h.Field == "title":
				out[i].TitleParts = h.Parts
			case h.Field == "actor" && out[i].names(h.Parts):
			case len(out[i].Passages) == mostPassages:
			case h.Field == "source" && h.Source != nil:
				out[i].Passages = append(out[i].Passages, found{"An article", "/sources/" + h.Source.String(), h.Parts})
			default:
				out[i].Passages = append(out[i].Passages, found{sentence(h.Field), "", h.Parts})
			}
		}
	}
	return out, nil
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
