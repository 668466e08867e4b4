package ledger

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger/internal/dbsqlc"
	"github.com/breachledger/breachledger/internal/ledger/internal/pgbatch"
)

// EditSource changes what is said of a source. One without a text may be given it;
// an editor may replace a text by one in which everything stands that is quoted.
// Every incident that names the source is rendered anew. When an editor says why it
// gave no incident, it is public by itself.
func (l *Ledger) EditSource(ctx context.Context, c Change, id uuid.UUID, change func(*incidents.Source) error) error {
	return explain("edit source", l.changeOnce(ctx, c.Once, func(tx pgx.Tx) error { return l.editSource(ctx, tx, c, id, change) }))
}

// EditIncidentSource is EditSource for a source of an incident, by someone who
// has read the incident at ifMatch; "" accepts any.
func (l *Ledger) EditIncidentSource(ctx context.Context, c Change, ref, ifMatch string, source uuid.UUID, change func(*incidents.Source) error) (Document, error) {
	var doc Document
	err := l.write(ctx, func(tx pgx.Tx) error {
		id, err := l.resolveRef(ctx, tx, c.By, ref)
		if err != nil {
			return err
		}
		current, err := l.lock(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := checkMatch(ifMatch, current.Etag); err != nil {
			return err
		}
		named, err := l.q.IncidentNamesSource(ctx, tx, dbsqlc.IncidentNamesSourceParams{IncidentID: id, SourceID: source})
		if err != nil {
			return fmt.Errorf("look up a source of the incident: %w", err)
		}
		if !named {
			return fmt.Errorf("%w: the incident has no source %s", ErrNotFound, source)
		}
		if err := l.editSource(ctx, tx, c, source, change); err != nil {
			return err
		}
		row, err := l.documentRow(ctx, tx, id.String())
		doc = Document{ID: row.ID, Slug: row.Slug, Publication: row.Publication, ETag: row.Etag, JSON: row.Document}
		return err
	})
	return doc, explain("edit a source of an incident", err)
}

func (l *Ledger) editSource(ctx context.Context, tx pgx.Tx, c Change, id uuid.UUID, change func(*incidents.Source) error) error {
	row, err := l.q.SourceLock(ctx, tx, id)
	if err != nil {
		return fmt.Errorf("lock the source: %w", notFound(err, "source "+id.String()))
	}
	before := heldSource(row)
	s := before
	if err := change(&s); err != nil {
		return err
	}
	if s.URL != before.URL {
		s.URL = incidents.NormalAddress(s.URL)
	}
	problems := c.Problems()
	if s.ID != id && s.ID != uuid.Nil {
		problems.Add("/id", "is permanent; it is %s", id)
	}
	s.ID = id // what is said of one source is not written to another
	problems.Merge(s.Validate(""))
	text := &pgbatch.Queue{}
	switch {
	case s.Text == before.Text:
	case row.RedactedAt != nil:
		problems.Add("/text", "the source is redacted: its text cannot be stored again")
	default:
		wrong, err := l.newText(ctx, tx, c, text, before, s)
		if err != nil {
			return err
		}
		problems.Merge(wrong)
	}
	if s.URL == "" && s.Title == "" && s.Text == "" && row.RedactedAt == nil {
		problems.Add("", "must have an address (url), a title or a text")
	}
	taken, err := l.addressTaken(ctx, tx, before, s, row.TextSha256)
	if err != nil {
		return err
	}
	problems.Merge(taken)
	if err := problems.OrNil(); err != nil {
		return err
	}
	return l.replaceSource(ctx, tx, c, text, before, s)
}

// heldSource is a source as it was when it was locked.
func heldSource(row dbsqlc.SourceLockRow) incidents.Source {
	return incidents.Source{
		ID: row.ID, URL: orZero(row.Url), Title: orZero(row.Title), Publisher: orZero(row.Publisher), Author: orZero(row.Author),
		Published: dateOf(row.Published, row.PublishedPrecision), Language: orZero(row.Language), Text: orZero(row.Text),
		NoIncidentReason: orZero(row.NoIncidentReason),
	}
}

// addressTaken is a problem for each other source that has the address which an edit
// gives this one, or that would be known by the same text without one. hash is that of
// the text which the source has, or had before it was redacted.
func (l *Ledger) addressTaken(ctx context.Context, tx pgx.Tx, before, s incidents.Source, hash []byte) (incidents.Problems, error) {
	switch {
	case s.URL == before.URL:
		return nil, nil
	case s.URL == "" && (s.Text != before.Text || hash == nil): // a new text is looked up as such
		return nil, nil
	case s.URL == "":
		return l.textOwner(ctx, tx, "/url", s.ID, hash)
	}
	owner, err := l.q.SourceURLOwner(ctx, tx, dbsqlc.SourceURLOwnerParams{Url: s.URL, ExceptID: s.ID})
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("look up an address: %w", err)
	}
	return incidents.Problems{{Pointer: "/url", Detail: fmt.Sprintf("another source has this address: %s", owner)}}, nil
}

// replaceSource writes what is said of a source, with what is queued of its text, and
// renders the incidents that name it anew.
func (l *Ledger) replaceSource(ctx context.Context, tx pgx.Tx, c Change, text *pgbatch.Queue, before, s incidents.Source) error {
	published, precision := dateRow(s.Published)
	said := &pgbatch.Queue{}
	if err := l.q.SourceReplace(ctx, said, dbsqlc.SourceReplaceParams{
		ID: s.ID, Url: nullable(s.URL), Title: nullable(s.Title), Publisher: nullable(s.Publisher), Author: nullable(s.Author),
		Published: published, PublishedPrecision: precision, Language: nullable(s.Language), NoIncidentReason: nullable(s.NoIncidentReason),
	}); err != nil {
		return err
	}
	if s.NoIncidentReason != "" && s.NoIncidentReason != before.NoIncidentReason && c.By.Role.AtLeast(access.Editor) {
		if err := l.q.SourcesStandAlone(ctx, said, []uuid.UUID{s.ID}); err != nil {
			return err
		}
	}
	was := saidOf(before)
	if err := l.queueSourceChange(ctx, said, c, s.ID, &was, saidOf(s)); err != nil {
		return err
	}
	first, second := text, said
	if s.URL != "" { // else it is known by its text, and would be for a moment
		first, second = said, text
	}
	if err := first.Send(ctx, tx); err != nil {
		return err
	}
	if err := second.Send(ctx, tx); err != nil {
		return err
	}
	return l.renderCiting(ctx, tx, []uuid.UUID{s.ID}, uuid.Nil)
}

// Redact takes a source's text away for good; what is quoted from it stays.
func (l *Ledger) Redact(ctx context.Context, c Change, id uuid.UUID) error {
	if err := needs(c.By, access.Admin); err != nil {
		return err
	}
	return explain("redact source", l.changeOnce(ctx, c.Once, func(tx pgx.Tx) error {
		if err := c.Problems().OrNil(); err != nil {
			return err
		}
		row, err := l.q.SourceLock(ctx, tx, id)
		if err != nil {
			return fmt.Errorf("lock the source: %w", notFound(err, "source "+id.String()))
		}
		before := saidOf(heldSource(row))
		after := before
		after.TextSHA256 = ""
		q := &pgbatch.Queue{}
		if err := errors.Join(
			l.q.SourceRedact(ctx, q, dbsqlc.SourceRedactParams{ID: id, RedactedAt: l.clock()}),
			l.queueSourceChange(ctx, q, c, id, &before, after),
		); err != nil {
			return err
		}
		if err := q.Send(ctx, tx); err != nil {
			return fmt.Errorf("redact the source: %w", err)
		}
		return l.renderCiting(ctx, tx, []uuid.UUID{id}, uuid.Nil)
	}))
}
