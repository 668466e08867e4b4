package ledger

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/google/uuid"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger/internal/dbsqlc"
	"github.com/breachledger/breachledger/internal/ledger/internal/likeness"
)

// Similar is an incident that may be the same as another.
type Similar = likeness.Similar

// likely are the incidents that may be the same as this one, all or only what is
// published, the likeliest first. spelt are candidates besides those that it finds
// quickly, and how much the names of their breached organisations are alike.
func (l *Ledger) likely(ctx context.Context, db dbsqlc.DBTX, in *incidents.Incident, spelt map[uuid.UUID]float64, everything bool) ([]Similar, error) {
	q := similarTo{also: slices.Collect(maps.Keys(spelt))}
	q.add(l, in, sourceIDs(in))
	found, err := q.ask(ctx, l, db)
	if err != nil {
		return nil, err
	}
	candidates := found[0]
	if !everything { // before they are ranked, where others would take their places
		candidates = slices.DeleteFunc(candidates, func(c dbsqlc.SimilarCandidatesRow) bool { return c.Publication != incidents.Published })
	}
	return likeliest(in, candidates, spelt), nil
}

// similarTo asks for the candidates of some incidents in one statement.
type similarTo struct {
	args dbsqlc.SimilarCandidatesParams
	also []uuid.UUID // of the first one
}

// add asks for the candidates of one more. sources are those that others may have.
func (q *similarTo) add(l *Ledger, in *incidents.Incident, sources []uuid.UUID) {
	n, args := int32(len(q.args.Ns)+1), &q.args
	args.Ns, args.Ids, args.TitleWords = append(args.Ns, n), append(args.Ids, in.ID), append(args.TitleWords, l.titles.telling(in.Title))
	for _, p := range in.Participants {
		if p.Role.Breached() {
			args.BreachedOf, args.Breached = append(args.BreachedOf, n), append(args.Breached, p.Actor.ID)
		}
	}
	for _, id := range sources {
		args.SourcesOf, args.Sources = append(args.SourcesOf, n), append(args.Sources, id)
	}
}

// ask returns the candidates of each, in the order in which they were added.
func (q *similarTo) ask(ctx context.Context, l *Ledger, db dbsqlc.DBTX) ([][]dbsqlc.SimilarCandidatesRow, error) {
	args := q.args
	args.Breached, args.BreachedOf, args.Also = orEmpty(args.Breached), orEmpty(args.BreachedOf), orEmpty(q.also)
	args.Sources, args.SourcesOf = orEmpty(args.Sources), orEmpty(args.SourcesOf)
	rows, err := l.q.SimilarCandidates(ctx, db, args)
	if err != nil {
		return nil, fmt.Errorf("look for similar incidents: %w", err)
	}
	out := make([][]dbsqlc.SimilarCandidatesRow, len(args.Ns))
	for len(rows) > 0 {
		n := 1
		for n < len(rows) && rows[n].N == rows[0].N {
			n++
		}
		out[rows[0].N-1], rows = rows[:n], rows[n:]
	}
	return out, nil
}

func sourceIDs(in *incidents.Incident) []uuid.UUID {
	var out []uuid.UUID
	for _, s := range in.Sources {
		out = append(out, s.ID)
	}
	return out
}

// likeliest scores the candidates. names says of some how much the names of their
// breached organisations are like those of the incident.
func likeliest(in *incidents.Incident, rows []dbsqlc.SimilarCandidatesRow, names map[uuid.UUID]float64) []Similar {
	out, compared := []Similar{}, likeness.Of(in)
	for _, row := range rows {
		s := compared.With(likeness.Candidate{
			ID: row.ID, Slug: row.Slug, Title: row.Title, OccurredFrom: row.OccurredFrom, Disclosed: row.Disclosed,
			Victims: row.Victims, VictimsUnit: row.VictimsUnit,
			SharesBreached: row.SharesBreached, SharesSource: row.SharesSource, NamesAlike: names[row.ID],
		})
		if s.Score >= likeness.ShownFrom {
			out = append(out, s)
		}
	}
	return likeness.Ranked(out)
}

// Similar lists the incidents that may be the same as this one, each with its
// score and reasons.
func (l *Ledger) Similar(ctx context.Context, by access.Identity, ref string) ([]Similar, error) {
	id, err := l.resolveRef(ctx, l.search, by, ref)
	if err != nil {
		return nil, fmt.Errorf("look for similar incidents: %w", err)
	}
	documents, err := l.load(ctx, l.search, []uuid.UUID{id})
	if err != nil {
		return nil, fromPostgres(err)
	}
	_ = l.titles.refresh(ctx, l.q, l.search, l.now()) // or it goes by what it knew
	spelt, err := l.speltAlike(ctx, documents[0], breachedNames(documents[0]))
	if err != nil {
		return nil, fromPostgres(err)
	}
	similar, err := l.likely(ctx, l.search, documents[0], spelt, by.Role.SeesUnpublished())
	return similar, fromPostgres(err)
}

// speltAlike are the incidents that may be the same by how their titles and
// organisations are spelt, and how much the names of the organisations are alike.
// names are those of its breached ones, folded, whether or not they are known.
func (l *Ledger) speltAlike(ctx context.Context, in *incidents.Incident, names []string) (map[uuid.UUID]float64, error) {
	args := dbsqlc.SimilarBySpellingParams{
		ID: in.ID, Title: in.Title, Beginnings: l.titles.beginnings(in.Title), Names: names, Actors: orEmpty(breachedIDs(in)),
	}
	rows, err := l.q.SimilarBySpelling(ctx, l.search, args)
	if err != nil {
		return nil, fmt.Errorf("look for what is spelt alike: %w", err)
	}
	out := make(map[uuid.UUID]float64, len(rows))
	for _, row := range rows {
		out[row.ID] = max(out[row.ID], float64(row.NamesAlike))
	}
	return out, nil
}

// breachedNames are the names of the breached organisations, folded.
func breachedNames(in *incidents.Incident) []string {
	names := []string{}
	for _, p := range in.Participants {
		if name := incidents.FoldName(cmp.Or(p.Actor.Name, p.Actor.Given)); p.Role.Breached() && name != "" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}
