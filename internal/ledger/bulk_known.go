package ledger

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/breachledger/breachledger/internal/ledger/internal/dbsqlc"
)

// Known are the import records of these origins: what was imported before, and
// whether a person has edited it since. An importer leaves out what is unchanged
// before it reads it.
func (b *Bulk) Known(ctx context.Context, origins []string) (map[string]ImportRecord, error) {
	rows, err := b.l.q.ImportRecordsByOrigin(ctx, b.conn, origins)
	if err != nil {
		return nil, fmt.Errorf("look up imports: %w", err)
	}
	known := make(map[string]ImportRecord, len(rows))
	for _, row := range rows {
		known[row.Origin] = ImportRecord{
			IncidentID: row.IncidentID, Slug: row.Slug, Digest: row.Digest, Version: int(row.Version), EditedSince: row.Version != row.ImportedVersion,
		}
	}
	return known, nil
}

// Present are the slugs of those of the incidents that are in the ledger.
func (b *Bulk) Present(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]string, error) {
	rows, err := b.l.q.IncidentSlugs(ctx, b.conn, ids)
	if err != nil {
		return nil, fmt.Errorf("look up incidents: %w", err)
	}
	slugs := make(map[uuid.UUID]string, len(rows))
	for _, row := range rows {
		slugs[row.ID] = row.Slug
	}
	return slugs, nil
}

// TakenSlugs are those of the slugs that incidents have.
func (b *Bulk) TakenSlugs(ctx context.Context, slugs []string) (map[string]bool, error) {
	rows, err := b.l.q.IncidentSlugsTaken(ctx, b.conn, slugs)
	if err != nil {
		return nil, fmt.Errorf("look up slugs: %w", err)
	}
	taken := make(map[string]bool, len(rows))
	for _, slug := range rows {
		taken[slug] = true
	}
	return taken, nil
}

// HeldSources are sources that are in the ledger, and whether their text is held,
// so that it can be quoted from.
type HeldSources struct {
	ByID  map[uuid.UUID]bool
	ByURL map[string]bool
}

// HeldSources are those of the sources that are in the ledger.
func (b *Bulk) HeldSources(ctx context.Context, ids []uuid.UUID, urls []string) (HeldSources, error) {
	held := HeldSources{ByID: map[uuid.UUID]bool{}, ByURL: map[string]bool{}}
	rows, err := b.l.q.SourcesHeld(ctx, b.conn, dbsqlc.SourcesHeldParams{Ids: orEmpty(ids), Urls: orEmpty(urls)})
	if err != nil {
		return held, fmt.Errorf("look up sources: %w", err)
	}
	for _, row := range rows {
		held.ByID[row.ID] = row.HasText
		if row.Url != nil {
			held.ByURL[*row.Url] = row.HasText
		}
	}
	return held, nil
}

// ImportRecord is what an import noted of a document.
type ImportRecord struct {
	IncidentID  uuid.UUID
	Slug        string
	Digest      []byte
	Version     int // the incident's present version
	EditedSince bool
}
