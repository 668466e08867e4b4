package ledger

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger/internal/dbsqlc"
)

// Restore brings back what an incident said in an earlier version, as a new
// version. Restoring a version of a merged incident undoes the merge.
func (l *Ledger) Restore(ctx context.Context, c Change, ref, ifMatch string, version int) (Document, error) {
	if err := needs(c.By, access.Editor); err != nil {
		return Document{}, err
	}
	doc, err := writeOnce(ctx, l, c.Once, func(tx pgx.Tx) (Document, error) {
		row, err := l.documentRow(ctx, tx, ref)
		if err != nil {
			return Document{}, err
		}
		was, err := l.versionOf(ctx, tx, row.ID, version)
		if errors.Is(err, ErrNotFound) {
			return Document{}, incidents.Problems{{Pointer: "/version", Detail: fmt.Sprintf("the incident has no version %d", version)}}
		}
		if err != nil {
			return Document{}, err
		}
		if row.Publication == incidents.Merged {
			return l.unmerge(ctx, tx, c, row.ID, ifMatch, was)
		}
		return l.edit(ctx, tx, c, row.ID, editing{ifMatch: ifMatch, fresh: claimIDs(was), restores: true, change: func(in *incidents.Incident) (string, error) {
			slug := in.Slug
			in.Replace(*was)
			in.Slug = slug
			return "", l.claimsFree(ctx, tx, in)
		}})
	})
	return doc, explain("restore incident", err)
}

// versionOf is what an incident said in a version.
func (l *Ledger) versionOf(ctx context.Context, tx pgx.Tx, id uuid.UUID, version int) (*incidents.Incident, error) {
	revision, err := l.revisionRow(ctx, tx, id, version, true)
	if err != nil {
		return nil, err
	}
	was, err := parseDocument(revision.Document)
	return &was, err
}

// claimsFree refuses a document whose old version brings back claims that now stand in
// another incident: a merge moved them there, or an undone merge gave them back.
func (l *Ledger) claimsFree(ctx context.Context, tx pgx.Tx, in *incidents.Incident) error {
	if err := takeTurn(ctx, tx, claimsLock); err != nil {
		return err
	}
	slugs, err := l.q.RevisionClaimsElsewhere(ctx, tx, dbsqlc.RevisionClaimsElsewhereParams{
		IncidentID: in.ID, Claims: slices.Collect(maps.Keys(claimIDs(in))),
	})
	if err != nil {
		return fmt.Errorf("look for claims elsewhere: %w", err)
	}
	if len(slugs) == 0 {
		return nil
	}
	return &StateError{
		Is:  in.Publication,
		Why: fmt.Sprintf("claims of this version now stand in %s: they would stand in both; remove or merge them there first", strings.Join(slugs, " and ")),
	}
}
