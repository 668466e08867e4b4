package ledger

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/shopspring/decimal"

	"github.com/breachledger/breachledger/internal/exchange/ndjson"
	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger/internal/dbsqlc"
)

// How many rows a backup reads at a time: fewer of incidents and sources, whose
// documents and texts may take megabytes.
const (
	backupAtOnce = 500
	largeAtOnce  = 50
)

// ErrNotEmpty says that a backup is read into an empty ledger only.
var ErrNotEmpty = errors.New("a backup is read into an empty ledger only, and this one has actors, sources or incidents")

// SchemaVersion is the latest migration that this program knows.
func SchemaVersion() int { return int(latestMigration()) }

// Backup writes the whole ledger but for the keys, as it stood at one moment:
// writes that go on meanwhile are not in it.
func (l *Ledger) Backup(ctx context.Context, w *ndjson.Writer) error {
	options := pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}
	err := pgx.BeginTxFunc(ctx, l.pool, options, func(tx pgx.Tx) error {
		b := backup{l: l, tx: tx, w: w}
		for _, part := range []func(context.Context) error{b.actors, b.sources, b.incidents, b.imports, b.duplicates} {
			if err := part(ctx); err != nil {
				return err
			}
		}
		return w.Finish()
	})
	return explain("write a backup", err)
}

type backup struct {
	l  *Ledger
	tx pgx.Tx
	w  *ndjson.Writer
}

func (b *backup) actors(ctx context.Context) error {
	for after := uuid.Nil; ; {
		rows, err := b.l.q.BackupActors(ctx, b.tx, dbsqlc.BackupActorsParams{After: after, Most: backupAtOnce})
		if err != nil || len(rows) == 0 {
			return err
		}
		ids := make([]uuid.UUID, len(rows))
		for i, row := range rows {
			ids[i] = row.ID
		}
		names, err := b.l.allNames(ctx, b.tx, ids)
		if err != nil {
			return err
		}
		apart, err := b.apart(ctx, ids)
		if err != nil {
			return err
		}
		changed, err := changes[incidents.Actor](ctx, b, dbsqlc.BackupChangesParams{ActorIds: ids}, func(c dbsqlc.SharedChange) *uuid.UUID { return c.ActorID })
		if err != nil {
			return err
		}
		for _, row := range rows {
			if err := b.w.Actor(ndjson.Actor{
				ID: row.ID, Slug: row.Slug, Name: row.Name, Kind: row.Kind, Sector: row.Sector, Country: orZero(row.Country), Domain: orZero(row.Domain),
				Aliases: without(names[row.ID], row.Name), MergedInto: orZero(row.MergedInto), ApartFrom: apart[row.ID], Changes: changed[row.ID], Version: int(row.Version),
				CreatedAt: row.CreatedAt.UTC(), UpdatedAt: row.UpdatedAt.UTC(),
			}); err != nil {
				return err
			}
			after = row.ID
		}
	}
}

func (b *backup) sources(ctx context.Context) error {
	for after := uuid.Nil; ; {
		rows, err := b.l.q.BackupSources(ctx, b.tx, dbsqlc.BackupSourcesParams{After: after, Most: largeAtOnce})
		if err != nil || len(rows) == 0 {
			return err
		}
		ids := make([]uuid.UUID, len(rows))
		for i, row := range rows {
			ids[i] = row.ID
		}
		quotes, err := b.l.q.RedactedQuotes(ctx, b.tx, ids)
		if err != nil {
			return err
		}
		changed, err := changes[incidents.SourceSaid](ctx, b, dbsqlc.BackupChangesParams{SourceIds: ids}, func(c dbsqlc.SharedChange) *uuid.UUID { return c.SourceID })
		if err != nil {
			return err
		}
		kept := map[uuid.UUID][]ndjson.RedactedQuote{}
		for _, q := range quotes {
			kept[q.SourceID] = append(kept[q.SourceID], ndjson.RedactedQuote{Start: int(q.QuoteStart), End: int(q.QuoteEnd), Quote: q.Quote})
		}
		for _, row := range rows {
			if err := b.w.Source(ndjson.Source{
				ID: row.ID, URL: orZero(row.Url), Title: orZero(row.Title), Publisher: orZero(row.Publisher), Author: orZero(row.Author),
				Published: dateOf(row.Published, row.PublishedPrecision), Language: orZero(row.Language), Text: orZero(row.Text), TextSHA256: row.TextSha256,
				NoIncidentReason: orZero(row.NoIncidentReason), Standalone: standalone(row), RedactedAt: utc(row.RedactedAt), RedactedQuotes: kept[row.ID], CreatedAt: row.CreatedAt.UTC(), Changes: changed[row.ID],
			}); err != nil {
				return err
			}
			after = row.ID
		}
	}
}

// standalone is written where a source is not as its reason has it.
func standalone(row dbsqlc.BackupSourcesRow) *bool {
	if row.Standalone == (row.NoIncidentReason != nil) {
		return nil
	}
	return &row.Standalone
}

func (b *backup) incidents(ctx context.Context) error {
	for after := uuid.Nil; ; {
		rows, err := b.l.q.BackupIncidents(ctx, b.tx, dbsqlc.BackupIncidentsParams{After: after, Most: largeAtOnce})
		if err != nil || len(rows) == 0 {
			return err
		}
		if err := b.withHistory(ctx, rows); err != nil {
			return err
		}
		after = rows[len(rows)-1].ID
	}
}

// withHistory writes incidents, each followed by its versions, of which it has at least
// one. Versions are read one by one: a history may be long, and its documents large.
func (b *backup) withHistory(ctx context.Context, rows []dbsqlc.BackupIncidentsRow) error {
	ids := make([]uuid.UUID, len(rows))
	for i, row := range rows {
		ids[i] = row.ID
	}
	asked := asker{DBTX: b.tx}
	if _, err := b.l.q.BackupRevisions(ctx, &asked, ids); err != nil {
		return err
	}
	defer asked.rows.Close()
	var of uuid.UUID // the incident whose versions are being read
	for asked.rows.Next() {
		r, err := pgx.RowToStructByPos[dbsqlc.IncidentRevision](asked.rows)
		if err != nil {
			return err
		}
		for ; of != r.IncidentID; rows = rows[1:] {
			of = rows[0].ID
			if err := b.w.Incident(ndjson.Incident{Document: rows[0].Document, FirstPublishedAt: utc(rows[0].FirstPublishedAt), RerenderedAt: utc(rows[0].RerenderedAt)}); err != nil {
				return err
			}
		}
		if err := b.w.Revision(ndjson.Revision{
			Incident: r.IncidentID, Version: int(r.Version), At: r.At.UTC(), Author: r.Author, Action: r.Action, Reason: orZero(r.Reason), Document: r.Document,
		}); err != nil {
			return err
		}
	}
	return asked.rows.Err()
}

func (b *backup) imports(ctx context.Context) error {
	for after := ""; ; {
		rows, err := b.l.q.BackupImports(ctx, b.tx, dbsqlc.BackupImportsParams{After: after, Most: backupAtOnce})
		if err != nil || len(rows) == 0 {
			return err
		}
		for _, row := range rows {
			if err := b.w.Import(ndjson.ImportRecord{
				Origin: row.Origin, Incident: row.IncidentID, Digest: row.Digest, Version: int(row.Version), ImportedAt: row.ImportedAt.UTC(), Original: string(row.Original),
			}); err != nil {
				return err
			}
			after = row.Origin
		}
	}
}

func (b *backup) duplicates(ctx context.Context) error {
	for after := (dbsqlc.BackupDuplicatesParams{Most: backupAtOnce}); ; {
		rows, err := b.l.q.BackupDuplicates(ctx, b.tx, after)
		if err != nil || len(rows) == 0 {
			return err
		}
		for _, row := range rows {
			if err := b.w.Duplicate(ndjson.Duplicate{
				First: row.FirstID, Second: row.SecondID, Score: decimal.NewFromFloat32(row.Score), Reasons: row.Reasons, State: string(row.State),
				DecidedBy: orZero(row.DecidedBy), DecidedAt: utc(row.DecidedAt), Reason: orZero(row.Reason), FoundAt: row.FoundAt.UTC(),
			}); err != nil {
				return err
			}
			after.AfterFirst, after.AfterSecond = row.FirstID, row.SecondID
		}
	}
}

func utc(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return t.UTC()
}
