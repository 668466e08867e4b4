package ledger

import (
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"github.com/breachledger/breachledger/internal/ledger/internal/dbsqlc"
)

// fewMost bounds how many incidents with something rare are looked up before a list or
// report is made. Up to that many, the list is made of them, whatever the planner
// thinks. Beyond, the planner weighs that filter like any other, and may walk the list
// in its order and pick the matches; if few incidents match, that is the whole list.
const fewMost = 2_000

// fewOf is a part of a filter: asked says whether the filter has it, ids looks up the
// incidents that match it, up to one more than fewMost, and done takes it out of the
// filter once their ids stand for it.
type fewOf struct {
	what  string
	asked bool
	ids   func() ([]uuid.UUID, error)
	done  func()
}

// resolveFew replaces one part of the filter by the ids of the incidents that match it:
// the first of words, actors, countries, sectors (with kinds of organisations) and kinds
// of responses that few incidents have. The other parts are then asked of these.
func (l *Ledger) resolveFew(ctx context.Context, db dbsqlc.DBTX, f Filter, c *criteria) error {
	const most = fewMost + 1
	for _, few := range []fewOf{
		{
			"words", f.Query != "",
			func() ([]uuid.UUID, error) { return l.fewWithWords(ctx, db, f, c) },
			func() { c.Query, c.QueryShown = "", "" },
		},
		{
			"actors", len(c.Actor) > 0,
			func() ([]uuid.UUID, error) {
				return l.q.IncidentsOfActors(ctx, db, dbsqlc.IncidentsOfActorsParams{Actors: c.Actor, Roles: texts(c.Role), Most: most})
			},
			func() { c.Actor, c.Role = nil, nil },
		},
		{
			"countries", len(c.Country) > 0,
			func() ([]uuid.UUID, error) { return l.fewInCountries(ctx, db, c) },
			func() { c.Country = nil },
		},
		{
			"sectors", len(c.Sector) > 0 || len(c.ActorKind) > 0,
			func() ([]uuid.UUID, error) {
				return l.q.IncidentsOfKind(ctx, db, dbsqlc.IncidentsOfKindParams{Sectors: texts(c.Sector), Kinds: texts(c.ActorKind), Most: most})
			},
			func() { c.Sector, c.ActorKind = nil, nil },
		},
		{
			"responses", len(c.Response) > 0,
			func() ([]uuid.UUID, error) {
				return l.q.IncidentsAnswered(ctx, db, dbsqlc.IncidentsAnsweredParams{Kinds: c.Response, Most: most})
			},
			func() { c.Response = nil },
		},
	} {
		if !few.asked {
			continue
		}
		ids, err := few.ids()
		if err != nil {
			return fmt.Errorf("look up incidents by %s: %w", few.what, err)
		}
		if ids != nil && len(ids) <= fewMost {
			c.IDs = slices.Concat(ids, nothing) // an empty list would not filter
			few.done()
			return nil
		}
	}
	return nil
}

// fewWithWords is nil, without a look, for words that are in very many incidents.
func (l *Ledger) fewWithWords(ctx context.Context, db dbsqlc.DBTX, f Filter, c *criteria) ([]uuid.UUID, error) {
	about, err := l.q.EstimatedMatches(ctx, db, f.words())
	if err != nil {
		return nil, err
	}
	if c.common = about >= CommonFrom; c.common {
		return nil, nil
	}
	return l.q.IncidentMatches(ctx, db, dbsqlc.IncidentMatchesParams{Q: f.words(), Texts: !f.TextsClosed, Most: fewMost + 1})
}

// fewInCountries is nil, without a look, for a country that very many incidents name.
func (l *Ledger) fewInCountries(ctx context.Context, db dbsqlc.DBTX, c *criteria) ([]uuid.UUID, error) {
	about, err := l.q.EstimatedIncidentsIn(ctx, db, c.Country)
	if err != nil || about >= CommonFrom {
		return nil, err
	}
	return l.q.IncidentsIn(ctx, db, dbsqlc.IncidentsInParams{Countries: c.Country, Most: fewMost + 1})
}
