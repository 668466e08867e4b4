package api

import (
	"context"
	"net/http"

	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
)

type actorList struct {
	Data       []ledger.ActorItem `json:"data"`
	NextCursor *string            `json:"next_cursor" doc:"Null on the last page"`
}

type actorListInput struct {
	Paging
	Located
	Name   string                `query:"name" maxLength:"200" doc:"How one of the actor's names begins; case, accents and punctuation do not count"`
	Kind   []incidents.ActorKind `query:"kind" doc:"What kind of actor it is"`
	Sector []incidents.Sector    `query:"sector" doc:"The line of business it is in"`
}

// ActorInput names an actor.
type ActorInput struct {
	Located
	Slug string `path:"slug" maxLength:"100" doc:"The actor's slug"`
}

func (a *API) actorRoutes() {
	register(a, operation{
		id: "list-actors", method: http.MethodGet, path: "/v1/actors", tag: "actors",
		summary: "List actors", details: "In the order of their slugs, each with its other names and the number of incidents and responses that it takes part in, not counting what lists leave out: near misses, false positives and compilations. `name` keeps those with a name that begins with it.", result: actorList{}, errors: []int{400},
	}, a.listActors)
	register(a, operation{
		id: "get-actor", method: http.MethodGet, path: "/v1/actors/{slug}", tag: "actors", search: true,
		summary: "Read an actor", details: "With its incidents and roles, and how it answered.",
		result: ledger.ActorPage{}, errors: []int{404},
	}, a.getActor)
}

func (a *API) listActors(ctx context.Context, in *actorListInput) (*answer, error) {
	items, next, err := a.ledger.Actors(ctx, identity(ctx), ledger.ActorFilter{Prefix: in.Name, Kinds: in.Kind, Sectors: in.Sector}, in.page())
	if err != nil {
		return nil, err
	}
	return in.pageOf(actorList{Data: items, NextCursor: orNull(next)}, next)
}

func (a *API) getActor(ctx context.Context, in *ActorInput) (*answer, error) {
	actor, err := a.ledger.Actor(ctx, identity(ctx), in.Slug)
	if err != nil {
		return nil, movedTo(err, "/v1/actors")
	}
	return asJSON(actor)
}
