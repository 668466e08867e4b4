package ledger

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/breachledger/breachledger/internal/ledger/internal/dbsqlc"
)

// lookups are the questions that resolving a document asks of the ledger. A
// single write asks the database; a batch asks once for all its documents and
// remembers what it is about to add.
type lookups interface {
	actorsNamed(ctx context.Context, keys, slugs []string) ([]dbsqlc.ActorsNamedRow, error)
	actorSlugsTaken(ctx context.Context, slugs []string) ([]string, error)
	sourcesNamed(ctx context.Context, named sourceNames) ([]dbsqlc.SourcesNamedRow, error)
	incidentSlugsFree(ctx context.Context, wanted map[string]int) (map[string][]string, error)
	referenceHolders(ctx context.Context, of dbsqlc.ExternalRefHoldersParams) ([]dbsqlc.ExternalRefHoldersRow, error)
}

type directLookups struct {
	l  *Ledger
	tx pgx.Tx
}

func (d directLookups) actorsNamed(ctx context.Context, keys, slugs []string) ([]dbsqlc.ActorsNamedRow, error) {
	held, err := d.l.q.ActorsNamedHeld(ctx, d.tx, dbsqlc.ActorsNamedHeldParams{Keys: keys, Slugs: slugs})
	if err != nil {
		return nil, err
	}
	rows := make([]dbsqlc.ActorsNamedRow, len(held))
	for i, h := range held {
		if h.MergedInto != nil {
			return nil, errRace
		}
		rows[i] = dbsqlc.ActorsNamedRow{AskedBy: h.AskedBy, Asked: h.Asked, ID: h.ID, Slug: h.Slug, Name: h.Name, Kind: h.Kind, Sector: h.Sector, Country: h.Country, Domain: h.Domain}
	}
	return rows, nil
}

func (d directLookups) actorSlugsTaken(ctx context.Context, slugs []string) ([]string, error) {
	return d.l.q.ActorSlugsTaken(ctx, d.tx, slugs)
}

func (d directLookups) sourcesNamed(ctx context.Context, named sourceNames) ([]dbsqlc.SourcesNamedRow, error) {
	return d.l.q.SourcesNamed(ctx, d.tx, dbsqlc.SourcesNamedParams(named.whole()))
}

func (d directLookups) referenceHolders(ctx context.Context, of dbsqlc.ExternalRefHoldersParams) ([]dbsqlc.ExternalRefHoldersRow, error) {
	return d.l.q.ExternalRefHolders(ctx, d.tx, of)
}

// presentLookups ask the database without holding what they find.
type presentLookups struct {
	directLookups
	book *slugBook // of numbers that are taken; nil remembers none
}

func (p presentLookups) incidentSlugsFree(ctx context.Context, wanted map[string]int) (map[string][]string, error) {
	return p.slugsFree(ctx, wanted, p.book)
}

func (p presentLookups) actorsNamed(ctx context.Context, keys, slugs []string) ([]dbsqlc.ActorsNamedRow, error) {
	return p.l.q.ActorsNamed(ctx, p.tx, dbsqlc.ActorsNamedParams{Keys: keys, Slugs: slugs})
}

func (p presentLookups) sourcesNamed(ctx context.Context, named sourceNames) ([]dbsqlc.SourcesNamedRow, error) {
	found, err := p.l.q.SourcesNamedNow(ctx, p.tx, dbsqlc.SourcesNamedNowParams(named.whole()))
	if err != nil {
		return nil, err
	}
	rows := make([]dbsqlc.SourcesNamedRow, len(found))
	for i, row := range found {
		rows[i] = dbsqlc.SourcesNamedRow(row)
	}
	return rows, nil
}
