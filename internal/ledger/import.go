package ledger

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger/internal/dbsqlc"
	"github.com/breachledger/breachledger/internal/ledger/internal/pgbatch"
)

// ImportItem is an incident from a file.
type ImportItem struct {
	// Origin identifies the document across runs: the format and its own id there.
	Origin string
	// Digest is a hash of everything that the file says of the incident.
	Digest   []byte
	Incident incidents.Incident
	// Original is the document as it was, kept beside the incident; nil keeps none.
	Original []byte
}

// Outcome says what an import did with a document.
type Outcome string

// The outcomes.
const (
	Created   Outcome = "created"
	Changed   Outcome = "changed"
	Unchanged Outcome = "unchanged"
	// Edited: the file changed, but a person has edited the incident since it
	// was imported, so it was left alone.
	Edited Outcome = "edited"
	// Refused: the document cannot be stored, and its problems say why.
	Refused Outcome = "refused"
)

// ImportResult is what became of one document.
type ImportResult struct {
	Origin  string
	Slug    string
	Outcome Outcome
	Version int // the incident's present version
	// EditedSince says that a person has edited the incident after its import.
	EditedSince bool
	Problems    incidents.Problems // why it was refused
}

// ImportArticle stores what was read in one article, in one transaction: the
// article as a source, and its incidents. What did not change is left alone,
// and what a person has edited since is never overwritten.
func (l *Ledger) ImportArticle(ctx context.Context, c Change, source incidents.Source, items []ImportItem) (Outcome, []ImportResult, error) {
	var of Outcome
	var results []ImportResult
	err := l.write(ctx, func(tx pgx.Tx) error {
		var err error
		results = make([]ImportResult, 0, len(items))
		if of, err = l.putSource(ctx, tx, source, len(items) == 0); err != nil {
			return err
		}
		for _, item := range items {
			r, err := l.importItem(ctx, tx, c, item)
			if err != nil {
				return fmt.Errorf("%s: %w", item.Origin, err)
			}
			results = append(results, r)
		}
		return nil
	})
	return of, results, explain("import article", err)
}

// maxOrigin is the longest origin, in bytes; an index holds it.
const maxOrigin = 1000

func (l *Ledger) importItem(ctx context.Context, tx pgx.Tx, c Change, item ImportItem) (ImportResult, error) {
	if item.Origin == "" || len(item.Origin) > maxOrigin || !storable(item.Origin) {
		return ImportResult{}, fmt.Errorf("the origin of an imported document must be a text of at most %d bytes", maxOrigin)
	}
	out := ImportResult{Origin: item.Origin, Slug: item.Incident.Slug, Outcome: Created, Version: 1}
	known, err := l.q.ImportRecordByOrigin(ctx, tx, item.Origin)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		doc, _, err := l.record(ctx, tx, c, item.Incident)
		if err != nil {
			return out, l.orImported(ctx, tx, item.Origin, err)
		}
		out.Slug = doc.Slug
		if err := l.copyDuplicates(ctx, tx, []uuid.UUID{doc.ID}, []uuid.UUID{doc.ID}); err != nil {
			return out, err
		}
		return out, l.putImportRecord(ctx, tx, item, doc.ID, out.Version)
	case err != nil:
		return out, fmt.Errorf("look up an import: %w", err)
	}
	out.Slug, out.Version = known.Slug, int(known.Version)
	out.EditedSince = known.Version != known.ImportedVersion
	switch {
	case bytes.Equal(known.Digest, item.Digest):
		out.Outcome = Unchanged
		return out, nil
	case out.EditedSince:
		out.Outcome = Edited
		return out, nil
	}
	out.Outcome = Changed
	doc, err := l.edit(ctx, tx, c, known.IncidentID, editing{adopt: true, change: func(in *incidents.Incident) (string, error) {
		if in.Version != out.Version {
			return "", errRace // somebody held it when it was looked at, and has edited it
		}
		slug := in.Slug
		in.Replace(item.Incident)
		in.Slug = slug
		return "", nil
	}})
	if err != nil {
		return out, err
	}
	stored, err := parseDocument(doc.JSON)
	if err != nil {
		return out, err
	}
	if out.Version == stored.Version {
		out.Outcome = Unchanged // only its file is written differently
	}
	out.Version = stored.Version
	return out, l.putImportRecord(ctx, tx, item, doc.ID, out.Version)
}

// orImported is errRace for the refusal of a document that another import has stored
// since it was looked up here: its slug and references are taken by itself.
func (l *Ledger) orImported(ctx context.Context, tx pgx.Tx, origin string, refusal error) error {
	var problems incidents.Problems
	var exists *ExistsError
	taken := func(p incidents.Problem) bool { return p.Pointer == "/slug" }
	if !errors.As(refusal, &exists) && (!errors.As(refusal, &problems) || !slices.ContainsFunc(problems, taken)) {
		return refusal
	}
	rows, err := l.q.ImportRecordsByOrigin(ctx, tx, []string{origin})
	switch {
	case err != nil:
		return fmt.Errorf("look up imports: %w", err)
	case len(rows) > 0:
		return errRace
	default:
		return refusal
	}
}

func (l *Ledger) putImportRecord(ctx context.Context, tx pgx.Tx, item ImportItem, id uuid.UUID, version int) error {
	err := l.q.ImportRecordPut(ctx, tx, dbsqlc.ImportRecordPutParams{
		Origin: item.Origin, IncidentID: id, Digest: item.Digest, Version: int32(version), ImportedAt: l.clock(), Original: item.Original,
	})
	if err != nil {
		return fmt.Errorf("note an import: %w", err)
	}
	return nil
}

// putSource stores a source with its text, or brings the description of a known
// one up to date. One that stands alone is public without an incident.
func (l *Ledger) putSource(ctx context.Context, tx pgx.Tx, s incidents.Source, alone bool) (Outcome, error) {
	if problems := s.Validate("/source"); len(problems) > 0 {
		return "", problems
	}
	in := &incidents.Incident{Sources: []incidents.Source{s}}
	r, err := l.resolveSources(ctx, tx, directLookups{l, tx}, in, access.Editor)
	if err != nil {
		return "", err
	}
	if len(r.problems) > 0 {
		return "", r.problems
	}
	q := &pgbatch.Queue{}
	created := !r.state[0].known || r.state[0].addText
	if created {
		if err := l.queueSources(ctx, q, in, r.state); err != nil {
			return "", err
		}
		if err := q.Send(ctx, tx); err != nil {
			return "", err
		}
	}
	published, precision := dateRow(s.Published)
	n, err := l.q.SourceDescribe(ctx, tx, dbsqlc.SourceDescribeParams{
		ID: in.Sources[0].ID, Title: nullable(s.Title), Publisher: nullable(s.Publisher), Author: nullable(s.Author),
		Published: published, PublishedPrecision: precision, Language: nullable(s.Language), NoIncidentReason: nullable(s.NoIncidentReason),
	})
	if err != nil {
		return "", fmt.Errorf("describe a source: %w", err)
	}
	if alone {
		if err := l.q.SourcesStandAlone(ctx, tx, sourceIDs(in)); err != nil {
			return "", fmt.Errorf("make a source public: %w", err)
		}
	}
	if r.state[0].known && (created || n > 0) {
		if err := l.renderCiting(ctx, tx, []uuid.UUID{in.Sources[0].ID}, uuid.Nil); err != nil {
			return "", err
		}
	}
	switch {
	case created:
		return Created, nil
	case n > 0:
		return Changed, nil
	default:
		return Unchanged, nil
	}
}
