package api

import (
	"context"
	"errors"
	"net/http"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
)

type addClaimInput struct {
	body
	Ref     string `path:"ref" maxLength:"100" doc:"The incident's slug or id"`
	IfMatch string `header:"If-Match" doc:"The ETag that you have read; 412 when the incident has changed since. May be left out when adding"`
}

func (a *API) claimRoutes() {
	register(a, operation{
		id: "add-response", method: http.MethodPost, path: incidentPath + "/responses", tag: "incidents", role: access.Contributor, status: http.StatusCreated,
		summary: "Add how an organisation answered", details: "The answer is the incident as it now stands; Location names the new response.",
		request: incidents.Response{}, result: incidents.Incident{}, errors: []int{404, 412},
		requestExample: map[string]any{"actor": "acme-pay", "kind": "apology", "spoken_by": "Jo Doe", "date": "2026-03-02"},
	}, a.addResponse)
}

func (a *API) addResponse(ctx context.Context, in *addClaimInput) (*answer, error) {
	var r incidents.Response
	problems, err := in.read(&r)
	if err != nil {
		return nil, err
	}
	id, doc, err := a.ledger.AddResponse(ctx, ledger.Change{By: identity(ctx), Action: "add response", Known: problems}, in.Ref, in.IfMatch, r)
	if err != nil {
		return nil, a.movedTo(err, incidentsPath)
	}
	return documentAnswer(doc, incidentsPath+"/"+doc.Slug+"/responses/"+id.String()), nil
}

func asMoved(err error) (*ledger.MovedError, bool) {
	var moved *ledger.MovedError
	return moved, errors.As(err, &moved)
}
