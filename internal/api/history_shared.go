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

type sourceHistory struct {
	Data       []ledger.SourceRevision `json:"data"`
	NextCursor *string                 `json:"next_cursor" doc:"Null on the last page"`
}

type actorHistoryInput struct {
	ActorInput
	Paging
}

type sourceHistoryInput struct {
	SourceInput
	Paging
}

// sharedHistoryRoutes are those of what incidents share.
func (a *API) sharedHistoryRoutes() {
	register(a, operation{
		id: "list-actor-history", method: http.MethodGet, path: "/v1/actors/{slug}/history", tag: "actors", role: access.Contributor,
		summary: "Read who changed an actor", details: "Each change at its own address, the latest first: when, by whom, why, and the actor before and after; also those of actors that were merged into it. An actor made where an incident names it has no entry for that: the history of the incident has it.",
		result: actorHistory{}, search: true, errors: []int{400, 404},
	}, a.listActorHistory)
	register(a, operation{
		id: "list-source-history", method: http.MethodGet, path: "/v1/sources/{id}/history", tag: "sources", role: access.Contributor,
		summary: "Read who changed a source", details: "Each change at its own address, the latest first: when, by whom, why, and what was said of the source before and after, its text by its hash; also that the text was taken away. What an incident that names it made or added, the history of the incident has.",
		result: sourceHistory{}, search: true, errors: []int{400, 404},
	}, a.listSourceHistory)
}

func (a *API) listActorHistory(ctx context.Context, in *actorHistoryInput) (*answer, error) {
	changes, next, err := a.ledger.ActorHistory(ctx, identity(ctx), in.Slug, in.page())
	if err != nil {
		return nil, movedTo(err, "/v1/actors")
	}
	return in.pageOf(actorHistory{changes, orNull(next)}, next)
}

func (a *API) listSourceHistory(ctx context.Context, in *sourceHistoryInput) (*answer, error) {
	changes, next, err := a.ledger.SourceHistory(ctx, identity(ctx), in.ID, in.page())
	if err != nil {
		return nil, err
	}
	return in.pageOf(sourceHistory{changes, orNull(next)}, next)
}
