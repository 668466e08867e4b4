package ledger

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger/internal/dbsqlc"
)

// Export says what leaves the ledger in another format.
type Export struct {
	// Every adds drafts, retracted and merged incidents to the published ones.
	Every bool
	// Original names a format ("veris"): incidents come with the document of it
	// that they were imported from.
	Original string
	// Texts adds the texts of the sources, without which another ledger can hold
	// no quotes from them.
	Texts bool
}

// Exported is an incident on its way out, with the ids of its actors.
type Exported struct {
	incidents.Incident
	Original []byte
}

var errEnough = errors.New("the reader wants no more")

// Exported are all incidents as they stood at one moment: writes that go on
// meanwhile are not in it. A few are held at a time.
func (l *Ledger) Exported(ctx context.Context, e Export) iter.Seq2[Exported, error] {
	return func(yield func(Exported, error) bool) {
		options := pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}
		err := pgx.BeginTxFunc(ctx, l.pool, options, func(tx pgx.Tx) error {
			for after := uuid.Nil; ; {
				page, last, err := l.exportPage(ctx, tx, e, after)
				if err != nil || len(page) == 0 {
					return err
				}
				for _, one := range page {
					if !yield(one, nil) {
						return errEnough
					}
				}
				after = last
			}
		})
		if err != nil && !errors.Is(err, errEnough) {
			yield(Exported{}, explain("export", fromPostgres(err)))
		}
	}
}

func (l *Ledger) exportPage(ctx context.Context, tx pgx.Tx, e Export, after uuid.UUID) ([]Exported, uuid.UUID, error) {
	format := e.Original
	if format != "" {
		format += ":"
	}
	rows, err := l.q.ExportIncidents(ctx, tx, dbsqlc.ExportIncidentsParams{Format: format, After: after, Every: e.Every, Most: largeAtOnce})
	if err != nil {
		return nil, uuid.Nil, err
	}
	page := make([]Exported, len(rows))
	var slugs []string
	var sources []uuid.UUID
	for i, row := range rows {
		in, err := parseDocument(row.Document)
		if err != nil {
			return nil, uuid.Nil, err
		}
		page[i] = Exported{Incident: in, Original: row.Original}
		_, named := actorNamesIn(&in)
		slugs = append(slugs, named...)
		for _, s := range in.Sources {
			sources = append(sources, s.ID)
		}
		after = row.ID
	}
	if e.Texts {
		if err := l.addTexts(ctx, tx, page, sources); err != nil {
			return nil, uuid.Nil, err
		}
	}
	ids, err := l.idsBySlug(ctx, tx, slugs)
	if err != nil {
		return nil, uuid.Nil, err
	}
	for i := range page {
		page[i].EachActor(func(_ string, r *incidents.ActorRef) { r.ID = ids[r.Slug] })
	}
	return page, after, nil
}

func (l *Ledger) addTexts(ctx context.Context, tx pgx.Tx, page []Exported, sources []uuid.UUID) error {
	rows, err := l.q.SourceTexts(ctx, tx, orEmpty(sources))
	if err != nil {
		return fmt.Errorf("read the texts of sources: %w", err)
	}
	texts := make(map[uuid.UUID]string, len(rows))
	for _, row := range rows {
		texts[row.ID] = orZero(row.Text)
	}
	for i := range page {
		for j := range page[i].Sources {
			page[i].Sources[j].Text = texts[page[i].Sources[j].ID]
		}
	}
	return nil
}

func (l *Ledger) idsBySlug(ctx context.Context, db dbsqlc.DBTX, slugs []string) (map[string]uuid.UUID, error) {
	rows, err := l.q.ActorsNamed(ctx, db, dbsqlc.ActorsNamedParams{Keys: []string{}, Slugs: unique(slugs)})
	if err != nil {
		return nil, fmt.Errorf("look up a document's actors: %w", err)
	}
	ids := make(map[string]uuid.UUID, len(rows))
	for _, row := range rows {
		ids[row.Asked] = row.ID
	}
	return ids, nil
}

// Original is the document that an incident was imported from in that format
// ("veris"), as it was.
func (l *Ledger) Original(ctx context.Context, id uuid.UUID, format string) ([]byte, error) {
	row, err := l.q.ImportOriginal(ctx, l.pool, dbsqlc.ImportOriginalParams{IncidentID: id, Format: format + ":"})
	if err != nil {
		return nil, fmt.Errorf("read an original: %w", notFound(err, "a "+format+" document that the incident was imported from"))
	}
	return bytes.TrimSpace(row.Original), nil
}
