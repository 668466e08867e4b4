package web

import (
	"encoding/json"
	"fmt"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
)

// listed is a row of the list, with where the words of a search stand.
type listed struct {
	incidents.Card
	TitleParts []ledger.HighlightPart
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
