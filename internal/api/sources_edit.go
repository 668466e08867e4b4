package api

import (
	"context"
	"net/http"

	"github.com/google/uuid"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
)

type redactInput struct {
	SourceInput
	Idempotent
	JSONBody
}

type patchSourceInput struct {
	SourceInput
	Reasoned
	JSONBody
}

func (a *API) sourceEditRoutes() {
	register(a, operation{
		id: "create-source", method: http.MethodPost, path: "/v1/sources", tag: "sources", role: access.Contributor, status: http.StatusCreated,
		summary: "Add a source", details: "An article or notice without an incident, or ahead of it. An editor's is public at once; a contributor's when a published incident names it, or when an editor says why it gave no incident. If it is in the ledger already, the answer is 409 with its Location.",
		request: incidents.Source{}, requestExample: map[string]any{"url": "https://example.com/notice", "title": "Notice to customers", "publisher": "Acme Pay"},
		result: ledger.SourcePage{}, errors: []int{409},
	}, a.createSource)
	register(a, operation{
		id: "patch-source", method: http.MethodPatch, path: "/v1/sources/{id}", tag: "sources", role: access.Editor,
		summary: "Change the description of a source", details: "A JSON Merge Patch (RFC 7396): null removes a field. A source without a text may be given one; a stored text may be replaced by one that contains everything that is quoted from it.",
		request: incidents.Source{}, requestExample: map[string]any{"publisher": "Acme Pay"}, result: ledger.SourcePage{}, errors: []int{404},
	}, a.patchSource)
	register(a, operation{
		id: "redact-source", method: http.MethodPost, path: "/v1/sources/{id}/redact", tag: "sources", role: access.Admin,
		summary: "Redact a source", details: "Removes its text for good. What claims quote from it stays, with its position.",
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
	noID(&problems, source.ID, "source")
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
	change, problems, err := in.sourcePatch()
	if err != nil {
		return nil, err
	}
	c := ledger.Change{By: identity(ctx), Action: "edit source", Reason: in.Reason, Known: problems}
	if err := a.ledger.EditSource(ctx, c, in.ID, change); err != nil {
		return nil, err
	}
	return a.sourceAnswer(ctx, in.ID)
}

// sourcePatch reads the body as a patch of a source: what it changes, and what
// is wrong with it.
func (b *JSONBody) sourcePatch() (func(*incidents.Source) error, incidents.Problems, error) {
	apply, problems, err := readPatch[incidents.Source](b)
	return func(source *incidents.Source) error {
		apply(source)
		return nil
	}, problems, err
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
