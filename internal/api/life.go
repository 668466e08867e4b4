package api

import (
	"context"
	"net/http"
	"strconv"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
)

type lifeInput struct {
	IncidentInput
	MatchingIfGiven
	Idempotent
	JSONBody
}

// reasonBody is the body of a step in the life of an incident.
type reasonBody struct {
	Reason string `json:"reason,omitempty" maxLength:"2000" doc:"Why; kept in the history"`
}

type mergeBody struct {
	Into   string `json:"into" doc:"The slug or id of the incident to merge into" required:"true"`
	Reason string `json:"reason,omitempty" maxLength:"2000" doc:"Why; kept in the history"`
}

type restoreBody struct {
	Version int    `json:"version" minimum:"1" doc:"The version to bring back" required:"true"`
	Reason  string `json:"reason,omitempty" maxLength:"2000" doc:"Why; kept in the history"`
}

// step is one of Publish, Reject, Retract.
type step func(context.Context, ledger.Change, string, string) (ledger.Document, error)

func (a *API) lifeRoutes() {
	for _, s := range []struct {
		name, summary, details string
		optional               bool
		do                     step
	}{
		{"publish", "Publish a draft", "Makes a draft, or a retracted incident, public. Its slug is permanent from then on.", true, a.ledger.Publish},
		{"reject", "Reject a draft", "Takes a draft out of review. A reason is required.", false, a.ledger.Reject},
		{"retract", "Retract an incident", "Takes a published incident back: its address answers 410 with the reason. Nothing is deleted. A reason is required.", false, a.ledger.Retract},
	} {
		register(a, operation{
			id: s.name + "-incident", method: http.MethodPost, path: incidentPath + "/" + s.name, tag: "incidents", role: access.Editor,
			summary: s.summary, details: s.details, request: reasonBody{}, optionalBody: s.optional,
			requestExample: map[string]any{"reason": "Confirmed by the company"}, result: incidents.Incident{}, errors: []int{404, 409, 412},
		}, func(ctx context.Context, in *lifeInput) (*answer, error) { return a.takeStep(ctx, in, s.name, s.do) })
	}
	register(a, operation{
		id: "merge-incident", method: http.MethodPost, path: incidentPath + "/merge", tag: "incidents", role: access.Editor,
		summary: "Merge an incident into another", details: "Every claim and source moves to the other incident, whose headline stays. From then on the address of this one redirects there; both keep their histories. Restoring a version of this one undoes the merge. The answer is the other incident as it now stands.",
		request: mergeBody{}, requestExample: map[string]any{"into": "acme-pay-card-skimming", "reason": "The same incident"}, result: incidents.Incident{}, errors: []int{404, 409, 412},
	}, a.mergeIncident)
	register(a, operation{
		id: "restore-incident", method: http.MethodPost, path: incidentPath + "/restore", tag: "incidents", role: access.Editor,
		summary: "Bring an earlier version back", details: "What the incident said then becomes a new version. For a merged incident, this undoes the merge.",
		request: restoreBody{}, requestExample: map[string]any{"version": 1, "reason": "The edit was about another company"}, result: incidents.Incident{}, errors: []int{404, 409, 412},
	}, a.restoreIncident)
}

func (a *API) takeStep(ctx context.Context, in *lifeInput, name string, do step) (*answer, error) {
	var b reasonBody
	problems, err := in.read(&b)
	if err != nil {
		return nil, err
	}
	c := ledger.Change{By: identity(ctx), Action: name, Reason: b.Reason, Known: problems, Once: in.once(ctx, in.at, in.RawBody)}
	doc, err := do(ctx, c, in.Ref, etag(in.IfMatch))
	return stepAnswer(c, doc, err)
}

// stepAnswer turns what the ledger gives back into an answer.
func stepAnswer(c ledger.Change, doc ledger.Document, err error) (*answer, error) {
	if err != nil {
		return nil, movedTo(err, incidentsPath)
	}
	out := documentAnswer(doc, "")
	out.Replayed = replayed(c.Once)
	return out, nil
}

func (a *API) mergeIncident(ctx context.Context, in *lifeInput) (*answer, error) {
	var b mergeBody
	problems, err := in.read(&b)
	if err != nil {
		return nil, err
	}
	if b.Into == "" {
		problems.Merge(incidents.Problems{{Pointer: "/into", Detail: "is required: the slug or id of another incident"}})
	}
	c := ledger.Change{By: identity(ctx), Action: "merge", Reason: b.Reason, Known: problems, Once: in.once(ctx, in.at, in.RawBody)}
	if err := c.Problems().OrNil(); err != nil {
		return nil, err
	}
	doc, err := a.ledger.Merge(ctx, c, in.Ref, etag(in.IfMatch), b.Into)
	return stepAnswer(c, doc, err)
}

func (a *API) restoreIncident(ctx context.Context, in *lifeInput) (*answer, error) {
	var b restoreBody
	problems, err := in.read(&b)
	if err != nil {
		return nil, err
	}
	if b.Version < 1 {
		problems.Merge(incidents.Problems{{Pointer: "/version", Detail: "is required: a version from the history"}})
	}
	c := ledger.Change{
		By: identity(ctx), Action: "restore version " + strconv.Itoa(b.Version), Reason: b.Reason, Known: problems,
		Once: in.once(ctx, in.at, in.RawBody),
	}
	if err := c.Problems().OrNil(); err != nil {
		return nil, err
	}
	doc, err := a.ledger.Restore(ctx, c, in.Ref, etag(in.IfMatch), b.Version)
	return stepAnswer(c, doc, err)
}
