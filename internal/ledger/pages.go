package ledger

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"github.com/google/uuid"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger/internal/dbsqlc"
)

// Reads that only the pages need.

// YearCategory is how many incidents of a category happened in a year. A filter
// by the year that they happened in finds the same ones.
type YearCategory struct {
	Year      int // 0 for incidents that are not known to have happened in any
	Category  incidents.Category
	Incidents int64
}

// YearsByCategory counts the incidents that match, by the year in which they
// happened and by category; those without a date come first.
func (l *Ledger) YearsByCategory(ctx context.Context, f Filter) ([]YearCategory, error) {
	rows, err := l.yearRows(ctx, f)
	if err != nil {
		return nil, fmt.Errorf("count incidents by year: %w", fromPostgres(err))
	}
	out := make([]YearCategory, len(rows))
	for i, row := range rows {
		year, _ := strconv.Atoi(row.Year) // "" is no year
		out[i] = YearCategory{Year: year, Category: row.Category, Incidents: row.Incidents}
	}
	return out, nil
}

// Like lists the incidents that may be the same as one that is not recorded yet.
// Nothing is written or held, and what is wrong with the document is not looked
// at.
func (l *Ledger) Like(ctx context.Context, by access.Identity, given incidents.Incident) ([]Similar, error) {
	in := given.Clone()
	in.ID = incidents.NewID()
	in.Complete()
	in.Derive()
	names := slices.DeleteFunc(breachedNames(in), func(name string) bool { return !storable(name) })
	if err := l.knownIn(ctx, in); err != nil {
		return nil, fmt.Errorf("look for similar incidents: %w", fromPostgres(err))
	}
	if !storable(in.Title) {
		in.Title = ""
	}
	spelt, err := l.speltAlike(ctx, in, names)
	if err != nil {
		return nil, fmt.Errorf("look for similar incidents: %w", fromPostgres(err))
	}
	similar, err := l.likely(ctx, l.search, in, spelt, by.Role.SeesUnpublished())
	if err != nil {
		return nil, fmt.Errorf("look for similar incidents: %w", fromPostgres(err))
	}
	return similar, nil
}

// knownIn gives those breached and the sources of a document the ids that they
// have in the ledger. Whoever is not known there is left out.
func (l *Ledger) knownIn(ctx context.Context, in *incidents.Incident) error {
	in.Participants = slices.DeleteFunc(in.Participants, func(p incidents.Participant) bool { return !p.Role.Breached() })
	keys, slugs := actorNamesIn(in)
	keys = slices.DeleteFunc(keys, func(key string) bool { return !storable(key) })
	rows, err := l.q.ActorsNamed(ctx, l.search, dbsqlc.ActorsNamedParams{Keys: unique(keys), Slugs: unique(slugs)})
	if err != nil {
		return fmt.Errorf("look up actors: %w", err)
	}
	for i := range in.Participants {
		r := &in.Participants[i].Actor
		for _, row := range rows {
			if r.ID == uuid.Nil && names(*r, row) {
				r.ID = row.ID
			}
		}
	}
	in.Participants = slices.DeleteFunc(in.Participants, func(p incidents.Participant) bool { return p.Actor.ID == uuid.Nil })

	var named sourceNames
	for _, s := range in.Sources {
		named.add(s.ID, s.URL, s.Text)
	}
	ids, err := l.q.SourceIDsNamed(ctx, l.search, dbsqlc.SourceIDsNamedParams(named.whole()))
	if err != nil {
		return fmt.Errorf("look up sources: %w", err)
	}
	in.Sources = nil
	for _, id := range ids {
		in.Sources = append(in.Sources, incidents.Source{ID: id})
	}
	return nil
}

// names reports whether an actor that was looked up is the one referred to.
func names(r incidents.ActorRef, row dbsqlc.ActorsNamedRow) bool {
	if row.AskedBy == "slug" {
		return row.Asked == r.Slug || row.Asked == r.Given
	}
	return slices.ContainsFunc(append(r.Actor().Names(), r.Given), func(name string) bool { return row.Asked == incidents.FoldName(name) })
}
