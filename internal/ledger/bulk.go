package ledger

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger/internal/dbsqlc"
)

// Bulk writes batches of imported documents on a connection of its own. The
// rows go by COPY; those of the incidents by way of a temporary table, as the
// server computes what is searched.
type Bulk struct {
	l    *Ledger
	conn *pgxpool.Conn
	tx   pgx.Tx // holds everything until Commit; nil lets each batch commit by itself
}

// stagedColumns are the columns of an incident as imported, in the order in
// which stagedRow gives them.
var stagedColumns = []string{
	"id", "slug", "title", "summary", "category", "certainty", "publication",
	"occurred_from", "occurred_from_precision", "occurred_to", "occurred_to_precision", "discovered", "discovered_precision",
	"disclosed", "disclosed_precision", "contained", "contained_precision",
	"countries", "vectors", "data_classes", "payment_methods", "tags",
	"first_published_at", "merged_into", "retraction_reason", "version", "created_at", "updated_at",
	"victims", "victims_low", "victims_high", "victims_unit", "victims_support", "payment", "unanswered", "contested",
	"card", "document", "etag",
}

func stagedRow(r dbsqlc.IncidentInsertParams, firstPublished *time.Time) []any {
	return []any{
		r.ID, r.Slug, r.Title, r.Summary, r.Category, r.Certainty, r.Publication,
		r.OccurredFrom, r.OccurredFromPrecision, r.OccurredTo, r.OccurredToPrecision, r.Discovered, r.DiscoveredPrecision,
		r.Disclosed, r.DisclosedPrecision, r.Contained, r.ContainedPrecision,
		r.Countries, r.Vectors, r.DataClasses, r.PaymentMethods, r.Tags,
		firstPublished, r.MergedInto, r.RetractionReason, r.Version, r.CreatedAt, r.UpdatedAt,
		r.Victims, r.VictimsLow, r.VictimsHigh, r.VictimsUnit, r.VictimsSupport, r.Payment, r.Unanswered, r.Contested,
		r.Card, r.Document, r.Etag,
		r.ActorIds, r.SourceIds,
	}
}

// OpenBulk takes a connection for a bulk import. Close gives it back.
func (l *Ledger) OpenBulk(ctx context.Context) (*Bulk, error) {
	conn, err := l.pool.Acquire(ctx)
	if err != nil {
		return nil, fmt.Errorf("take a connection for the import: %w", err)
	}
	if err := prepareStaging(ctx, conn); err != nil {
		conn.Release()
		return nil, err
	}
	// Everything is looked up by its key. In a new ledger, of which PostgreSQL
	// has no statistics, it would read whole tables instead.
	if _, err := conn.Exec(ctx, "SET enable_seqscan = off"); err != nil {
		conn.Release()
		return nil, fmt.Errorf("prepare the import: %w", err)
	}
	return &Bulk{l: l, conn: conn}, nil
}

func prepareStaging(ctx context.Context, db dbsqlc.DBTX) error {
	_, err := db.Exec(ctx, "CREATE TEMPORARY TABLE IF NOT EXISTS staged ON COMMIT DELETE ROWS AS SELECT "+
		strings.Join(stagedColumns, ", ")+", '{}'::uuid[] AS actor_ids, '{}'::uuid[] AS source_ids FROM incidents WITH NO DATA")
	if err != nil {
		return fmt.Errorf("prepare the import: %w", err)
	}
	return nil
}

// insertStaged copies rows of incidents and lets the server compute what is
// searched; the actors and sources must be there.
func insertStaged(ctx context.Context, tx pgx.Tx, rows [][]any) error {
	return insertSearched(ctx, tx, rows, "incident_search(title, summary, actor_ids, source_ids)")
}

// insertSearched is insertStaged with another way to what is searched, and the
// columns that it needs besides.
func insertSearched(ctx context.Context, tx pgx.Tx, rows [][]any, search string, more ...string) error {
	columns := slices.Concat(stagedColumns, []string{"actor_ids", "source_ids"}, more)
	if _, err := tx.CopyFrom(ctx, pgx.Identifier{"staged"}, columns, pgx.CopyFromRows(rows)); err != nil {
		return fmt.Errorf("copy incidents: %w", err)
	}
	names := strings.Join(stagedColumns, ", ")
	if _, err := tx.Exec(ctx, "INSERT INTO incidents ("+names+", search) SELECT "+names+
		", "+search+" FROM staged"); err != nil {
		return fmt.Errorf("insert incidents: %w", err)
	}
	// A transaction may have several batches.
	if _, err := tx.Exec(ctx, "TRUNCATE staged"); err != nil {
		return fmt.Errorf("empty the staging table: %w", err)
	}
	return nil
}

// Begin makes all batches until Commit one transaction.
func (b *Bulk) Begin(ctx context.Context) error {
	tx, err := b.conn.Begin(ctx)
	if err != nil {
		return fmt.Errorf("begin the import: %w", err)
	}
	b.tx = tx
	return nil
}

// Commit writes what has been imported since Begin.
func (b *Bulk) Commit(ctx context.Context) error {
	if err := b.tx.Commit(ctx); err != nil {
		return fmt.Errorf("commit the import: %w", fromPostgres(err))
	}
	b.tx = nil
	b.l.fresh.changed()
	return nil
}

// Rollback undoes what has been imported since Begin, unless it was committed.
func (b *Bulk) Rollback(ctx context.Context) {
	if b.tx != nil {
		// The caller's context may have ended the import; the undoing is not its.
		_ = b.tx.Rollback(context.WithoutCancel(ctx))
		b.tx = nil
	}
}

// Close gives the connection back as it was, or ends it where that fails.
func (b *Bulk) Close(ctx context.Context) {
	ctx = context.WithoutCancel(ctx)
	if _, err := b.conn.Exec(ctx, "RESET enable_seqscan"); err != nil {
		_ = b.conn.Conn().Close(ctx)
	}
	b.conn.Release()
}

// Known are the import records of these origins: what was imported before, and
// whether a person has edited it since. An importer leaves out what is unchanged
// before it reads it.
func (b *Bulk) Known(ctx context.Context, origins []string) (map[string]ImportRecord, error) {
	rows, err := b.l.q.ImportRecordsByOrigin(ctx, b.conn, origins)
	if err != nil {
		return nil, fmt.Errorf("look up imports: %w", err)
	}
	known := make(map[string]ImportRecord, len(rows))
	for _, row := range rows {
		known[row.Origin] = ImportRecord{
			IncidentID: row.IncidentID, Slug: row.Slug, Digest: row.Digest, Version: int(row.Version), EditedSince: row.Version != row.ImportedVersion,
		}
	}
	return known, nil
}

// Present are the slugs of those of the incidents that are in the ledger.
func (b *Bulk) Present(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]string, error) {
	rows, err := b.l.q.IncidentSlugs(ctx, b.conn, ids)
	if err != nil {
		return nil, fmt.Errorf("look up incidents: %w", err)
	}
	slugs := make(map[uuid.UUID]string, len(rows))
	for _, row := range rows {
		slugs[row.ID] = row.Slug
	}
	return slugs, nil
}

// PresentSources are those of the sources that are in the ledger.
func (b *Bulk) PresentSources(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]bool, error) {
	rows, err := b.l.q.SourceIDs(ctx, b.conn, ids)
	if err != nil {
		return nil, fmt.Errorf("look up sources: %w", err)
	}
	present := make(map[uuid.UUID]bool, len(rows))
	for _, id := range rows {
		present[id] = true
	}
	return present, nil
}

// ImportRecord is what an import noted of a document.
type ImportRecord struct {
	IncidentID  uuid.UUID
	Slug        string
	Digest      []byte
	Version     int // the incident's present version
	EditedSince bool
}

// Import stores a batch in one transaction. A document that cannot be stored is
// refused by itself; the others are stored.
func (b *Bulk) Import(ctx context.Context, c Change, items []ImportItem) ([]ImportResult, error) {
	var results []ImportResult
	var db interface {
		Begin(context.Context) (pgx.Tx, error)
	} = b.conn
	if b.tx != nil {
		db = b.tx // a savepoint
	}
	err := writeOn(ctx, db, func(tx pgx.Tx) error {
		var err error
		results, err = b.importBatch(ctx, tx, c, items)
		return err
	})
	b.l.fresh.changed()
	return results, explain("import a batch", err)
}

// batch is a bulk import under way.
type batch struct {
	l       *Ledger
	tx      pgx.Tx
	change  Change
	look    *batchLookups
	shared  queue // actors and sources
	staged  [][]any
	rows    copier
	changed []uuid.UUID // known sources of which the documents know more
	ids     []uuid.UUID
}

func (b *Bulk) importBatch(ctx context.Context, tx pgx.Tx, c Change, items []ImportItem) ([]ImportResult, error) {
	origins := make([]string, len(items))
	for i, item := range items {
		origins[i] = item.Origin
	}
	known, err := b.Known(ctx, origins)
	if err != nil {
		return nil, err
	}
	results := make([]ImportResult, len(items))
	var fresh, others []int // others were imported before, or repeat one of this batch
	for i, item := range items {
		if _, ok := known[item.Origin]; ok {
			others = append(others, i)
			continue
		}
		known[item.Origin] = ImportRecord{}
		fresh = append(fresh, i)
	}
	documents := make([]*incidents.Incident, len(fresh))
	for n, i := range fresh {
		documents[n] = items[i].Incident.Clone()
		documents[n].Complete()
	}
	k := &batch{l: b.l, tx: tx, change: c}
	if k.look, err = ask(ctx, directLookups{b.l, tx}, documents); err != nil {
		return nil, fmt.Errorf("look up what a batch names: %w", err)
	}
	for n, i := range fresh {
		if results[i], err = refusable(k.add(ctx, items[i], documents[n])); err != nil {
			return nil, err
		}
	}
	if err := k.send(ctx); err != nil {
		return nil, err
	}
	for _, i := range others {
		if results[i], err = refusable(b.l.importItem(ctx, tx, c, items[i])); err != nil {
			return nil, err
		}
	}
	return results, nil
}

// refusable turns what is wrong with one document into a refusal of it alone.
func refusable(r ImportResult, err error) (ImportResult, error) {
	var problems incidents.Problems
	var exists *ExistsError
	switch {
	case errors.As(err, &problems):
		r.Outcome, r.Problems = Refused, problems
		return r, nil
	case errors.As(err, &exists):
		r.Outcome, r.Slug = Refused, exists.Slug
		r.Problems = incidents.Problems{{Pointer: "/external_refs", Detail: exists.Error()}}
		return r, nil
	default:
		return r, err
	}
}

// add puts a new document into the batch.
func (k *batch) add(ctx context.Context, item ImportItem, in *incidents.Incident) (ImportResult, error) {
	out := ImportResult{Origin: item.Origin, Slug: in.Slug, Outcome: Created, Version: 1}
	in.ID, in.Version, in.Publication = incidents.NewID(), 1, k.change.By.Role.Publishes()
	in.CreatedAt = k.l.clock()
	in.UpdatedAt = in.CreatedAt
	d := &draft{l: k.l, tx: k.tx, in: in, problems: k.change.problems(), look: k.look}
	d.problems.Merge(in.Validate())
	if err := d.resolve(ctx); err != nil {
		return out, err
	}
	if err := d.freeReferences(ctx); err != nil {
		return out, err
	}
	if err := d.newSlug(ctx); err != nil {
		return out, err
	}
	if err := d.problems.OrNil(); err != nil {
		return out, err
	}
	in.Link(func(uuid.UUID) bool { return false })
	in.JoinActors()
	in.Derive()
	r, err := render(in)
	if err != nil {
		return out, err
	}
	k.look.learn(d)
	if err := k.l.queueActors(ctx, &k.shared, d.actors.created); err != nil {
		return out, err
	}
	if err := k.l.queueSources(ctx, &k.shared, in, d.sources.state); err != nil {
		return out, err
	}
	k.changed = append(k.changed, d.sources.changed(in)...)
	var published *time.Time
	if in.Publication == incidents.Published {
		published = &in.CreatedAt
	}
	k.staged = append(k.staged, stagedRow(incidentRow(in, r), published))
	k.ids = append(k.ids, in.ID)
	out.Slug = in.Slug
	return out, k.addRows(ctx, item, in, r)
}

func (k *batch) addRows(ctx context.Context, item ImportItem, in *incidents.Incident, r rendered) error {
	if err := k.l.queueChildren(ctx, &k.rows, in); err != nil {
		return err
	}
	if err := k.l.q.RevisionInsert(ctx, &k.rows, dbsqlc.RevisionInsertParams{
		IncidentID: in.ID, Version: 1, At: in.UpdatedAt, Author: k.change.By.Name, Action: k.change.Action,
		Reason: nullable(k.change.Reason), Document: r.document,
	}); err != nil {
		return err
	}
	return k.l.q.ImportRecordInsert(ctx, &k.rows, dbsqlc.ImportRecordInsertParams{
		Origin: item.Origin, IncidentID: in.ID, Digest: item.Digest, Version: 1, ImportedAt: in.UpdatedAt, Original: item.Original,
	})
}

// send writes the whole batch.
func (k *batch) send(ctx context.Context) error {
	if len(k.staged) == 0 {
		return nil
	}
	if err := k.shared.send(ctx, k.tx); err != nil {
		return err
	}
	if err := insertStaged(ctx, k.tx, k.staged); err != nil {
		return err
	}
	if err := k.rows.send(ctx, k.tx); err != nil {
		return err
	}
	if _, err := k.l.q.DuplicatesOfImported(ctx, k.tx, dbsqlc.DuplicatesOfImportedParams{Ids: k.ids, FoundAt: k.l.clock()}); err != nil {
		return fmt.Errorf("look for duplicates: %w", err)
	}
	return k.l.renderCiting(ctx, k.tx, k.changed, uuid.Nil)
}

// Original is the document that an incident was imported from in that format
// ("veris"), as it was.
func (l *Ledger) Original(ctx context.Context, id uuid.UUID, format string) ([]byte, error) {
	row, err := l.q.ImportOriginal(ctx, l.pool, dbsqlc.ImportOriginalParams{IncidentID: id, Format: format + ":"})
	if err != nil {
		return nil, fmt.Errorf("read an original: %w", notFound(err, "a "+format+" document that the incident was imported from"))
	}
	return bytes.TrimSpace(row.Original), nil
}
