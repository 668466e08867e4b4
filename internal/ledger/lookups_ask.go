package ledger

import (
	"context"

	"github.com/google/uuid"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger/internal/dbsqlc"
)

// ask looks up everything that the documents name. What is reserved, others are
// about to take.
func ask(ctx context.Context, direct lookups, documents []*incidents.Incident, reserved map[string]int) (*batchLookups, error) {
	b := &batchLookups{
		names: map[string]dbsqlc.ActorsNamedRow{}, slugs: map[string]dbsqlc.ActorsNamedRow{}, actorSlugs: map[string]bool{},
		byURL: map[string]dbsqlc.SourcesNamedRow{}, byHash: map[string]dbsqlc.SourcesNamedRow{}, byID: map[uuid.UUID]dbsqlc.SourcesNamedRow{},
		given: map[string]bool{}, reserved: reserved, holders: map[incidents.ExternalRef]dbsqlc.ExternalRefHoldersRow{},
	}
	for _, step := range []func(context.Context, lookups, []*incidents.Incident) error{b.askActors, b.askSources, b.askSlugs, b.askReferences} {
		if err := step(ctx, direct, documents); err != nil {
			return nil, err
		}
	}
	return b, nil
}

func (b *batchLookups) askActors(ctx context.Context, direct lookups, documents []*incidents.Incident) error {
	var keys, slugs, short, wanted []string
	for _, in := range documents {
		in.EachActor(func(_ string, r *incidents.ActorRef) {
			if r.ID == uuid.Nil && incidents.ValidSlug(r.Given) {
				short = append(short, r.Given)
				return
			}
			k, s := refNames(r)
			keys, slugs = append(keys, k...), append(slugs, s...)
		})
	}
	if err := b.askNamed(ctx, direct, keys, append(slugs, short...)); err != nil {
		return err
	}
	// What looks like a slug and is none may be a name.
	var names []string
	for _, given := range short {
		if _, known := b.slugs[given]; !known {
			names = append(names, incidents.FoldName(given))
		}
	}
	if len(names) > 0 {
		if err := b.askNamed(ctx, direct, names, nil); err != nil {
			return err
		}
	}
	for _, in := range documents {
		in.EachActor(func(_ string, r *incidents.ActorRef) {
			if _, known := b.names[incidents.FoldName(r.Name)]; !known && r.Name != "" {
				wanted = append(wanted, actorSlug(r.Name), r.Slug)
			}
		})
	}
	taken, err := takenOf(ctx, unique(wanted), direct.actorSlugsTaken)
	b.actorSlugs = taken
	return err
}

func (b *batchLookups) askNamed(ctx context.Context, direct lookups, keys, slugs []string) error {
	rows, err := direct.actorsNamed(ctx, unique(keys), unique(slugs))
	for _, row := range rows {
		if row.AskedBy == "slug" {
			b.slugs[row.Asked] = row
		} else {
			b.names[row.Asked] = row
		}
	}
	return err
}

// takenOf are those of the slugs that are taken and, of these, the numbered
// forms that are taken too.
func takenOf(ctx context.Context, slugs []string, look func(context.Context, []string) ([]string, error)) (map[string]bool, error) {
	out := map[string]bool{}
	if len(slugs) == 0 {
		return out, nil
	}
	first, err := look(ctx, slugs)
	if err != nil {
		return nil, err
	}
	var numbered []string
	for _, slug := range first {
		out[slug] = true
		numbered = append(numbered, slugCandidates(slug)...)
	}
	if len(numbered) == 0 {
		return out, nil
	}
	second, err := look(ctx, numbered)
	for _, slug := range second {
		out[slug] = true
	}
	return out, err
}

func (b *batchLookups) askSources(ctx context.Context, direct lookups, documents []*incidents.Incident) error {
	var named sourceNames
	for _, in := range documents {
		for _, s := range in.Sources {
			named.add(s.ID, s.URL, s.Text)
		}
		in.EachClaim(func(_ string, c *incidents.Claim) {
			for _, e := range c.Evidence {
				named.add(e.Source.ID, e.Source.URL, "")
				if id, err := uuid.Parse(e.Source.Given); err == nil {
					named.add(id, "", "")
				} else {
					named.add(uuid.Nil, e.Source.Given, "")
				}
			}
		})
	}
	if named.none() {
		return nil
	}
	named.Urls = unique(named.Urls) // many documents may cite one article
	rows, err := direct.sourcesNamed(ctx, named)
	for _, row := range rows {
		b.addSource(row)
	}
	return err
}

func (b *batchLookups) addSource(row dbsqlc.SourcesNamedRow) {
	b.byID[row.ID] = row
	if row.Url != nil {
		b.byURL[*row.Url] = row
	} else if row.TextSha256 != nil {
		b.byHash[string(row.TextSha256)] = row
	}
}

func (b *batchLookups) askSlugs(ctx context.Context, direct lookups, documents []*incidents.Incident) error {
	wanted := map[string]int{}
	for _, in := range documents {
		wanted[wantedSlug(in)]++
	}
	for slug := range wanted {
		wanted[slug] += b.reserved[slug]
	}
	var err error
	b.free, err = direct.incidentSlugsFree(ctx, wanted)
	return err
}

func (b *batchLookups) askReferences(ctx context.Context, direct lookups, documents []*incidents.Incident) error {
	var of dbsqlc.ExternalRefHoldersParams
	for _, in := range documents {
		for _, r := range in.ExternalRefs {
			if r.Identifies() && storable(r.Scheme+r.ID) {
				of.Schemes, of.RefIds = append(of.Schemes, r.Scheme), append(of.RefIds, r.ID)
			}
		}
	}
	if len(of.Schemes) == 0 {
		return nil
	}
	rows, err := direct.referenceHolders(ctx, of)
	for _, row := range rows {
		b.holders[incidents.ExternalRef{Scheme: row.Scheme, ID: row.RefID}] = row
	}
	return err
}
