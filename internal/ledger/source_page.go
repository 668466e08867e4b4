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

// SourcePage is one source with a page of the incidents that name it, and what these
// quote from it.
type SourcePage struct {
	incidents.Source
	Redacted   bool             `json:"redacted" doc:"The text was redacted; quotes stay"`
	CreatedAt  time.Time        `json:"created_at"`
	Incidents  []SourceIncident `json:"incidents" doc:"The incidents that name it, the newest first, in pages"`
	Quotes     []SourceQuote    `json:"quotes" doc:"What claims of these incidents quote from it, by position"`
	NextCursor *string          `json:"next_cursor" doc:"Null on the last page of the incidents"`
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

// Source is one source with its text and the first page of its incidents, as [Ledger.SourcePage].
func (l *Ledger) Source(ctx context.Context, by access.Identity, id uuid.UUID) (SourcePage, error) {
	return l.SourcePage(ctx, by, id, Page{})
}

// SourcePage is one source with its text and a page of its incidents. One that is not
// public (source_is_public) is not found by those who may not see drafts.
func (l *Ledger) SourcePage(ctx context.Context, by access.Identity, id uuid.UUID, page Page) (SourcePage, error) {
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
	out := SourcePage{
		Source: incidents.Source{
			ID: row.ID, URL: orZero(row.Url), Title: orZero(row.Title), Publisher: orZero(row.Publisher), Author: orZero(row.Author),
			Published: dateOf(row.Published, row.PublishedPrecision), Language: orZero(row.Language),
			Text: orZero(row.Text), HasText: row.Text != nil, NoIncidentReason: orZero(row.NoIncidentReason),
		},
		Redacted: row.RedactedAt != nil, CreatedAt: row.CreatedAt.UTC(), Incidents: []SourceIncident{}, Quotes: []SourceQuote{},
	}
	if err := l.citing(ctx, by, &out, page.bounded()); err != nil {
		return SourcePage{}, err
	}
	return out, nil
}

// mostQuoted is how many characters the incidents of one page quote from their source:
// what goes beyond it is on the next page. An incident alone may quote more.
const mostQuoted = 1 << 20

// citing puts a page of the incidents that name a source, and their quotes, into it.
func (l *Ledger) citing(ctx context.Context, by access.Identity, out *SourcePage, page Page) error {
	scope := []any{"source", out.ID}
	args := dbsqlc.SourceIncidentsParams{SourceID: out.ID, AnyPublication: by.Role.SeesUnpublished(), Most: int32(page.Limit) + 1}
	if page.Cursor != "" {
		if err := decodeCursor(scope, page.Cursor, &args.AfterID); err != nil {
			return err
		}
		args.After = true
	}
	rows, err := l.q.SourceIncidents(ctx, l.pool, args)
	if err != nil {
		return fmt.Errorf("read a source's incidents: %w", fromPostgres(err))
	}
	var quoted int64
	var ids []uuid.UUID
	for _, row := range rows {
		if quoted += row.Quoted; len(ids) == page.Limit || quoted > mostQuoted && len(ids) > 0 {
			next, err := encodeCursor(scope, ids[len(ids)-1])
			if err != nil {
				return err
			}
			out.NextCursor = &next
			break
		}
		ids = append(ids, row.ID)
		out.Incidents = append(out.Incidents, SourceIncident{ID: row.ID, Slug: row.Slug, Title: row.Title, Publication: row.Publication})
	}
	quotes, err := l.q.SourceQuotes(ctx, l.pool, dbsqlc.SourceQuotesParams{SourceID: out.ID, IncidentIds: ids})
	if err != nil {
		return fmt.Errorf("read a source's quotes: %w", fromPostgres(err))
	}
	for _, q := range quotes {
		out.Quotes = append(out.Quotes, sourceQuote(q))
	}
	return nil
}

func sourceQuote(q dbsqlc.SourceQuotesRow) SourceQuote {
	return SourceQuote{
		Incident: q.IncidentSlug, Claim: q.Claim, ClaimID: q.ClaimID, Quote: q.Quote, Start: int(q.QuoteStart), End: int(q.QuoteEnd),
	}
}

// mostAt bounds how many claims of one passage are read.
const mostAt = 50

// SourceQuotesAt are claims that rest on exactly one passage of a source, at most 50.
// It does not look at whether the source is public: their incidents are.
func (l *Ledger) SourceQuotesAt(ctx context.Context, by access.Identity, id uuid.UUID, start, end int) ([]SourceQuote, error) {
	rows, err := l.q.SourceQuotesAt(ctx, l.pool, dbsqlc.SourceQuotesAtParams{
		SourceID: id, QuoteStart: int32(start), QuoteEnd: int32(end), AnyPublication: by.Role.SeesUnpublished(), Most: mostAt,
	})
	if err != nil {
		return nil, fmt.Errorf("read a passage of a source: %w", fromPostgres(err))
	}
	out := make([]SourceQuote, len(rows))
	for i, row := range rows {
		out[i] = sourceQuote(dbsqlc.SourceQuotesRow(row))
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
