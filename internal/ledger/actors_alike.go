package ledger

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger/internal/dbsqlc"
)

// Actors that may be one and the same, by their names, and those that were said not to be.

// CountedActor is an actor with the number of incidents in which it takes part.
type CountedActor struct {
	incidents.Actor
	Incidents int64 `json:"incidents" doc:"In which it takes part, of what lists show"`
}

// ActorPair is two actors of which two names differ in their legal form alone.
type ActorPair struct {
	First  CountedActor `json:"first"`
	Second CountedActor `json:"second"`
}

// SimilarActor is an actor that may be the same as another.
type SimilarActor struct {
	CountedActor
	Score  float64 `json:"score" doc:"How much the names are alike, 0 to 1: 1 when they differ in their legal form alone"`
	Reason string  `json:"reason"`
}

// similarActorsMost is how many actors are said to be like one.
const similarActorsMost = 10

type actorPairPlace struct {
	Incidents int64     `json:"n"`
	First     uuid.UUID `json:"a"`
	Second    uuid.UUID `json:"b"`
}

// ActorPairs is a page of the pairs of actors that may be one and that nobody has decided
// on, those in most incidents first, and the cursor of the next page.
func (l *Ledger) ActorPairs(ctx context.Context, by access.Identity, page Page) ([]ActorPair, string, error) {
	page = page.bounded()
	scope := []any{"actor pairs"}
	args := dbsqlc.ActorPairsParams{AnyPublication: by.Role.SeesUnpublished(), Most: int32(page.Limit) + 1}
	if page.Cursor != "" {
		var after actorPairPlace
		if err := decodeCursor(scope, page.Cursor, &after); err != nil {
			return nil, "", err
		}
		args.After, args.AfterIncidents, args.AfterFirst, args.AfterSecond = true, after.Incidents, after.First, after.Second
	}
	rows, err := l.q.ActorPairs(ctx, l.search, args)
	if err != nil {
		return nil, "", fmt.Errorf("list actors that may be one: %w", fromPostgres(err))
	}
	next := ""
	if len(rows) > page.Limit {
		rows = rows[:page.Limit]
		last := rows[page.Limit-1]
		if next, err = encodeCursor(scope, actorPairPlace{last.FirstIncidents + last.SecondIncidents, last.FirstID, last.SecondID}); err != nil {
			return nil, "", err
		}
	}
	var ids []uuid.UUID
	for _, row := range rows {
		ids = append(ids, row.FirstID, row.SecondID)
	}
	actors, err := l.actorsByID(ctx, ids)
	if err != nil {
		return nil, "", err
	}
	out := make([]ActorPair, len(rows))
	for i, row := range rows {
		out[i] = ActorPair{CountedActor{actors[row.FirstID], row.FirstIncidents}, CountedActor{actors[row.SecondID], row.SecondIncidents}}
	}
	return out, next, nil
}

// SimilarActors are the actors that may be this one, by their names, the likeliest first.
func (l *Ledger) SimilarActors(ctx context.Context, by access.Identity, slug string) ([]SimilarActor, error) {
	asked, _, err := l.readableActor(ctx, by, slug)
	if err != nil {
		return nil, err
	}
	rows, err := l.q.ActorsAlike(ctx, l.search, dbsqlc.ActorsAlikeParams{ActorID: asked.ID, AnyPublication: by.Role.SeesUnpublished(), Most: similarActorsMost})
	if err != nil {
		return nil, fmt.Errorf("look for similar actors: %w", fromPostgres(err))
	}
	ids := make([]uuid.UUID, len(rows))
	for i, row := range rows {
		ids[i] = row.ActorID
	}
	actors, err := l.actorsByID(ctx, ids)
	if err != nil {
		return nil, err
	}
	out := make([]SimilarActor, len(rows))
	for i, row := range rows {
		out[i] = SimilarActor{CountedActor{actors[row.ActorID], row.Incidents}, hundredths(row.Likeness), "a name is spelt alike"}
		if row.Likeness == 1 {
			out[i].Reason = "a name is the same but for its legal form"
		}
	}
	return out, nil
}

// actorsByID are actors with all their names.
func (l *Ledger) actorsByID(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]incidents.Actor, error) {
	rows, err := l.q.ActorsByID(ctx, l.search, orEmpty(ids))
	if err != nil {
		return nil, fmt.Errorf("read actors: %w", fromPostgres(err))
	}
	names, err := l.allNames(ctx, l.search, orEmpty(ids))
	if err != nil {
		return nil, err
	}
	out := make(map[uuid.UUID]incidents.Actor, len(rows))
	for _, row := range rows {
		out[row.ID] = incidents.Actor{
			ID: row.ID, Slug: row.Slug, Name: row.Name, Kind: row.Kind, Sector: row.Sector,
			Country: orZero(row.Country), Domain: orZero(row.Domain), Aliases: without(names[row.ID], row.Name),
		}
	}
	return out, nil
}

// NotTheSameActor takes two actors out of the pairs that may be one, for good.
func (l *Ledger) NotTheSameActor(ctx context.Context, c Change, one, other string) error {
	if err := needs(c.By, access.Editor); err != nil {
		return err
	}
	return explain("decide on two actors", l.changeOnce(ctx, c.Once, func(tx pgx.Tx) error {
		if err := c.Problems().OrNil(); err != nil {
			return err
		}
		if one == other {
			return incidents.Problems{{Pointer: "/other", Detail: "is the same actor"}}
		}
		ids := map[string]uuid.UUID{}
		wrong := map[string]error{}
		for _, slug := range []string{min(one, other), max(one, other)} { // one order for all
			actor, err := l.lockActor(ctx, tx, slug)
			if absent(err) {
				wrong[slug] = err
			} else if err != nil {
				return err
			}
			ids[slug] = actor.ID
		}
		var problems incidents.Problems
		for _, ref := range []struct{ pointer, slug string }{{"/one", one}, {"/other", other}} {
			if err := wrong[ref.slug]; err != nil {
				problems.Add(ref.pointer, "names no actor: %v", err)
			}
		}
		if err := problems.OrNil(); err != nil {
			return err
		}
		return l.q.ActorsApartPut(ctx, tx, dbsqlc.ActorsApartPutParams{One: ids[one], Other: ids[other], DecidedBy: c.By.Name, DecidedAt: l.clock(), Reason: nullable(c.Reason)})
	}))
}
