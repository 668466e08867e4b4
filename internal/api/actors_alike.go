package api

import (
	"context"
	"net/http"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/ledger"
)

type similarActorList struct {
	Data []ledger.SimilarActor `json:"data"`
}

type actorPairList struct {
	Data       []ledger.ActorPair `json:"data"`
	NextCursor *string            `json:"next_cursor" doc:"Null on the last page"`
}

// actorPairBody is a pairBody of actors, as the OpenAPI document describes it.
type actorPairBody struct {
	One    string `json:"one" doc:"The slug of an actor" required:"true"`
	Other  string `json:"other" doc:"The slug of another" required:"true"`
	Reason string `json:"reason,omitempty" maxLength:"2000" doc:"Why; kept with the decision, which backups have"`
}

func (a *API) actorAlikeRoutes() {
	register(a, operation{
		id: "list-similar-actors", method: http.MethodGet, path: "/v1/actors/{slug}/similar", tag: "actors",
		summary: "Find actors that may be the same", details: "Those of which a name is one of this actor's in another legal form (“Target”, “Target Corporation”) or is spelt like it, but for those that were said not to be the same; at most 10, the likeliest first.",
		result: similarActorList{}, search: true, errors: []int{404},
	}, a.listSimilarActors)
	register(a, operation{
		id: "list-actor-pairs", method: http.MethodGet, path: "/v1/duplicates/actors", tag: "actors",
		summary: "List actors that may be one", details: "Pairs over the whole ledger of which two names differ in their legal form alone, those in most incidents first. Merge one into the other, or say that they are not the same: a decision is remembered.",
		result: actorPairList{}, search: true, errors: []int{400},
	}, a.listActorPairs)
	register(a, operation{
		id: "not-the-same-actor", method: http.MethodPost, path: "/v1/duplicates/actors/not-the-same", tag: "actors", role: access.Editor, status: http.StatusNoContent,
		summary: "Say that two actors are not the same", details: "Neither is shown as similar to the other any more.",
		request: actorPairBody{}, requestExample: map[string]any{"one": "acme-pay", "other": "card-thieves"},
	}, a.notTheSameActor)
}

func (a *API) listSimilarActors(ctx context.Context, in *ActorInput) (*answer, error) {
	similar, err := a.ledger.SimilarActors(ctx, identity(ctx), in.Slug)
	if err != nil {
		return nil, movedTo(err, "/v1/actors")
	}
	return asJSON(similarActorList{Data: similar})
}

func (a *API) listActorPairs(ctx context.Context, in *duplicateListInput) (*answer, error) {
	pairs, next, err := a.ledger.ActorPairs(ctx, identity(ctx), in.page())
	if err != nil {
		return nil, err
	}
	return in.pageOf(actorPairList{Data: pairs, NextCursor: orNull(next)}, next)
}

func (a *API) notTheSameActor(ctx context.Context, in *notTheSameInput) (*answer, error) {
	return in.decide(ctx, "not the same actor", "the slug of an actor", a.ledger.NotTheSameActor)
}
