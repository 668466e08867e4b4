package ledger

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/ledger/internal/dbsqlc"
)

// Revision is one version of an incident: who wrote it, when, what and why.
type Revision struct {
	Version int       `json:"version"`
	At      time.Time `json:"at"`
	Author  string    `json:"author,omitempty" doc:"The name of the API key or import; shown to contributors and above"`
	Action  string    `json:"action" example:"replace"`
	Reason  string    `json:"reason,omitempty"`
	// Changes is the difference to the version before as a JSON Patch (RFC 6902):
	// to Before, which is the last one that who asks may see, 0 when there is none.
	Changes json.RawMessage `json:"changes,omitempty"`
	Before  int             `json:"-"`
	// Actors are no part of Changes: nobody who writes an incident changes them.
	Actors []ActorChange `json:"actors,omitempty" doc:"Actors that were renamed, reclassified or merged into others since the previous version. The author of this version did not do that, and changes leaves it out"`
	// Sources are no part of Changes either: whoever names one may say more of it.
	Sources []SourceChange `json:"sources,omitempty" doc:"Sources in both versions that were changed in between, at their own address or by way of an incident that names them; changes leaves that out"`
	// Document is the whole document as it stood.
	Document json.RawMessage `json:"document,omitempty"`
}

// History is a page of an incident's revisions, the newest first, each with
// what it changed, and the cursor of the next page. The public sees those that
// were public: what an incident said as a draft, or while it was retracted, is not.
func (l *Ledger) History(ctx context.Context, by access.Identity, ref string, page Page) ([]Revision, string, error) {
	out := make([]Revision, 0, page.bounded().Limit)
	next, err := l.EachRevision(ctx, by, ref, page, func(r Revision, _ json.RawMessage) error {
		r.Document = nil
		out = append(out, r)
		return nil
	})
	return out, next, err
}

// EachRevision is History one by one, for whoever wants the documents too: before is
// the one of the version that the revision follows, nil when there is none.
func (l *Ledger) EachRevision(ctx context.Context, by access.Identity, ref string, page Page, each func(r Revision, before json.RawMessage) error) (next string, err error) {
	page = page.bounded()
	id, from, err := l.historyOf(ctx, by, ref)
	if err != nil {
		return "", err
	}
	scope := []any{"history", id}
	below := int32(math.MaxInt32)
	if page.Cursor != "" {
		if err := decodeCursor(scope, page.Cursor, &below); err != nil {
			return "", err
		}
	}
	walk := historyWalk{l: l, by: by, left: page.Limit, each: each}
	err = walk.over(ctx, dbsqlc.RevisionPageParams{IncidentID: id, FromVersion: from, BelowVersion: below, Everything: by.Role.SeesUnpublished()})
	if err == nil && walk.more {
		next, err = encodeCursor(scope, walk.last)
	}
	if err != nil {
		return "", fmt.Errorf("read history: %w", err)
	}
	return next, nil
}

// historyOf is the incident whose history is asked for, and the first version that
// who asks may see: what an incident said before it was published is not public. A
// merged incident keeps its history; of one that was never published the public
// learns where it went, and nothing else.
func (l *Ledger) historyOf(ctx context.Context, by access.Identity, ref string) (id uuid.UUID, from int32, err error) {
	row, err := l.documentRow(ctx, l.search, ref)
	switch {
	case err != nil:
		return uuid.Nil, 0, fmt.Errorf("read history: %w", err)
	case by.Role.SeesUnpublished():
		return row.ID, 1, nil
	case !visible(by, row.Publication):
		return uuid.Nil, 0, unseen(row, ref)
	}
	from, err = l.q.RevisionFirstPublished(ctx, l.search, row.ID)
	switch {
	case errors.Is(err, pgx.ErrNoRows) && row.MergedIntoSlug != nil:
		return uuid.Nil, 0, l.moved(ctx, l.search, by, ref, row)
	case err != nil:
		return uuid.Nil, 0, fmt.Errorf("read history: %w", notFound(fromPostgres(err), "incident "+ref))
	}
	return row.ID, from, nil
}

// Revision is one version of an incident with its whole document. One that is not
// public is for the public as if there were none.
func (l *Ledger) Revision(ctx context.Context, by access.Identity, ref string, version int) (Revision, error) {
	id, from, err := l.historyOf(ctx, by, ref)
	if err != nil {
		return Revision{}, err
	}
	row, err := l.revisionRow(ctx, l.search, id, version, by.Role.SeesUnpublished())
	if err == nil && row.Version < from {
		err = noRevision(version)
	}
	if err != nil {
		return Revision{}, fmt.Errorf("read history: %w", err)
	}
	out := revisionOf(by, row.Version, row.At, row.Author, row.Action, row.Reason)
	out.Document = row.Document
	if out.Action, err = l.actionFor(ctx, by, row.Action); err != nil {
		return Revision{}, fmt.Errorf("read history: %w", err)
	}
	return out, nil
}

func noRevision(version int) error { return fmt.Errorf("%w: version %d", ErrNotFound, version) }

// revisionRow is a version, or only if it is public.
func (l *Ledger) revisionRow(ctx context.Context, db dbsqlc.DBTX, id uuid.UUID, version int, everything bool) (dbsqlc.RevisionByVersionRow, error) {
	if version < 1 || version > math.MaxInt32 {
		return dbsqlc.RevisionByVersionRow{}, noRevision(version)
	}
	row, err := l.q.RevisionByVersion(ctx, db, dbsqlc.RevisionByVersionParams{IncidentID: id, Version: int32(version), Everything: everything})
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return row, noRevision(version)
	case err != nil:
		return row, fmt.Errorf("read a revision: %w", fromPostgres(err))
	}
	return row, nil
}

func revisionOf(by access.Identity, version int32, at time.Time, author, action string, reason *string) Revision {
	r := Revision{Version: int(version), At: at.UTC(), Action: action, Reason: orZero(reason)}
	if by.Role.SeesUnpublished() {
		r.Author = author
	}
	return r
}

// exactly reads numbers digit by digit: a count may have more of them than a float holds.
func exactly(data []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	return d.Decode(into)
}
