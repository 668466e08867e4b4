package api

import (
	"context"
	"net/http"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/ledger"
)

type actorHistory struct {
	Data       []ledger.ActorRevision `json:"data"`
	NextCursor *string                `json:"next_cursor" doc:"Null on the last page"`
}

type actorHistoryInput struct {
	ActorInput
	Paging
}

func (a *API) actorHistoryRoutes() {
	register(a, operation{
		id: "list-actor-history", method: http.MethodGet, path: "/v1/actors/{slug}/history", tag: "actors", role: access.Contributor,
		summary: "Read who changed an actor", details: "Each change at its own address, the latest first: when, by whom, why, and the actor before and after; also those of actors that were merged into it. An actor made where an incident names it has no entry for that: the history of the incident has it.",
		result: actorHistory{}, search: true, errors: []int{400, 404},
	}, a.listActorHistory)
}

func (a *API) listActorHistory(ctx context.Context, in *actorHistoryInput) (*answer, error) {
	changes, next, err := a.ledger.ActorHistory(ctx, identity(ctx), in.Slug, in.page())
	if err != nil {
		return nil, movedTo(err, "/v1/actors")
	}
	out, err := asJSON(actorHistory{Data: changes, NextCursor: orNull(next)})
	if err != nil {
		return nil, err
	}
	out.Link = in.nextLink(next)
	return out, nil
}
