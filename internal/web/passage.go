package web

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/google/uuid"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
)

// passage is a piece of evidence as a page shows it: the quote in its context,
// and where it stands.
type passage struct {
	Source        incidents.SourceRef
	Quote         string
	Before, After string // the text around the quote, "" when it is not shown
	CutBefore     bool   // the text goes on before Before
	CutAfter      bool
	Href          string // the passage in the source's page
	Fragment      string // the sentence in the original, for browsers that find text
	Language      string
	Named         bool // its source stands beside the quote: the incident has others
}

// contextLength is how many characters before and behind a quote are shown.
const contextLength = 280

// texts are the texts of an incident's sources, by their ids.
type texts map[uuid.UUID]string

// mostTexts bounds how many sources one page opens.
const mostTexts = 20

// texts reads the texts of an incident's sources, as far as the visitor may see
// them.
func (s *Web) texts(ctx context.Context, by access.Identity, sources []incidents.Source) (texts, error) {
	out := texts{}
	if !s.seesTexts(by) {
		return out, nil
	}
	for _, source := range sources {
		if !source.HasText || len(out) == mostTexts {
			continue
		}
		text, err := s.ledger.SourceText(ctx, by, source.ID)
		if errors.Is(err, ledger.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		out[source.ID] = text
	}
	return out, nil
}

// seesTexts reports whether a visitor may read whole texts.
func (s *Web) seesTexts(by access.Identity) bool {
	return !s.keyedTexts || by.Role.AtLeast(access.Reader)
}

// spot is where a quote stands.
type spot struct {
	source     uuid.UUID
	start, end int
}

// contexts are what stands around the quotes of an incident, in passages of which
// nothing else is set. The texts themselves, which may be large, are read one after
// the other and not kept: many may ask for pages at a time.
type contexts map[spot]passage

func (s *Web) contexts(ctx context.Context, by access.Identity, in *incidents.Incident) (contexts, error) {
	quotes := map[uuid.UUID]map[spot]string{}
	in.EachClaim(func(_ string, c *incidents.Claim) {
		for _, e := range c.Evidence {
			if e.Quote == "" || e.Start == nil || e.End == nil {
				continue
			}
			if quotes[e.Source.ID] == nil {
				quotes[e.Source.ID] = map[spot]string{}
			}
			quotes[e.Source.ID][spot{e.Source.ID, *e.Start, *e.End}] = e.Quote
		}
	})
	out, opened := contexts{}, 0
	for _, source := range in.Sources {
		if quotes[source.ID] == nil || opened == mostTexts {
			continue
		}
		all, err := s.texts(ctx, by, []incidents.Source{source})
		if err != nil {
			return nil, err
		}
		text := []rune(all[source.ID])
		if len(text) > 0 {
			opened++
		}
		for at, quote := range quotes[source.ID] {
			p := passage{Quote: quote}
			p.around(text, at.start, at.end)
			out[at] = p
		}
	}
	return out, nil
}

func (t contexts) passages(evidence []incidents.Evidence, sources []incidents.Source) []passage {
	out := make([]passage, len(evidence))
	for i, e := range evidence {
		p := passage{Source: e.Source, Quote: e.Quote, Href: "/sources/" + e.Source.ID.String(), Named: len(sources) > 1}
		for _, s := range sources {
			if s.ID == e.Source.ID {
				p.Language = s.Language
			}
		}
		if e.Quote != "" && e.Start != nil && e.End != nil {
			p.Href += fmt.Sprintf("?at=%d-%d#q-%d-%d", *e.Start, *e.End, *e.Start, *e.End)
			around := t[spot{e.Source.ID, *e.Start, *e.End}]
			p.Before, p.After, p.CutBefore, p.CutAfter = around.Before, around.After, around.CutBefore, around.CutAfter
		}
		p.Fragment = textFragment(e.Source.URL, e.Quote)
		out[i] = p
	}
	return out
}

// around cuts the text before and behind a quote, at the end of a word.
func (p *passage) around(text []rune, start, end int) {
	if start < 0 || end > len(text) || start > end || len(text) == 0 {
		return
	}
	if string(text[start:end]) != p.Quote { // an old version's, of a text that was replaced
		return
	}
	from, to := max(start-contextLength, 0), min(end+contextLength, len(text))
	p.CutBefore, p.CutAfter = from > 0, to < len(text)
	before, after := string(text[from:start]), string(text[end:to])
	if p.CutBefore {
		if _, rest, ok := strings.Cut(before, " "); ok {
			before = rest
		}
	}
	if i := strings.LastIndexByte(after, ' '); p.CutAfter && i > 0 {
		after = after[:i]
	}
	p.Before, p.After = before, after
}

// textFragment is an address that makes a browser find the quote in the
// original (WICG scroll-to-text-fragment). A long quote goes by its first and
// last words.
func textFragment(address, quote string) string {
	if safeURL(address) == "" || quote == "" {
		return ""
	}
	words := strings.Fields(quote)
	text := fragmentText(strings.Join(words, " "))
	if len(words) > 12 {
		text = fragmentText(strings.Join(words[:6], " ")) + "," + fragmentText(strings.Join(words[len(words)-5:], " "))
	}
	base, _, _ := strings.Cut(address, "#")
	return base + "#:~:text=" + text
}

func fragmentText(s string) string {
	return strings.NewReplacer("+", "%20", "-", "%2D").Replace(url.QueryEscape(s))
}
