package api

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
	"github.com/breachledger/breachledger/internal/strict"
)

// Target is the incident that a write is about.
type Target struct {
	IncidentInput
	Reasoned
}

// Reasoned is the parameter that says why something is written.
type Reasoned struct {
	Reason string `query:"reason" maxLength:"2000" doc:"Why; kept in the history"`
}

// Matching is the header without which a document is not overwritten.
type Matching struct {
	IfMatch string `header:"If-Match" doc:"The ETag that you have read: 428 without it, 412 when the incident has changed since; * accepts any"`
}

// MatchingIfGiven is the same header where it may be left out.
type MatchingIfGiven struct {
	IfMatch string `header:"If-Match" doc:"The ETag that you have read: 412 when the incident has changed since. May be left out here"`
}

// etag is the ETag to compare with, "" for any.
func etag(header string) string {
	if header = strings.TrimSpace(header); header == "*" {
		return ""
	}
	return header
}

// mustMatch refuses a write without If-Match, and gives the present ETag.
func (a *API) mustMatch(ctx context.Context, ref, header string) error {
	if strings.TrimSpace(header) != "" {
		return nil
	}
	doc, err := a.ledger.Incident(ctx, identity(ctx), ref)
	if err != nil {
		return movedTo(err, incidentsPath)
	}
	return (&Problem{
		Status: http.StatusPreconditionRequired, Code: "precondition_required",
		Detail: "send the ETag of the incident as you have read it in If-Match, so that nobody's work is overwritten",
	}).with("ETag", doc.ETag)
}

type replaceInput struct {
	Target
	Matching
	JSONBody
}

var writeErrors = []int{404, 409, 412, 428}

func (a *API) editRoutes() {
	register(a, operation{
		id: "replace-incident", method: http.MethodPut, path: incidentPath, tag: "incidents", role: access.Contributor,
		summary: "Replace an incident", details: "The whole document as `GET` gives it, with your changes. A claim sent with its `id` stays that claim, one without is new, and one left out is removed. Fields that only the server sets are ignored; another `publication` than the present one is refused.",
		request: recordedIncident{}, requestExample: exampleIncident, result: incidents.Incident{}, errors: writeErrors,
	}, a.replaceIncident)
	register(a, operation{
		id: "patch-incident", method: http.MethodPatch, path: incidentPath, tag: "incidents", role: access.Contributor,
		summary: "Change an incident's own fields", details: "A JSON Merge Patch (RFC 7396): null removes a field. Claims, participants and sources are changed by their own routes and not here, so that nobody removes claims by accident.",
		request: incidents.Incident{}, requestExample: map[string]any{"disclosed": "2026-03", "summary": "Card data was read off payment pages."},
		result: incidents.Incident{}, errors: writeErrors,
	}, a.patchIncident)
}

func (a *API) replaceIncident(ctx context.Context, in *replaceInput) (*answer, error) {
	if err := a.mustMatch(ctx, in.Ref, in.IfMatch); err != nil {
		return nil, err
	}
	var doc recordedIncident
	problems, err := in.read(&doc)
	if err != nil {
		return nil, err
	}
	c := ledger.Change{By: identity(ctx), Action: "replace", ExactActors: true, Reason: in.Reason, Known: problems, Publication: doc.Publication}
	stored, err := a.ledger.Edit(ctx, c, in.Ref, etag(in.IfMatch), func(current *incidents.Incident) error {
		current.Replace(doc.Incident)
		return nil
	})
	if err != nil {
		return nil, movedTo(err, incidentsPath)
	}
	return documentAnswer(stored, ""), nil
}

// partNames are the lists that have routes of their own.
var partNames = []string{"counts", "losses", "attributions", "responses", "participants", "sources"}

func (a *API) patchIncident(ctx context.Context, in *replaceInput) (*answer, error) {
	if err := a.mustMatch(ctx, in.Ref, in.IfMatch); err != nil {
		return nil, err
	}
	node, err := in.parse()
	if err != nil {
		return nil, err
	}
	own := strict.Node{Kind: node.Kind, Line: node.Line, Column: node.Column}
	var (
		publication incidents.Publication
		problems    incidents.Problems
	)
	for _, m := range node.Members {
		if m.Name == "publication" && m.Value.Kind == strict.String {
			publication = incidents.Publication(m.Value.Text)
		}
		if slices.Contains(partNames, m.Name) {
			problems.Add("/"+m.Name, "is not changed by PATCH: add with POST %[1]s/%[2]s, change with PATCH and remove with DELETE %[1]s/%[2]s/{id}, or replace the whole document with PUT", "/v1/incidents/"+in.Ref, m.Name)
			continue
		}
		own.Members = append(own.Members, m)
	}
	apply, wrong := patchOf[incidents.Incident](&own)
	problems.Merge(wrong)
	c := ledger.Change{By: identity(ctx), Action: "patch", ExactActors: true, Reason: in.Reason, Known: problems, Publication: publication}
	stored, err := a.ledger.Edit(ctx, c, in.Ref, etag(in.IfMatch), func(current *incidents.Incident) error {
		apply(current)
		return nil
	})
	if err != nil {
		return nil, movedTo(err, incidentsPath)
	}
	return documentAnswer(stored, ""), nil
}
