package ledger

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/breachledger/breachledger/internal/article"
	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger/internal/dbsqlc"
)

// sourceState is a source of a document on its way to the ledger.
type sourceState struct {
	known    bool
	redacted bool
	fill     bool // the document knows more of a known source than the ledger
	addText  bool
	text     string
	index    *article.Index // of the text, made when the first quote needs it
	kept     []dbsqlc.RedactedQuote
}

// maxMisquotes is how many quotes of one document may be wrong before the rest
// is not looked for: each one costs a search through a whole text.
const maxMisquotes = 100

// sourceResolver turns the sources of a document into known or new ones, ties
// each piece of evidence to its source, and finds the quotes.
type sourceResolver struct {
	state     []sourceState // one for each of the document's sources
	byText    map[string]uuid.UUID
	problems  incidents.Problems
	misquotes int
}

func (l *Ledger) resolveSources(ctx context.Context, tx pgx.Tx, look lookups, in *incidents.Incident) (*sourceResolver, error) {
	r := &sourceResolver{byText: map[string]uuid.UUID{}}
	r.gather(in)
	r.state = make([]sourceState, len(in.Sources))
	var ids []uuid.UUID
	var urls []string
	var hashes [][]byte
	for _, s := range in.Sources {
		switch {
		case s.ID != uuid.Nil:
			ids = append(ids, s.ID)
		case s.URL != "" && storable(s.URL): // another is reported already
			urls = append(urls, s.URL)
		case s.URL != "":
		case s.Text != "":
			hashes = append(hashes, textHash(s.Text))
		}
	}
	var rows []dbsqlc.SourcesNamedRow
	if len(ids)+len(urls)+len(hashes) > 0 {
		var err error
		rows, err = look.sourcesNamed(ctx, orEmpty(ids), orEmpty(urls), orEmpty(hashes))
		if err != nil {
			return nil, fmt.Errorf("look up sources: %w", err)
		}
	}
	for i := range in.Sources {
		r.match(fmt.Sprintf("/sources/%d", i), &in.Sources[i], &r.state[i], rows)
	}
	if err := l.keptQuotes(ctx, tx, r, in); err != nil {
		return nil, err
	}
	r.unite(in)
	in.EachClaim(func(pointer string, c *incidents.Claim) {
		for i := range c.Evidence {
			r.place(fmt.Sprintf("%s/evidence/%d", pointer, i), in, &c.Evidence[i])
		}
	})
	for i := range in.Sources {
		in.Sources[i].Key, in.Sources[i].Text = "", ""
	}
	return r, nil
}

// keptQuotes looks up what may still be quoted from redacted sources.
func (l *Ledger) keptQuotes(ctx context.Context, tx pgx.Tx, r *sourceResolver, in *incidents.Incident) error {
	var redacted []uuid.UUID
	for i, state := range r.state {
		if state.redacted {
			redacted = append(redacted, in.Sources[i].ID)
		}
	}
	if len(redacted) == 0 {
		return nil
	}
	kept, err := l.q.RedactedQuotes(ctx, tx, redacted)
	if err != nil {
		return fmt.Errorf("look up the quotes of redacted sources: %w", err)
	}
	for i := range r.state {
		for _, quote := range kept {
			if r.state[i].redacted && quote.SourceID == in.Sources[i].ID {
				r.state[i].kept = append(r.state[i].kept, quote)
			}
		}
	}
	return nil
}

// gather makes every source that evidence names one of the document's sources,
// and gives each a key under which evidence finds it.
func (r *sourceResolver) gather(in *incidents.Incident) {
	for i := range in.Sources {
		if in.Sources[i].Key == "" {
			in.Sources[i].Key = fmt.Sprintf("\x00%d", i) // no client can write this key
		}
	}
	find := func(same func(incidents.Source) bool, otherwise incidents.Source) string {
		i := slices.IndexFunc(in.Sources, same)
		if i < 0 {
			i = len(in.Sources)
			otherwise.Key = fmt.Sprintf("\x00%d", i)
			in.Sources = append(in.Sources, otherwise)
		}
		return in.Sources[i].Key
	}
	in.EachClaim(func(pointer string, c *incidents.Claim) {
		for i := range c.Evidence {
			ref := &c.Evidence[i].Source
			id, idErr := uuid.Parse(ref.Given)
			switch {
			case ref.Key != "":
			case ref.IsZero():
				if len(in.Sources) > 0 {
					ref.Key = in.Sources[0].Key
				}
			case ref.ID != uuid.Nil:
				ref.Key = find(func(s incidents.Source) bool { return s.ID == ref.ID }, incidents.Source{ID: ref.ID})
			case ref.Given != "" && idErr == nil:
				ref.Key = find(func(s incidents.Source) bool { return s.ID == id }, incidents.Source{ID: id})
			case ref.Given != "":
				if j := slices.IndexFunc(in.Sources, func(s incidents.Source) bool { return s.Key == ref.Given || s.URL == ref.Given }); j >= 0 {
					ref.Key = in.Sources[j].Key
					break
				}
				s := incidents.Source{URL: ref.Given}
				if !strings.HasPrefix(ref.Given, "http") || len(s.Validate("")) > 0 {
					r.problems.Add(fmt.Sprintf("%s/evidence/%d/source", pointer, i), "is neither the id nor the key of one of the document's sources, nor an http address")
					break
				}
				ref.Key = find(func(o incidents.Source) bool { return o.URL == s.URL }, s)
			case ref.URL != "":
				ref.Key = find(func(s incidents.Source) bool { return s.URL == ref.URL }, incidents.Source{URL: ref.URL, Title: ref.Title, Publisher: ref.Publisher})
			default:
				ref.Key = find(func(s incidents.Source) bool {
					return s.URL == "" && s.Title == ref.Title && s.Publisher == ref.Publisher
				},
					incidents.Source{Title: ref.Title, Publisher: ref.Publisher})
			}
		}
	})
}

// match ties a source of the document to the ledger's, or makes it a new one.
func (r *sourceResolver) match(pointer string, s *incidents.Source, state *sourceState, rows []dbsqlc.SourcesNamedRow) {
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
			r.problems.Add(pointer+"/id", "the ledger has no source with this id")
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
	case row.Text == nil:
		state.addText, state.text = true, s.Text
	default:
		r.problems.Add(pointer+"/text", "the ledger holds another text of this source, and a stored text does not change; cite it by its id, %s, or give your text another address", row.ID)
	}
	merged := sourceFromRow(row)
	merged.Key, merged.Text = s.Key, s.Text
	merged.HasText = state.text != ""
	state.fill = fillSource(&merged, *s)
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

// place ties a piece of evidence to its source and finds its quote.
func (r *sourceResolver) place(pointer string, in *incidents.Incident, e *incidents.Evidence) {
	i := slices.IndexFunc(in.Sources, func(s incidents.Source) bool { return s.Key == e.Source.Key })
	if i < 0 || i >= len(r.state) {
		return // reported already
	}
	state := &r.state[i]
	e.Source = in.Sources[i].Ref()
	if e.Quote == "" {
		e.Start, e.End, e.Occurrence = nil, nil, 0
		return
	}
	switch {
	case state.redacted:
		r.placeKept(pointer, state, e)
		return
	case state.text == "":
		r.problems.Add(pointer+"/quote", "the text of the source is not held, so nothing can be quoted from it: add the text to the source, or leave the quote out")
		return
	case r.misquotes >= maxMisquotes:
		return
	}
	if state.index == nil {
		state.index = article.NewIndex(state.text)
	}
	span, err := state.index.Find(e.Quote, article.Options{Occurrence: e.Occurrence, Start: e.Start})
	if err != nil {
		r.problems.Add(pointer+"/quote", "%v", err)
		if r.misquotes++; r.misquotes == maxMisquotes {
			r.problems.Add("", "has %d quotes that cannot be placed; the others are not looked for", maxMisquotes)
		}
		return
	}
	e.Quote, e.Start, e.End, e.Occurrence = span.Quote, &span.Start, &span.End, 0
}

// placeKept finds a quote of a redacted source among those that were taken
// before.
func (r *sourceResolver) placeKept(pointer string, state *sourceState, e *incidents.Evidence) {
	i := slices.IndexFunc(state.kept, func(q dbsqlc.RedactedQuote) bool {
		return q.Quote == e.Quote && (e.Start == nil || *e.Start == int(q.QuoteStart))
	})
	if i < 0 {
		r.problems.Add(pointer+"/quote", "the text of the source was taken away: what was quoted from it before stays, and nothing else can be")
		return
	}
	start, end := int(state.kept[i].QuoteStart), int(state.kept[i].QuoteEnd)
	e.Start, e.End, e.Occurrence = &start, &end, 0
}

// queueSources queues the rows of new sources and what is new of known ones.
func (l *Ledger) queueSources(ctx context.Context, q *queue, in *incidents.Incident, states []sourceState) error {
	for _, i := range byAddress(in.Sources) {
		s, state := in.Sources[i], states[i]
		published, precision := dateRow(s.Published)
		var err error
		switch {
		case !state.known:
			_, err = l.q.SourceInsert(ctx, q.mustChange(), dbsqlc.SourceInsertParams{
				ID: s.ID, Url: nullable(s.URL), Title: nullable(s.Title), Publisher: nullable(s.Publisher), Author: nullable(s.Author),
				Published: published, PublishedPrecision: precision, Language: nullable(s.Language),
				Text: nullable(state.text), TextSha256: textHash(state.text), NoIncidentReason: nullable(s.NoIncidentReason),
			})
		case state.fill:
			err = l.q.SourceFill(ctx, q, dbsqlc.SourceFillParams{
				ID: s.ID, Title: nullable(s.Title), Publisher: nullable(s.Publisher), Author: nullable(s.Author),
				Published: published, PublishedPrecision: precision, Language: nullable(s.Language),
			})
		}
		if err == nil && state.addText {
			err = l.q.SourceTextAdd(ctx, q.mustChange(), dbsqlc.SourceTextAddParams{ID: s.ID, Text: &state.text, TextSha256: textHash(state.text)})
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// byAddress is one order for all writers, so that two of them cannot wait for
// each other.
func byAddress(sources []incidents.Source) []int {
	order := make([]int, len(sources))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int { return compareStrings(sources[i].URL, sources[j].URL) })
	return order
}

// textHash identifies a text; nil for no text.
func textHash(text string) []byte {
	if text == "" {
		return nil
	}
	sum := sha256.Sum256([]byte(text))
	return sum[:]
}

func sourceFromRow(row dbsqlc.SourcesNamedRow) incidents.Source {
	return incidents.Source{
		ID: row.ID, URL: orZero(row.Url), Title: orZero(row.Title), Publisher: orZero(row.Publisher), Author: orZero(row.Author),
		Published: dateOf(row.Published, row.PublishedPrecision), Language: orZero(row.Language),
		Text: orZero(row.Text), HasText: row.Text != nil, NoIncidentReason: orZero(row.NoIncidentReason),
	}
}
