package api

import (
	"context"
	"fmt"
	"net/http"
	"slices"

	"github.com/google/uuid"

	"github.com/breachledger/breachledger/internal/access"
	"github.com/breachledger/breachledger/internal/incidents"
	"github.com/breachledger/breachledger/internal/ledger"
)

// IncidentSourceInput names a source of an incident.
type IncidentSourceInput struct {
	Target
	Matching
	ID uuid.UUID `path:"id" doc:"The source's id"`
}

type patchIncidentSourceInput struct {
	IncidentSourceInput
	JSONBody
}

func (a *API) incidentSourceRoutes() {
	path := incidentPath + "/sources"
	register(a, operation{
		id: "add-incident-source", method: http.MethodPost, path: path, tag: "incidents", role: access.Contributor, status: http.StatusCreated,
		summary: "Add a source", details: "A known source by its id, or a new one. If the incident names it already, what was not known of it, such as its text, is added. The answer is the incident as it now stands.",
		request: incidents.Source{}, requestExample: map[string]any{"url": "https://example.com/notice", "title": "Notice to customers"},
		result: incidents.Incident{}, errors: []int{404, 409, 412},
	}, a.addIncidentSource)
	register(a, operation{
		id: "patch-incident-source", method: http.MethodPatch, path: path + "/{id}", tag: "incidents", role: access.Editor,
		summary: "Change the description of a source", details: "A JSON Merge Patch (RFC 7396): null removes a field. The same as PATCH /v1/sources/{id}, by way of the incident: a source is shared, so every incident that names it shows the change. A source without a text may be given one; a stored text may be replaced by one that contains everything that is quoted from it.",
		request: incidents.Source{}, requestExample: map[string]any{"publisher": "Acme Pay"}, result: incidents.Incident{}, errors: writeErrors,
	}, a.patchIncidentSource)
	register(a, operation{
		id: "delete-incident-source", method: http.MethodDelete, path: path + "/{id}", tag: "incidents", role: access.Contributor,
		summary: "Take a source off an incident", details: "The source itself stays. One that a claim cites cannot be taken off.",
		result: incidents.Incident{}, errors: writeErrors,
	}, a.deleteIncidentSource)
}

func (a *API) addIncidentSource(ctx context.Context, in *addPartInput) (*answer, error) {
	var s incidents.Source
	problems, err := in.read(&s)
	if err != nil {
		return nil, err
	}
	c := ledger.Change{
		By: identity(ctx), Action: "add source", Reason: in.Reason, Known: problems,
		Once: in.once(ctx, in.at, in.RawBody),
	}
	doc, err := a.ledger.EditPart(ctx, c, in.Ref, etag(in.IfMatch), uuid.Nil, func(current *incidents.Incident) (string, error) {
		i := slices.IndexFunc(current.Sources, func(o incidents.Source) bool {
			return o.ID == s.ID || s.ID == uuid.Nil && s.URL != "" && o.URL == incidents.NormalAddress(s.URL)
		})
		if i < 0 {
			i = len(current.Sources)
			current.Sources = append(current.Sources, s)
		} else { // it is given what was not known of it, such as its text
			s.ID = current.Sources[i].ID
			current.Sources[i] = s
		}
		return fmt.Sprintf("/sources/%d", i), nil
	})
	if err != nil {
		return nil, movedTo(err, incidentsPath)
	}
	out := documentAnswer(doc, incidentsPath+"/"+doc.Slug)
	out.Replayed = replayed(c.Once)
	return out, nil
}

func (a *API) patchIncidentSource(ctx context.Context, in *patchIncidentSourceInput) (*answer, error) {
	if err := a.mustMatch(ctx, in.Ref, in.IfMatch); err != nil {
		return nil, err
	}
	change, problems, err := in.sourcePatch()
	if err != nil {
		return nil, err
	}
	c := ledger.Change{By: identity(ctx), Action: "edit source", Reason: in.Reason, Known: problems}
	doc, err := a.ledger.EditIncidentSource(ctx, c, in.Ref, etag(in.IfMatch), in.ID, change)
	if err != nil {
		return nil, movedTo(err, incidentsPath)
	}
	return documentAnswer(doc, ""), nil
}

func (a *API) deleteIncidentSource(ctx context.Context, in *IncidentSourceInput) (*answer, error) {
	if err := a.mustMatch(ctx, in.Ref, in.IfMatch); err != nil {
		return nil, err
	}
	c := ledger.Change{By: identity(ctx), Action: "remove source", Reason: in.Reason}
	doc, err := a.ledger.Edit(ctx, c, in.Ref, etag(in.IfMatch), func(current *incidents.Incident) error {
		i := slices.IndexFunc(current.Sources, func(s incidents.Source) bool { return s.ID == in.ID })
		if i < 0 {
			return fmt.Errorf("%w: the incident has no source %s", ledger.ErrNotFound, in.ID)
		}
		var citing incidents.Problems
		current.EachClaim(func(pointer string, claim *incidents.Claim) {
			for j, e := range claim.Evidence {
				if e.Source.ID == in.ID {
					citing.Add(fmt.Sprintf("%s/evidence/%d", pointer, j), "cites the source: change or remove it first")
				}
			}
		})
		if err := citing.OrNil(); err != nil {
			return err
		}
		current.Sources = slices.Delete(current.Sources, i, i+1)
		return nil
	})
	if err != nil {
		return nil, movedTo(withoutBody(err), incidentsPath)
	}
	return documentAnswer(doc, ""), nil
}
