package ledger

import (
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"github.com/breachledger/breachledger/internal/ledger/internal/dbsqlc"
)

// fewMost bounds how many incidents with something rare are looked up before a list
// or report is made. Up to so many, it is made of them, whatever the planner thinks;
// beyond, the planner weighs that filter like any other, and may walk the list in
// its order and pick the matches: of what few incidents have, that is the whole list.
const fewMost = 2_000

// resolveFew puts the ids of incidents in the place of words, countries, actors, sectors
// and kinds of organisations and of responses that few incidents have.
func (l *Ledger) resolveFew(ctx context.Context, db dbsqlc.DBTX, f Filter, c *criteria) error {
	if err := l.resolveWords(ctx, db, f, c); err != nil {
		return fmt.Errorf("search: %w", err)
	}
	if err := l.resolveCountries(ctx, db, c); err != nil {
		return fmt.Errorf("look up the incidents of a country: %w", err)
	}
	if len(c.Actor) > 0 {
		ids, err := l.q.IncidentsOfActors(ctx, db, dbsqlc.IncidentsOfActorsParams{Actors: c.Actor, Roles: texts(c.Role), Most: fewMost + 1})
		if err != nil {
			return fmt.Errorf("look up the incidents of actors: %w", err)
		}
		if c.among(ids) {
			c.Actor, c.Role = nil, nil
		}
	}
	if len(c.Sector) > 0 || len(c.ActorKind) > 0 {
		ids, err := l.q.IncidentsOfKind(ctx, db, dbsqlc.IncidentsOfKindParams{Sectors: texts(c.Sector), Kinds: texts(c.ActorKind), Most: fewMost + 1})
		if err != nil {
			return fmt.Errorf("look up the incidents of a sector: %w", err)
		}
		if c.among(ids) {
			c.Sector, c.ActorKind = nil, nil
		}
	}
	if len(c.Response) > 0 {
		ids, err := l.q.IncidentsAnswered(ctx, db, dbsqlc.IncidentsAnsweredParams{Kinds: c.Response, Most: fewMost + 1})
		if err != nil {
			return fmt.Errorf("look up the incidents with responses: %w", err)
		}
		if c.among(ids) {
			c.Response = nil
		}
	}
	return nil
}

func (l *Ledger) resolveWords(ctx context.Context, db dbsqlc.DBTX, f Filter, c *criteria) error {
	if f.Query == "" {
		return nil
	}
	about, err := l.q.EstimatedMatches(ctx, db, f.Query)
	if err != nil {
		return err
	}
	if c.common = about >= CommonFrom; c.common {
		return nil
	}
	ids, err := l.q.IncidentMatches(ctx, db, dbsqlc.IncidentMatchesParams{Q: f.Query, Texts: !f.TextsClosed, Most: fewMost + 1})
	if err != nil {
		return err
	}
	if c.among(ids) {
		c.Query, c.QueryShown = "", ""
	}
	return nil
}

func (l *Ledger) resolveCountries(ctx context.Context, db dbsqlc.DBTX, c *criteria) error {
	if len(c.Country) == 0 {
		return nil
	}
	if about, err := l.q.EstimatedIncidentsIn(ctx, db, c.Country); err != nil || about >= CommonFrom {
		return err
	}
	ids, err := l.q.IncidentsIn(ctx, db, dbsqlc.IncidentsInParams{Countries: c.Country, Most: fewMost + 1})
	if err == nil && c.among(ids) {
		c.Country = nil
	}
	return err
}

// among leaves only those of the incidents that are among ids, unless these are too many.
func (c *criteria) among(ids []uuid.UUID) bool {
	if len(ids) > fewMost {
		return false
	}
	if c.IDs != nil {
		before := make(map[uuid.UUID]bool, len(c.IDs))
		for _, id := range c.IDs {
			before[id] = true
		}
		ids = slices.DeleteFunc(ids, func(id uuid.UUID) bool { return !before[id] })
	}
	c.IDs = slices.Concat(ids, nothing) // an empty list would not filter
	return true
}
