package ledger

import (
	"context"
	"fmt"
	"slices"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger/internal/dbsqlc"
	"github.com/breachledger/breachledger/internal/ledger/internal/pgbatch"
)

// Change says who writes, what is done and why; every revision keeps it.
type Change struct {
	By     access.Identity
	Action string
	Reason string
	// Known are problems found while the document was read. They are reported
	// together with those found here, and nothing is written.
	Known incidents.Problems
	// ExactActors refuses a description of a known actor that contradicts what the
	// ledger has of it. Importers and forms guess or repeat a kind and a sector,
	// which only a new actor takes.
	ExactActors bool
	// Publication is what an edit says of it, "" for nothing. Another one than the
	// incident has is refused: an edit does not change it.
	Publication incidents.Publication
	// Once keeps the request from being carried out twice; nil does not.
	Once *Once
}

// Problems are those known before, and what is wrong with the change itself.
func (c Change) Problems() incidents.Problems {
	problems := slices.Clone(c.Known)
	for _, text := range []struct{ pointer, value string }{{"/reason", c.Reason}, {"/action", c.Action}, {"/author", c.By.Name}} {
		if detail := incidents.BadText(text.value); detail != "" {
			problems.Add(text.pointer, "%s", detail)
		} else if n := utf8.RuneCountInString(text.value); n > maxReason {
			problems.Add(text.pointer, "must have at most %s characters, has %s", incidents.Number(maxReason), incidents.Number(int64(n)))
		}
	}
	if c.By.Name == "" {
		problems.Add("/author", "is required: every revision says who wrote it")
	}
	return problems
}

// begins is the state in which a new incident begins: that of the role, or a draft
// for whoever asks for one. Another that is asked for is a problem.
func (c Change) begins(asked incidents.Publication, problems *incidents.Problems) incidents.Publication {
	usual := c.By.Role.Publishes()
	switch {
	case asked == "" || asked == usual:
	case asked == incidents.Draft:
		return incidents.Draft
	case usual == incidents.Draft:
		problems.Add("/publication", "must be draft or left out: an editor publishes what the role %s logs", c.By.Role)
	default:
		problems.Add("/publication", "must be draft, published or left out")
	}
	return usual
}

// maxReason is the longest reason for a write, in characters.
const maxReason = 2000

// Record logs a new incident. The role of who writes decides whether it is
// published at once or begins as a draft; whoever may publish may ask for a draft.
// Those that are logged at the same time are written together.
func (l *Ledger) Record(ctx context.Context, c Change, in incidents.Incident) (Document, error) {
	// Without the words' frequencies more titles are compared than need be.
	_ = l.titles.refresh(ctx, l.q, l.pool, l.now())
	doc, err := l.join(ctx, &recording{change: c, given: in})
	return doc, explain("record incident", err)
}

// record works on a copy of the document, which the draft has: a raced write begins
// again with what the caller gave.
func (l *Ledger) record(ctx context.Context, tx pgx.Tx, c Change, given incidents.Incident) (Document, *draft, error) {
	in := given.Clone()
	in.ID, in.Version = incidents.NewID(), 1
	problems := c.Problems()
	in.Publication = c.begins(given.Publication, &problems)
	in.CreatedAt = l.clock()
	in.UpdatedAt = in.CreatedAt
	in.Complete()
	d := &draft{l: l, tx: tx, in: in, by: c.By.Role, exact: c.ExactActors, problems: problems}
	if err := d.fit(ctx); err != nil {
		return Document{}, nil, err
	}
	doc, err := d.store(ctx, c, func(q *pgbatch.Queue, row dbsqlc.IncidentInsertParams) error {
		return l.q.IncidentInsert(ctx, q, row)
	})
	return doc, d, err
}

// clock is the present as the database keeps it.
func (l *Ledger) clock() time.Time { return l.now().UTC().Truncate(time.Microsecond) }

// draft is a document on its way into the ledger.
type draft struct {
	l        *Ledger
	tx       pgx.Tx
	in       *incidents.Incident
	by       access.Role
	exact    bool // Change.ExactActors
	problems incidents.Problems
	actors   *actorResolver
	sources  *sourceResolver
	look     lookups // nil asks the database
	wanted   string  // the slug that it would have, were it free
	// before is what an edit began with, when those whom its claims brought in
	// leave with them.
	before *incidents.Incident
	// restored: two actors of an old version may be one by now.
	restored bool
}

func (d *draft) lookups() lookups {
	if d.look != nil {
		return d.look
	}
	return directLookups{l: d.l, tx: d.tx}
}

// resolve ties the document to the ledger's actors and sources, and finds its
// quotes. It runs also on a document with problems, to find all there are, unless it
// is far too large.
func (d *draft) resolve(ctx context.Context) error {
	if problems := d.in.TooMuch(); len(problems) > 0 {
		d.problems.Merge(problems)
		return nil
	}
	var err error
	if d.actors, err = resolveActors(ctx, d.lookups(), d.in, d.by, d.exact); err != nil {
		return err
	}
	if d.sources, err = d.l.resolveSources(ctx, d.tx, d.lookups(), d.in, d.by); err != nil {
		return err
	}
	d.actors.settle(d.in)
	d.problems.Merge(d.actors.problems)
	d.problems.Merge(d.sources.problems)
	if len(d.problems) == 0 {
		if d.before != nil {
			if err := d.leave(ctx); err != nil {
				return err
			}
		}
		if d.restored {
			d.in.UniteParticipants()
		}
		d.in.JoinActors() // those who join count too
		d.problems.Merge(d.in.ValidateResolved())
	}
	return nil
}

// newSlug gives a new incident its slug.
func (d *draft) newSlug(ctx context.Context) error {
	given := d.in.Slug
	if given != "" && !incidents.ValidSlug(given) {
		return nil // reported already
	}
	d.wanted = wantedSlug(d.in)
	free, err := d.lookups().incidentSlugsFree(ctx, map[string]int{d.wanted: 1})
	if err != nil {
		return fmt.Errorf("look up slugs: %w", err)
	}
	switch forms := free[d.wanted]; {
	case given != "" && !slices.Contains(forms, given):
		d.problems.Add("/slug", "another incident has the slug %q", given)
	case given == "" && len(forms) > 0:
		d.in.Slug = forms[0]
	case given == "":
		d.in.Slug = unnumberedSlug(d.wanted)
	}
	return nil
}

// freeReferences refuses identifying references that another incident carries.
func (d *draft) freeReferences(ctx context.Context) error {
	args := dbsqlc.ExternalRefHoldersParams{ExceptID: d.in.ID}
	for _, r := range d.in.ExternalRefs {
		if r.Identifies() {
			args.Schemes, args.RefIds = append(args.Schemes, r.Scheme), append(args.RefIds, r.ID)
		}
	}
	if len(args.Schemes) == 0 || len(d.problems) > 0 {
		return nil
	}
	holders, err := d.lookups().referenceHolders(ctx, args)
	if err != nil {
		return fmt.Errorf("look up external references: %w", err)
	}
	if len(holders) > 0 {
		h := holders[0]
		ref := incidents.ExternalRef{Scheme: h.Scheme, ID: h.RefID}
		return &ExistsError{ID: h.ID, Slug: h.Slug, Ref: ref, At: max(slices.Index(d.in.ExternalRefs, ref), 0)}
	}
	return nil
}

// store derives, renders and writes a document without problems.
func (d *draft) store(ctx context.Context, c Change, own func(*pgbatch.Queue, dbsqlc.IncidentInsertParams) error) (Document, error) {
	q := &pgbatch.Queue{}
	doc, err := d.queue(ctx, q, q, func(row dbsqlc.IncidentInsertParams) error { return own(q, row) })
	if err != nil {
		return Document{}, err
	}
	if err := d.l.q.RevisionInsert(ctx, q, dbsqlc.RevisionInsertParams{
		IncidentID: d.in.ID, Version: int32(d.in.Version), At: d.in.UpdatedAt, Author: c.By.Name, Action: c.Action,
		Reason: nullable(c.Reason), Document: doc.JSON,
	}); err != nil {
		return Document{}, err
	}
	if err := q.Send(ctx, d.tx); err != nil {
		return Document{}, err
	}
	return doc, d.l.renderCiting(ctx, d.tx, d.sources.changed(d.in), d.in.ID)
}

// queue derives and renders a document, and queues its rows but for the revision:
// those that others refer to first, and those below it in another queue, or the
// same.
func (d *draft) queue(ctx context.Context, q *pgbatch.Queue, below dbsqlc.DBTX, own func(dbsqlc.IncidentInsertParams) error) (Document, error) {
	in := d.in
	in.JoinActors()
	in.Derive()
	r, err := render(in)
	if err != nil {
		return Document{}, err
	}
	if err := d.l.queueActors(ctx, q, d.actors.created); err != nil {
		return Document{}, err
	}
	if err := d.l.queueSources(ctx, q, in, d.sources.state); err != nil {
		return Document{}, err
	}
	if err := own(incidentRow(in, r)); err != nil {
		return Document{}, err
	}
	if err := d.l.queueChildren(ctx, below, in); err != nil {
		return Document{}, err
	}
	return Document{ID: in.ID, Slug: in.Slug, Publication: in.Publication, ETag: r.etag, JSON: r.document}, nil
}
