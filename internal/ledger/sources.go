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

// SourcePage is one source with what is quoted from it.
type SourcePage struct {
	incidents.Source
	Redacted  bool             `json:"redacted" doc:"The text was redacted; quotes stay"`
	CreatedAt time.Time        `json:"created_at"`
	Incidents []SourceIncident `json:"incidents"`
	Quotes    []SourceQuote    `json:"quotes" doc:"What claims quote from it, by position"`
}

// SourceIncident is an incident that names a source.
type SourceIncident struct {
	ID          uuid.UUID             `json:"id"`
	Slug        string                `json:"slug"`
	Title       string                `json:"title"`
	Publication incidents.Publication `json:"publication"`
}

// SourceQuote is a passage that a claim quotes. Positions are Unicode code
// points of the text, 0-based, half-open.
type SourceQuote struct {
	Incident string    `json:"incident" doc:"The incident's slug"`
	Claim    string    `json:"claim" enum:"count,loss,attribution,response"`
	ClaimID  uuid.UUID `json:"claim_id"`
	Quote    string    `json:"quote"`
	Start    int       `json:"start"`
	End      int       `json:"end"`
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

// Source is one source with its text and what is quoted from it. One that is not
// public (source_is_public) is not found by those who may not see drafts.
func (l *Ledger) Source(ctx context.Context, by access.Identity, id uuid.UUID) (SourcePage, error) {
	row, err := l.q.SourceByID(ctx, l.pool, id)
	if err != nil {
		return SourcePage{}, fmt.Errorf("read source: %w", notFound(err, "source "+id.String()))
	}
	if !by.Role.SeesUnpublished() {
		public, err := l.q.SourceIsPublic(ctx, l.pool, id)
		if err != nil {
			return SourcePage{}, fmt.Errorf("read source: %w", notFound(err, "source "+id.String()))
		}
		if !public {
			return SourcePage{}, fmt.Errorf("read source: %w: source %s", ErrNotFound, id)
		}
	}
	naming, err := l.q.SourceIncidents(ctx, l.pool, dbsqlc.SourceIncidentsParams{SourceID: id, AnyPublication: by.Role.SeesUnpublished()})
	if err != nil {
		return SourcePage{}, fmt.Errorf("read a source's incidents: %w", err)
	}
	out := SourcePage{
		Source: incidents.Source{
			ID: row.ID, URL: orZero(row.Url), Title: orZero(row.Title), Publisher: orZero(row.Publisher), Author: orZero(row.Author),
			Published: dateOf(row.Published, row.PublishedPrecision), Language: orZero(row.Language),
			Text: orZero(row.Text), HasText: row.Text != nil, NoIncidentReason: orZero(row.NoIncidentReason),
		},
		Redacted: row.RedactedAt != nil, CreatedAt: row.CreatedAt.UTC(), Incidents: []SourceIncident{}, Quotes: []SourceQuote{},
	}
	for _, i := range naming {
		out.Incidents = append(out.Incidents, SourceIncident(i))
	}
	quotes, err := l.q.SourceQuotes(ctx, l.pool, dbsqlc.SourceQuotesParams{SourceID: id, AnyPublication: by.Role.SeesUnpublished()})
	if err != nil {
		return SourcePage{}, fmt.Errorf("read a source's quotes: %w", err)
	}
	for _, q := range quotes {
		out.Quotes = append(out.Quotes, SourceQuote{
			Incident: q.IncidentSlug, Claim: q.Claim, ClaimID: q.ClaimID, Quote: q.Quote, Start: int(q.QuoteStart), End: int(q.QuoteEnd),
		})
	}
	return out, nil
}

// SourceText is the text of a source, "" when it has none. It is found where
// [Ledger.Source] finds the source, and nothing else is read.
func (l *Ledger) SourceText(ctx context.Context, by access.Identity, id uuid.UUID) (string, error) {
	text, err := l.q.SourceText(ctx, l.pool, dbsqlc.SourceTextParams{ID: id, AnyPublication: by.Role.SeesUnpublished()})
	if err != nil {
		return "", fmt.Errorf("read the text of a source: %w", notFound(err, "source "+id.String()))
	}
	return orZero(text), nil
}
