package api

import (
	"context"
	"net/http"

	"github.com/google/uuid"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
	"github.com/breachledger/breachledger/internal/strict"
)

type createInput struct {
	Located
	Idempotent
	JSONBody
}

type patchActorInput struct {
	ActorInput
	JSONBody
}

type mergeActorInput struct {
	ActorInput
	Idempotent
	JSONBody
}

type mergeActorBody struct {
	Into   string `json:"into" doc:"The slug of the actor to merge into" required:"true"`
	Reason string `json:"reason,omitempty" maxLength:"2000"`
}

type patchSourceInput struct {
	SourceInput
	JSONBody
}

type redactInput struct {
	SourceInput
	Idempotent
	JSONBody
}

func (a *API) actorEditRoutes() {
	example := map[string]any{"name": "Acme Pay", "kind": "company", "sector": "payment_processor", "aliases": []string{"Acme Payments Inc."}}
	register(a, operation{
		id: "create-actor", method: http.MethodPost, path: "/v1/actors", tag: "actors", role: access.Contributor, status: http.StatusCreated,
		summary: "Add an actor", details: "Actors are also made in place, where an incident names them. A name belongs to one actor.",
		request: incidents.Actor{}, requestExample: example, result: ledger.ActorPage{},
	}, a.createActor)
	register(a, operation{
		id: "patch-actor", method: http.MethodPatch, path: "/v1/actors/{slug}", tag: "actors", role: access.Editor,
		summary: "Rename an actor, or change what is said of it", details: "A JSON Merge Patch (RFC 7396): null removes, and `aliases` is replaced whole. The slug stays. Every incident that names the actor shows the change at once.",
		request: incidents.Actor{}, requestExample: map[string]any{"sector": "fintech"}, result: ledger.ActorPage{}, errors: []int{404},
	}, a.patchActor)
	register(a, operation{
		id: "merge-actor", method: http.MethodPost, path: "/v1/actors/{slug}/merge", tag: "actors", role: access.Editor,
		summary: "Make two actors one", details: "Names, roles and claims become those of the other actor, and this slug leads there. The answer is the other actor.",
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
	node, err := in.parse()
	if err != nil {
		return nil, err
	}
	var scratch incidents.Actor
	c := ledger.Change{By: identity(ctx), Action: "edit actor", Known: strict.Decode(node, &scratch, strict.Options{})}
	err = a.ledger.EditActor(ctx, c, in.Slug, func(actor *incidents.Actor) error {
		_ = strict.Merge(node, actor, strict.Options{}) // its problems are known already
		return nil
	})
	if err != nil {
		return nil, a.movedTo(err, "/v1/actors")
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
	if err := problems.OrNil(); err != nil {
		return nil, err
	}
	c := ledger.Change{By: identity(ctx), Action: "merge actor", Reason: b.Reason, Once: in.once(ctx, in.at, in.RawBody)}
	if err := a.ledger.MergeActors(ctx, c, in.Slug, b.Into); err != nil {
		return nil, a.movedTo(err, "/v1/actors")
	}
	out, err := a.actorAnswer(ctx, b.Into)
	if err != nil {
		return nil, a.movedTo(err, "/v1/actors")
	}
	out.Replayed = replayed(c.Once)
	return out, nil
}

func (a *API) sourceEditRoutes() {
	register(a, operation{
		id: "create-source", method: http.MethodPost, path: "/v1/sources", tag: "sources", role: access.Contributor, status: http.StatusCreated,
		summary: "Add a source", details: "An article or notice without an incident, or before it. One that is in already answers 409 with its Location.",
		request: incidents.Source{}, requestExample: map[string]any{"url": "https://example.com/notice", "title": "Notice to customers", "publisher": "Acme Pay"},
		result: ledger.SourcePage{}, errors: []int{409},
	}, a.createSource)
	register(a, operation{
		id: "patch-source", method: http.MethodPatch, path: "/v1/sources/{id}", tag: "sources", role: access.Editor,
		summary: "Change what is said of a source", details: "A JSON Merge Patch (RFC 7396): null removes. A stored text never changes; a source without one may be given it.",
		request: incidents.Source{}, requestExample: map[string]any{"publisher": "Acme Pay"}, result: ledger.SourcePage{}, errors: []int{404},
	}, a.patchSource)
	register(a, operation{
		id: "redact-source", method: http.MethodPost, path: "/v1/sources/{id}/redact", tag: "sources", role: access.Admin,
		summary: "Take a source's text away", details: "For good. What claims quote from it stays, with its position.",
		request: reasonBody{}, optionalBody: true, requestExample: map[string]any{"reason": "Asked for by the publisher"}, result: ledger.SourcePage{}, errors: []int{404},
	}, a.redactSource)
}

func (a *API) sourceAnswer(ctx context.Context, id uuid.UUID) (*answer, error) {
	source, err := a.ledger.Source(ctx, identity(ctx), id)
	if err != nil {
		return nil, err
	}
	return asJSON(source)
}

func (a *API) createSource(ctx context.Context, in *createInput) (*answer, error) {
	var source incidents.Source
	problems, err := in.read(&source)
	if err != nil {
		return nil, err
	}
	c := ledger.Change{By: identity(ctx), Action: "create source", Known: problems, Once: in.once(ctx, in.at, in.RawBody)}
	id, err := a.ledger.CreateSource(ctx, c, source)
	if err != nil {
		return nil, err
	}
	out, err := a.sourceAnswer(ctx, id)
	if err != nil {
		return nil, err
	}
	out.Location, out.Replayed = "/v1/sources/"+id.String(), replayed(c.Once)
	return out, nil
}

func (a *API) patchSource(ctx context.Context, in *patchSourceInput) (*answer, error) {
	node, err := in.parse()
	if err != nil {
		return nil, err
	}
	var scratch incidents.Source
	c := ledger.Change{By: identity(ctx), Action: "edit source", Known: strict.Decode(node, &scratch, strict.Options{})}
	err = a.ledger.EditSource(ctx, c, in.ID, func(source *incidents.Source) error {
		_ = strict.Merge(node, source, strict.Options{}) // its problems are known already
		return nil
	})
	if err != nil {
		return nil, err
	}
	return a.sourceAnswer(ctx, in.ID)
}

func (a *API) redactSource(ctx context.Context, in *redactInput) (*answer, error) {
	var b reasonBody
	problems, err := in.read(&b)
	if err != nil {
		return nil, err
	}
	c := ledger.Change{By: identity(ctx), Action: "redact source", Reason: b.Reason, Known: problems, Once: in.once(ctx, in.at, in.RawBody)}
	if err := a.ledger.Redact(ctx, c, in.ID); err != nil {
		return nil, err
	}
	out, err := a.sourceAnswer(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	out.Replayed = replayed(c.Once)
	return out, nil
}
