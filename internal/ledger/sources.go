package ledger

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger/internal/dbsqlc"
)

// SourceItem is a source as lists show it.
type SourceItem struct {
	incidents.Source
	Opening   string    `json:"opening,omitempty" doc:"The first characters of the text"`
	Incidents int64     `json:"incidents" doc:"Published incidents that name the source"`
	CreatedAt time.Time `json:"created_at"`
}

type sourcePlace struct {
	At time.Time `json:"t"`
	ID uuid.UUID `json:"i"`
}

// Sources is a page of sources, the newest first, and the cursor of the next
// one. With a url it is the source of that address, if there is one.
func (l *Ledger) Sources(ctx context.Context, by access.Identity, url string, page Page) ([]SourceItem, string, error) {
	page = page.bounded()
	if !storable(url) {
		return []SourceItem{}, "", nil // no source has it
	}
	url = incidents.NormalAddress(url)
	scope := []any{"sources", url}
	args := dbsqlc.SourceListParams{Url: nullable(url), AnyPublication: by.Role.SeesUnpublished(), Most: int32(page.Limit) + 1}
	if page.Cursor != "" {
		var after sourcePlace
		if err := decodeCursor(scope, page.Cursor, &after); err != nil {
			return nil, "", err
		}
		if year := after.At.Year(); year < 1 || year > 9999 {
			return nil, "", ErrCursor
		}
		args.After, args.AfterTime, args.AfterID = true, after.At, after.ID
	}
	rows, err := l.q.SourceList(ctx, l.search, args)
	if err != nil {
		return nil, "", fmt.Errorf("list sources: %w", fromPostgres(err))
	}
	next := ""
	if len(rows) > page.Limit {
		rows = rows[:page.Limit]
		last := rows[page.Limit-1]
		if next, err = encodeCursor(scope, sourcePlace{last.CreatedAt, last.ID}); err != nil {
			return nil, "", err
		}
	}
	items := make([]SourceItem, len(rows))
	for i, row := range rows {
		items[i] = SourceItem{
			Source: incidents.Source{
				ID: row.ID, URL: orZero(row.Url), Title: orZero(row.Title), Publisher: orZero(row.Publisher), Author: orZero(row.Author),
				Published: dateOf(row.Published, row.PublishedPrecision), Language: orZero(row.Language), HasText: row.HasText,
				NoIncidentReason: orZero(row.NoIncidentReason),
			},
			Opening: row.Opening, Incidents: row.Incidents, CreatedAt: row.CreatedAt.UTC(),
		}
	}
	return items, next, nil
}
