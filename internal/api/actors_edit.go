package api

import (
	"context"
	"net/http"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
)

type createInput struct {
	Located
	Idempotent
	JSONBody
}

type patchActorInput struct {
	ActorInput
	Reasoned
	JSONBody
}

type mergeActorInput struct {
	ActorInput
	Idempotent
	JSONBody
}

type mergeActorBody struct {
	Into   string `json:"into" doc:"The slug of the actor to merge into" required:"true"`
	Reason string `json:"reason,omitempty" maxLength:"2000" doc:"Why; kept in the history of the other actor"`
}

func (a *API) actorEditRoutes() {
	example := map[string]any{"name": "Acme Pay", "kind": "company", "sector": "payment_processor", "country": "US"}
	register(a, operation{
		id: "create-actor", method: http.MethodPost, path: "/v1/actors", tag: "actors", role: access.Contributor, status: http.StatusCreated,
		summary: "Add an actor", details: "Actors can also be made in place, where an incident names them. A name belongs to one actor. `aliases`, and a `slug` that the name does not make, are an editor's to give, here and in place.",
		request: incidents.Actor{}, requestExample: example, result: ledger.ActorPage{},
	}, a.createActor)
	register(a, operation{
		id: "patch-actor", method: http.MethodPatch, path: "/v1/actors/{slug}", tag: "actors", role: access.Editor,
		summary: "Rename an actor, or change its description", details: "A JSON Merge Patch (RFC 7396): null removes a field, and `aliases` is replaced as a whole. The slug stays. Every incident that names the actor shows the change at once; its history keeps who made it, and why.",
		request: incidents.Actor{}, requestExample: map[string]any{"sector": "fintech"}, result: ledger.ActorPage{}, errors: []int{404},
	}, a.patchActor)
	register(a, operation{
		id: "merge-actor", method: http.MethodPost, path: "/v1/actors/{slug}/merge", tag: "actors", role: access.Editor,
		summary: "Make two actors one", details: "Names, roles and claims move to the other actor, and this slug redirects to it. Likely duplicates among the latest incidents of the two are put in the queue. The answer is the other actor.",
		request: mergeActorBody{}, requestExample: map[string]any{"into": "acme-pay"}, result: ledger.ActorPage{}, errors: []int{404},
	}, a.mergeActor)
}

func (a *API) actorAnswer(ctx context.Context, slug string) (*answer, error) {
	actor, err := a.ledger.Actor(ctx, identity(ctx), slug)
	if err != nil {
		return nil, err
	}
	return asJSON(actor)
}

func (a *API) createActor(ctx context.Context, in *createInput) (*answer, error) {
	var actor incidents.Actor
	problems, err := in.read(&actor)
	if err != nil {
		return nil, err
	}
	c := ledger.Change{By: identity(ctx), Action: "create actor", Known: problems, Once: in.once(ctx, in.at, in.RawBody)}
	slug, err := a.ledger.CreateActor(ctx, c, actor)
	if err != nil {
		return nil, err
	}
	out, err := a.actorAnswer(ctx, slug)
	if err != nil {
		return nil, err
	}
	out.Location, out.Replayed = "/v1/actors/"+slug, replayed(c.Once)
	return out, nil
}

func (a *API) patchActor(ctx context.Context, in *patchActorInput) (*answer, error) {
	apply, problems, err := readPatch[incidents.Actor](&in.JSONBody)
	if err != nil {
		return nil, err
	}
	c := ledger.Change{By: identity(ctx), Action: "edit actor", Reason: in.Reason, Known: problems}
	err = a.ledger.EditActor(ctx, c, in.Slug, func(actor *incidents.Actor) error {
		apply(actor)
		return nil
	})
	if err != nil {
		return nil, movedTo(err, "/v1/actors")
	}
	return a.actorAnswer(ctx, in.Slug)
}

func (a *API) mergeActor(ctx context.Context, in *mergeActorInput) (*answer, error) {
	var b mergeActorBody
	problems, err := in.read(&b)
	if err != nil {
		return nil, err
	}
	if b.Into == "" {
		problems.Merge(incidents.Problems{{Pointer: "/into", Detail: "is required: the slug of another actor"}})
	}
	c := ledger.Change{By: identity(ctx), Action: "merge actor", Reason: b.Reason, Known: problems, Once: in.once(ctx, in.at, in.RawBody)}
	if err := a.ledger.MergeActors(ctx, c, in.Slug, b.Into); err != nil {
		return nil, movedTo(err, "/v1/actors")
	}
	out, err := a.actorAnswer(ctx, b.Into)
	if err != nil {
		return nil, movedTo(err, "/v1/actors")
	}
	out.Replayed = replayed(c.Once)
	return out, nil
}
