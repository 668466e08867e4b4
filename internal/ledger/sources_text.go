package ledger

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/article"
	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger/internal/dbsqlc"
	"github.com/breachledger/breachledger/internal/ledger/internal/pgbatch"
)

// namedQuotes is how many quotes a problem names that a new text lacks.
const namedQuotes = 20

// newText gives a source a text, or another one. q then has what is to be written.
func (l *Ledger) newText(ctx context.Context, tx pgx.Tx, c Change, q *pgbatch.Queue, before, s incidents.Source) (incidents.Problems, error) {
	if s.URL == "" && s.Text != "" {
		if problems, err := l.textOwner(ctx, tx, "/text", s.ID, textHash(s.Text)); len(problems) > 0 || err != nil {
			return problems, err
		}
	}
	if before.Text != "" {
		return l.replaceText(ctx, tx, c, q, before, s)
	}
	return nil, l.q.SourceTextAdd(ctx, q, dbsqlc.SourceTextAddParams{ID: s.ID, Text: &s.Text, TextSha256: textHash(s.Text)})
}

// replaceText gives a source another text, in which everything stands that is
// quoted from it. What does not stand there, or could be meant in several places,
// becomes problems.
func (l *Ledger) replaceText(ctx context.Context, tx pgx.Tx, c Change, q *pgbatch.Queue, before, s incidents.Source) (incidents.Problems, error) {
	var problems incidents.Problems
	switch {
	case s.Text == "":
		problems.Add("/text", "a stored text is not taken out; an admin can redact it")
	case !c.By.Role.AtLeast(access.Editor):
		problems.Add("/text", "a stored text does not change; an editor can replace it")
	}
	if len(problems) > 0 {
		return problems, nil
	}
	quotes, err := l.q.SourceEvidence(ctx, tx, s.ID)
	if err != nil {
		return nil, fmt.Errorf("read what is quoted from the source: %w", err)
	}
	if err := l.q.SourceTextReplace(ctx, q, dbsqlc.SourceTextReplaceParams{ID: s.ID, Text: s.Text, TextSha256: textHash(s.Text)}); err != nil {
		return nil, err
	}
	index, was := article.NewIndex(s.Text), article.NewIndex(before.Text)
	lost := 0
	for _, e := range quotes {
		start := int(e.QuoteStart)
		span, err := index.Find(e.Quote, article.Options{Start: &start})
		var several *article.AmbiguousError
		if errors.As(err, &several) { // the same one of them, by its number
			span, err = index.Find(e.Quote, article.Options{Occurrence: was.Occurrence(e.Quote, start)})
		}
		if err != nil || span.Quote != e.Quote {
			if lost++; lost <= namedQuotes {
				problems.Add("/text", "does not have, or has in several places, what %s quotes: %q", e.Slug, e.Quote)
			}
			continue
		}
		if span.Start == start {
			continue
		}
		if err := l.q.EvidenceMove(ctx, q, dbsqlc.EvidenceMoveParams{IncidentID: e.IncidentID, ID: e.ID, QuoteStart: int32(span.Start), QuoteEnd: int32(span.End)}); err != nil {
			return nil, err
		}
	}
	if lost > namedQuotes {
		problems.Add("/text", "lacks %d more quotes", lost-namedQuotes)
	}
	return problems, nil
}

// textOwner finds the source that is known by a text, having no address, and is
// another one. pointer is what would make two of them.
func (l *Ledger) textOwner(ctx context.Context, tx pgx.Tx, pointer string, id uuid.UUID, hash []byte) (incidents.Problems, error) {
	owners, err := l.q.SourceIDsNamed(ctx, tx, dbsqlc.SourceIDsNamedParams(sourceNames{Hashes: [][]byte{hash}}.whole()))
	if err != nil {
		return nil, fmt.Errorf("look up a text: %w", err)
	}
	var problems incidents.Problems
	for _, owner := range owners {
		if owner != id {
			problems.Add(pointer, "another source without an address has this text: %s", owner)
		}
	}
	return problems, nil
}
