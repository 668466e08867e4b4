package ledger

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/breachledger/breachledger/internal/ledger/internal/dbsqlc"
)

// Highlight is a passage in which words of a search stand. It is plain text in
// parts, not markup: whoever shows it escapes it as any other text.
type Highlight struct {
	Field  string          `json:"field" enum:"title,summary,actor,source" doc:"Where the passage stands: actor is a name or an alias of somebody who takes part"`
	Source *uuid.UUID      `json:"source,omitempty" doc:"The id of the source, when it stands in one"`
	Parts  []HighlightPart `json:"parts" doc:"The passage, part by part; in a summary or source an excerpt of it"`
}

// HighlightPart is a part of a passage.
type HighlightPart struct {
	Text  string `json:"text"`
	Match bool   `json:"match" doc:"The part is a word that was searched for"`
}

// PassageCharacters is how many characters a page of a search looks through in all to
// find the words again, and PassageIncidentCharacters how many for one incident: parsing
// 1,000 characters takes about 0.1 ms.
const (
	PassageCharacters         = 2_000_000
	PassageIncidentCharacters = 100_000
)

const (
	highlightParts = 40  // of a passage
	highlightRunes = 200 // of a part
)

// The marks that the query IncidentSearch puts around words, and what it has for <.
const matchBegins, matchEnds, lessThan = "\u0002", "\u0003", "\u0004"

// highlight adds to each item of a page where the words of the search stand.
func (l *Ledger) highlight(ctx context.Context, r ListRequest, page listed) error {
	if len(page.ids) == 0 {
		return nil
	}
	args := r.searchArgs()
	args.Given, args.Ids = true, page.ids
	rows, err := l.searched(ctx, args)
	if err != nil {
		return err
	}
	for i := range page.Items {
		page.Items[i].highlight = json.RawMessage("[]") // of one that is gone by now
	}
	for _, row := range rows {
		if page.Items[slices.Index(page.ids, row.ID)].highlight, err = passagesOf(row); err != nil {
			return err
		}
	}
	return nil
}

// passagesOf is where the words stand, as JSON.
func passagesOf(row dbsqlc.IncidentSearchRow) ([]byte, error) {
	passages := []Highlight{}
	for _, p := range []struct {
		field, marked string
		source        *uuid.UUID
	}{{"title", row.Title, nil}, {"summary", row.Summary, nil}, {"actor", row.Actor, nil}, {"source", row.Source, &row.SourceID}} {
		if p.marked != "" {
			passages = append(passages, Highlight{Field: p.field, Source: p.source, Parts: highlightPartsOf(p.marked)})
		}
	}
	out, err := marshal(passages)
	if err != nil {
		return nil, fmt.Errorf("write a highlight: %w", err)
	}
	return out, nil
}

// highlightPartsOf takes a passage with marks apart. It stays short, whatever
// the text is like.
func highlightPartsOf(marked string) []HighlightPart {
	out := []HighlightPart{}
	add := func(text string, match bool) {
		if text != "" {
			out = append(out, HighlightPart{Text: strings.ReplaceAll(text, lessThan, "<"), Match: match})
		}
	}
	for rest := marked; rest != ""; {
		before, after, found := strings.Cut(rest, matchBegins)
		if !found {
			add(clipMiddle(before, len(out) == 0, true), false)
			break
		}
		if len(out) >= highlightParts {
			add("…", false)
			break
		}
		add(clipMiddle(before, len(out) == 0, false), false)
		var word string
		word, rest, _ = strings.Cut(after, matchEnds)
		add(clipMiddle(word, false, true), true)
	}
	return out
}

// clipMiddle leaves out what is too much of a part: at the beginning of the
// first, at the end of the last, or in the middle.
func clipMiddle(text string, first, last bool) string {
	if utf8.RuneCountInString(text) <= highlightRunes {
		return text
	}
	runes := []rune(text)
	half := highlightRunes / 2
	begin, end := string(runes[:half]), string(runes[len(runes)-half:])
	switch {
	case last:
		return begin + "…"
	case first:
		return "…" + end
	default:
		return begin + "…" + end
	}
}
