package ledger

import (
	"context"

	"github.com/google/uuid"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger/internal/dbsqlc"
)

// batchLookups answers from what was asked for all documents of a batch at once.
type batchLookups struct {
	names, slugs map[string]dbsqlc.ActorsNamedRow // actors by folded name and by slug
	actorSlugs   map[string]bool
	byURL        map[string]dbsqlc.SourcesNamedRow
	byHash       map[string]dbsqlc.SourcesNamedRow
	byID         map[uuid.UUID]dbsqlc.SourcesNamedRow
	free         map[string][]string // forms of incidents' slugs, by the slug that is wanted
	given        map[string]bool     // slugs that documents of the batch have
	reserved     map[string]int
	holders      map[incidents.ExternalRef]dbsqlc.ExternalRefHoldersRow
}

func (b *batchLookups) actorsNamed(_ context.Context, keys, slugs []string) ([]dbsqlc.ActorsNamedRow, error) {
	var rows []dbsqlc.ActorsNamedRow
	for _, key := range keys {
		if row, ok := b.names[key]; ok {
			rows = append(rows, row)
		}
	}
	for _, slug := range slugs {
		if row, ok := b.slugs[slug]; ok {
			rows = append(rows, row)
		}
	}
	return rows, nil
}

func (b *batchLookups) actorSlugsTaken(_ context.Context, slugs []string) ([]string, error) {
	return among(slugs, b.actorSlugs), nil
}

func (b *batchLookups) incidentSlugsFree(_ context.Context, wanted map[string]int) (map[string][]string, error) {
	out := map[string][]string{}
	for slug := range wanted {
		for _, form := range b.free[slug] {
			if !b.given[form] && b.reserved[form] == 0 {
				out[slug] = append(out[slug], form)
			}
		}
	}
	return out, nil
}

func among(slugs []string, taken map[string]bool) []string {
	var out []string
	for _, slug := range slugs {
		if taken[slug] {
			out = append(out, slug)
		}
	}
	return out
}

func (b *batchLookups) sourcesNamed(_ context.Context, named sourceNames) ([]dbsqlc.SourcesNamedRow, error) {
	var rows []dbsqlc.SourcesNamedRow
	for _, id := range named.Ids {
		if row, ok := b.byID[id]; ok {
			rows = append(rows, row)
		}
	}
	for _, url := range named.Urls {
		if row, ok := b.byURL[url]; ok {
			rows = append(rows, row)
		}
	}
	for _, hash := range named.Hashes {
		if row, ok := b.byHash[string(hash)]; ok {
			rows = append(rows, row)
		}
	}
	return rows, nil
}

func (b *batchLookups) referenceHolders(_ context.Context, of dbsqlc.ExternalRefHoldersParams) ([]dbsqlc.ExternalRefHoldersRow, error) {
	var rows []dbsqlc.ExternalRefHoldersRow
	for i := range of.Schemes {
		row, ok := b.holders[incidents.ExternalRef{Scheme: of.Schemes[i], ID: of.RefIds[i]}]
		if ok && row.ID != of.ExceptID {
			rows = append(rows, row)
		}
	}
	return rows, nil
}

// learn remembers what a document of the batch is about to add.
func (b *batchLookups) learn(d *draft) {
	for _, a := range d.actors.created {
		row := dbsqlc.ActorsNamedRow{AskedBy: "name", ID: a.ID, Slug: a.Slug, Name: a.Name, Kind: a.Kind, Sector: a.Sector, Country: nullable(a.Country), Domain: nullable(a.Domain)}
		for _, name := range a.Names() {
			row.Asked = incidents.FoldName(name)
			b.names[row.Asked] = row
		}
		row.AskedBy, row.Asked = "slug", a.Slug
		b.slugs[a.Slug] = row
		b.actorSlugs[a.Slug] = true
	}
	for i, s := range d.in.Sources {
		state := d.sources.state[i]
		if state.known && !state.addText && !state.fill {
			continue
		}
		published, precision := dateRow(s.Published)
		hash, redactedAt := textHash(state.text), b.byID[s.ID].RedactedAt
		if redactedAt != nil { // what was taken away stays so, and is known by its hash
			hash = b.byID[s.ID].TextSha256
		}
		b.addSource(dbsqlc.SourcesNamedRow{
			ID: s.ID, Url: nullable(s.URL), Title: nullable(s.Title), Publisher: nullable(s.Publisher), Author: nullable(s.Author),
			Published: published, PublishedPrecision: precision, Language: nullable(s.Language), Text: nullable(state.text),
			TextSha256: hash, NoIncidentReason: nullable(s.NoIncidentReason), RedactedAt: redactedAt,
		})
	}
	b.given[d.in.Slug] = true
	for _, r := range d.in.ExternalRefs {
		if r.Identifies() {
			b.holders[r] = dbsqlc.ExternalRefHoldersRow{ID: d.in.ID, Slug: d.in.Slug, Scheme: r.Scheme, RefID: r.ID}
		}
	}
}
