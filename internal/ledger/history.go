package ledger

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"time"

	"github.com/google/uuid"
	"github.com/wI2L/jsondiff"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger/internal/dbsqlc"
)

// Revision is one version of an incident: who wrote it, when, what and why.
type Revision struct {
	Version int       `json:"version"`
	At      time.Time `json:"at"`
	Author  string    `json:"author,omitempty" doc:"The name of the API key or import; shown to contributors and above"`
	Action  string    `json:"action" example:"replace"`
	Reason  string    `json:"reason,omitempty"`
	// Changes is the difference to the version before as a JSON Patch (RFC 6902).
	Changes json.RawMessage `json:"changes,omitempty" doc:"The difference to the version before, as a JSON Patch (RFC 6902); absent for the first"`
	// Document is the whole document as it stood.
	Document json.RawMessage `json:"document,omitempty"`
}

// History is a page of an incident's revisions, the newest first, each with
// what it changed, and the cursor of the next page.
func (l *Ledger) History(ctx context.Context, by access.Identity, ref string, page Page) ([]Revision, string, error) {
	page = page.bounded()
	id, err := l.historyOf(ctx, by, ref)
	if err != nil {
		return nil, "", err
	}
	scope := []any{"history", id}
	below := int32(math.MaxInt32)
	if page.Cursor != "" {
		if err := decodeCursor(scope, page.Cursor, &below); err != nil {
			return nil, "", err
		}
	}
	rows, err := l.q.RevisionPage(ctx, l.search, dbsqlc.RevisionPageParams{IncidentID: id, BelowVersion: below, Most: int32(page.Limit) + 1})
	if err != nil {
		return nil, "", fmt.Errorf("read history: %w", fromPostgres(err))
	}
	next := ""
	if len(rows) > page.Limit {
		rows = rows[:page.Limit]
		if next, err = encodeCursor(scope, rows[page.Limit-1].Version); err != nil {
			return nil, "", err
		}
	}
	out := make([]Revision, len(rows))
	for i, row := range rows {
		out[i] = revisionOf(by, row.Version, row.At, row.Author, row.Action, row.Reason)
		// What a draft said before it was published is not public.
		if row.Before != nil && (by.Role.SeesUnpublished() || !isDraft(row.Before)) {
			if out[i].Changes, err = changes(row.Before, row.Document); err != nil {
				return nil, "", err
			}
		}
	}
	return out, next, nil
}

// historyOf is the incident whose history is asked for. A merged incident keeps
// its own.
func (l *Ledger) historyOf(ctx context.Context, by access.Identity, ref string) (uuid.UUID, error) {
	row, err := l.documentRow(ctx, l.search, ref)
	if err != nil {
		return uuid.Nil, fmt.Errorf("read history: %w", err)
	}
	switch row.Publication {
	case incidents.Published, incidents.Merged:
		return row.ID, nil
	default:
		if !by.Role.SeesUnpublished() {
			return uuid.Nil, unseen(row)
		}
		return row.ID, nil
	}
}

// Revision is one version of an incident with its whole document.
func (l *Ledger) Revision(ctx context.Context, by access.Identity, ref string, version int) (Revision, error) {
	id, err := l.historyOf(ctx, by, ref)
	if err != nil {
		return Revision{}, err
	}
	row, err := l.revisionRow(ctx, l.search, id, version)
	if err != nil {
		return Revision{}, err
	}
	// A version that was written before the incident became public is not public.
	if isDraft(row.Document) && !by.Role.SeesUnpublished() {
		return Revision{}, fmt.Errorf("read history: %w: version %d", ErrNotFound, version)
	}
	out := revisionOf(by, row.Version, row.At, row.Author, row.Action, row.Reason)
	out.Document = row.Document
	return out, nil
}

func isDraft(document []byte) bool {
	var of struct {
		Publication incidents.Publication `json:"publication"`
	}
	return json.Unmarshal(document, &of) != nil || of.Publication == incidents.Draft
}

func (l *Ledger) revisionRow(ctx context.Context, db dbsqlc.DBTX, id uuid.UUID, version int) (dbsqlc.RevisionByVersionRow, error) {
	if version < 1 || version > math.MaxInt32 {
		return dbsqlc.RevisionByVersionRow{}, fmt.Errorf("%w: version %d", ErrNotFound, version)
	}
	row, err := l.q.RevisionByVersion(ctx, db, dbsqlc.RevisionByVersionParams{IncidentID: id, Version: int32(version)})
	if err != nil {
		return row, fmt.Errorf("read a revision: %w", notFound(fromPostgres(err), fmt.Sprintf("version %d", version)))
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

// changes is the difference of two documents as a JSON Patch; what changes with
// every write is left out.
func changes(before, after []byte) (json.RawMessage, error) {
	patch, err := jsondiff.CompareJSON(before, after, jsondiff.Ignores("/version", "/updated_at"), jsondiff.LCS())
	if err != nil {
		return nil, fmt.Errorf("compare two revisions: %w", err)
	}
	if patch == nil {
		patch = jsondiff.Patch{}
	}
	out, err := json.Marshal(patch)
	if err != nil {
		return nil, fmt.Errorf("write a difference: %w", err)
	}
	return out, nil
}

// Restore brings back what an incident said in an earlier version, as a new
// version. Restoring a version of a merged incident undoes the merge.
func (l *Ledger) Restore(ctx context.Context, c Change, ref, ifMatch string, version int) (Document, error) {
	if !c.By.Role.AtLeast(access.Editor) {
		return Document{}, fmt.Errorf("%w: the role %s or above is needed", ErrForbidden, access.Editor)
	}
	return l.restore(ctx, c, ref, ifMatch, version)
}

// unseen is what somebody is told who may not see an incident.
func unseen(row dbsqlc.IncidentDocumentByIDRow) error {
	if row.Publication == incidents.Retracted && row.FirstPublishedAt != nil {
		return &GoneError{Slug: row.Slug, Reason: orZero(row.RetractionReason)}
	}
	return fmt.Errorf("%w: incident %s", ErrNotFound, row.Slug)
}
