package ledger

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger/internal/dbsqlc"
	"github.com/breachledger/breachledger/internal/multiplex"
)

// Incident is the document of a slug or id. A draft is not found by those who
// may not see it; a merged incident is a [MovedError].
func (l *Ledger) Incident(ctx context.Context, by access.Identity, ref string) (Document, error) {
	row, err := l.documentRow(ctx, l.reads, ref)
	if err != nil {
		return Document{}, fmt.Errorf("read incident: %w", err)
	}
	if !visible(by, row.Publication) {
		return Document{}, fmt.Errorf("read incident: %w", unseen(row, ref))
	}
	if row.MergedIntoSlug != nil {
		return Document{}, l.moved(ctx, l.pool, by, ref, row)
	}
	return Document{ID: row.ID, Slug: row.Slug, Publication: row.Publication, ETag: row.Etag, JSON: row.Document}, nil
}

func (l *Ledger) documentRow(ctx context.Context, db dbsqlc.DBTX, ref string) (dbsqlc.IncidentDocumentByIDRow, error) {
	if id, err := uuid.Parse(ref); err == nil {
		row, err := l.q.IncidentDocumentByID(ctx, db, id)
		return row, notFound(err, "incident "+ref)
	}
	if !incidents.ValidSlug(ref) {
		return dbsqlc.IncidentDocumentByIDRow{}, fmt.Errorf("%w: %q is neither the slug nor the id of an incident", ErrNotFound, ref)
	}
	row, err := l.q.IncidentDocumentBySlug(ctx, db, ref)
	return dbsqlc.IncidentDocumentByIDRow(row), notFound(err, "incident "+ref)
}

// resolveRef is the id of the incident that a slug or id names.
func (l *Ledger) resolveRef(ctx context.Context, db dbsqlc.DBTX, by access.Identity, ref string) (uuid.UUID, error) {
	row, err := l.documentRow(ctx, db, ref)
	if err != nil {
		return uuid.Nil, err
	}
	if !visible(by, row.Publication) {
		return uuid.Nil, unseen(row, ref)
	}
	if row.MergedIntoSlug != nil {
		return uuid.Nil, l.moved(ctx, db, by, ref, row)
	}
	return row.ID, nil
}

// moved is what somebody is told of a merged incident: where it went, unless that
// was never public.
func (l *Ledger) moved(ctx context.Context, db dbsqlc.DBTX, by access.Identity, ref string, row dbsqlc.IncidentDocumentByIDRow) error {
	to := row
	for !by.Role.SeesUnpublished() && to.MergedIntoSlug != nil {
		var err error
		if to, err = l.documentRow(ctx, db, *to.MergedIntoSlug); err != nil {
			return err
		}
		if !visible(by, to.Publication) && to.FirstPublishedAt == nil {
			return unseen(to, ref)
		}
	}
	return &MovedError{Slug: *row.MergedIntoSlug, ETag: row.Etag}
}

// visible reports whether who asks may see an incident in that state.
func visible(by access.Identity, p incidents.Publication) bool {
	return p == incidents.Published || p == incidents.Merged || by.Role.SeesUnpublished()
}

// unseen is what somebody is told who may not see an incident, in the words in which
// it was asked for: its slug tells what a draft is about.
func unseen(row dbsqlc.IncidentDocumentByIDRow, ref string) error {
	if row.Publication == incidents.Retracted && row.FirstPublishedAt != nil {
		return &GoneError{Slug: row.Slug, Reason: orZero(row.RetractionReason)}
	}
	return fmt.Errorf("%w: incident %s", ErrNotFound, ref)
}

// Rebuilt is the document built anew from its rows. It equals the stored one;
// tests and repairs use it.
func (l *Ledger) Rebuilt(ctx context.Context, id uuid.UUID) (Document, error) {
	loaded, err := l.load(ctx, l.pool, []uuid.UUID{id})
	if err != nil {
		return Document{}, err
	}
	if len(loaded) == 0 {
		return Document{}, fmt.Errorf("%w: incident %s", ErrNotFound, id)
	}
	in := loaded[0]
	r, err := render(in)
	return Document{ID: in.ID, Slug: in.Slug, Publication: in.Publication, ETag: r.etag, JSON: r.document}, err
}

// Resolved is a stored document as a value, with the ids of its actors, which its
// JSON does not carry.
func (l *Ledger) Resolved(ctx context.Context, doc Document) (incidents.Incident, error) {
	in, err := parseDocument(doc.JSON)
	if err != nil {
		return in, err
	}
	_, slugs := actorNamesIn(&in)
	ids, err := l.idsBySlug(ctx, l.pool, slugs)
	if err != nil {
		return in, err
	}
	in.EachActor(func(_ string, r *incidents.ActorRef) { r.ID = ids[r.Slug] })
	return in, nil
}

// Changed is when a stored document last changed: when somebody wrote the incident
// or, after that, when what it shows of an actor or a source did. It is the former
// for a document that was replaced in the meantime.
func (l *Ledger) Changed(ctx context.Context, doc Document, in incidents.Incident) (time.Time, error) {
	at, err := l.q.IncidentRerendered(ctx, l.pool, dbsqlc.IncidentRerenderedParams{ID: doc.ID, Etag: doc.ETag})
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return in.UpdatedAt, nil
	case err != nil:
		return in.UpdatedAt, fmt.Errorf("read when a document changed: %w", fromPostgres(err))
	case at != nil && at.After(in.UpdatedAt):
		return at.UTC(), nil
	}
	return in.UpdatedAt, nil
}

func parseDocument(document []byte) (incidents.Incident, error) {
	var in incidents.Incident
	if err := json.Unmarshal(document, &in); err != nil {
		return in, fmt.Errorf("read a stored document: %w", err)
	}
	return in, nil
}

// Memory is where a quick read puts what it has read.
type Memory = multiplex.Memory

// WithMemory has the first quick read of the context put there what it returns,
// which is good until the memory is used again.
func WithMemory(ctx context.Context, m *Memory) context.Context { return multiplex.WithMemory(ctx, m) }
