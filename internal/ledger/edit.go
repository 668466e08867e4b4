package ledger

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"maps"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger/internal/dbsqlc"
	"github.com/breachledger/breachledger/internal/ledger/internal/likeness"
	"github.com/breachledger/breachledger/internal/ledger/internal/pgbatch"
)

// Edit changes an incident: it loads the document, lets change alter it, and
// stores the result as the next version. Writers of the same incident take
// turns. ifMatch is the ETag that the caller has read; "" accepts any, and
// another than the present one is a [StaleError]. A change that alters nothing
// writes nothing.
func (l *Ledger) Edit(ctx context.Context, c Change, ref, ifMatch string, change func(*incidents.Incident) error) (Document, error) {
	return l.editRef(ctx, c, ref, editing{ifMatch: ifMatch, change: func(in *incidents.Incident) (string, error) { return "", change(in) }})
}

// EditPart is Edit for a request whose body is one part of the document: change
// returns the part's JSON Pointer, and problems come relative to it. fresh, when
// not nil, is the id that change gives a new claim.
func (l *Ledger) EditPart(ctx context.Context, c Change, ref, ifMatch string, fresh uuid.UUID, change func(*incidents.Incident) (string, error)) (Document, error) {
	return l.editRef(ctx, c, ref, editing{ifMatch: ifMatch, change: change, part: fresh, fresh: map[uuid.UUID]bool{fresh: true}})
}

func (l *Ledger) editRef(ctx context.Context, c Change, ref string, e editing) (Document, error) {
	doc, err := writeOnce(ctx, l, c.Once, func(tx pgx.Tx) (Document, error) {
		id, err := l.resolveRef(ctx, tx, c.By, ref)
		if err != nil {
			return Document{}, err
		}
		doc, err := l.edit(ctx, tx, c, id, e)
		doc.Part = e.part
		return doc, err
	})
	return doc, explain("edit incident", err)
}

// editing is how an incident is changed.
type editing struct {
	ifMatch string
	// change alters the document, and says within which part of it the request's
	// body lies: "" is the whole.
	change func(*incidents.Incident) (within string, err error)
	part   uuid.UUID // the new claim that the answer names
	// fresh are ids that new claims may have, besides those of the document.
	fresh map[uuid.UUID]bool
	// adopt: the document is written anew, without the ids of its claims, or with
	// those of another ledger. Those that say what they said before stay the same claims.
	adopt bool
	// restores: the document is that of an earlier version, participants and all.
	restores bool
	at       time.Time // when it is edited; zero is now
	// leaves: sources that a published incident names no more stay public. A merge
	// takes them along, and its undoing gives them back.
	leaves bool
}

// after is the present, or right after what was written before by a clock that is
// ahead of this one: whoever asks what has changed since misses nothing.
func (l *Ledger) after(before ...*incidents.Incident) time.Time {
	at := l.clock()
	for _, in := range before {
		if !at.After(in.UpdatedAt) {
			at = in.UpdatedAt.Add(time.Microsecond)
		}
	}
	return at
}

func (l *Ledger) edit(ctx context.Context, tx pgx.Tx, c Change, id uuid.UUID, e editing) (Document, error) {
	current, err := l.lock(ctx, tx, id)
	if err != nil {
		return Document{}, err
	}
	if current.Publication == incidents.Merged { // since the reference was resolved
		if _, err := l.resolveRef(ctx, tx, c.By, id.String()); err != nil {
			return Document{}, err
		}
	}
	if err := checkMatch(e.ifMatch, current.Etag); err != nil {
		return Document{}, err
	}
	if !c.By.Role.CanEdit(current.Publication) {
		return Document{}, fmt.Errorf("%w: the role %s may change drafts only, and this incident is %s", ErrForbidden, c.By.Role, current.Publication)
	}
	loaded, err := l.load(ctx, tx, []uuid.UUID{id})
	if err != nil {
		return Document{}, err
	}
	e.leaves = true
	return l.apply(ctx, tx, c, loaded[0], e)
}

// apply alters a document that is held, and stores it as the next version.
func (l *Ledger) apply(ctx context.Context, tx pgx.Tx, c Change, before *incidents.Incident, e editing) (Document, error) {
	in, looked := before.Clone(), likeness.SignsOf(before)
	within, err := e.change(in)
	if err != nil {
		return Document{}, err
	}
	in.ID, in.Version, in.CreatedAt = before.ID, before.Version+1, before.CreatedAt
	in.UpdatedAt = cmp.Or(e.at, l.after(before))
	in.Complete()

	d := &draft{l: l, tx: tx, in: in, by: c.By.Role, exact: c.ExactActors, problems: c.Problems().Under(within)}
	if c.Publication != "" && c.Publication != before.Publication {
		d.problems = append(d.problems, incidents.Problem{
			Pointer: "/publication", Detail: "is not changed by an edit; publish, reject, retract, restore and merge change it",
			Allowed: []string{string(before.Publication)},
		})
	}
	d.problems.Merge(in.Validate())
	known := claimIDs(before)
	maps.Copy(known, e.fresh)
	if !e.adopt {
		d.problems = append(d.problems, unknownClaims(in, known)...)
	}
	d.restored = e.restores
	if !e.adopt && !e.restores {
		d.before = before
	}
	if err := d.resolve(ctx); err != nil {
		return Document{}, err
	}
	if err := d.changedSlug(ctx, before); err != nil {
		return Document{}, err
	}
	if err := d.freeReferences(ctx); err != nil {
		return Document{}, err
	}
	if err := d.problems.Within(within).OrNil(); err != nil {
		return Document{}, err
	}
	if e.adopt {
		// Now that its actors are known ones and its quotes spelt as in their source.
		in.DropClaimIDs(func(id uuid.UUID) bool { return known[id] })
		in.AdoptClaims(before)
	}
	in.Link(func(id uuid.UUID) bool { return known[id] })
	if same, doc, err := d.unchanged(before); same || err != nil {
		return doc, err
	}
	doc, err := d.store(ctx, c, func(q *pgbatch.Queue, row dbsqlc.IncidentInsertParams) error {
		if err := l.q.IncidentUpdate(ctx, q, incidentUpdate(row)); err != nil {
			return err
		}
		if left := sourcesLeft(before, in); e.leaves && len(left) > 0 {
			if err := l.q.SourcesStandAlone(ctx, q, left); err != nil {
				return err
			}
		}
		return l.queueEmptying(ctx, q, in.ID)
	})
	back := !stands(before.Publication) && stands(in.Publication) // others were not compared with it
	if err == nil && in.Publication != incidents.Merged && (back || !looked.Equal(likeness.SignsOf(in))) {
		_, err = d.queueDuplicates(ctx)
	}
	return doc, err
}

// unknownClaims are problems, one for each claim with an id that is not known.
func unknownClaims(in *incidents.Incident, known map[uuid.UUID]bool) (problems incidents.Problems) {
	in.EachClaim(func(pointer string, claim *incidents.Claim) {
		if claim.ID != uuid.Nil && !known[claim.ID] {
			problems.Add(pointer+"/id", "the incident has no claim with this id; leave the id out to add a new one")
		}
	})
	return problems
}

// lock holds an incident until the transaction ends.
func (l *Ledger) lock(ctx context.Context, tx pgx.Tx, id uuid.UUID) (dbsqlc.IncidentLockRow, error) {
	row, err := l.q.IncidentLock(ctx, tx, id)
	if err != nil {
		return row, fmt.Errorf("lock the incident: %w", notFound(err, "incident "+id.String()))
	}
	return row, nil
}

// changedSlug checks a slug that an edit changes; only a draft's can.
func (d *draft) changedSlug(ctx context.Context, before *incidents.Incident) error {
	if d.in.Slug == "" {
		d.in.Slug = before.Slug
	}
	switch {
	case d.in.Slug == before.Slug:
		return nil
	case before.Publication != incidents.Draft:
		d.problems.Add("/slug", "is permanent once published; it is %q", before.Slug)
		return nil
	default:
		return d.newSlug(ctx)
	}
}

// unchanged compares what is to be stored with what is: the version and the
// time of the write aside, an equal document is not written again.
func (d *draft) unchanged(before *incidents.Incident) (bool, Document, error) {
	after := d.in.Clone()
	after.JoinActors()
	after.Derive()
	after.Version, after.UpdatedAt = before.Version, before.UpdatedAt
	was, err := render(before)
	if err != nil {
		return false, Document{}, err
	}
	is, err := render(after)
	if err != nil {
		return false, Document{}, err
	}
	same := bytes.Equal(was.document, is.document)
	return same, Document{ID: before.ID, Slug: before.Slug, Publication: before.Publication, ETag: was.etag, JSON: was.document}, nil
}

// incidentUpdate is the same row for the other statement: sqlc names their
// parameters alike but knows no common type.
func incidentUpdate(row dbsqlc.IncidentInsertParams) dbsqlc.IncidentUpdateParams {
	return dbsqlc.IncidentUpdateParams{
		ID: row.ID, Slug: row.Slug, Title: row.Title, Summary: row.Summary, Category: row.Category, Certainty: row.Certainty, Publication: row.Publication,
		OccurredFrom: row.OccurredFrom, OccurredFromPrecision: row.OccurredFromPrecision, OccurredTo: row.OccurredTo, OccurredToPrecision: row.OccurredToPrecision,
		Discovered: row.Discovered, DiscoveredPrecision: row.DiscoveredPrecision, Disclosed: row.Disclosed, DisclosedPrecision: row.DisclosedPrecision,
		Contained: row.Contained, ContainedPrecision: row.ContainedPrecision,
		Countries: row.Countries, Vectors: row.Vectors, DataClasses: row.DataClasses, PaymentMethods: row.PaymentMethods, Tags: row.Tags,
		MergedInto: row.MergedInto, RetractionReason: row.RetractionReason,
		Version: row.Version, UpdatedAt: row.UpdatedAt,
		Victims: row.Victims, VictimsLow: row.VictimsLow, VictimsHigh: row.VictimsHigh, VictimsUnit: row.VictimsUnit, VictimsSupport: row.VictimsSupport,
		Payment: row.Payment, Unanswered: row.Unanswered, Contested: row.Contested, Card: row.Card, Document: row.Document, Etag: row.Etag,
		ActorIds: row.ActorIds, SourceIds: row.SourceIds,
	}
}

// AddResponse records how an organisation answered, and returns the response's
// id with the incident as it now stands.
func (l *Ledger) AddResponse(ctx context.Context, c Change, ref, ifMatch string, r incidents.Response) (uuid.UUID, Document, error) {
	r.ID = incidents.NewID()
	doc, err := l.EditPart(ctx, c, ref, ifMatch, r.ID, func(in *incidents.Incident) (string, error) {
		in.Responses = append(in.Responses, r)
		return fmt.Sprintf("/responses/%d", len(in.Responses)-1), nil
	})
	return doc.Part, doc, err
}
