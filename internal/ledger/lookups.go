package ledger

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger/internal/dbsqlc"
)

// lookups are the questions that resolving a document asks of the ledger. A
// single write asks the database; a batch asks once for all its documents and
// remembers what it is about to add.
type lookups interface {
	actorsNamed(ctx context.Context, keys, slugs []string) ([]dbsqlc.ActorsNamedRow, error)
	actorSlugsTaken(ctx context.Context, slugs []string) ([]string, error)
	sourcesNamed(ctx context.Context, ids []uuid.UUID, urls []string, hashes [][]byte) ([]dbsqlc.SourcesNamedRow, error)
	incidentSlugsTaken(ctx context.Context, slugs []string) ([]string, error)
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
		rows[i] = dbsqlc.ActorsNamedRow{AskedBy: h.AskedBy, Asked: h.Asked, ID: h.ID, Slug: h.Slug, Name: h.Name, Kind: h.Kind, Sector: h.Sector}
	}
	return rows, nil
}

func (d directLookups) actorSlugsTaken(ctx context.Context, slugs []string) ([]string, error) {
	return d.l.q.ActorSlugsTaken(ctx, d.tx, slugs)
}

func (d directLookups) sourcesNamed(ctx context.Context, ids []uuid.UUID, urls []string, hashes [][]byte) ([]dbsqlc.SourcesNamedRow, error) {
	return d.l.q.SourcesNamed(ctx, d.tx, dbsqlc.SourcesNamedParams{Ids: ids, Urls: urls, Hashes: hashes})
}

func (d directLookups) incidentSlugsTaken(ctx context.Context, slugs []string) ([]string, error) {
	return d.l.q.IncidentSlugsTaken(ctx, d.tx, slugs)
}

func (d directLookups) referenceHolders(ctx context.Context, of dbsqlc.ExternalRefHoldersParams) ([]dbsqlc.ExternalRefHoldersRow, error) {
	return d.l.q.ExternalRefHolders(ctx, d.tx, of)
}

// presentLookups ask the database without holding what they find.
type presentLookups struct{ directLookups }

func (p presentLookups) actorsNamed(ctx context.Context, keys, slugs []string) ([]dbsqlc.ActorsNamedRow, error) {
	return p.l.q.ActorsNamed(ctx, p.tx, dbsqlc.ActorsNamedParams{Keys: keys, Slugs: slugs})
}

func (p presentLookups) sourcesNamed(ctx context.Context, ids []uuid.UUID, urls []string, hashes [][]byte) ([]dbsqlc.SourcesNamedRow, error) {
	found, err := p.l.q.SourcesNamedNow(ctx, p.tx, dbsqlc.SourcesNamedNowParams{Ids: ids, Urls: urls, Hashes: hashes})
	if err != nil {
		return nil, err
	}
	rows := make([]dbsqlc.SourcesNamedRow, len(found))
	for i, row := range found {
		rows[i] = dbsqlc.SourcesNamedRow(row)
	}
	return rows, nil
}

// batchLookups answers from what was asked for all documents of a batch at once.
type batchLookups struct {
	names, slugs map[string]dbsqlc.ActorsNamedRow // actors by folded name and by slug
	actorSlugs   map[string]bool
	byURL        map[string]dbsqlc.SourcesNamedRow
	byHash       map[string]dbsqlc.SourcesNamedRow
	byID         map[uuid.UUID]dbsqlc.SourcesNamedRow
	taken        map[string]bool // slugs of incidents
	holders      map[incidents.ExternalRef]dbsqlc.ExternalRefHoldersRow
}

// ask looks up everything that the documents name.
func ask(ctx context.Context, direct lookups, documents []*incidents.Incident) (*batchLookups, error) {
	b := &batchLookups{
		names: map[string]dbsqlc.ActorsNamedRow{}, slugs: map[string]dbsqlc.ActorsNamedRow{}, actorSlugs: map[string]bool{},
		byURL: map[string]dbsqlc.SourcesNamedRow{}, byHash: map[string]dbsqlc.SourcesNamedRow{}, byID: map[uuid.UUID]dbsqlc.SourcesNamedRow{},
		taken: map[string]bool{}, holders: map[incidents.ExternalRef]dbsqlc.ExternalRefHoldersRow{},
	}
	for _, step := range []func(context.Context, lookups, []*incidents.Incident) error{b.askActors, b.askSources, b.askSlugs, b.askReferences} {
		if err := step(ctx, direct, documents); err != nil {
			return nil, err
		}
	}
	return b, nil
}

func (b *batchLookups) askActors(ctx context.Context, direct lookups, documents []*incidents.Incident) error {
	var keys, slugs, wanted []string
	for _, in := range documents {
		k, s := actorNamesIn(in)
		keys, slugs = append(keys, k...), append(slugs, s...)
	}
	rows, err := direct.actorsNamed(ctx, unique(keys), unique(slugs))
	if err != nil {
		return err
	}
	for _, row := range rows {
		if row.AskedBy == "slug" {
			b.slugs[row.Asked] = row
		} else {
			b.names[row.Asked] = row
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

// takenOf are those of the slugs that are taken and, of these, the numbered
// forms that are taken too.
func takenOf(ctx context.Context, slugs []string, look func(context.Context, []string) ([]string, error)) (map[string]bool, error) {
	out := map[string]bool{}
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
	var ids []uuid.UUID
	var urls []string
	var hashes [][]byte
	name := func(id uuid.UUID, url, text string) {
		switch {
		case id != uuid.Nil:
			ids = append(ids, id)
		case url != "" && storable(url):
			urls = append(urls, url)
		case text != "":
			hashes = append(hashes, textHash(text))
		}
	}
	for _, in := range documents {
		for _, s := range in.Sources {
			name(s.ID, s.URL, s.Text)
		}
		in.EachClaim(func(_ string, c *incidents.Claim) {
			for _, e := range c.Evidence {
				name(e.Source.ID, e.Source.URL, "")
				if id, err := uuid.Parse(e.Source.Given); err == nil {
					name(id, "", "")
				} else {
					name(uuid.Nil, e.Source.Given, "")
				}
			}
		})
	}
	rows, err := direct.sourcesNamed(ctx, orEmpty(ids), unique(urls), orEmpty(hashes))
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
	var wanted []string
	for _, in := range documents {
		if in.Slug != "" {
			wanted = append(wanted, in.Slug)
		} else {
			wanted = append(wanted, in.DefaultSlug())
		}
	}
	var err error
	b.taken, err = takenOf(ctx, unique(wanted), direct.incidentSlugsTaken)
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

func (b *batchLookups) incidentSlugsTaken(_ context.Context, slugs []string) ([]string, error) {
	return among(slugs, b.taken), nil
}

// reserve takes the slugs that batches under way have, as far as the document
// could want them.
func (b *batchLookups) reserve(reserved map[string]int, in *incidents.Incident) {
	if len(reserved) == 0 {
		return
	}
	wanted := in.Slug
	if wanted == "" {
		wanted = in.DefaultSlug()
	}
	if reserved[wanted] == 0 && !b.taken[wanted] {
		return
	}
	for _, slug := range slugCandidates(wanted) {
		if reserved[slug] > 0 {
			b.taken[slug] = true
		}
	}
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

func (b *batchLookups) sourcesNamed(_ context.Context, ids []uuid.UUID, urls []string, hashes [][]byte) ([]dbsqlc.SourcesNamedRow, error) {
	var rows []dbsqlc.SourcesNamedRow
	for _, id := range ids {
		if row, ok := b.byID[id]; ok {
			rows = append(rows, row)
		}
	}
	for _, url := range urls {
		if row, ok := b.byURL[url]; ok {
			rows = append(rows, row)
		}
	}
	for _, hash := range hashes {
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
		row := dbsqlc.ActorsNamedRow{AskedBy: "name", ID: a.ID, Slug: a.Slug, Name: a.Name, Kind: a.Kind, Sector: a.Sector}
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
		b.addSource(dbsqlc.SourcesNamedRow{
			ID: s.ID, Url: nullable(s.URL), Title: nullable(s.Title), Publisher: nullable(s.Publisher), Author: nullable(s.Author),
			Published: published, PublishedPrecision: precision, Language: nullable(s.Language), Text: nullable(state.text),
			TextSha256: textHash(state.text), NoIncidentReason: nullable(s.NoIncidentReason),
		})
	}
	b.taken[d.in.Slug] = true
	for _, r := range d.in.ExternalRefs {
		if r.Identifies() {
			b.holders[r] = dbsqlc.ExternalRefHoldersRow{ID: d.in.ID, Slug: d.in.Slug, Scheme: r.Scheme, RefID: r.ID}
		}
	}
}
