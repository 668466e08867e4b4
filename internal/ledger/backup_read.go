package ledger

import (
	"context"
	"errors"
	"io"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/breachledger/breachledger/internal/exchange/ndjson"
	"github.com/breachledger/breachledger/internal/ledger/internal/dbsqlc"
	"github.com/breachledger/breachledger/internal/ledger/internal/pgbatch"
)

// ReadBackup fills an empty ledger with a backup, in one transaction: ids,
// versions, history and all. Keys are not in a backup.
func (l *Ledger) ReadBackup(ctx context.Context, r *ndjson.Reader) error {
	err := pgx.BeginFunc(ctx, l.pool, func(tx pgx.Tx) error {
		// Whoever writes meanwhile waits until it is read, or is waited for now.
		if _, err := tx.Exec(ctx, "LOCK TABLE actors, sources, incidents IN SHARE ROW EXCLUSIVE MODE"); err != nil {
			return err
		}
		empty, err := l.q.LedgerEmpty(ctx, tx)
		if err != nil {
			return err
		}
		if !empty {
			return ErrNotEmpty
		}
		// What was merged may stand before what it was merged into.
		if _, err := tx.Exec(ctx, "SET CONSTRAINTS ALL DEFERRED"); err != nil {
			return err
		}
		in := &restoring{l: l, tx: tx}
		for {
			line, err := r.Next()
			if errors.Is(err, io.EOF) {
				return in.flush(ctx)
			}
			if err != nil {
				return err
			}
			if err := in.take(ctx, line); err != nil {
				return err
			}
		}
	})
	l.fresh.changed()
	return explain("read a backup", refusedLine(err, 0, 0))
}

// restoring is a backup being read.
type restoring struct {
	l       *Ledger
	tx      pgx.Tx
	before  pgbatch.Copier // actors and sources, which must be there before incidents
	after   pgbatch.Copier // what belongs to incidents
	waiting []*ndjson.Incident
	lines   []int // of those
	size    int   // rows and texts that wait, roughly in bytes
	last    int   // the line that was taken last
}

// flushAt is how much waits at most before it is written, in bytes.
const flushAt = 8 << 20

func (s *restoring) take(ctx context.Context, line ndjson.Line) error {
	var err error
	switch {
	case line.Actor != nil:
		err = s.actor(ctx, *line.Actor)
	case line.Source != nil:
		err = s.source(ctx, *line.Source)
	case line.Incident != nil:
		s.waiting, s.lines = append(s.waiting, line.Incident), append(s.lines, line.Number)
		s.size += 3 * len(line.Incident.Document)
	case line.Revision != nil:
		r := line.Revision
		s.size += len(r.Document)
		err = s.l.q.RevisionInsert(ctx, &s.after, dbsqlc.RevisionInsertParams{
			IncidentID: r.Incident, Version: int32(r.Version), At: r.At, Author: r.Author, Action: r.Action, Reason: nullable(r.Reason), Document: r.Document,
		})
	case line.Import != nil:
		r := line.Import
		s.size += len(r.Original)
		row := dbsqlc.ImportRecordInsertParams{Origin: r.Origin, IncidentID: r.Incident, Digest: r.Digest, Version: int32(r.Version), ImportedAt: r.ImportedAt}
		if r.Original != "" {
			row.Original = []byte(r.Original)
		}
		err = s.l.q.ImportRecordInsert(ctx, &s.after, row)
	case line.Duplicate != nil:
		d := line.Duplicate
		score, _ := d.Score.Float64()
		err = s.l.q.RestoreDuplicate(ctx, &s.after, dbsqlc.RestoreDuplicateParams{
			FirstID: d.First, SecondID: d.Second, Score: float32(score), Reasons: d.Reasons, State: dbsqlc.DuplicateState(d.State),
			DecidedBy: nullable(d.DecidedBy), DecidedAt: nullable(d.DecidedAt), Reason: nullable(d.Reason), FoundAt: d.FoundAt,
		})
	}
	if err != nil {
		return &ndjson.Error{Line: line.Number, Err: err}
	}
	s.before.Mark(line.Number)
	s.after.Mark(line.Number)
	s.last = line.Number
	if s.size += 200; s.size > flushAt {
		return s.flush(ctx)
	}
	return nil
}

func (s *restoring) actor(ctx context.Context, a ndjson.Actor) error {
	if err := s.l.q.RestoreActor(ctx, &s.before, dbsqlc.RestoreActorParams{
		ID: a.ID, Slug: a.Slug, Name: a.Name, Kind: a.Kind, Sector: a.Sector, Country: nullable(a.Country), Domain: nullable(a.Domain),
		MergedInto: nullable(a.MergedInto), Version: int32(a.Version), CreatedAt: a.CreatedAt, UpdatedAt: a.UpdatedAt,
	}); err != nil {
		return err
	}
	for _, other := range a.ApartFrom {
		if err := s.l.q.RestoreActorsApart(ctx, &s.before, dbsqlc.RestoreActorsApartParams{
			FirstID: other.ID, SecondID: a.ID, DecidedBy: other.DecidedBy, DecidedAt: other.DecidedAt, Reason: nullable(other.Reason),
		}); err != nil {
			return err
		}
	}
	if err := restoreChanges(ctx, s, &a.ID, nil, a.Changes); err != nil {
		return err
	}
	if a.MergedInto != uuid.Nil {
		return nil // its names are the other actor's
	}
	for _, n := range keyedNames(append([]string{a.Name}, a.Aliases...)) {
		if err := s.l.q.RestoreActorName(ctx, &s.before, dbsqlc.RestoreActorNameParams{Key: n.key, ActorID: a.ID, Name: n.name}); err != nil {
			return err
		}
	}
	return nil
}

func (s *restoring) source(ctx context.Context, x ndjson.Source) error {
	published, precision := dateRow(x.Published)
	hash := []byte(x.TextSHA256)
	if x.Text != "" {
		hash = textHash(x.Text)
	}
	s.size += len(x.Text)
	standalone := x.NoIncidentReason != ""
	if x.Standalone != nil {
		standalone = *x.Standalone
	}
	if err := s.l.q.RestoreSource(ctx, &s.before, dbsqlc.RestoreSourceParams{
		ID: x.ID, Url: nullable(x.URL), Title: nullable(x.Title), Publisher: nullable(x.Publisher), Author: nullable(x.Author),
		Published: published, PublishedPrecision: precision, Language: nullable(x.Language), Text: nullable(x.Text), TextSha256: hash,
		NoIncidentReason: nullable(x.NoIncidentReason), Standalone: standalone, RedactedAt: nullable(x.RedactedAt), CreatedAt: x.CreatedAt,
	}); err != nil {
		return err
	}
	for _, q := range x.RedactedQuotes {
		if err := s.l.q.RestoreRedactedQuote(ctx, &s.before, dbsqlc.RestoreRedactedQuoteParams{
			SourceID: x.ID, QuoteStart: int32(q.Start), QuoteEnd: int32(q.End), Quote: q.Quote,
		}); err != nil {
			return err
		}
	}
	return restoreChanges(ctx, s, nil, &x.ID, x.Changes)
}

// flush writes what waits.
func (s *restoring) flush(ctx context.Context) error {
	if err := s.before.Copy(ctx, s.tx); err != nil {
		return refusedLine(err, s.before.Line(err), s.last)
	}
	if err := s.incidents(ctx); err != nil {
		line := 0
		if table, row := pgbatch.CopiedRow(err); table == "incidents" && row <= len(s.lines) {
			line = s.lines[row-1]
		}
		return refusedLine(err, line, s.last)
	}
	if err := s.after.Copy(ctx, s.tx); err != nil {
		return refusedLine(err, s.after.Line(err), s.last)
	}
	s.before, s.after, s.waiting, s.lines, s.size = pgbatch.Copier{}, pgbatch.Copier{}, nil, nil, 0
	return nil
}
