package ledger

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/incidents"
)

// Reads that only the pages need.

// IdentifyHash is who holds the secret with that hash, for sessions, which keep
// no secret; [ErrKey] as with Identify.
func (l *Ledger) IdentifyHash(ctx context.Context, hash []byte) (access.Identity, error) {
	row, err := l.q.APIKeyByHash(ctx, l.pool, hash)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return access.Identity{}, fmt.Errorf("%w: it is not known", ErrKey)
	case err != nil:
		return access.Identity{}, fmt.Errorf("look up a key: %w", err)
	case row.RevokedAt != nil:
		return access.Identity{}, fmt.Errorf("%w: it was revoked", ErrKey)
	case row.ExpiresAt != nil && !row.ExpiresAt.After(l.now()):
		return access.Identity{}, fmt.Errorf("%w: it has expired", ErrKey)
	}
	return access.Identity{KeyID: row.ID, Name: row.Name, Role: access.Role(row.Role), Expires: orZero(row.ExpiresAt)}, nil
}

// YearCategory is how many incidents of a category a year has. The year is the
// one that became public in, or happened in when that is not known.
type YearCategory struct {
	Year      *int // nil for incidents without a date
	Category  incidents.Category
	Incidents int64
}

// YearsByCategory counts the incidents that match, by year and category, the
// incidents without a date last.
func (l *Ledger) YearsByCategory(ctx context.Context, f Filter) ([]YearCategory, error) {
	c, err := l.criteria(ctx, l.search, f)
	if err != nil {
		return nil, fromPostgres(err)
	}
	filter, err := c.json()
	if err != nil {
		return nil, err
	}
	rows, err := l.search.Query(ctx, `
SELECT extract(year FROM coalesce(i.disclosed, i.occurred_from, i.occurred_to, i.discovered))::integer AS year, i.category, count(*)
  FROM incidents_matching($1::jsonb) AS i
 GROUP BY year, i.category
 ORDER BY year NULLS LAST, i.category`, filter)
	if err != nil {
		return nil, fmt.Errorf("count incidents by year: %w", fromPostgres(err))
	}
	out, err := pgx.CollectRows(rows, pgx.RowToStructByPos[YearCategory])
	if err != nil {
		return nil, fmt.Errorf("count incidents by year: %w", fromPostgres(err))
	}
	return out, nil
}

// Like lists the incidents that may be the same as one that is not recorded yet.
// Nothing is written; what is wrong with the document is not looked at.
func (l *Ledger) Like(ctx context.Context, by access.Identity, given incidents.Incident) ([]Similar, error) {
	in := given.Clone()
	in.ID = incidents.NewID()
	in.Complete()
	// Looking actors up locks their rows for a moment, which takes a transaction
	// that may write. It never commits.
	tx, err := l.pool.Begin(ctx)
	if err != nil {
		return nil, fmt.Errorf("look for similar incidents: %w", err)
	}
	defer func() { _ = tx.Rollback(ctx) }()
	d := &draft{l: l, tx: tx, in: in}
	if err := d.resolve(ctx); err != nil {
		return nil, fmt.Errorf("look for similar incidents: %w", fromPostgres(err))
	}
	in.Derive()
	similar, err := l.likely(ctx, tx, in)
	if err != nil {
		return nil, fmt.Errorf("look for similar incidents: %w", fromPostgres(err))
	}
	return l.visibleTo(ctx, by, similar)
}
