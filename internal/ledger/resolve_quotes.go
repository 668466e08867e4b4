package ledger

import (
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/breachledger/breachledger/internal/article"
	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger/internal/dbsqlc"
)

// maxMisquotes is how many quotes of one document may be wrong before the rest
// is not looked for: each one costs a search through a whole text.
const maxMisquotes = 100

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
