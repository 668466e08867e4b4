package ledger

import (
	"context"
	"crypto/sha256"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger/internal/dbsqlc"
	"github.com/breachledger/breachledger/internal/ledger/internal/pgbatch"
)

// queueSources queues the rows of new sources and what is new of known ones.
func (l *Ledger) queueSources(ctx context.Context, q *pgbatch.Queue, in *incidents.Incident, states []sourceState) error {
	for _, i := range byAddress(in.Sources) {
		s, state := in.Sources[i], states[i]
		published, precision := dateRow(s.Published)
		var err error
		switch {
		case !state.known:
			_, err = l.q.SourceInsert(ctx, q.MustChange(errRace), dbsqlc.SourceInsertParams{
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
			err = l.q.SourceTextAdd(ctx, q.MustChange(errRace), dbsqlc.SourceTextAddParams{ID: s.ID, Text: &state.text, TextSha256: textHash(state.text)})
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// sourcesLeft are the sources that a published incident named, and does no more.
func sourcesLeft(before, after *incidents.Incident) []uuid.UUID {
	if before.Publication != incidents.Published || after.Publication != incidents.Published {
		return nil
	}
	named := sourceIDs(after)
	return slices.DeleteFunc(sourceIDs(before), func(id uuid.UUID) bool { return slices.Contains(named, id) })
}

// byAddress is one order for all writers, so that two of them cannot wait for
// each other.
func byAddress(sources []incidents.Source) []int {
	order := make([]int, len(sources))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int { return strings.Compare(sources[i].URL, sources[j].URL) })
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
