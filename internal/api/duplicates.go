package api

import (
	"context"
	"net/http"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
)

type similarList struct {
	Data []ledger.Similar `json:"data"`
}

// duplicatePair is a pair of the queue as the OpenAPI document describes it.
type duplicatePair struct {
	ledger.DuplicatePair
	First  incidents.Card `json:"first"`
	Second incidents.Card `json:"second"`
}

type duplicateList struct {
	Data       []duplicatePair `json:"data"`
	NextCursor *string         `json:"next_cursor" doc:"Null on the last page"`
}

type pairBody struct {
	One    string `json:"one" doc:"The slug or id of an incident" required:"true"`
	Other  string `json:"other" doc:"The slug or id of another" required:"true"`
	Reason string `json:"reason,omitempty" maxLength:"2000" doc:"Why; kept with the decision, which backups have"`
}

type duplicateListInput struct {
	Located
	Paging
}

type notTheSameInput struct {
	Located
	Idempotent
	JSONBody
}

func (a *API) duplicateRoutes() {
	register(a, operation{
		id: "list-similar", method: http.MethodGet, path: incidentPath + "/similar", tag: "incidents",
		summary: "Find likely duplicates of an incident", details: "Incidents with the same victim (under any of its names, or a name spelt alike or with another legal form), close dates or counts, shared sources or similar titles, each with a score and the reasons for it.",
		result: similarList{}, errors: []int{404, 410},
	}, a.listSimilar)
	register(a, operation{
		id: "list-duplicates", method: http.MethodGet, path: "/v1/duplicates", tag: "incidents",
		summary: "List likely duplicates", details: "The queue over the whole ledger, the likeliest first. Merge one of a pair into the other, or say that they are not the same: a decision is remembered.",
		result: duplicateList{}, errors: []int{400},
	}, a.listDuplicates)
	register(a, operation{
		id: "not-the-same", method: http.MethodPost, path: "/v1/duplicates/not-the-same", tag: "incidents", role: access.Editor, status: http.StatusNoContent,
		summary: "Say that two incidents are not the same", details: "The pair leaves the queue for good.",
		request: pairBody{}, requestExample: map[string]any{"one": "acme-pay-card-skimming", "other": "acme-pay-breach-2024"}, errors: []int{404},
	}, a.notTheSame)
}

func (a *API) listSimilar(ctx context.Context, in *IncidentInput) (*answer, error) {
	similar, err := a.ledger.Similar(ctx, identity(ctx), in.Ref)
	if err != nil {
		return nil, movedTo(err, incidentsPath)
	}
	return asJSON(similarList{Data: similar})
}

func (a *API) listDuplicates(ctx context.Context, in *duplicateListInput) (*answer, error) {
	pairs, next, err := a.ledger.Duplicates(ctx, identity(ctx), in.page())
	if err != nil {
		return nil, err
	}
	return in.pageOf(struct {
		Data       []ledger.DuplicatePair `json:"data"`
		NextCursor *string                `json:"next_cursor"`
	}{pairs, orNull(next)}, next)
}

func (a *API) notTheSame(ctx context.Context, in *notTheSameInput) (*answer, error) {
	return in.decide(ctx, "not the same", "the slug or id of an incident", a.ledger.NotTheSame)
}

// decide notes that two incidents or actors are not the same; called is what each is
// named by.
func (in *notTheSameInput) decide(
	ctx context.Context, action, called string, decide func(_ context.Context, _ ledger.Change, one, other string) error,
) (*answer, error) {
	var b pairBody
	problems, err := in.read(&b)
	if err != nil {
		return nil, err
	}
	for _, ref := range []struct{ pointer, given string }{{"/one", b.One}, {"/other", b.Other}} {
		if ref.given == "" {
			problems.Merge(incidents.Problems{{Pointer: ref.pointer, Detail: "is required: " + called}})
		}
	}
	c := ledger.Change{By: identity(ctx), Action: action, Reason: b.Reason, Known: problems, Once: in.once(ctx, in.at, in.RawBody)}
	if err := decide(ctx, c, b.One, b.Other); err != nil {
		return nil, err
	}
	return &answer{Replayed: replayed(c.Once)}, nil
}
